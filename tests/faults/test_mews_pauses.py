"""429 and 503: a pause that Mews asks for is kept to the second, by everything that talks to Mews."""

from itertools import pairwise

import pytest
import trio

from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE, UPDATE
from tests.faults.desk import assert_next_key_works, cards, ended, holds, order
from tests.whole_hotel import Hotel


@pytest.mark.parametrize("operation", [GET_ALL_ACTIVE, UPDATE])
@pytest.mark.parametrize("status", ["429", "503"])
async def test_a_named_pause_is_obeyed_to_the_second_by_polls_and_updates_alike(
    hotel: Hotel, autojump_clock: object, status: str, operation: str
) -> None:
    async with hotel.agent():
        await order(hotel, "100")
        hotel.mews.fail(status, operation, calls=1, retry_after="47")
        before = hotel.mews.calls[operation]
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_calls(operation, before + 1)
        asked, calls = trio.current_time(), hotel.mews.calls.total()
        with trio.fail_after(100):
            await hotel.mews.changes.wait_until(lambda: hotel.mews.calls.total() > calls)
        assert 46.99 <= trio.current_time() - asked < 49
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)


async def test_progress_keeps_a_pause_too(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"], 3)
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        hotel.mews.fail("429", GET_ALL_ACTIVE, calls=1, retry_after="30")
        polls = hotel.mews.calls[GET_ALL_ACTIVE]
        with trio.fail_after(10):
            await hotel.mews.wait_calls(GET_ALL_ACTIVE, polls + 1)
        calls = hotel.mews.calls.total()
        await trio.sleep(29)
        assert hotel.mews.calls.total() == calls
        assert cards(hotel) == 3
        assert (await ended(hotel, id)).state is State.PROCESSED


async def test_429_without_a_pause_lets_the_pauses_grow(hotel: Hotel, autojump_clock: object) -> None:
    hotel.mews.fail("429", GET_ALL_ACTIVE, calls=5)
    async with hotel.agent():
        times = []
        for number in range(1, 6):
            with trio.fail_after(1000):
                await hotel.mews.wait_calls(GET_ALL_ACTIVE, number)
            times.append(trio.current_time())
        pauses = [later - earlier for earlier, later in pairwise(times)]
        assert all(later > 1.5 * earlier for earlier, later in pairwise(pauses))
        assert holds(hotel, "E-MEWS-BUSY")
        await assert_next_key_works(hotel)
        assert not holds(hotel, "E-MEWS-BUSY")


async def test_503_without_a_pause_is_an_outage_and_asked_about_every_half_minute(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        await order(hotel, "100")
        hotel.mews.fail("503")
        await trio.sleep(3600)
        calls = hotel.mews.calls[GET_ALL_ACTIVE]
        with trio.fail_after(35):
            await hotel.mews.wait_calls(GET_ALL_ACTIVE, calls + 1)
