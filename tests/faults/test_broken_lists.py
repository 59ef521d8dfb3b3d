"""Broken entries in Mews' list, on either side of a good order: refused or named, and they touch nothing else."""

import pytest

from agent.simulators.mews_commands import State
from agent.simulators.mews_listing import Neighbour
from tests.faults.desk import assert_next_key_works, cards, ended, note
from tests.hotel import Hotel


@pytest.mark.parametrize("neighbour", list(Neighbour))
@pytest.mark.parametrize("is_first", [True, False])
async def test_a_broken_neighbour_on_either_side_does_not_touch_a_good_order(
    hotel: Hotel, autojump_clock: object, neighbour: Neighbour, is_first: bool
) -> None:
    # A neighbour without an id stands before all commands; one with an id in the order in which they came.
    good = None if is_first else hotel.mews.add_key("1", ["101"])
    hotel.mews.add_neighbour(neighbour)
    good = good or hotel.mews.add_key("1", ["101"])
    async with hotel.agent():
        command = await ended(hotel, good)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        await assert_next_key_works(hotel)
    assert len(hotel.bridge.cuts) == 2


@pytest.mark.parametrize("neighbour", [Neighbour.BAD_UTF8, Neighbour.DEEP, Neighbour.HUGE])
async def test_a_broken_order_with_an_id_ends_in_error(
    hotel: Hotel, autojump_clock: object, neighbour: Neighbour
) -> None:
    id = hotel.mews.add_neighbour(neighbour)
    assert id is not None
    async with hotel.agent():
        command = await ended(hotel, id)
    assert (command.state, "the order from Mews cannot be read" in note(command)) == (State.ERROR, True)


async def test_an_order_that_says_something_twice_is_refused(hotel: Hotel, autojump_clock: object) -> None:
    device = b'"Device":{"Id":"d1","Name":"Key cutter","Type":"VisiOnlineKeyCutter"}'
    id = hotel.mews.add_raw(b'{"Id":"@ID@","CreatedUtc":"@CREATED@",' + device + b"," + device + b',"Data":{}}')
    assert id is not None
    async with hotel.agent():
        command = await ended(hotel, id)
    assert (command.state, "it names Device twice" in note(command)) == (State.ERROR, True)


@pytest.mark.parametrize(
    "raw", [b"null", b"17", b"[[]]", b'{"Id":null}', b'{"Id":7}', b'{"Id":"\\u0007"}', b'{"Id":"1","Id":"2"}']
)
async def test_a_broken_neighbour_after_the_good_order_does_not_touch_it(
    hotel: Hotel, autojump_clock: object, raw: bytes
) -> None:
    good = hotel.mews.add_key("1", ["101"])
    hotel.mews.add_raw(b'{"Id":"@ID@x"},' + raw)
    async with hotel.agent():
        command = await ended(hotel, good)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        assert hotel.app is not None
        assert hotel.app.health.holds("E-MEWS-COMMAND", "mews")
