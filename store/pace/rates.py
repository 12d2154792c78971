"""Which buckets a request takes part in: its exit's, and its identity's for this kind of question."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from store.config import Config
from store.environment.particular import Allowance
from store.pace.buckets import Bucket
from tiktok.routes import Operation

DETAIL = frozenset({Operation.VIDEO, Operation.HASHTAG, Operation.SOUND})
COMMENTS = frozenset({Operation.COMMENTS, Operation.REPLIES})


class Rates:
    """The settings' figures as buckets."""

    def __init__(self, config: Config) -> None:
        self._exit = Allowance(config.pace_exit_burst, 1 / config.pace_exit_seconds)
        classes = {
            "detail": config.pace_identity_detail,
            "profile": config.pace_identity_profile,
            "comments": config.pace_identity_comments,
            "lists": config.pace_identity_lists,
        }
        self._classes: Mapping[str, Allowance] = MappingProxyType(classes)

    def exit(self, exit_id: int | str) -> Bucket:
        """TikTok counts per address: whoever shares the exit shares this bucket."""
        return Bucket(f"exit:{exit_id}", self._exit.per_second, self._exit.burst)

    def identity(self, identity_id: int | str, operation: Operation) -> Bucket:
        """It counts per visitor and kind of endpoint, too."""
        name = _class_of(operation)
        allowance = self._classes[name]
        return Bucket(f"identity:{identity_id}:{name}", allowance.per_second, allowance.burst)


def _class_of(operation: Operation) -> str:
    if operation is Operation.PROFILE:
        return "profile"
    if operation in DETAIL:
        return "detail"
    # Search and trending are refused soonest of all, so they go with the slowest.
    return "comments" if operation in COMMENTS else "lists"
