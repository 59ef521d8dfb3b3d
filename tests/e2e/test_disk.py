"""Disks that are really full, really failing, really read-only: no key is cut that no one would remember."""

import signal
from pathlib import Path

import pytest
import trio

from agent.journal import reserve
from agent.simulators.mews.commands import Command, State
from tests import books
from tests.e2e.namespaces import full, needs_mounts, needs_strace, seen_by, strace, tiny_disk
from tests.e2e.processes import PATIENCE, RealHotel, real_hotel
from tests.ledger import findings

FAULT = "E-JOURNAL-WRITE"
NOTE = "Key not cut: the box cannot write to its disk"
NIGHT = 30  # keys
MOST = 8  # keys; the last page of a journal has room for fewer


async def ordered_until_refused(hotel: RealHotel) -> Command:
    """The first of some commands that ends in Error: a disk may take a few bytes before it refuses."""
    for room in range(201, 201 + MOST):
        command = await ordered(hotel, str(room))
        if command.state is State.ERROR:
            return command
    pytest.fail("no key was refused")


async def ordered(hotel: RealHotel, room: str) -> Command:
    """A command, when it is over."""
    with trio.fail_after(PATIENCE):
        return await hotel.mews.wait_final(hotel.mews.add_key("1", [room]))


@needs_mounts
async def test_a_full_disk_refuses_keys_with_a_note_and_recovers_with_space(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.bridge.switch(card_seconds=0.02)
        hotel.state.mkdir()
        async with hotel.agent(*tiny_disk(hotel.state)) as agent:
            before = await ordered(hotel, "101")
            with full(seen_by(agent.pid, hotel.state)):
                meanwhile = await ordered_until_refused(hotel)
                await agent.wait_line(FAULT)
            await agent.wait_line(f"{FAULT} at box is over")
            after = await ordered(hotel, "103")
            agent.send(signal.SIGTERM)
            assert await agent.wait_exit() == 0
        assert findings(books.entries(hotel.mews, hotel.bridge)) == []
    assert NOTE in (meanwhile.notes or "")
    assert (before.state, after.state) == (State.PROCESSED, State.PROCESSED)


@needs_mounts
async def test_on_a_disk_that_others_have_filled_keys_are_cut_in_the_room_kept_for_them(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.bridge.switch(card_seconds=0.02)
        hotel.state.mkdir()
        async with hotel.agent(*tiny_disk(hotel.state, ",size=24m")) as agent:
            await ordered(hotel, "101")
            disk = seen_by(agent.pid, hotel.state)
            assert (disk / "ballast").stat().st_blocks * 512 == reserve.BYTES
            with full(disk):
                ends = [(await ordered(hotel, str(room))).state for room in range(201, 201 + NIGHT)]
                assert not (disk / "ballast").exists()
            await ordered(hotel, "103")
            assert (disk / "ballast").exists()
        assert findings(books.entries(hotel.mews, hotel.bridge)) == []
    assert ends == [State.PROCESSED] * NIGHT


@needs_mounts
async def test_a_disk_that_fills_while_a_key_is_cut_hides_no_outcome(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.bridge.switch(card_seconds=0.5)
        hotel.state.mkdir()
        async with hotel.agent(*tiny_disk(hotel.state)) as agent:
            id = hotel.mews.add_key("1", ["101"])
            await agent.while_alive(hotel.bridge.wait_calls, "guest_key", 1)
            with full(seen_by(agent.pid, hotel.state)), trio.fail_after(PATIENCE):
                command = await hotel.mews.wait_final(id)
    assert command.state is State.PROCESSED


@needs_mounts
async def test_a_read_only_state_directory_cuts_nothing_and_the_page_says_why(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.state.mkdir()
        async with hotel.agent(*tiny_disk(hotel.state, ",ro")) as agent:
            command = await hotel.mews.wait_final(hotel.mews.add_key("1", ["101"]))
            snapshot = await agent.snapshot()
            status = (await agent.get("healthz")).status_code
            agent.send(signal.SIGTERM)
            assert await agent.wait_exit() == 0
    assert FAULT in {fault.code for fault in snapshot.faults}
    assert status == 503
    assert hotel.bridge.cuts == ()
    assert "Key not cut: the box cannot write to its disk" in (command.notes or "")


@needs_strace
# The first calls make the journal, the next ones are those of the first keys.
@pytest.mark.parametrize("call", ["fdatasync:error=EIO:when=6..7", "pwrite64:error=ENOSPC:when=9..10"])
async def test_a_failing_disk_refuses_keys_and_recovers_by_itself(tmp_path: Path, call: str) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.bridge.switch(card_seconds=0.02)
        async with hotel.agent(*strace(hotel.state / "journal.sqlite", call)) as agent:
            refused = await ordered_until_refused(hotel)
            await agent.wait_line(f"{FAULT} at box is over")
            good = await ordered(hotel, "102")
        assert findings(books.entries(hotel.mews, hotel.bridge)) == []
    assert NOTE in (refused.notes or "")
    assert good.state is State.PROCESSED


async def test_a_state_directory_that_is_a_file_is_a_users_mistake(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.state.write_text("not a directory")
        async with hotel.agent() as agent:
            assert await agent.wait_exit() == 2
        assert len(agent.lines) == 1


async def test_a_damaged_journal_is_set_aside_and_keys_go_on(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.bridge.switch(card_seconds=0.02)
        hotel.state.mkdir()
        (hotel.state / "journal.sqlite").write_bytes(b"SQLite format 3\0" + b"garbage" * 500)
        async with hotel.agent() as agent:
            await agent.wait_line("E-JOURNAL-DAMAGED")
            command = await ordered(hotel, "101")
    assert command.state is State.PROCESSED
    assert (hotel.state / "journal.sqlite.damaged-1").exists()
