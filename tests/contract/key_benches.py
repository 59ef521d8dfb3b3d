"""What the key drivers' contract is run against: a driver, a simulated server, and the ways to trouble it.

A new lock system adds a bench and its variants to `VARIANTS`; it changes no test. Knows no driver from within.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from enum import StrEnum
from functools import partial
from typing import Any, Protocol

from msgspec import Struct

from agent.commands.driver import Driver, KeyJob
from agent.commands.model import Verdict
from agent.health.health import Health
from agent.simulators.base.presence import Absence
from tests.drivers.coder_bridge.bridge_bench import PASSWORD, BridgeBench, bridge_bench
from tests.drivers.coder_bridge.profile_bench import job


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


ENDINGS = {  # how a key must end, and how many cards there must be afterwards
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
        """Have this happen to the next key."""
        ...

    def heal(self) -> None:
        """End all trouble."""
        ...


class Variant(Struct, frozen=True):
    """A bench in one position of one simulator switch."""

    name: str
    open: Callable[[], AbstractAsyncContextManager[KeyBench]]


class CoderBridgeBench:
    """The Coder Bridge's side of the contract."""

    def __init__(self, bench: BridgeBench) -> None:
        self._bench = bench
        self._simulator = bench.simulator
        self.driver: Driver = bench.driver
        self.health = bench.health

    @property
    def secrets(self) -> tuple[str, ...]:
        """The password and what every token of the simulator begins with."""
        return (PASSWORD, "eyJ")

    def job(self, **changes: Any) -> KeyJob:
        """One key for room 101 on encoder 1."""
        return job(**changes)

    def bad_job(self) -> KeyJob:
        """Two rooms on one key."""
        return job(rooms=("101", "102"))

    def cards(self) -> int:
        """Cards cut by now."""
        return len(self._simulator.cuts)

    def calls(self) -> int:
        """All requests."""
        return self._simulator.calls.total()

    def key_calls(self) -> int:
        """Requests for a guest key."""
        return self._simulator.calls["guest_key"]

    def heal(self) -> None:
        """End all trouble."""
        self._simulator.heal()

    def trouble(self, trouble: Trouble) -> None:
        """Have this happen to the next key."""
        simulator = self._simulator
        match trouble:
            case Trouble.AWAY:
                simulator.presence.leave(Absence.REFUSE)
            case Trouble.DEAF:
                simulator.presence.leave(Absence.HANG)
            case Trouble.LOG_IN_REFUSED:
                simulator.fail("403", "auth")
            case Trouble.LOG_IN_LOST:
                simulator.fail("drop", "auth", when="after")
            case Trouble.REFUSED:
                simulator.fail("encoder-offline", "guest_key")
            case Trouble.NO_CARD:
                simulator.fail("no-card", "guest_key")
            case Trouble.TOKEN_ENDED:
                simulator.fail("401", "guest_key", calls=1)
            case Trouble.NOT_FOUND:
                simulator.fail("404", "guest_key")
            case _:
                simulator.fail(_WIRE[trouble][0], "guest_key", when=_WIRE[trouble][1])


_WIRE = {
    Trouble.LOST_BEFORE: ("drop", "before"),
    Trouble.LOST_AFTER: ("reset", "after"),
    Trouble.HANG_BEFORE: ("hang", "before"),
    Trouble.HANG_AFTER: ("hang", "after"),
    Trouble.PAGE_BEFORE: ("html-500", "before"),
    Trouble.PAGE_AFTER: ("html-200", "after"),
}

CODER_BRIDGE_SWITCHES: dict[str, tuple[object, ...]] = {  # the default first
    "failure_status": (500, 200, 400),
    "success_status": (200, 500),
    "bad_credentials": ("401-empty", "401-json", "403-empty", "403-json", "500-json"),
    "bad_token": ("401-empty", "401-json", "403-empty", "403-json", "500-json"),
    "token_seconds": (None, 1.0),
    "token_calls": (None, 1),
    "token_exp": ("none", "true", "past", "future"),
    "ids_as_numbers": (False, True),
    "result_as": ("number", "text", "float"),
    "name_case": ("lower", "pascal", "upper"),
    "success_msg": ("text", "null", "missing"),
    "tid": ("given", "empty", "null"),
    "busy_encoder": ("queue", "refuse"),
    "two_status_keys": (True, False),
    "rms_coupling": (False, True),
    "unknown_fields": (False, True),
    "echo_secrets": (False, True),
    "date_header": (True, False),
    "latency_seconds": (0.0, 2.0),
    "parallel_cap": (None, 1),
}
# What a key does not depend on: names and places, which rooms and encoders exist, how long a card takes.
CODER_BRIDGE_FACTS = {
    "client_id",
    "client_pw",
    "base",
    "rooms",
    "encoders",
    "card_seconds",
    "first_status",
    "second_status",
}


@asynccontextmanager
async def _coder_bridge(switches: dict[str, Any]) -> AsyncIterator[KeyBench]:
    async with bridge_bench(switches) as bench:
        yield CoderBridgeBench(bench)


VARIANTS = [
    Variant("coder-bridge", partial(_coder_bridge, {})),
    *(
        Variant(f"coder-bridge {name}={value}", partial(_coder_bridge, {name: value}))
        for name, (_default, *others) in CODER_BRIDGE_SWITCHES.items()
        for value in others
    ),
]
