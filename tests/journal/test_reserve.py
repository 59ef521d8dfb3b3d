"""Room kept for the journal: taken where there is plenty, given up when there is none."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.commands.record import Record
from agent.journal.database import Database
from agent.journal.file import JournalFile
from agent.journal.reserve import BYTES, ROOMY, Reserve

Free = Callable[[int], None]


class Usage(NamedTuple):
    """What shutil.disk_usage gives."""

    total: int
    used: int
    free: int


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Free:
    """Sets how many bytes the disk says are free."""

    def is_now(count: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(count, 0, count))

    is_now(ROOMY)
    return is_now


def test_room_is_taken_where_there_is_plenty(tmp_path: Path, free: Free) -> None:
    Reserve(tmp_path / "ballast").keep()
    assert (tmp_path / "ballast").stat().st_size == BYTES


def test_none_is_taken_from_a_disk_that_has_little(tmp_path: Path, free: Free) -> None:
    free(ROOMY - 1)
    Reserve(tmp_path / "ballast").keep()
    assert not (tmp_path / "ballast").exists()


def test_it_is_given_up_on_a_full_disk_and_taken_again_when_there_is_room(tmp_path: Path, free: Free) -> None:
    ballast = Reserve(tmp_path / "ballast")
    ballast.keep()
    free(0)
    assert ballast.give_up()
    ballast.keep()
    assert not (tmp_path / "ballast").exists()
    free(ROOMY)
    ballast.keep()
    assert (tmp_path / "ballast").exists()


def test_a_disk_that_fails_without_being_full_keeps_it(tmp_path: Path, free: Free) -> None:
    ballast = Reserve(tmp_path / "ballast")
    ballast.keep()
    assert not ballast.give_up()
    assert (tmp_path / "ballast").exists()


def test_what_was_kept_by_an_earlier_start_can_be_given_up(tmp_path: Path, free: Free) -> None:
    Reserve(tmp_path / "ballast").keep()
    free(0)
    assert Reserve(tmp_path / "ballast").give_up()
    assert not Reserve(tmp_path / "ballast").give_up()


def test_a_disk_that_cannot_be_asked_gives_nothing_and_stops_nothing(tmp_path: Path) -> None:
    ballast = Reserve(tmp_path / "away" / "ballast")
    ballast.keep()
    assert not ballast.give_up()


def test_a_start_on_a_full_disk_opens_the_journal_in_that_room(
    tmp_path: Path, free: Free, monkeypatch: pytest.MonkeyPatch
) -> None:
    JournalFile(tmp_path / "journal.sqlite").open()
    free(0)
    load, full = Database.load, sqlite3.OperationalError("disk I/O error")
    full.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE

    def only_with_room(database: Database) -> object:
        if (tmp_path / "ballast").exists():
            raise full
        return load(database)

    monkeypatch.setattr(Database, "load", only_with_room)
    assert JournalFile(tmp_path / "journal.sqlite").open().set_aside is None


def test_a_commit_whose_sync_failed_is_not_tried_again_in_that_room(
    tmp_path: Path, free: Free, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, failed = JournalFile(tmp_path / "journal.sqlite"), sqlite3.OperationalError("disk I/O error")
    file.open()
    free(0)
    failed.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    tries = []

    def sync_fails(_: JournalFile, records: tuple[Record, ...]) -> None:
        tries.append(records)
        raise failed

    monkeypatch.setattr(JournalFile, "_commit", sync_fails)  # no disk here refuses a sync and nothing else
    with pytest.raises(sqlite3.OperationalError):
        file.commit(())
    assert len(tries) == 1
    assert (tmp_path / "ballast").exists()
