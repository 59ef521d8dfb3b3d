"""A journal file that cannot be read: set aside whole, never overwritten, and the box goes on with a new one."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.journal import Journal
from agent.journal_database import SCHEMA_VERSION
from tests.hotel import run_at_once
from tests.test_journal import read_back, record, running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def _spoil_schema(path: Path) -> None:
    _execute(path, "ALTER TABLE command RENAME COLUMN room TO chamber")


def _spoil_version(path: Path) -> None:
    _execute(path, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def _spoil_type(path: Path) -> None:
    _execute(path, "UPDATE command SET copies = 'many'")


def _spoil_text(path: Path) -> None:
    _execute(path, "UPDATE command SET note = CAST(x'fffe' AS TEXT)")


def _spoil_table(path: Path) -> None:
    _execute(path, "DROP TABLE command")


def _spoil_bytes(path: Path) -> None:
    path.write_bytes(b"\x00\xff" * 3000)


def _spoil_length(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1500])


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _overwrite(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _execute(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute(statement)
    database.close()


@pytest.mark.parametrize(
    "spoil",
    [
        _spoil_schema,
        _spoil_version,
        _spoil_type,
        _spoil_text,
        _spoil_table,
        _spoil_bytes,
        _spoil_length,
    ],
)
async def test_a_file_that_cannot_be_read_is_set_aside_whole_and_a_new_one_begun(
    path: Path, autojump_clock: object, spoil: Callable[[Path], None]
) -> None:
    journal = Journal(path, run_sync=run_at_once)
    async with running(journal):
        await journal.write(*(record(number) for number in range(20)))
    spoil(path)
    before = _content(path)
    again = Journal(path, run_sync=run_at_once)
    async with running(again) as contents:
        assert contents.records == ()
        assert contents.set_aside is not None
        assert _content(contents.set_aside) == before
        await again.write(record(99))
    assert await read_back(path) == (record(99),)


async def test_a_second_damaged_file_does_not_take_the_place_of_the_first(
    path: Path, autojump_clock: object
) -> None:
    names = []
    for content in (b"first" * 1000, b"second" * 1000):
        _overwrite(path, content)
        async with running(Journal(path, run_sync=run_at_once)) as contents:
            assert contents.set_aside is not None
            names.append((contents.set_aside.name, _content(contents.set_aside) == content))
    assert names == [("journal.sqlite.damaged-1", True), ("journal.sqlite.damaged-2", True)]
