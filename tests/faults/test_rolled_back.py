"""The agent on a journal that a newer version has written: what that one knew of is never cut again."""

import sqlite3
from contextlib import closing

import pytest
import trio

from agent.journal.state_folder import JOURNAL
from agent.simulators.mews.commands import MEWS, State, Step
from agent.simulators.mews.operations import UPDATE
from tests.faults.desk import assert_next_key_works, cards, ended, note
from tests.manner import WITHOUT_PUSH
from tests.whole_hotel import Hotel

pytestmark = pytest.mark.parametrize("manner", WITHOUT_PUSH)

A_WHILE = 600  # s; many polls, and more than what Mews still lists is told again after


def leave(hotel: Hotel, words: str) -> None:
    """A newer version's last words in the journal, before it was rolled back."""
    with closing(sqlite3.connect(hotel.state / JOURNAL)) as database:
        database.execute("ALTER TABLE command ADD COLUMN card TEXT NOT NULL DEFAULT 'blank'")
        database.execute(f"UPDATE command SET card = 'blue', {words}")
        database.commit()


def list_again(hotel: Hotel, id: str) -> None:
    """Mews forgets that the command was ended."""
    hotel.mews.commands.put(hotel.mews.command(id), Step(State.PENDING, hotel.mews.clock.now(), MEWS))


@pytest.mark.parametrize(
    "words", ["state = 'archived'", "verdict = 'perfect'", "state = 'archived', verdict = ''"]
)
async def test_a_key_that_a_newer_version_cut_is_not_cut_again(
    hotel: Hotel, autojump_clock: object, words: str
) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        await ended(hotel, id)
    leave(hotel, words)
    list_again(hotel, id)
    async with hotel.agent():
        await trio.sleep(A_WHILE)
        await assert_next_key_works(hotel)
    assert cards(hotel, "101") == 1


async def test_a_key_that_a_newer_version_was_at_is_perhaps_cut(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        await trio.sleep(1)
    leave(hotel, "state = 'warming'")
    async with hotel.agent():
        command = await ended(hotel, id)
        await trio.sleep(A_WHILE)
    assert (command.state, cards(hotel, "101")) == (State.ERROR, 1)
    assert "may have been cut" in note(command)


async def test_a_claim_that_only_a_newer_version_understands_is_not_cut_even_if_mews_lists_it(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.fail("hang", UPDATE, match={"State": "Processing"}, when="before")
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_calls(UPDATE, 1)
    hotel.mews.heal()
    leave(hotel, "state = 'asking'")
    async with hotel.agent():
        command = await ended(hotel, id)
        await trio.sleep(A_WHILE)
    assert (command.state, cards(hotel, "101")) == (State.ERROR, 0)
    assert "may have been cut" in note(command)


async def test_no_journal_of_a_newer_version_is_set_aside(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        await ended(hotel, hotel.mews.add_key("1", ["101"]))
    leave(hotel, "state = 'archived', kind = 'elevator'")
    async with hotel.agent():
        await assert_next_key_works(hotel)
    assert not list(hotel.state.glob("*damaged*"))
