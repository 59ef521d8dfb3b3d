"""The journal read beside an agent or without one: as much as can be read, and a sentence about the rest."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import trio

from agent.commands.model import Kind
from agent.commands.record import Record
from agent.journal.journal import Journal
from agent.journal.looking import look

PAGE = 512  # bytes, as the journal has them


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal with 300 orders, closed."""
    path = tmp_path / "journal.sqlite"

    async def write() -> None:
        journal = Journal(path)
        await journal.open()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(journal.run)
            for number in range(300):
                record = Record(f"order-{number:03}", "1", Kind.KEY, "encoder:1", "101", 1, created=number)
                await journal.write(record.claim(number + 1))
            nursery.cancel_scope.cancel()

    trio.run(write)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def test_a_whole_journal_has_all_orders_and_no_damage(path: Path) -> None:
    found = look(path)
    assert (len(found.records), found.damage) == (300, "")


def test_a_damaged_row_is_counted_and_what_is_left_of_it_is_there(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE command SET state = x'00ff', copies = 'x' WHERE id = 'order-007'")
    found = look(path)
    assert found.damage == "damaged rows of orders: 1, of which what is left is there"
    assert len(found.records) == 300


def test_behind_a_torn_page_nothing_is_read_and_that_is_said(path: Path) -> None:
    content = bytearray(path.read_bytes())
    at = content.index(b"order-150") // PAGE * PAGE
    content[at : at + PAGE] = b"\xff" * PAGE
    path.write_bytes(content)
    found = look(path)
    assert 0 < len(found.records) < 300
    assert found.damage.startswith(f"the file cannot be read behind the first {len(found.records)} orders (")


def test_a_journal_of_which_nothing_can_be_read_is_an_error(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:PAGE] + b"\xff" * 8192)
    with pytest.raises(sqlite3.DatabaseError):
        look(path)
