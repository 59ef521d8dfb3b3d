"""What the parts of the agent tell about themselves, as plain inputs of a snapshot. Pure; frozen.

No struct in here has a place for a guest's name, a secret or a command's `Data`, and none may get one.
"""

from datetime import datetime
from typing import Protocol

import msgspec


class BoxFacts(msgspec.Struct, frozen=True):
    """`started` and `now` are monotonic seconds, `wall` the present time in UTC, `timezone` an IANA name or ""."""

    name: str
    version: str
    timezone: str
    started: float
    now: float
    wall: datetime


class HopFacts(msgspec.Struct, frozen=True):
    """A hop that should be shown: what to say while no fault holds there, and since when (monotonic seconds).

    `is_known` is false while nothing has been seen of it yet, or it lies behind a hop that cannot be reached.
    """

    id: str
    text: str
    since: float
    is_known: bool = True


class Counts(msgspec.Struct, frozen=True):
    """How many commands are in which state; `done`, `failed` and `unknown` since the agent's start.

    `keys` are the cards that were surely cut since then, `perhaps` those perhaps cut and not yet looked after.
    """

    waiting: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    unknown: int = 0
    keys: int = 0
    perhaps: int = 0


class CommandLine(msgspec.Struct, frozen=True):
    """A command as its journal row tells it; `at` is an aware datetime, or None where no time is known."""

    id: str
    device: str
    kind: str
    target: str
    room: str
    state: str
    note: str
    at: datetime | None
    copies: int = 0
    cut: int = 0


class FaultKind(Protocol):
    """What is read of `agent.health.health.FaultKind` (that module cannot be imported here: it knows trio)."""

    @property
    def code(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def hint(self) -> str: ...
    @property
    def is_long(self) -> bool: ...


class Fault(Protocol):
    """What is read of `agent.health.health.Fault`; `since` is monotonic seconds."""

    @property
    def kind(self) -> FaultKind: ...
    @property
    def hop(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def since(self) -> float: ...
    @property
    def hint(self) -> str: ...
