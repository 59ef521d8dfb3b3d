"""A power cut that takes the journal with it: what was begun ends in Mews, and the page says what broke."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import trio

from agent.journal.state_folder import JOURNAL
from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import UPDATE
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note, order, wait_cuts
from tests.journal.life import killed
from tests.manner import WITHOUT_PUSH
from tests.whole_hotel import Hotel

pytestmark = pytest.mark.parametrize("manner", WITHOUT_PUSH)

FAULT = "E-JOURNAL-DAMAGED"


def _empty(path: Path) -> None:
    path.write_bytes(b"")
    path.with_name(f"{JOURNAL}-wal").unlink()


def _gone(path: Path) -> None:
    for part in path.parent.glob(f"{JOURNAL}*"):
        part.unlink()


def _zeros(path: Path) -> None:
    for part in path.parent.glob(f"{JOURNAL}*"):
        part.write_bytes(bytes(part.stat().st_size))


def _log_gone(path: Path) -> None:
    path.with_name(f"{JOURNAL}-wal").unlink()


def _log_spoilt(path: Path) -> None:
    log = path.with_name(f"{JOURNAL}-wal")
    content = bytearray(log.read_bytes())
    content[400:420] = b"twenty random bytes."
    log.write_bytes(content)


LOSSES = [_empty, _gone, _zeros, _log_gone, _log_spoilt]


async def wait_key_under_way(hotel: Hotel) -> None:
    with trio.fail_after(30):
        await hotel.bridge.wait_calls("guest_key", 1)
    await trio.sleep(1)


@pytest.mark.parametrize("lose", LOSSES)
async def test_a_key_that_was_being_cut_is_perhaps_cut(
    hotel: Hotel, autojump_clock: object, lose: Callable[[Path], None]
) -> None:
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        await wait_key_under_way(hotel)
        killed(hotel.state / JOURNAL)
    lose(hotel.state / JOURNAL)
    async with hotel.agent():
        command = await ended(hotel, id)
        assert command.state is State.ERROR
        assert "may have been cut: the box restarted while the encoder was at work" in note(command)
        assert holds(hotel, FAULT, "box")
        await assert_next_key_works(hotel)
    async with hotel.agent():
        await trio.sleep(60)
        assert not holds(hotel, FAULT, "box")
    assert cards(hotel) == 1


@pytest.mark.parametrize("lose", LOSSES)
async def test_a_key_that_was_only_claimed_is_not_cut(
    hotel: Hotel, autojump_clock: object, lose: Callable[[Path], None]
) -> None:
    hotel.mews.fail("hang", UPDATE, match={"State": "Processing"}, when="after")
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_calls(UPDATE, 1)
        await trio.sleep(1)
        killed(hotel.state / JOURNAL)
    hotel.mews.heal()
    lose(hotel.state / JOURNAL)
    async with hotel.agent():
        command = await ended(hotel, id)
        await assert_next_key_works(hotel)
    assert (command.state, cards(hotel)) == (State.ERROR, 0)
    assert "Key not cut: the box restarted before the encoder was asked" in note(command)


@pytest.mark.parametrize("lose", LOSSES)
async def test_a_key_that_was_cut_is_reported_as_cut(
    hotel: Hotel, autojump_clock: object, lose: Callable[[Path], None]
) -> None:
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        await wait_key_under_way(hotel)
        hotel.mews.presence.leave(Absence.REFUSE)
        await wait_cuts(hotel, 1)
        await trio.sleep(5)
        killed(hotel.state / JOURNAL)
    hotel.mews.presence.come_back()
    lose(hotel.state / JOURNAL)
    async with hotel.agent():
        command = await ended(hotel, id)
        await assert_next_key_works(hotel)
    assert (command.state, cards(hotel)) == (State.PROCESSED, 1)


@pytest.mark.parametrize(
    "words",
    ["created = 1000000000000000", "claimed = -1000000000000", "copies = 'many'", "rowid = 9223372036854775807"],
)
async def test_a_damaged_row_keeps_no_key_from_being_cut_and_is_said(
    hotel: Hotel, autojump_clock: object, words: str
) -> None:
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        await wait_key_under_way(hotel)
        killed(hotel.state / JOURNAL)
    with closing(sqlite3.connect(hotel.state / JOURNAL)) as database:
        database.execute(f"UPDATE command SET {words}")
        database.commit()
    async with hotel.agent():
        command = await ended(hotel, id)
        assert "may have been cut" in note(command)
        assert holds(hotel, FAULT, "box")
        await assert_next_key_works(hotel)
    async with hotel.agent():
        assert (await order(hotel, "102")).state is State.PROCESSED
        assert not holds(hotel, FAULT, "box")
