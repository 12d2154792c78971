"""Circuits: whether an endpoint may be asked at the moment, as all processes and nodes agree.

    permit = await circuits.allows("comments:api", time.time())
    if isinstance(permit, Refused): ...             # the next route, or wait until permit.until
    await circuits.note("comments:api", identity_id, "gated", now=time.time(), permit=permit)

Asked at every request, so most answers come from memory: what others noted is known at most a second later, and
what we noted reaches them as late, or as soon as the refusals are enough to judge by. The rules are in
`store.pace.circuit`.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from store.config import Config
from store.pace.circuit import SAMPLES, Circuit, Note
from store.pace.homes import open_state
from store.pace.memory_state import MemoryState
from store.pace.state import Change, State, StateLost

logger = logging.getLogger(__name__)

STALE_SECONDS = 1.0
"""How old our view may be. Five minutes are judged, a second more or less changes nothing."""
ALONE_SECONDS = 5.0
"""How long we judge by what we saw ourselves, before a lost state is tried again."""


@dataclass(frozen=True, slots=True)
class Permit:
    """The request may be sent; hand it back with its answer."""

    is_probe: bool = False
    """The circuit is open, and this request tries whether it may close."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The circuit is open."""

    until: float
    """When it is worth asking again: the next probe, in seconds since 1970."""
    why: str
    verdict: str
    """What most were told before it opened, and what whoever asked now could expect to be told."""


@dataclass(slots=True)
class _View:
    """What we know about one endpoint."""

    circuit: Circuit = field(default_factory=Circuit)
    read_at: float | None = None
    notes: list[Note] = field(default_factory=list)
    """Not yet told to the others."""

    @property
    def refusals(self) -> int:
        return sum(note.refusal is not None for note in self.notes)

    def is_fresh(self, now: float) -> bool:
        """A clock that went back makes it stale."""
        return self.read_at is not None and 0 <= now - self.read_at < STALE_SECONDS


def open_circuits(config: Config) -> Circuits:
    """Open the circuits where the pace is kept. Use them in one event loop, and close them."""
    return Circuits(open_state(config))


class Circuits:
    """The circuits of all endpoints. An endpoint is any name; `now` is seconds since 1970."""

    def __init__(self, state: State) -> None:
        self._shared = state
        self._alone = MemoryState()
        self._alone_until = 0.0
        self._views: defaultdict[str, _View] = defaultdict(_View)

    async def allows(self, endpoint: str, now: float) -> Permit | Refused:
        """Tell whether the endpoint may be asked; of an open one, one caller a minute may probe."""
        view = self._views[endpoint]
        if not view.is_fresh(now):
            await self._exchange(endpoint, now)
        if not view.circuit.is_open(now):
            return Permit()
        if now >= view.circuit.probe_at and await self._exchange(endpoint, now, wants_probe=True):
            return Permit(is_probe=True)
        # Someone else's probe may have closed it in between.
        if not view.circuit.is_open(now):
            return Permit()
        circuit = view.circuit
        return Refused(min(circuit.probe_at, circuit.open_until), circuit.why, circuit.verdict)

    async def note(
        self, endpoint: str, identity_id: int | str, refusal: str | None, *, now: float, permit: Permit
    ) -> None:
        """Count an answer, and its verdict if it refused us; what it says about the target is no refusal."""
        view = self._views[endpoint]
        view.notes.append(Note(str(identity_id), refusal, now, permit.is_probe))
        if permit.is_probe or view.refusals >= SAMPLES or not view.is_fresh(now):
            await self._exchange(endpoint, now)

    async def standing(self, now: float) -> Mapping[str, Circuit]:
        """Return the open circuits, for people to look at."""
        records = await (self._alone if now < self._alone_until else self._shared).records()
        circuits = {endpoint: Circuit.from_text(text) for endpoint, text in records.items()}
        return {endpoint: circuit for endpoint, circuit in circuits.items() if circuit.is_open(now)}

    async def close(self, now: float) -> None:
        """Tell the others what they don't know yet, and let go of the state."""
        for endpoint, view in self._views.items():
            if view.notes:
                await self._exchange(endpoint, now)
        await self._shared.close()

    async def _exchange(self, endpoint: str, now: float, *, wants_probe: bool = False) -> bool:
        """Tell our notes, learn the others'; return whether we got the probe that we wanted."""
        is_ours = False

        def change(text: str | None) -> str:
            nonlocal is_ours
            circuit = Circuit.from_text(text)
            circuit.take(notes, now)
            is_ours = wants_probe and circuit.claim_probe(now)
            return circuit.to_text()

        view = self._views[endpoint]
        notes, view.notes, view.read_at = view.notes, [], now  # nobody else needs to ask meanwhile
        was_open = view.circuit.is_open(now)
        view.circuit = Circuit.from_text(await self._amend(endpoint, change, now))
        _announce(endpoint, view.circuit, was_open=was_open, now=now)
        return is_ours

    async def _amend(self, endpoint: str, change: Change, now: float) -> str:
        if now >= self._alone_until:
            try:
                return await self._shared.amend(endpoint, change)
            except StateLost as error:
                self._alone_until = now + ALONE_SECONDS
                logger.debug("The shared circuits are lost: %s", error)  # the governor says it aloud
        return await self._alone.amend(endpoint, change)


def _announce(endpoint: str, circuit: Circuit, *, was_open: bool, now: float) -> None:
    if circuit.is_open(now) and not was_open:
        logger.warning(
            "%s refuses everybody (%s): not asked any more but once a minute, until it answers",
            endpoint, circuit.why,
        )  # fmt: skip
    elif was_open and not circuit.is_open(now):
        logger.warning("%s is asked again", endpoint)
