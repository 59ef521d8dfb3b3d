"""Orders that cannot, or must not, become a key: the note says why and what to do, and the next key works."""

from datetime import timedelta

import pytest
import trio

from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from tests.faults.desk import assert_next_key_works, cards, ended, note
from tests.manner import WITHOUT_PUSH
from tests.whole_hotel import Hotel

pytestmark = pytest.mark.parametrize("manner", WITHOUT_PUSH)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"key_cutter": "77"}, "the key cutter “77” is not set up on this box"),
        ({"device_type": "Teleporter"}, "a device of the type “Teleporter”"),
        ({"device_type": None}, "a device of the type “unknown”"),
        ({"copies": 0}, "0 keys were ordered"),
        ({"copies": -1}, "-1 keys were ordered"),
        ({"copies": 11}, "11 keys were ordered, and 10 is the most at once"),
        ({"copies": 2.5}, "its number of keys is no whole number"),
        ({"copies": 1e300}, "its number of keys is no whole number"),
        ({"copies": "x"}, "its Data has no usable KeyCount"),
        ({"copies": True}, "its Data has no usable KeyCount"),
        ({"copies": None}, "its Data has no usable KeyCount"),
        ({"rooms": []}, "it names no lock"),
        ({"rooms": ["101", "102"]}, "one room on a key, and the order names 101, 102"),
        ({"is_without_data": True}, "its Data is missing"),
        ({"data": None}, "its Data is missing"),
        ({"data": "a text"}, "its Data is not an object"),
        ({"data": ["a", "list"]}, "its Data is not an object"),
        ({"data": {}}, "its Data has no usable LockIds"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_an_order_that_cannot_be_done_ends_in_error_with_the_reason(
    hotel: Hotel, autojump_clock: object, wish: dict[str, object], words: str
) -> None:
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_key(**wish))  # type: ignore[arg-type]
        assert (command.state, len(hotel.bridge.cuts)) == (State.ERROR, 0)
        assert words in note(command)
        assert note(command).rstrip(".").split(". ")[-1].split()[0] in ("Order", "Please", "Choose", "Check")
        await assert_next_key_works(hotel)


@pytest.mark.parametrize(("copies", "cut"), [(1.0, 1), (3, 3), (10, 10)])
async def test_whole_numbers_of_keys_are_cut_however_they_are_written(
    hotel: Hotel, autojump_clock: object, copies: float, cut: int
) -> None:
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_key("1", ["101"], copies))
    assert (command.state, cards(hotel)) == (State.PROCESSED, cut)


async def test_a_document_is_said_to_need_another_device(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_print())
    assert (command.state, note(command)[:12]) == (State.ERROR, "Not printed:")


async def test_an_order_past_the_age_limit_is_refused_and_not_cut(hotel: Hotel, autojump_clock: object) -> None:
    old = hotel.mews.clock.now() - timedelta(seconds=190)
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_key("1", ["101"], created=old))
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "had waited longer than 3 minutes. Please order the key again." in note(command)
        await assert_next_key_works(hotel)


async def test_an_order_from_the_future_is_cut(hotel: Hotel, autojump_clock: object) -> None:
    ahead = hotel.mews.clock.now() + timedelta(hours=2)
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_key("1", ["101"], created=ahead))
    assert (command.state, cards(hotel)) == (State.PROCESSED, 1)


async def test_an_order_from_the_future_ages_from_when_the_box_first_saw_it(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=80)
    ahead = hotel.mews.clock.now() + timedelta(hours=2)
    async with hotel.agent():
        ids = [hotel.mews.add_key("1", [f"10{number}"], created=ahead) for number in range(4)]
        ends = [(await ended(hotel, id, within=900)).state for id in ids]
    assert ends[:2] == [State.PROCESSED] * 2
    assert ends[3] is State.ERROR
    assert cards(hotel, "103") == 0


async def test_what_was_ordered_at_the_beginning_of_an_outage_is_refused_after_it(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        await trio.sleep(5)
        hotel.mews.presence.leave(Absence.REFUSE, 600)
        old = hotel.mews.add_key("1", ["101"])
        await trio.sleep(590)
        young = hotel.mews.add_key("1", ["102"])
        assert ((await ended(hotel, old)).state, cards(hotel)) == (State.ERROR, 0)
        assert ((await ended(hotel, young)).state, cards(hotel, "102")) == (State.PROCESSED, 1)


async def test_an_order_that_grows_old_in_the_lane_is_refused_when_its_turn_comes(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=85)
    async with hotel.agent():
        ids = [hotel.mews.add_key("1", [f"10{number}"]) for number in range(4)]
        ends = [await ended(hotel, id, within=900) for id in ids]
        assert [command.state for command in ends[:2]] == [State.PROCESSED] * 2
        assert "3 minutes" in note(ends[3])
        assert cards(hotel, "103") == 0
        hotel.bridge.switch(card_seconds=2)
        await assert_next_key_works(hotel)
