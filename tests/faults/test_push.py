"""Mews says by itself that there is news: what that gains, and what a line may never cost, whatever it does."""

import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path

import pytest
import trio

from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import Command, State
from agent.simulators.mews.events import GARBAGE, message
from agent.simulators.mews.operations import GET_ALL_ACTIVE, PUSH
from agent.simulators.mews.switches import Dialect
from tests.faults.desk import assert_next_key_works, cards, ended, holds
from tests.whole_hotel import Hotel

POLL_SECONDS = 30.0
CATCH_UP = POLL_SECONDS * 1.1  # s; the rest between two polls, with its jitter
ORDERS = 12
LATENCY = 0.5  # s; a round trip to Mews
# `make explore` has them all. A drop takes 40 s of the hotel's time, because a line that breaks soon is not asked
# for again at once, and `tests/mews/test_listener.py` has a thousand of them without the rest of the agent.
DROPS = 1000 if "NIGHTPORTER_EXPLORE" in os.environ else 100


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path, dialect=Dialect.CURRENT, has_push=True)
    hotel.provision(poll_seconds=POLL_SECONDS)
    return hotel


@asynccontextmanager
async def listening(hotel: Hotel) -> AsyncIterator[None]:
    """An agent whose line is open, and whose polls are at rest."""
    async with hotel.agent():
        with trio.fail_after(30):
            await hotel.mews.push.wait_sockets(1)
        await trio.sleep(POLL_SECONDS * 2)
        yield


def polls(hotel: Hotel) -> int:
    """How often Mews was asked for its list."""
    return hotel.mews.calls[GET_ALL_ACTIVE]


async def seconds_to_next_poll(hotel: Hotel) -> float:
    began = trio.current_time()
    with trio.fail_after(100):
        await hotel.mews.wait_calls(GET_ALL_ACTIVE, polls(hotel) + 1)
    return trio.current_time() - began


def claimed_after(command: Command) -> float:
    """Seconds from an order to Mews' acknowledgement that it is the box's."""
    claim = next(step for step in command.history if step.state is State.PROCESSING)
    return (claim.at - command.created).total_seconds()


async def test_an_order_is_asked_for_within_a_round_trip_of_the_news_and_called_for_after_three(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(latency_seconds=LATENCY)
    async with listening(hotel):
        for number in range(10):
            hotel.mews.add_key("1", [f"10{number}"])
            began = trio.current_time()
            assert await seconds_to_next_poll(hotel) <= LATENCY
            with trio.fail_after(30):
                await hotel.bridge.wait_calls("guest_key", number + 1)
            assert trio.current_time() - began == pytest.approx(3 * LATENCY, abs=0.001)  # list, look, claim
            await trio.sleep(7.3)


@pytest.mark.parametrize("moment", [0.0, 0.1, 0.49])
async def test_an_order_made_while_a_list_is_under_way_waits_for_that_list_alone(
    hotel: Hotel, autojump_clock: object, moment: float
) -> None:
    hotel.mews.switch(latency_seconds=LATENCY)
    async with listening(hotel):
        first = hotel.mews.add_key("1", ["101"])
        await seconds_to_next_poll(hotel)
        await trio.sleep(moment)
        second = hotel.mews.add_key("2", ["102"])
        ends = [await ended(hotel, id) for id in (first, second)]
        assert claimed_after(ends[1]) <= 4 * LATENCY
        assert [(end.state, cards(hotel, room)) for end, room in zip(ends, ("101", "102"), strict=True)] == [
            (State.PROCESSED, 1)
        ] * 2


async def test_drops_at_any_moment_lose_no_order_and_delay_none_by_more_than_a_catch_up(
    hotel: Hotel, autojump_clock: object
) -> None:
    """Every third line goes half open before it is dropped."""
    chance = random.Random(15)
    cutters = cycle("123")
    drops = 0
    async with listening(hotel):
        while drops < DROPS:
            await trio.sleep(chance.expovariate(1 / 20))
            if chance.random() < 0.2:
                hotel.mews.add_key(next(cutters), [f"R{len(hotel.mews.commands)}"])
            hotel.mews.switch(push_silent=chance.random() < 1 / 3)
            await trio.sleep(chance.expovariate(1 / 5))
            drops += hotel.mews.push.drop()
        with trio.fail_after(100):
            await hotel.mews.wait_all_final()
    assert len(hotel.mews.commands) > DROPS * 0.2
    assert {command.state for command in hotel.mews.commands} == {State.PROCESSED}
    assert len(hotel.bridge.cuts) == len({cut.room for cut in hotel.bridge.cuts}) == len(hotel.mews.commands)
    assert max(map(claimed_after, hotel.mews.commands)) <= CATCH_UP


@pytest.mark.parametrize("moment", [0.0, 0.2, 0.49, 0.51])
async def test_an_order_made_between_the_connect_and_the_first_list_is_cut_once_and_soon(
    hotel: Hotel, autojump_clock: object, moment: float
) -> None:
    hotel.mews.switch(latency_seconds=LATENCY)
    async with hotel.agent():
        with trio.fail_after(30):
            await hotel.mews.push.wait_opened(1)
        await trio.sleep(moment)
        command = await ended(hotel, hotel.mews.add_key("1", ["101"]))
        assert claimed_after(command) <= 4 * LATENCY
        await trio.sleep(100)
    assert (command.state, cards(hotel)) == (State.PROCESSED, 1)


async def test_an_order_made_right_before_the_connect_is_found_by_the_list_after_it(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(latency_seconds=LATENCY)
    async with hotel.agent():
        with trio.fail_after(30):
            await hotel.mews.wait_calls(PUSH, 1)  # it is asked for, and not agreed to yet
        assert hotel.mews.push.opened == 0
        command = await ended(hotel, hotel.mews.add_key("1", ["101"]))
        assert hotel.mews.push.events == 0 or claimed_after(command) <= 4 * LATENCY
        assert claimed_after(command) <= 5 * LATENCY
    assert (command.state, cards(hotel)) == (State.PROCESSED, 1)


async def test_a_half_open_line_is_noticed_within_a_minute_and_polls_come_at_the_files_pace_at_once(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.provision(poll_seconds=2.0)
    async with listening(hotel):
        hotel.mews.switch(push_silent=True, push=False)
        before = polls(hotel)
        lost = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(60):
            await hotel.mews.push.wait_sockets(0)
            assert await seconds_to_next_poll(hotel) == 0
        assert polls(hotel) - before <= 4  # until then they were rare
        for _ in range(5):
            assert await seconds_to_next_poll(hotel) <= 2.2
        assert claimed_after(await ended(hotel, lost)) <= 30
        assert (await ended(hotel, hotel.mews.add_key("2", ["102"]), within=8)).state is State.PROCESSED


async def test_where_each_new_line_is_half_open_as_well_no_order_waits_longer_than_for_a_catch_up(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.provision(poll_seconds=2.0)
    async with listening(hotel):
        hotel.mews.switch(push_silent=True)
        for number in range(10):
            command = await ended(hotel, hotel.mews.add_key("1", [f"R{number}"]))
            assert claimed_after(command) <= 30
            await trio.sleep(17)
        assert len(hotel.bridge.cuts) == 10


async def test_what_is_cancelled_or_taken_away_while_it_waits_is_never_cut_and_forgotten_by_the_next_catch_up(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=40.0)
    async with listening(hotel):
        assert hotel.app is not None
        ids = [hotel.mews.add_key("1", [f"R{number}"]) for number in range(4)]
        await trio.sleep(5)
        hotel.mews.cancel(ids[2])
        hotel.mews.set_state(ids[3], State.PROCESSING, "another connector")
        await trio.sleep(CATCH_UP)
        assert hotel.app.orders.counts()["waiting"] == 0
        await trio.sleep(200)
        assert [cards(hotel, f"R{number}") for number in range(4)] == [1, 1, 0, 0]


@pytest.mark.parametrize("how", ["refused", "away", "no such address", "token", "silent"])
async def test_a_line_that_does_not_come_about_costs_nothing_but_the_files_pace(
    hotel: Hotel, autojump_clock: object, how: str
) -> None:
    hotel.provision(poll_seconds=2.0)
    async with listening(hotel):
        if how == "away":
            hotel.mews.presence.leave(Absence.REFUSE, 1.0)
        elif how == "no such address":
            hotel.mews.switch(push=False)
        elif how == "silent":
            hotel.mews.fail("hang", PUSH)
        else:
            hotel.mews.fail("503" if how == "refused" else "401", PUSH)
        hotel.mews.push.drop()
        await trio.sleep(100)
        assert holds(hotel, "E-MEWS-PUSH") is (how != "away")
        assert await seconds_to_next_poll(hotel) <= (2.2 if how != "away" else 30)
        assert hotel.mews.calls[PUSH] <= 10
        await assert_next_key_works(hotel)
        hotel.mews.heal()
        hotel.mews.switch(push=True)
        with trio.fail_after(100):
            await hotel.mews.push.wait_sockets(1)
        await trio.sleep(1)
        assert not holds(hotel, "E-MEWS-PUSH")


async def test_triples_and_echoes_of_the_boxs_own_words_cost_no_polls(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(push_copies=3, push_echo=True, push_noise=True, push_delay_seconds=0.2)
    async with listening(hotel):
        before, began = polls(hotel), trio.current_time()
        for number in range(ORDERS):
            hotel.mews.add_key("123"[number % 3], [f"R{number}"], 2)
            await trio.sleep(12)
        with trio.fail_after(100):
            await hotel.mews.wait_all_final()
        by_the_clock = (trio.current_time() - began) / (POLL_SECONDS * 0.9)
        assert hotel.mews.push.messages > ORDERS * 3 * 3  # three times: ordered, claimed, made
        assert polls(hotel) - before <= ORDERS + by_the_clock + 1
    assert len(hotel.bridge.cuts) == ORDERS * 2


async def test_orders_that_are_made_at_once_share_their_poll(hotel: Hotel, autojump_clock: object) -> None:
    hotel.mews.switch(latency_seconds=LATENCY)
    async with listening(hotel):
        before = polls(hotel)
        for number in range(30):
            hotel.mews.add_key("123"[number % 3], [f"R{number}"])
        await trio.sleep(3 * LATENCY)
        assert polls(hotel) - before <= 2


async def test_lies_without_end_cost_no_more_calls_than_mews_allows_and_delay_no_key(
    hotel: Hotel, autojump_clock: object
) -> None:
    """Orders of other hotels, each with an id of its own, so that each could be one of ours."""
    async with listening(hotel):
        for number in range(300):
            hotel.mews.push.say(message([{"Type": "DeviceCommand", "Id": f"x-{number}", "State": "Pending"}]))
            hotel.mews.push.say(GARBAGE[number % len(GARBAGE)])
            await trio.sleep(0.1)
        command = await ended(hotel, hotel.mews.add_key("1", ["101"]))
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        assert claimed_after(command) <= 2
        assert hotel.mews.window.above == 0
        assert hotel.mews.push.opened == 1
