"""What `nightporter test` finds behind the connection: log-in, signature, doors."""

import pytest
from trio.testing import MockClock

from agent.commands.driver import ListsDoors, LockDoor
from agent.commands.probe import CanBeTested, Finding, Mark
from agent.drivers.visionline.driver import NoDoors
from agent.foundation.errors import CallFailed, NoAnswer
from agent.simulators.base.presence import Absence
from tests.drivers.visionline.lock_bench import SimulatedBench, lock_bench

DOORS = {"doors": ("101", "102=common")}


async def findings(bench: SimulatedBench) -> dict[str, Finding]:
    driver = bench.driver
    assert isinstance(driver, CanBeTested)
    return {step.name: await step.take() for step in driver.own_steps()}


async def test_a_good_server_is_good_in_each_step(autojump_clock: MockClock) -> None:
    async with lock_bench(DOORS) as bench:
        assert await findings(bench) == {
            "log-in": Finding(Mark.GOOD, "The box is logged in."),
            "signature": Finding(Mark.GOOD, "It takes what the box signs."),
            "doors": Finding(Mark.GOOD, "It knows 2 doors."),
        }
        assert "cards" not in bench.simulator.calls


async def test_one_door_is_one(autojump_clock: MockClock) -> None:
    async with lock_bench({"doors": ("101",)}) as bench:
        assert (await findings(bench))["doors"].text == "It knows 1 door."


async def test_a_refused_log_in_is_bad_with_its_fault_and_what_to_do(autojump_clock: MockClock) -> None:
    async with lock_bench(password="wrong-password") as bench:
        found = (await findings(bench))["log-in"]
        assert (found.mark, found.code) == (Mark.BAD, "E-LOCK-AUTH")
        assert "Check username and password in [[visionline]]" in found.text


async def test_the_default_operator_is_a_doubt(autojump_clock: MockClock) -> None:
    async with lock_bench({"more_accounts": ("sym:sym",)}, username="sym", password="sym") as bench:
        found = (await findings(bench))["log-in"]
        assert (found.mark, found.code) == (Mark.DOUBT, "E-LOCK-OPERATOR")


@pytest.mark.parametrize(
    ("kind", "also", "mark", "code"),
    [
        ("403", ("doors",), Mark.BAD, "E-LOCK-SIGNATURE"),
        ("403", (), Mark.DOUBT, "E-LOCK-SESSIONS"),
        ("500", (), Mark.DOUBT, "E-LOCK-SESSIONS"),
    ],
)
async def test_a_session_s_end_that_goes_wrong_is_told(
    autojump_clock: MockClock, kind: str, also: tuple[str, ...], mark: Mark, code: str
) -> None:
    async with lock_bench() as bench:
        for operation in ("log-out", *also):
            bench.simulator.fail(kind, operation)
        found = await findings(bench)
        assert found["log-in"].mark is Mark.GOOD
        assert (found["signature"].mark, found["signature"].code) == (mark, code)


async def test_a_server_that_lists_no_doors_is_a_doubt(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail("404", "doors")
        assert (await findings(bench))["doors"].mark is Mark.DOUBT


async def test_doors_are_listed_by_name_kind_and_state(autojump_clock: MockClock) -> None:
    async with lock_bench(DOORS) as bench:
        assert isinstance(bench.driver, ListsDoors)
        doors = await bench.driver.list_doors()
        assert [(door.name, door.kind) for door in doors] == [("101", "guest"), ("102", "common")]
        assert all(isinstance(door, LockDoor) for door in doors)
        assert bench.simulator.counts()["open_sessions"] == 0


@pytest.mark.parametrize(
    ("kind", "error"),
    [("404", NoDoors), ("html-200", NoDoors), ("brace", NoDoors), ("500", NoDoors), ("drop", NoAnswer)],
)
async def test_doors_that_cannot_be_had_raise_with_a_reason(
    autojump_clock: MockClock, kind: str, error: type[CallFailed]
) -> None:
    async with lock_bench() as bench:
        bench.simulator.fail(kind, "doors")
        with pytest.raises(error) as caught:
            await bench.driver.list_doors()
        assert caught.value.reason


async def test_a_refused_session_costs_the_list_one_log_in(autojump_clock: MockClock) -> None:
    async with lock_bench(DOORS) as bench:
        bench.simulator.fail("401", "doors", calls=1)
        assert len(await bench.driver.list_doors()) == 2


async def test_a_list_from_a_server_that_is_away_raises(autojump_clock: MockClock) -> None:
    async with lock_bench() as bench:
        bench.simulator.presence.leave(Absence.REFUSE)
        with pytest.raises(CallFailed):
            await bench.driver.list_doors()
