"""The main job, whole agent, virtual time: a Mews command becomes a cut key and Mews hears of it."""

from pathlib import Path

import pytest

from agent.simulators.mews.commands import State
from agent.simulators.mews.switches import Dialect
from tests.whole_hotel import Hotel


@pytest.fixture
def hotel(tmp_path: Path, dialect: Dialect) -> Hotel:
    hotel = Hotel(tmp_path, dialect=dialect)
    hotel.provision()
    return hotel


async def test_a_command_becomes_one_cut_key_and_is_processed(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        command = await hotel.mews.wait_final(id)
    assert command.state is State.PROCESSED
    assert [(cut.encoder, cut.room) for cut in hotel.bridge.cuts] == [("1", "101")]
