"""What a lock system's driver brings into the contract: itself, a simulated server, and the ways to trouble it.

A new lock system adds its benches (`coder_bridge.py`, `visionline.py`) and their variants to `variants.py`; it
changes no test. Knows no driver from within.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from agent.commands.driver import CardRead, Driver, KeyJob, LockArea, LockDoor, LockTime, Task
from agent.commands.model import Outcome, Verdict
from agent.health.health import Health

LONGEST = 300.0  # s; longer than any driver may take for one key, or a server may cut on its own


class Trouble(StrEnum):
    """What goes wrong for the next key."""

    AWAY = "the server is switched off"
    DEAF = "the server takes connections and never answers"
    LOG_IN_REFUSED = "the server refuses the log-in"
    LOG_IN_LOST = "the log-in's answer is lost"
    REFUSED = "the lock system says no"
    NO_CARD = "nobody presents a card"
    TOKEN_ENDED = "the token has ended"
    NOT_FOUND = "the server does not know the request"
    LOST_BEFORE = "the connection is lost before the card is cut"
    LOST_AFTER = "the connection is lost after the card was cut"
    HANG_BEFORE = "no answer comes, and no card is cut"
    HANG_AFTER = "no answer comes, and the card is cut"
    PAGE_BEFORE = "an HTML page comes, and no card is cut"
    PAGE_AFTER = "an HTML page comes, and the card is cut"


# How a key must end, and how many cards there must be afterwards.
ENDINGS = {
    Trouble.AWAY: (Verdict.FAILED, 0),
    Trouble.DEAF: (Verdict.FAILED, 0),
    Trouble.LOG_IN_REFUSED: (Verdict.FAILED, 0),
    Trouble.LOG_IN_LOST: (Verdict.FAILED, 0),
    Trouble.REFUSED: (Verdict.FAILED, 0),
    Trouble.NO_CARD: (Verdict.FAILED, 0),
    Trouble.TOKEN_ENDED: (Verdict.DONE, 1),
    Trouble.NOT_FOUND: (Verdict.FAILED, 0),
    Trouble.LOST_BEFORE: (Verdict.UNKNOWN, 0),
    Trouble.LOST_AFTER: (Verdict.UNKNOWN, 1),
    Trouble.HANG_BEFORE: (Verdict.UNKNOWN, 0),
    Trouble.HANG_AFTER: (Verdict.UNKNOWN, 1),
    Trouble.PAGE_BEFORE: (Verdict.UNKNOWN, 0),
    Trouble.PAGE_AFTER: (Verdict.UNKNOWN, 1),
}


class KeyBench(Protocol):
    """A driver with its server."""

    @property
    def driver(self) -> Driver:
        """What is tested."""
        ...

    @property
    def health(self) -> Health:
        """What the page would show."""
        ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be read anywhere."""
        ...

    def job(self, **changes: Any) -> KeyJob:
        """A job that the driver can do."""
        ...

    def bad_job(self) -> KeyJob:
        """A job that the driver must object to."""
        ...

    def cards(self) -> int:
        """How many cards were cut."""
        ...

    def calls(self) -> int:
        """How many requests reached the server."""
        ...

    def key_calls(self) -> int:
        """How many of them ask for a card."""
        ...

    def trouble(self, trouble: Trouble) -> None:
        """Have this happen to the next key, or to what else the bench is about."""
        ...

    def heal(self) -> None:
        """End all trouble."""
        ...


Answer: TypeAlias = Outcome | CardRead | Sequence[LockDoor] | Sequence[LockArea] | Sequence[LockTime]


class TaskBench(Protocol):
    """A driver with its server, and something else to ask of it than a key."""

    @property
    def driver(self) -> Driver:
        """What is tested; it has asked its server for nothing yet."""
        ...

    @property
    def health(self) -> Health:
        """What the page would show."""
        ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be read anywhere."""
        ...

    def job(self, **changes: Any) -> KeyJob:
        """A key that the driver can cut."""
        ...

    async def ask(self) -> Answer:
        """Ask for it. Lists raise `CallFailed`."""
        ...

    def is_done(self) -> bool:
        """Whether the server has done it, where it is something to be done."""
        ...

    def is_right(self, answer: Answer) -> bool:
        """Whether a good answer says what is true at the server."""
        ...

    def cards(self) -> int:
        """How many cards were cut, of telephones' keys too."""
        ...

    def calls(self) -> int:
        """How many requests ask for it."""
        ...

    def trouble(self, trouble: Trouble) -> None:
        """Have this happen to the next time that it is asked for."""
        ...

    def heal(self) -> None:
        """End all trouble."""
        ...


class Variant(Struct, frozen=True):
    """A key bench in one position of one simulator switch.

    `untold` are the troubles of which the server says too little there, so that "perhaps" is the truth; what
    `is_mobile` cuts no cards.
    """

    name: str
    open: Callable[[], AbstractAsyncContextManager[KeyBench]]
    untold: frozenset[Trouble] = frozenset()
    is_mobile: bool = False

    @property
    def kind(self) -> str:
        """The name without its position."""
        return self.name.split()[0]

    def ending(self, trouble: Trouble) -> tuple[Verdict, int]:
        """How a key must end, and how many cards there must be."""
        verdict, cards = ENDINGS[trouble]
        return (Verdict.UNKNOWN if trouble in self.untold else verdict), cards


class TaskVariant(Struct, frozen=True):
    """The same of something else than a key."""

    name: str
    task: Task
    open: Callable[[], AbstractAsyncContextManager[TaskBench]]


def positions(
    switches: Mapping[str, Sequence[object]], names: Sequence[str]
) -> Sequence[tuple[str, dict[str, Any]]]:
    """The plain position of all switches (named ""), then each other position of those with these names."""
    others = ((name, value) for name in names for value in switches[name][1:])
    return [("", {}), *((f" {name}={value}", {name: value}) for name, value in others)]
