"""A Mews that wants every step in order, and a box that goes away between two of them. Virtual time."""

from pathlib import Path

import pytest
import trio

from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import UPDATE
from agent.simulators.mews.switches import Dialect, MewsSwitches
from tests.whole_hotel import Hotel

STRICT = MewsSwitches(direct_processing=False, early_end=False, latency_seconds=0.2)
DOWN_SECONDS = 5.0  # s of virtual time before the crash
PATIENCE = 120.0  # s of virtual time; polls and repetitions need a few


@pytest.fixture
def hotel(tmp_path: Path, dialect: Dialect) -> Hotel:
    hotel = Hotel(tmp_path, dialect=dialect, mews=STRICT)
    hotel.provision()
    return hotel


async def test_a_refused_command_that_had_to_be_claimed_is_reported_after_a_crash(
    hotel: Hotel, autojump_clock: object
) -> None:
    id = hotel.mews.add_key("no such cutter", ["101"])
    async with hotel.agent(stops=False):
        await hotel.mews.wait_state(id, State.PROCESSING)
        hotel.mews.presence.leave(Absence.DROP)
        await trio.sleep(DOWN_SECONDS)
    hotel.mews.heal()
    async with hotel.agent():
        with trio.move_on_after(PATIENCE):
            await hotel.mews.wait_final(id)
    assert hotel.mews.command(id).state is State.ERROR


async def test_a_command_whose_claim_was_lost_in_a_crash_is_reported(hotel: Hotel, autojump_clock: object) -> None:
    id = hotel.mews.add_key("1", ["101"])
    hotel.mews.fail("500", UPDATE)
    async with hotel.agent(stops=False):
        await hotel.mews.wait_calls(UPDATE, 1)
        await trio.sleep(DOWN_SECONDS)
    hotel.mews.heal()
    async with hotel.agent():
        with trio.move_on_after(PATIENCE):
            await hotel.mews.wait_final(id)
    assert hotel.mews.command(id).state is State.ERROR
