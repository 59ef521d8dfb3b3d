"""A crash in every state of the journal: what staff read afterwards, and never a card for what was begun."""

import pytest
import trio

from agent.journal.state_folder import JOURNAL
from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import UPDATE
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note, order, wait_cuts
from tests.whole_hotel import Hotel


async def test_waiting_orders_are_cut_after_a_crash_because_mews_still_lists_them(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent(stops=False):
        ids = [hotel.mews.add_key("1", [f"10{number}"]) for number in range(4)]
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
    async with hotel.agent():
        ends = [(await ended(hotel, id)).state for id in ids]
    assert ends[2:] == [State.PROCESSED] * 2
    assert all(cards(hotel, f"10{number}") <= 1 for number in range(4))


@pytest.mark.parametrize("when", ["before", "after"])
async def test_claimed_becomes_not_cut(hotel: Hotel, autojump_clock: object, when: str) -> None:
    hotel.mews.fail("hang", UPDATE, match={"State": "Processing"}, when=when)
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_calls(UPDATE, 1)
        await trio.sleep(1)
    hotel.mews.heal()
    async with hotel.agent():
        command = await ended(hotel, id)
        await assert_next_key_works(hotel)
        await trio.sleep(120)
    assert (command.state, cards(hotel)) == (State.ERROR, 0)
    assert note(command) == (
        "Key not cut: the box restarted before the encoder was asked. Please order the key again."
    )


async def test_dispatched_becomes_perhaps_cut(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        await trio.sleep(1)
    async with hotel.agent():
        command = await ended(hotel, id)
        await assert_next_key_works(hotel)
    assert (command.state, cards(hotel)) == (State.ERROR, 1)
    assert "may have been cut: the box restarted while the encoder was at work. Look at the encoder" in note(
        command
    )


@pytest.mark.parametrize(
    ("trouble", "state", "words", "cut"),
    [
        (None, State.PROCESSED, "", 1),
        ("no-card", State.ERROR, "No card was presented in time", 0),
        ("drop", State.ERROR, "Key perhaps cut", 0),
    ],
)
async def test_an_outcome_that_mews_has_not_heard_of_is_told_after_the_crash(
    hotel: Hotel, autojump_clock: object, trouble: str | None, state: State, words: str, cut: int
) -> None:
    if trouble:
        hotel.bridge.fail(trouble, "guest_key", calls=1)
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        hotel.mews.presence.leave(Absence.REFUSE)
        await trio.sleep(60)
    hotel.mews.presence.come_back()
    async with hotel.agent():
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (state, cut)
        assert words in note(command)
        await assert_next_key_works(hotel)


async def test_what_mews_has_heard_of_is_not_told_again(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        await order(hotel)
    updates = hotel.mews.calls[UPDATE]
    async with hotel.agent():
        await trio.sleep(120)
    assert (hotel.mews.calls[UPDATE], cards(hotel)) == (updates, 1)


async def test_an_order_given_back_before_the_crash_is_cut_after_it(hotel: Hotel, autojump_clock: object) -> None:
    hotel.mews.fail("401", UPDATE, match={"State": "Processing"}, calls=1)
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_calls(UPDATE, 1)
        await trio.sleep(0.2)
    async with hotel.agent():
        command = await ended(hotel, id)
        await trio.sleep(120)
    assert (command.state, cards(hotel)) == (State.PROCESSED, 1)


@pytest.mark.parametrize("include_processing", [True, False])
async def test_with_a_damaged_journal_no_begun_order_is_cut_again_and_waiting_ones_are_cut(
    hotel: Hotel, autojump_clock: object, include_processing: bool
) -> None:
    hotel.mews.switch(include_processing=include_processing)
    async with hotel.agent(stops=False):
        ids = [hotel.mews.add_key("1", [f"10{number}"]) for number in range(4)]
        await wait_cuts(hotel, 1)
        await trio.sleep(0.5)
    for file in hotel.state.glob(JOURNAL + "*"):
        file.write_bytes(b"\x00garbage" * 1000)
    async with hotel.agent():
        await ended(hotel, ids[3])
        assert holds(hotel, "E-JOURNAL-DAMAGED", "box")
        await assert_next_key_works(hotel)
    assert [cards(hotel, f"10{number}") for number in range(4)] == [1, 1, 0, 1]
    assert [path.name for path in hotel.state.glob("*.damaged-1")] == [JOURNAL + ".damaged-1"]
