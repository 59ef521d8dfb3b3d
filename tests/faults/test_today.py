"""What only today's dialect can do to the box, over the whole agent."""

import logging
from pathlib import Path

import pytest
import trio

from agent.simulators.mews.commands import STAFF, State
from agent.simulators.mews.operations import GET_ALL_ACTIVE, GET_ALL_BY_IDS, UPDATE
from agent.simulators.mews.switches import Dialect, KeyCutterData, Portfolio
from tests.faults.desk import assert_next_key_works, cards, ended, holds, order
from tests.whole_hotel import Hotel


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path, dialect=Dialect.CURRENT)
    hotel.provision()
    return hotel


@pytest.mark.parametrize("kind", KeyCutterData)
async def test_whatever_stands_in_the_custom_json_the_key_and_its_neighbours_are_cut(
    hotel: Hotel, autojump_clock: object, kind: KeyCutterData
) -> None:
    hotel.mews.switch(key_cutter_data=kind)
    ids = [hotel.mews.add_key(str(number), [f"10{number}"]) for number in (1, 2, 3)]
    async with hotel.agent():
        assert [(await ended(hotel, id)).state for id in ids] == [State.PROCESSED] * 3


async def test_a_list_of_many_pages_is_served_to_its_end(hotel: Hotel, autojump_clock: object) -> None:
    hotel.mews.switch(page_size=3)
    ids = [hotel.mews.add_key(str(1 + number % 3), [str(100 + number)]) for number in range(20)]
    async with hotel.agent():
        assert [(await ended(hotel, id)).state for id in ids] == [State.PROCESSED] * 20
    assert len(hotel.bridge.cuts) == 20


@pytest.mark.parametrize("cursors", ["stuck", "endless"])
async def test_a_list_without_an_end_delays_no_key(hotel: Hotel, autojump_clock: object, cursors: str) -> None:
    hotel.mews.switch(page_size=2, cursors=cursors)
    ids = [hotel.mews.add_key(str(1 + number % 3), [str(100 + number)]) for number in range(6)]
    async with hotel.agent():
        assert [(await ended(hotel, id)).state for id in ids] == [State.PROCESSED] * 6
    assert len(hotel.bridge.cuts) == 6


@pytest.mark.parametrize("kind", [Portfolio.DOCUMENTED, Portfolio.STRICT])
async def test_a_token_for_several_hotels_is_refused_until_it_is_one_for_this_hotel(
    hotel: Hotel, autojump_clock: object, kind: Portfolio
) -> None:
    hotel.mews.switch(portfolio=kind)
    id = hotel.mews.add_key("1", ["101"])
    async with hotel.agent():
        await trio.sleep(60)
        assert holds(hotel, "E-MEWS-PORTFOLIO")
        assert (hotel.mews.command(id).state, hotel.mews.calls[GET_ALL_ACTIVE]) == (State.PENDING, 0)
        hotel.mews.switch(portfolio=Portfolio.NO)
        assert (await ended(hotel, id)).state is State.PROCESSED
        assert not holds(hotel, "E-MEWS-PORTFOLIO")


async def test_what_another_connector_has_taken_between_list_and_claim_is_not_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(latency_seconds=1.0)
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        await hotel.mews.wait_calls(GET_ALL_BY_IDS, 1)
        hotel.mews.set_state(id, State.PROCESSING, STAFF)
        await trio.sleep(60)
        assert (cards(hotel), hotel.mews.command(id).history[-1].by) == (0, STAFF)


async def test_a_result_that_mews_has_already_is_not_told_again_after_a_crash(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent(stops=False):
        hotel.mews.fail("hang", UPDATE, match={"State": "Processed"}, when="after")
        id = hotel.mews.add_key("1", ["101"])
        await hotel.mews.wait_state(id, State.PROCESSED)
    hotel.mews.heal()
    async with hotel.agent():
        await trio.sleep(60)
        assert (hotel.mews.command(id).late, cards(hotel)) == ([], 1)
        await assert_next_key_works(hotel)


async def test_what_staff_ended_while_the_box_was_away_is_not_overwritten(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(finished_update="overwrite")
    async with hotel.agent(stops=False):
        hotel.mews.fail("500", UPDATE, match={"State": "Processed"})
        id = hotel.mews.add_key("1", ["101"])
        await hotel.bridge.wait_cuts(1)
        await trio.sleep(5)
    hotel.mews.heal()
    hotel.mews.cancel(id)
    async with hotel.agent():
        await trio.sleep(60)
        assert hotel.mews.command(id).state is State.CANCELLED
        assert holds(hotel, "E-KEY-UNWANTED", "encoder:1")


async def test_zone_and_clock_of_the_hotel_are_compared_and_a_difference_ends_within_the_hour(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(zone="Europe/London", clock_offset_seconds=600.0)
    async with hotel.agent():
        await trio.sleep(120)
        assert holds(hotel, "E-MEWS-ZONE")
        await assert_next_key_works(hotel)
        hotel.mews.switch(zone="Europe/Vienna", clock_offset_seconds=0.0)
        await trio.sleep(3700)
        assert not holds(hotel, "E-MEWS-ZONE")


async def test_the_number_of_a_request_stands_in_each_line_about_a_call_that_went_wrong(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with hotel.agent():
        await order(hotel)
        hotel.mews.fail("403", UPDATE, match={"State": "Processing"}, calls=1)
        await order(hotel, "102")
        hotel.mews.fail("500", GET_ALL_ACTIVE, calls=2)
        await trio.sleep(20)
    lines = [record.getMessage() for record in caplog.records]
    about_calls = [line for line in lines if line.startswith("Mews, ") or "E-MEWS-ANSWER at mews: " in line]
    assert len(about_calls) >= 2
    assert all("(request " in line for line in about_calls)


@pytest.mark.parametrize("operation", [GET_ALL_ACTIVE, UPDATE, GET_ALL_BY_IDS])
async def test_an_operation_that_is_switched_off_for_hours_is_told_as_what_it_is(
    hotel: Hotel, autojump_clock: object, operation: str
) -> None:
    async with hotel.agent():
        await order(hotel)
        hotel.mews.fail("410", operation)
        hotel.mews.add_key("1", ["102"])
        await trio.sleep(100)
        assert holds(hotel, "E-MEWS-DISCONTINUED")
        hotel.mews.heal()
        await trio.sleep(60)
        await assert_next_key_works(hotel)
        assert not holds(hotel, "E-MEWS-DISCONTINUED")


async def test_a_look_that_lags_behind_the_list_loses_no_key(hotel: Hotel, autojump_clock: object) -> None:
    hotel.mews.error_body = b'{"Commands":[]}'
    async with hotel.agent():
        await order(hotel)
        hotel.mews.fail("error-200", GET_ALL_BY_IDS, calls=20)
        id = hotel.mews.add_key("1", ["102"])
        assert (await ended(hotel, id)).state is State.PROCESSED
        assert cards(hotel, "102") == 1


async def test_orders_that_something_else_takes_are_told_and_forgotten_after_an_hour(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(latency_seconds=1.0)
    async with hotel.agent():
        for room in ("101", "102"):
            looks = hotel.mews.calls[GET_ALL_BY_IDS]
            id = hotel.mews.add_key("1", [room])
            await hotel.mews.wait_calls(GET_ALL_BY_IDS, looks + 1)
            hotel.mews.set_state(id, State.PROCESSING, STAFF)
            await trio.sleep(30)
        assert holds(hotel, "E-MEWS-OTHER-HAND")
        assert cards(hotel) == 0
        await trio.sleep(3700)
        assert not holds(hotel, "E-MEWS-OTHER-HAND")
