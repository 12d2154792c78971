"""What an errand would like of the identity that asks for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from store.identities import Identity


@dataclass(frozen=True, slots=True)
class Wanted:
    """Wishes, no conditions: where nobody fits, another one asks."""

    avoid: Collection[int] = field(default=())
    """Identities that were refused already."""
    avoid_exits: Collection[int] = field(default=())
    """Exits that were refused already."""
    login: bool = False
    """One that is logged in."""

    @property
    def is_special(self) -> bool:
        """True where no guest that is born just anywhere will do."""
        return self.login or bool(self.avoid_exits)

    def fits(self, identity: Identity) -> bool:
        """Tell whether this one is what is wanted."""
        is_new = identity.id not in self.avoid and identity.exit_id not in self.avoid_exits
        return is_new and (identity.is_logged_in or not self.login)


ANY = Wanted()
