"""The Coder Bridge's side of the contract: keys of each kind, and all else that it does."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace

from agent.commands.driver import Driver, KeyJob, LockArea, LockDoor, LockTime, Task
from agent.commands.model import Outcome
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.foundation.http import Peer
from agent.simulators.base.presence import Absence
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from tests.contract.bench import Answer, KeyBench, TaskBench, TaskVariant, Trouble, Variant, positions
from tests.drivers.coder_bridge.bridge_bench import PASSWORD, SERVER, BridgeBench, bridge_bench
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, START, changed, job
from tests.in_process import SimulatorTransport

NAME = "coder-bridge"
CONTACT = "canary.guest@example.org"
PHONES = "3"  # the encoder that sends keys to telephones
EVERY_CALL: dict[str, tuple[object, ...]] = {  # switches that concern all calls, the default first
    "failure_status": (500, 200, 400),
    "success_status": (200, 500),
    "bad_credentials": ("401-empty", "401-json", "403-empty", "403-json", "500-json"),
    "bad_token": ("401-empty", "401-json", "403-empty", "403-json", "500-json"),
    "token_seconds": (None, 1.0),
    "token_calls": (None, 1),
    "token_exp": ("none", "true", "past", "future"),
    "result_as": ("number", "text", "float"),
    "name_case": ("lower", "pascal", "upper"),
    "success_msg": ("text", "null", "missing"),
    "unknown_fields": (False, True),
    "echo_secrets": (False, True),
    "date_header": (True, False),
    "latency_seconds": (0.0, 2.0),
}
SOME_CALLS: dict[str, tuple[object, ...]] = {
    "ids_as_numbers": (False, True),
    "tid": ("given", "empty", "null"),
    "busy_encoder": ("queue", "refuse"),
    "two_status_keys": (True, False),
    "first_status": (None, "2"),
    "second_status": ("9", "0"),
    "rms_coupling": (False, True),
    "parallel_cap": (None, 1),
    "list_shape": ("array", "wrapped", "enveloped", "names"),
}
SWITCHES = EVERY_CALL | SOME_CALLS
# What nothing here depends on: names and places, which rooms and encoders exist, how long a card takes.
FACTS = {
    "tls",
    "client_id",
    "client_pw",
    "base",
    "rooms",
    "encoders",
    "card_seconds",
    "paths",
    "fields",
    "date_pattern",
    "date_zone",
    "needs_end",
    "area_separator",
    "check_areas",
    "special_areas",
    "checkout_times",
    "list_fields",
}
CONCERN = {  # beside the switches that concern every call; a key without a `tid` cannot be cancelled at all
    Task.KEY: ("ids_as_numbers", "tid", "busy_encoder", "two_status_keys", "rms_coupling", "parallel_cap"),
    Task.CANCEL: ("ids_as_numbers", "rms_coupling"),
    Task.ROOM_IN: (),
    Task.ROOM_OUT: (),
    Task.READ: ("ids_as_numbers", "tid", "busy_encoder", "parallel_cap"),
    Task.DOORS: ("two_status_keys", "first_status", "second_status"),
    Task.AREAS: ("list_shape",),
    Task.TIMES: ("list_shape",),
}
SLOTS = {
    Task.KEY: Slot.GUEST_KEY,
    Task.CANCEL: Slot.GUEST_KEY_CHECKOUT,
    Task.ROOM_IN: Slot.ROOM_CHECKIN,
    Task.ROOM_OUT: Slot.ROOM_CHECKOUT,
    Task.READ: Slot.READ_CARD,
    Task.DOORS: Slot.CONFIG_ROOMS,
    Task.AREAS: Slot.CONFIG_SPECIAL_AREAS,
    Task.TIMES: Slot.CONFIG_CHECKOUT_TIMES,
}
_WIRE = {
    Trouble.LOST_BEFORE: ("drop", "before"),
    Trouble.LOST_AFTER: ("reset", "after"),
    Trouble.HANG_BEFORE: ("hang", "before"),
    Trouble.HANG_AFTER: ("hang", "after"),
    Trouble.PAGE_BEFORE: ("html-500", "before"),
    Trouble.PAGE_AFTER: ("html-200", "after"),
}


class Bench:
    """What all benches of this lock system share; trouble comes to the calls of one slot."""

    def __init__(self, bench: BridgeBench, slot: Slot) -> None:
        self.driver: Driver = bench.driver
        self.health = bench.health
        self.simulator = bench.simulator
        self.slot = slot

    @property
    def secrets(self) -> tuple[str, ...]:
        """The password, what every token of the simulator begins with, the guest's address."""
        return (PASSWORD, "eyJ", CONTACT)

    def cards(self) -> int:
        """Keys made by now."""
        return len(self.simulator.cuts) + len(self.simulator.mobile_keys)

    def heal(self) -> None:
        """End all trouble."""
        self.simulator.heal()

    def trouble(self, trouble: Trouble) -> None:
        """Have this happen to the next call."""
        simulator, slot = self.simulator, self.slot.value
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
                simulator.fail("encoder-offline" if self.slot is Slot.GUEST_KEY else "database-down", slot)
            case Trouble.NO_CARD:
                simulator.fail("no-card", slot)
            case Trouble.TOKEN_ENDED:
                simulator.fail("401", slot, calls=1)
            case Trouble.NOT_FOUND:
                simulator.fail("404", slot)
            case _:
                simulator.fail(_WIRE[trouble][0], slot, when=_WIRE[trouble][1])


class Keys(Bench):
    """Keys by one slot; `plain` is the order that takes it."""

    def __init__(self, bench: BridgeBench, slot: Slot, plain: KeyJob) -> None:
        super().__init__(bench, slot)
        self._plain = plain

    def job(self, **changes: Any) -> KeyJob:
        """One key for room 101."""
        if self._plain.encoder == PHONES:
            changes["encoder"] = PHONES
        return replace(self._plain, **changes)

    def bad_job(self) -> KeyJob:
        """Two rooms on one key."""
        return self.job(rooms=("101", "102"))

    def calls(self) -> int:
        """All requests."""
        return self.simulator.calls.total()

    def key_calls(self) -> int:
        """Requests for a key."""
        return self.simulator.calls[self.slot]


class Other(Bench):
    """What else is asked of it. `room` and `key` are of a key that was cut before, by another box."""

    def __init__(self, bench: BridgeBench, task: Task, key: str) -> None:
        super().__init__(bench, SLOTS[task])
        self._bridge, self._task, self._key = bench.driver, task, key

    def job(self, **changes: Any) -> KeyJob:
        """One key for room 101."""
        return job(**changes)

    async def ask(self) -> Answer:
        """Ask for it. Lists raise `CallFailed`."""
        driver = self._bridge
        match self._task:
            case Task.CANCEL:
                return await driver.cancel_key("101", self._key)
            case Task.ROOM_IN:
                return await driver.check_in_room("101")
            case Task.ROOM_OUT:
                return await driver.check_out_room("102")
            case Task.READ:
                return await driver.read_card("1")
            case Task.DOORS:
                return await driver.list_doors()
            case Task.AREAS:
                return await driver.list_areas()
        return await driver.list_times()

    def is_done(self) -> bool:
        """Whether the lock system did it."""
        match self._task:
            case Task.CANCEL:
                return self.simulator.is_cancelled(self.simulator.cuts[0].tid)
            case Task.ROOM_IN:
                return self.simulator.occupied["101"]
            case Task.ROOM_OUT:
                return not self.simulator.occupied["102"]
        return False

    def is_right(self, answer: Answer) -> bool:
        """Whether a good answer says what the simulator holds."""
        if isinstance(answer, Outcome):
            return self.is_done()
        if self._task is Task.READ:
            return getattr(answer, "rooms", ()) == ("101",)
        return set(_names(answer)) == _listed(self.simulator, self._task)

    def calls(self) -> int:
        """Requests for it."""
        return self.simulator.calls[self.slot]


def _names(answer: Answer) -> Iterator[str]:
    assert isinstance(answer, tuple)
    for row in answer:
        assert isinstance(row, LockDoor | LockArea | LockTime)
        yield row.name if isinstance(row, LockDoor) else row.time if isinstance(row, LockTime) else row.id


def _listed(simulator: CoderBridgeSimulator, task: Task) -> set[str]:
    if task is Task.DOORS:
        return set(simulator.occupied)
    if task is Task.AREAS:
        return {area.partition("=")[0] for area in simulator.switches.special_areas}
    return {time.partition("=")[2] for time in simulator.switches.checkout_times}


@asynccontextmanager
async def _keys(slot: Slot, plain: KeyJob, switches: dict[str, Any]) -> AsyncIterator[KeyBench]:
    async with bridge_bench(switches, mobile=(PHONES,), allow_precheckin=True) as bench:
        yield Keys(bench, slot, plain)


@asynccontextmanager
async def _other(task: Task, switches: dict[str, Any]) -> AsyncIterator[TaskBench]:
    profile = changed(BUILT_IN, rms__send=True)
    coupled = {"rms_coupling": True} if task in (Task.ROOM_IN, Task.ROOM_OUT) else {}
    async with bridge_bench({**coupled, **switches}, profile=profile) as before:
        before.simulator.occupied["102"] = True
        if task in (Task.CANCEL, Task.READ):
            await before.cut()
        async with Peer(SERVER, transport=SimulatorTransport(before.simulator)) as peer:
            bench = BridgeBench(before.simulator, peer, profile=profile)
            before.simulator.calls.clear()
            yield Other(bench, task, before.keys[0] if before.keys else "")


_LATER = job(start=START + timedelta(days=1))
_MOBILE = job(encoder=PHONES, reservation="stay-1")
KEYS = [
    Variant(f"{NAME}{kind}{position}", partial(_keys, slot, plain, flipped), is_mobile=plain.encoder == PHONES)
    for kind, slot, plain, names in (
        ("", Slot.GUEST_KEY, job(), (*EVERY_CALL, *CONCERN[Task.KEY])),
        ("-early", Slot.GUEST_KEY_PRECHECKIN, _LATER, ()),
        ("-mobile", Slot.MOBILE_KEY, _MOBILE, ()),
        ("-push", Slot.MOBILE_KEY_PUSH, replace(_MOBILE, contact=CONTACT), (*EVERY_CALL,)),
    )
    for position, flipped in positions(SWITCHES, names)
]
OTHERS = [
    TaskVariant(f"{NAME}{position}", task, partial(_other, task, flipped))
    for task, names in CONCERN.items()
    if task is not Task.KEY
    for position, flipped in positions(SWITCHES, (*EVERY_CALL, *names))
]
