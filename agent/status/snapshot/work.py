"""What waits and what is being made at this moment. Pure."""

from datetime import datetime
from enum import StrEnum

import msgspec

from agent.foundation.reading.moments import elapsed
from agent.foundation.reading.text import plain
from agent.status.snapshot.lengths import NAME_LENGTH
from agent.status.snapshot.wall_clock import WallClock


class Stage(StrEnum):
    """How far an order under way is."""

    WAITING = "waiting"
    MAKING = "making"


class WorkFacts(msgspec.Struct, frozen=True):
    """An order under way. `since` (it is as it is) in monotonic seconds; `limit` in seconds, 0: none is known."""

    id: str
    kind: str
    target: str
    room: str
    state: Stage
    copies: int
    cut: int
    since: float
    waits_for: str = ""
    limit: float = 0.0
    ordered: datetime | None = None


class UnderWay(msgspec.Struct, frozen=True):
    """An order under way: `cut` of `copies` are surely made, and it is as it is `since` (ISO 8601).

    `waits_for` is what it waits for, in words, "" while it is made. `limit_seconds` is how long after `since` the
    device gives up (an encoder that waits for a card), 0 where that is not known. `ordered` as Mews tells, or "".
    """

    id: str
    kind: str
    target: str
    room: str
    state: Stage
    copies: int
    cut: int
    since: str
    waits_for: str = ""
    limit_seconds: int = 0
    ordered: str = ""


def under_way(work: WorkFacts, clock: WallClock) -> UnderWay:
    """As it is shown."""
    return UnderWay(
        id=plain(work.id, NAME_LENGTH),
        kind=plain(work.kind, NAME_LENGTH),
        target=plain(work.target, NAME_LENGTH),
        room=plain(work.room, NAME_LENGTH),
        state=work.state,
        copies=work.copies,
        cut=work.cut,
        since=clock.at(work.since),
        waits_for=plain(work.waits_for, NAME_LENGTH),
        limit_seconds=elapsed(0.0, work.limit),
        ordered="" if work.ordered is None else clock.local(work.ordered),
    )
