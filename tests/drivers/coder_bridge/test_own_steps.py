"""The steps at a Coder Bridge: log-in and rooms, and nothing that could touch a card."""

from collections.abc import AsyncIterator

import pytest

from agent.commands.probe import Finding, Mark
from agent.simulators.base.presence import Absence
from agent.simulators.coder_bridge.answers import RefusalKind
from tests.drivers.coder_bridge.bridge_bench import BridgeBench, bridge_bench
from tests.drivers.coder_bridge.profile_bench import all_confirmed

PROVEN = all_confirmed()


async def taken(bench: BridgeBench) -> dict[str, Finding]:
    """All steps up to the first that fails."""
    found: dict[str, Finding] = {}
    for step in bench.driver.own_steps():
        found[step.name] = await step.take()
        if found[step.name].mark is Mark.BAD:
            break
    return found


@pytest.fixture
async def bench() -> AsyncIterator[BridgeBench]:
    async with bridge_bench(profile=PROVEN) as bench:
        yield bench


async def test_a_bridge_that_is_well_lets_the_box_in_and_tells_its_rooms(bench: BridgeBench) -> None:
    found = await taken(bench)
    assert found["log-in"] == Finding(Mark.GOOD, "The box is logged in.")
    assert (found["rooms"].mark, found["rooms"].text.startswith("It knows ")) == (Mark.GOOD, True)
    assert set(bench.simulator.calls) == {"auth", "config_rooms"}


async def test_a_log_in_that_was_not_asked_for_again_is_not_called_one(bench: BridgeBench) -> None:
    await taken(bench)
    found = await taken(bench)
    assert bench.simulator.calls["auth"] == 1
    assert found["log-in"].text == (
        "The box was logged in before, and is not again; the last answer came 0 seconds ago."
    )


async def test_a_refused_log_in_ends_the_test_with_the_words_of_its_fault() -> None:
    async with bridge_bench(profile=PROVEN, password="wrong") as bench:
        found = await taken(bench)
    assert list(found) == ["log-in"]
    assert (found["log-in"].mark, found["log-in"].code) == (Mark.BAD, "E-LOCK-AUTH")
    assert "wrong" not in found["log-in"].text


async def test_a_bridge_that_is_away_is_not_reached(bench: BridgeBench) -> None:
    bench.simulator.presence.leave(Absence.REFUSE, 60)
    assert (await taken(bench))["log-in"].code == "E-LOCK-UNREACHABLE"


async def test_rooms_that_are_not_told_are_worth_a_look_and_no_failure(bench: BridgeBench) -> None:
    bench.simulator.fail(RefusalKind.ENCODER_OFFLINE, "config_rooms", calls=1)
    found = await taken(bench)
    assert (found["rooms"].mark, found["rooms"].code) == (Mark.DOUBT, "E-LOCK-ROOMS")


async def test_while_switched_off_nothing_is_sent() -> None:
    async with bridge_bench(profile=PROVEN, active=False) as bench:
        assert (await taken(bench))["log-in"].code == "E-LOCK-INACTIVE"
        assert not bench.simulator.calls
