"""VisiOnline's side of the contract: cards, and its list of doors. It has no rooms to keep."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from agent.commands.driver import Driver, KeyJob, LockDoor, Task
from agent.drivers.visionline.protocol.signing import Rules
from agent.simulators.base.presence import Absence
from agent.simulators.visionline.operations import Operation
from provisioning.model import DateHeader, SignedTarget
from tests.contract.bench import Answer, KeyBench, TaskBench, TaskVariant, Trouble, Variant, positions
from tests.drivers.visionline.jobs import job
from tests.drivers.visionline.lock_bench import PASSWORD, SimulatedBench, lock_bench

NAME = "visionline"
EVERY_CALL: dict[str, tuple[object, ...]] = {  # switches that concern all calls, the default first
    "log_in_status": (401, 403),
    "session_status": (401, 403),
    "signature_status": (403, 401),
    "close_status": (200, 201, 204),
    "session_seconds": (None, 1.0),
    "session_requests": (None, 1),
    "most_sessions": (None, 2),  # a session that was refused is left open until its visit ends
    "unsorted_query": ("accept", "refuse"),
    "signed_target": ("escaped", "raw", "both"),
    "signed_date": ("both", "date", "x-aah-date"),
    "date_skew_seconds": (None, 5.0),
    "failure_status": (None, 400, 404, 409, 500),
    "error_as": ("json", "text", "empty"),
    "unknown_fields": (False, True),
    "echo_secrets": (False, True),
    "date_header": (True, False),
    "latency_seconds": (0.0, 2.0),
}
CARDS: dict[str, tuple[object, ...]] = {
    "presented": ("blank", "valid"),
    "busy_encoder": ("queue", "refuse"),
    "neither": ("override", "join", "refuse"),
    "times": ("strict", "lenient"),
    "card_status": (201, 200),
}
SWITCHES = EVERY_CALL | CARDS
# What nothing here depends on: names and places, which doors and encoders exist, how long a card takes. (What
# clocks that differ do to a log-in: tests/drivers/visionline/test_dates.py.)
FACTS = {
    "tls",
    "username",
    "password",
    "more_accounts",
    "date_skew_at_log_in",
    "card_seconds",
    "card_wait_seconds",
    "encoders",
    "doors",
    "formats",
    "most_doors",
}
IN_THE_FILE = {  # what the provisioning file has to say for a server in this position
    ("signed_date", "x-aah-date"): Rules(DateHeader.AAH),
    ("signed_target", "raw"): Rules(signed_target=SignedTarget.PLAIN),
}
UNTOLD = {("error_as", "empty"): frozenset({Trouble.NO_CARD})}  # 408 without a word: anybody's guess
DOORS = ("101", "102", "POOL=common")
_WIRE = {
    Trouble.LOST_BEFORE: ("drop", "before"),
    Trouble.LOST_AFTER: ("reset", "after"),
    Trouble.HANG_BEFORE: ("hang", "before"),
    Trouble.HANG_AFTER: ("hang", "after"),
    Trouble.PAGE_BEFORE: ("html-500", "before"),
    Trouble.PAGE_AFTER: ("html-200", "after"),
}


class Bench:
    """What both benches of this lock system share; trouble comes to the calls of one operation."""

    def __init__(self, bench: SimulatedBench, operation: Operation) -> None:
        self.lock_system = bench.driver
        self.driver: Driver = bench.driver
        self.health = bench.health
        self.simulator = bench.simulator
        self.operation = operation

    @property
    def secrets(self) -> tuple[str, ...]:
        """The password, and the id and key of every session that was opened."""
        sessions = self.simulator.access.sessions.ever
        return (PASSWORD, *(session.id for session in sessions), *(session.key for session in sessions))

    def cards(self) -> int:
        """Cards written by now."""
        return len(self.simulator.cards)

    def heal(self) -> None:
        """End all trouble."""
        self.simulator.heal()

    def trouble(self, trouble: Trouble) -> None:
        """Have this happen to the next call."""
        simulator, operation = self.simulator, self.operation.value
        match trouble:
            case Trouble.AWAY:
                simulator.presence.leave(Absence.REFUSE)
            case Trouble.DEAF:
                simulator.presence.leave(Absence.HANG)
            case Trouble.LOG_IN_REFUSED:
                simulator.fail("403", "log-in")
            case Trouble.LOG_IN_LOST:
                simulator.fail("drop", "log-in", when="after")
            case Trouble.REFUSED:
                simulator.fail("unknown-door", operation)
            case Trouble.NO_CARD:
                simulator.fail("no-card", operation)
            case Trouble.TOKEN_ENDED:
                simulator.fail("401", operation, calls=1)
            case Trouble.NOT_FOUND:
                simulator.fail("404", operation)
            case _:
                simulator.fail(_WIRE[trouble][0], operation, when=_WIRE[trouble][1])


class Cards(Bench):
    """Cards for a stay."""

    def job(self, **changes: Any) -> KeyJob:
        """One card for room 101."""
        return job(**changes)

    def bad_job(self) -> KeyJob:
        """A stay without an end."""
        return job(end=None)

    def calls(self) -> int:
        """All requests."""
        return self.simulator.calls.total()

    def key_calls(self) -> int:
        """Requests for a card."""
        return self.simulator.calls[self.operation]


class Doors(Bench):
    """The list of doors."""

    def job(self, **changes: Any) -> KeyJob:
        """One key for room 101."""
        return job(**changes)

    async def ask(self) -> Answer:
        """The list. Raises `CallFailed`."""
        return await self.lock_system.list_doors()

    def is_done(self) -> bool:
        """A list does nothing."""
        return False

    def is_right(self, answer: Answer) -> bool:
        """Whether it is the simulator's."""
        assert isinstance(answer, tuple)
        names = [row.name for row in answer if isinstance(row, LockDoor)]
        return names == [door.partition("=")[0] for door in self.simulator.switches.doors]

    def calls(self) -> int:
        """Requests for it."""
        return self.simulator.calls[self.operation]


def _untold(switches: dict[str, Any]) -> frozenset[Trouble]:
    return frozenset().union(*(UNTOLD.get(item, frozenset()) for item in switches.items()))


def _rules(switches: dict[str, Any]) -> Rules:
    return next((IN_THE_FILE[item] for item in switches.items() if item in IN_THE_FILE), Rules())


@asynccontextmanager
async def _cards(switches: dict[str, Any]) -> AsyncIterator[KeyBench]:
    async with lock_bench(switches, rules=_rules(switches)) as bench:
        yield Cards(bench, Operation.CARDS)


@asynccontextmanager
async def _doors(switches: dict[str, Any]) -> AsyncIterator[TaskBench]:
    async with lock_bench({"doors": DOORS, **switches}, rules=_rules(switches)) as bench:
        yield Doors(bench, Operation.DOORS)


KEYS = [
    Variant(f"{NAME}{position}", partial(_cards, flipped), _untold(flipped))
    for position, flipped in positions(SWITCHES, (*SWITCHES,))
]
OTHERS = [
    TaskVariant(f"{NAME}{position}", Task.DOORS, partial(_doors, flipped))
    for position, flipped in positions(SWITCHES, (*EVERY_CALL,))
]
