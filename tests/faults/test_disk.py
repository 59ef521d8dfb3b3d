"""A disk that fills up or fails: no key is begun that could not be accounted for, and none is forgotten."""

import sqlite3
from typing import Any

import pytest
import trio

from agent.commands.lifecycle import State as Step
from agent.journal.state_folder import JOURNAL
from agent.journal.work import Commit, Opening, Work
from agent.simulators.mews.commands import State
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note, order, wait_cuts
from tests.manner import WITHOUT_PUSH
from tests.whole_hotel import Hotel, run_at_once

pytestmark = pytest.mark.parametrize("manner", WITHOUT_PUSH)


class BadDisk:
    """The journal's thread on a disk that refuses commits of one state, or everything, while it is `bad`."""

    def __init__(self, error: Exception, step: Step | None = None, at: type[Work] = Commit) -> None:
        self._error, self._step, self._at = error, step, at
        self.is_bad = True

    async def __call__(self, work: Work) -> Any:
        """As the journal wants it."""
        if self.is_bad and isinstance(work, self._at) and self._fits(work):
            await trio.lowlevel.checkpoint()
            raise self._error
        return await run_at_once(work)

    def _fits(self, work: Work) -> bool:
        records = work.records if isinstance(work, Commit) else ()
        return self._step is None or any(record.state is self._step for record in records)


def sqlite_error(code: int, words: str) -> sqlite3.OperationalError:
    """As SQLite raises it (sqlite.org/rescode.html)."""
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


DISKS = [
    sqlite_error(sqlite3.SQLITE_FULL, "database or disk is full"),
    sqlite_error(sqlite3.SQLITE_IOERR_FSYNC, "disk I/O error"),
    sqlite_error(sqlite3.SQLITE_READONLY, "attempt to write a readonly database"),
    OSError(28, "No space left on device"),
]


@pytest.mark.parametrize("error", DISKS, ids=str)
@pytest.mark.parametrize("step", [Step.CLAIMED, Step.DISPATCHED])
async def test_what_cannot_be_put_down_is_not_begun_and_said(
    hotel: Hotel, autojump_clock: object, step: Step, error: Exception
) -> None:
    disk = hotel.run_sync = BadDisk(error, step)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, hotel.bridge.calls["guest_key"]) == (State.ERROR, 0)
        assert "Key not cut: the box cannot write to its disk" in note(command)
        assert "Cut the key at the lock system's own PC" in note(command)
        assert (State.PROCESSING in command.states) == (step is Step.DISPATCHED)
        disk.is_bad = False
        await assert_next_key_works(hotel)
        assert not holds(hotel, "E-JOURNAL-WRITE", "box")


@pytest.mark.parametrize("error", DISKS, ids=str)
async def test_an_outcome_that_cannot_be_put_down_is_told_all_the_same_and_put_down_later(
    hotel: Hotel, autojump_clock: object, error: Exception
) -> None:
    disk = hotel.run_sync = BadDisk(error, Step.DONE)
    async with hotel.agent(stops=False):
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        assert holds(hotel, "E-JOURNAL-WRITE", "box")
        disk.is_bad = False
        await trio.sleep(10)
        assert not holds(hotel, "E-JOURNAL-WRITE", "box")
    async with hotel.agent():
        await assert_next_key_works(hotel)
        assert hotel.mews.command(command.id).late == []


async def test_an_outcome_that_was_never_put_down_is_a_perhaps_after_the_crash_and_no_second_card(
    hotel: Hotel, autojump_clock: object
) -> None:
    disk = hotel.run_sync = BadDisk(DISKS[0], Step.DONE)
    hotel.mews.fail("500", "commands/update", match={"State": "Processed"})
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        await wait_cuts(hotel, 1)
        await trio.sleep(30)
    hotel.mews.heal()
    disk.is_bad = False
    async with hotel.agent():
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.ERROR, 1)
        assert "may have been cut" in note(command)
        await assert_next_key_works(hotel)


async def test_the_disk_failing_between_two_copies_says_how_many_were_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    disk = hotel.run_sync = BadDisk(DISKS[0], Step.DISPATCHED)
    disk.is_bad = False
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"], 3)
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        disk.is_bad = True
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.ERROR, 1)
        assert note(command).startswith("1 of 3 keys cut, the second was not: the box cannot write to its disk")


async def test_on_a_disk_that_does_not_even_open_keys_are_refused_with_what_to_do_until_it_does(
    hotel: Hotel, autojump_clock: object
) -> None:
    disk = hotel.run_sync = BadDisk(DISKS[0], at=Opening)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel), holds(hotel, "E-JOURNAL-WRITE", "box")) == (State.ERROR, 0, True)
        assert "Key not cut: the box cannot write to its disk" in note(command)
        disk.is_bad = False
        await trio.sleep(10)
        assert not holds(hotel, "E-JOURNAL-WRITE", "box")
        await assert_next_key_works(hotel)


async def test_what_a_disk_gives_only_later_is_told_to_mews_then(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        await trio.sleep(1)
    disk = hotel.run_sync = BadDisk(DISKS[0], at=Opening)
    async with hotel.agent():
        await trio.sleep(60)
        assert hotel.mews.command(id).state is State.PROCESSING
        disk.is_bad = False
        command = await ended(hotel, id)
    assert (command.state, cards(hotel)) == (State.ERROR, 1)
    assert "may have been cut: the box restarted" in note(command)


async def test_a_journal_that_breaks_while_running_ends_the_box_for_a_new_start(
    hotel: Hotel, autojump_clock: object
) -> None:
    disk = hotel.run_sync = BadDisk(sqlite_error(sqlite3.SQLITE_CORRUPT, "malformed"))
    disk.is_bad = False
    ids = [hotel.mews.add_key("1", [f"10{number}"]) for number in range(3)]
    with pytest.raises(ExceptionGroup) as ending, trio.fail_after(60):
        await _run_until_it_breaks(hotel, disk)
    assert ending.group_contains(sqlite3.OperationalError, match="malformed")
    disk.is_bad = False
    async with hotel.agent():
        ends = [await ended(hotel, id) for id in ids]
        assert [command.state for command in ends] == [State.ERROR, State.ERROR, State.PROCESSED]
        assert [cards(hotel, f"10{number}") for number in range(3)] == [1, 0, 1]
        await assert_next_key_works(hotel)


async def _run_until_it_breaks(hotel: Hotel, disk: BadDisk) -> None:
    async with hotel.agent():
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        await trio.sleep(0.5)
        disk.is_bad = True
        await trio.sleep_forever()


@pytest.mark.parametrize("spoil", ["garbage", "truncated", "no-log", "empty"])
async def test_a_spoilt_journal_is_set_aside_or_read_and_the_box_goes_on(
    hotel: Hotel, autojump_clock: object, spoil: str
) -> None:
    async with hotel.agent(stops=False):
        for number in range(6):
            await order(hotel, f"20{number}")
        waiting = hotel.mews.add_key("1", ["101"])
    path = hotel.state / JOURNAL
    if spoil == "no-log":
        path.with_name(JOURNAL + "-wal").unlink(missing_ok=True)
    else:
        content = path.read_bytes()
        new = {"garbage": b"\xff" * 4096, "truncated": content[: len(content) // 2], "empty": b""}[spoil]
        path.write_bytes(new)
        path.with_name(JOURNAL + "-wal").unlink(missing_ok=True)
    async with hotel.agent():
        assert (await ended(hotel, waiting)).is_final
        await assert_next_key_works(hotel)
        assert holds(hotel, "E-JOURNAL-DAMAGED", "box") == (spoil != "no-log")
    assert [cards(hotel, f"20{number}") for number in range(6)] == [1] * 6
