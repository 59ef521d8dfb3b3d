"""The last look before a card: age, stay, state in Mews and the stop are asked at the call, for each copy."""

from datetime import timedelta

import pytest
import trio

from agent.simulators.mews.commands import STAFF, State
from agent.simulators.mews.operations import UPDATE
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note, wait_cuts
from tests.whole_hotel import Hotel

CAPPED = 'base = "coder-bridge-v2"\n[limits]\ncalls_at_once = { value = 1, confirmed = true, source = "a test" }\n'


@pytest.mark.parametrize(
    "over", [timedelta(seconds=1), timedelta(minutes=5), timedelta(hours=26), timedelta(days=2)]
)
async def test_no_key_is_cut_for_a_stay_that_is_over(
    hotel: Hotel, autojump_clock: object, over: timedelta
) -> None:
    now = hotel.mews.clock.now()
    async with hotel.agent() as app:
        id = hotel.mews.add_key("1", ["101"], start=now - timedelta(days=3), end=now - over)
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert note(command).startswith("Key not cut: the stay ended on ")
        line = next(line for line in app.snapshot().commands.recent if line.id == id)
        assert (line.room, line.target) == ("101", "Desk 1")
        await assert_next_key_works(hotel)


async def test_a_stay_that_ends_before_it_begins_is_said_so_with_room_and_encoder(
    hotel: Hotel, autojump_clock: object
) -> None:
    now = hotel.mews.clock.now()
    async with hotel.agent() as app:
        id = hotel.mews.add_key("2", ["101"], start=now + timedelta(days=2), end=now + timedelta(days=1))
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "the stay ends before it begins" in note(command)
        assert "Check the dates in Mews" in note(command)
        line = next(line for line in app.snapshot().commands.recent if line.id == id)
        assert (line.room, line.target) == ("101", "Desk 2")


async def test_a_stay_that_ends_while_its_order_waits_is_over_when_its_turn_comes(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=30.0)
    async with hotel.agent():
        hotel.mews.add_key("1", ["100"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        id = hotel.mews.add_key("1", ["101"], end=hotel.mews.clock.now() + timedelta(seconds=20))
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "the stay ended on" in note(command)


async def test_the_stay_is_judged_by_mews_clock_and_not_by_the_boxs(hotel: Hotel, autojump_clock: object) -> None:
    hotel.wall.shift(30 * 24 * 3600)
    async with hotel.agent():
        await assert_next_key_works(hotel)


async def test_orders_that_wait_for_a_place_at_the_server_grow_old_there_and_say_what_they_wait_for(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.config.with_name("site.toml").write_text(CAPPED)
    hotel.provision(profile='profile = "site.toml"', more="[limits]\nkey_age_seconds = 4")
    hotel.bridge.switch(card_seconds=3.0)
    async with hotel.agent() as app:
        ids = [hotel.mews.add_key(str(number), [f"10{number}"]) for number in (1, 2, 3)]
        ordered = trio.current_time()
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        await trio.sleep(1)
        texts = [hop.text for hop in app.snapshot().hops if hop.id.startswith("encoder:")]
        assert sum("present a card" in text for text in texts) == 1
        assert sum("waits for a free place at the lock server" in text for text in texts) == 2
        ends = [await ended(hotel, id) for id in ids]
    assert all(cut.began - ordered <= 4.1 for cut in hotel.bridge.cuts)
    assert [command.state for command in ends].count(State.ERROR) == 3 - len(hotel.bridge.cuts) > 0
    assert all("waited longer than 4 seconds" in note(command) for command in ends if command.notes)


async def test_the_third_copy_of_an_order_that_grew_old_meanwhile_is_not_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.provision(more="[limits]\nkey_age_seconds = 5")
    hotel.bridge.switch(card_seconds=3.0)
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_key("1", ["101"], 3))
        assert (command.state, cards(hotel)) == (State.ERROR, 2)
        assert note(command) == (
            "2 of 3 keys cut, the third was not: order 1 more. The order had waited longer than 5 seconds."
        )


@pytest.mark.parametrize("state", [State.PROCESSING, State.CANCELLED, State.PROCESSED, State.ERROR])
async def test_an_order_that_waits_and_is_listed_as_somebody_elses_or_over_is_not_cut(
    hotel: Hotel, autojump_clock: object, state: State
) -> None:
    hotel.mews.switch(include_processing=True, include_final=True)
    hotel.bridge.switch(card_seconds=20.0)
    async with hotel.agent() as app:
        hotel.mews.add_key("1", ["100"])
        ahead = hotel.mews.add_key("1", ["102"])
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
            await hotel.mews.wait_state(ahead, State.PROCESSING)
        hotel.mews.set_state(id, state, STAFF)
        await trio.sleep(3)
        assert app.orders.get(id) is None
        await ended(hotel, ahead)
        await trio.sleep(60)
        assert (hotel.mews.command(id).state, cards(hotel)) == (state, 0)
        await assert_next_key_works(hotel)


async def test_an_order_cancelled_after_its_claim_and_before_its_card_is_not_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=20.0)
    async with hotel.agent() as app:
        hotel.mews.add_key("1", ["100"])
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_state(id, State.PROCESSING)
        hotel.mews.cancel(id)
        await wait_cuts(hotel, 1)
        await trio.sleep(30)
        assert (hotel.mews.command(id).state, cards(hotel)) == (State.CANCELLED, 0)
        assert [fault.code for fault in app.snapshot().faults if fault.code != "E-LOCK-UNCONFIRMED"] == []
        await assert_next_key_works(hotel)


async def test_a_mews_that_is_away_stops_no_key_that_is_ours(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.switch(card_seconds=20.0)
    async with hotel.agent():
        hotel.mews.add_key("1", ["100"])
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_state(id, State.PROCESSING)
        hotel.mews.fail("hang", UPDATE)
        await wait_cuts(hotel, 2)
        hotel.mews.heal()
        assert (await ended(hotel, id)).state is State.PROCESSED


async def test_a_mews_that_takes_processing_only_once_costs_one_key_at_most_and_says_so(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(repeated_processing=False)
    hotel.bridge.switch(card_seconds=8.0)
    async with hotel.agent():
        ids = [hotel.mews.add_key("1", [f"10{number}"]) for number in range(6)]
        ends = [await ended(hotel, id) for id in ids]
    assert [command.state for command in ends].count(State.ERROR) <= 1
    assert all("order it again" in note(command) for command in ends if command.state is State.ERROR)


async def test_a_card_that_was_being_cut_when_its_order_was_cancelled_is_named_until_the_next_day(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.provision(poll_seconds=60.0)
    hotel.bridge.switch(card_seconds=10.0)
    id = hotel.mews.add_key("2", ["101"])
    async with hotel.agent() as app:
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        hotel.mews.cancel(id)
        await wait_cuts(hotel, 1)
        await trio.sleep(3)
        fault = next(fault for fault in app.snapshot().faults if fault.code == "E-KEY-UNWANTED")
        assert (fault.hop, fault.text.startswith("Room 101 at Desk 2, ")) == ("encoder:2", True)
        assert "All is well" not in app.snapshot().summary.text
        await assert_next_key_works(hotel)
        assert holds(hotel, "E-KEY-UNWANTED", "encoder:2")
    async with hotel.agent():
        await trio.sleep(10)
        assert holds(hotel, "E-KEY-UNWANTED", "encoder:2")
        await trio.sleep(25 * 3600)
        assert not holds(hotel, "E-KEY-UNWANTED", "encoder:2")
