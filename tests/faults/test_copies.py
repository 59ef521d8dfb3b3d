"""Several keys in one order that stops half-way: how many were cut is said, and none is cut again."""

import pytest
import trio

from agent.simulators.mews.commands import State
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note, wait_cuts
from tests.manner import WITHOUT_PUSH
from tests.whole_hotel import Hotel

pytestmark = pytest.mark.parametrize("manner", WITHOUT_PUSH)


async def test_progress_rises_with_every_card(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_key("1", ["101"], 3))
    seen = [step.progress for step in command.history if step.state is State.PROCESSING]
    assert seen == [0.0, pytest.approx(1 / 3), pytest.approx(2 / 3)]


async def test_two_of_three_are_said_when_the_third_is_refused(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"], 3)
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 2)
        hotel.bridge.fail("no-card", "guest_key", match={"room": "101"}, calls=1)
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.ERROR, 2)
        assert note(command).startswith("2 of 3 keys cut, the third was not: ")
        await assert_next_key_works(hotel)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_two_of_three_are_said_when_nobody_knows_of_the_third(
    hotel: Hotel, autojump_clock: object, when: str
) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"], 3)
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 2)
        hotel.bridge.fail("drop", "guest_key", calls=1, when=when)
        command = await ended(hotel, id)
        await trio.sleep(10)
        assert (command.state, cards(hotel)) == (State.ERROR, 3 if when == "after" else 2)
        assert note(command).startswith("2 of 3 keys cut, the third perhaps cut:")
        await assert_next_key_works(hotel)


async def test_a_lost_progress_neither_stops_nor_repeats_a_card(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"], 3)
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        hotel.mews.fail("drop", "commands/update", calls=1)
        command = await ended(hotel, id)
    assert (command.state, cards(hotel)) == (State.PROCESSED, 3)


async def test_a_stop_says_how_many_were_cut(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"], 3)
        await wait_cuts(hotel, 1)
        await trio.sleep(1)
    command = hotel.mews.command(id)
    assert (command.state, cards(hotel)) == (State.ERROR, 2)
    assert note(command).startswith(
        "2 of 3 keys cut, the third was not: order 1 more. The box was being switched off or set up again."
    )


async def test_a_crash_says_how_many_were_surely_cut(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"], 3)
        await wait_cuts(hotel, 2)
        await trio.sleep(1)
    async with hotel.agent():
        command = await ended(hotel, id)
        assert command.state is State.ERROR
        assert note(command).startswith("2 of 3 keys cut, the third perhaps cut: the box restarted")
        await assert_next_key_works(hotel)
        assert cards(hotel) == 3


async def test_an_order_that_staff_cancel_half_way_stops_with_the_copy_that_is_being_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"], 3)
        await wait_cuts(hotel, 1)
        hotel.mews.cancel(id)
        await assert_next_key_works(hotel)
        assert (hotel.mews.command(id).state, cards(hotel)) == (State.CANCELLED, 2)
        await trio.sleep(5)
        assert holds(hotel, "E-KEY-UNWANTED", "encoder:1")
