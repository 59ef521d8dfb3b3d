"""Issued keys in the journal's file: with their orders, until they are over; bounded; each spoils only itself."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from agent.commands.issued import IssuedKey
from agent.journal.file import JournalFile, Row
from agent.journal.rows import side_tables
from agent.journal.rows.acts import Act
from tests.journal.test_acts import RECORD


def key(number: int = 1) -> IssuedKey:
    return IssuedKey(f"id-{number}/1", "lock-server:a", '["101"]', str(number), "stay-1", 5, 9, 6)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def written(path: Path, *commits: tuple[Row, ...]) -> None:
    file = JournalFile(path)
    file.open()
    for commit in commits:
        file.commit(commit)
    file.close()


def keys(path: Path) -> tuple[IssuedKey, ...]:
    file = JournalFile(path)
    contents = file.open()
    file.close()
    assert (contents.set_aside, contents.damage) == (None, "")
    return contents.keys


def test_a_key_shares_a_commit_with_its_order_and_an_act(path: Path) -> None:
    act = Act("act-1", begun=5)
    written(path, (RECORD, key(), act), (key(2),))
    contents = JournalFile(path).open()
    assert (contents.records, contents.keys, contents.acts) == ((RECORD,), (key(), key(2)), (act,))


def test_a_key_that_is_over_leaves_the_file(path: Path) -> None:
    over = msgspec.structs.replace(key(), over=7)
    never_there = msgspec.structs.replace(key(3), over=7)
    written(path, (key(), key(2)), (over, never_there))
    assert keys(path) == (key(2),)
    written(path, (key(),))
    assert keys(path) == (key(2), key())


def test_the_oldest_keys_are_forgotten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_tables.KEYS, "keep", 3)
    written(path, *((key(number),) for number in range(6)))
    assert [kept.key for kept in keys(path)] == ["2", "3", "4", "5"]  # the one above goes with the next commit


def test_a_key_that_is_written_again_while_it_is_the_oldest_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_tables.KEYS, "keep", 1)
    changed = msgspec.structs.replace(key(1), end=99)
    written(path, (key(1), key(2)), (changed,))
    assert keys(path) == (changed, key(2))


def test_a_damaged_key_spoils_only_itself(path: Path) -> None:
    written(path, (RECORD, key(1), key(2)))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE issued SET id = x'ff' WHERE rowid = 1")
        database.execute("UPDATE issued SET made = 'soon' WHERE rowid = 2")
    assert keys(path) == (msgspec.structs.replace(key(2), made=0),)


def test_a_journal_without_keys_gets_their_table(path: Path) -> None:
    written(path, (RECORD,))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE issued")
    written(path, (key(),))
    contents = JournalFile(path).open()
    assert (contents.records, contents.keys) == ((RECORD,), (key(),))


def test_a_key_has_a_place_for_nothing_else() -> None:
    names = ["id", "server", "rooms", "key", "reservation", "start", "end", "made", "over", "card"]
    assert list(side_tables.KEYS.columns) == names
