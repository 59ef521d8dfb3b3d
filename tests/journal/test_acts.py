"""Acts in the journal's file: kept beside the orders, bounded, and no trouble for an older or a damaged box."""

import errno
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio

from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.record import Record
from agent.journal.file import JournalFile
from agent.journal.journal import LAZY_SECONDS, RETRY_SECONDS, Journal
from agent.journal.rows.acts import Act
from agent.journal.rows.side_tables import KEEP_ACTS
from tests.whole_hotel import run_at_once


def act(number: int = 1, **more: Any) -> Act:
    return Act(f"act-{number}", "root", "command line", "pause", "pause 1", begun=5, **more)


RECORD = Record("id-1", "Key cutter 1", Kind.KEY, "encoder:1", "101", 1, State.CLAIMED, claimed=4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def written(path: Path, *commits: tuple[Record | Act, ...]) -> JournalFile:
    file = JournalFile(path)
    file.open()
    for commit in commits:
        file.commit(commit)
    file.close()
    return file


def acts(path: Path) -> tuple[Act, ...]:
    file = JournalFile(path)
    contents = file.open()
    file.close()
    assert contents.set_aside is None
    return contents.acts


def execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)


def test_an_act_shares_a_commit_with_an_order_and_changes_later(path: Path) -> None:
    ended = msgspec.structs.replace(act(), ended=6, end="done")
    written(path, (RECORD, act()), (act(2),), (ended,))
    file = JournalFile(path)
    contents = file.open()
    assert (contents.records, contents.acts, contents.damage) == ((RECORD,), (ended, act(2)), "")


def test_an_act_alone_is_no_news_for_the_witness(path: Path) -> None:
    written(path, (RECORD,), *((act(number),) for number in range(5)))
    contents = JournalFile(path).open()
    assert (contents.records, contents.damage) == ((RECORD,), "")


def test_the_oldest_acts_are_forgotten(path: Path) -> None:
    written(path, *((act(number),) for number in range(KEEP_ACTS + 10)))
    assert [kept.id for kept in acts(path)] == [f"act-{number}" for number in range(9, KEEP_ACTS + 10)]
    written(path, (act(1000),))
    assert len(acts(path)) == KEEP_ACTS + 1  # the one above goes with the next commit


def test_a_damaged_act_spoils_only_itself(path: Path) -> None:
    written(path, (RECORD, act(1), act(2), act(3)))
    execute(path, "UPDATE act SET id = x'ff' WHERE rowid = 1")
    execute(path, "UPDATE act SET begun = 'soon' WHERE rowid = 2")
    assert acts(path) == (msgspec.structs.replace(act(2), begun=0), act(3))
    written(path, (act(4),))
    assert [kept.id for kept in acts(path)] == ["act-2", "act-3", "act-4"]


def test_a_journal_without_acts_gets_their_table_and_keeps_its_orders(path: Path) -> None:
    written(path, (RECORD,))
    execute(path, "DROP TABLE act")
    written(path, (act(),))
    contents = JournalFile(path).open()
    assert (contents.records, contents.acts) == ((RECORD,), (act(),))


def test_an_older_box_uses_the_file_and_leaves_the_acts_alone(path: Path) -> None:
    """It knows the table of orders alone, and checks that one."""
    written(path, (act(),))
    execute(path, "UPDATE command SET room = '102'")
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
    assert acts(path) == (act(),)


async def test_an_act_that_the_disk_refuses_is_owed_and_nobody_waits_for_it(
    path: Path, autojump_clock: object
) -> None:
    is_full = True

    async def on_full_disk(function: Callable[..., Any], *args: Any) -> Any:
        await trio.lowlevel.checkpoint()
        if is_full and args:
            raise OSError(errno.ENOSPC, "No space left on device")
        return function(*args)

    journal = Journal(path, run_sync=on_full_disk)
    await journal.open()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(journal.run)
        await journal.keep(act())
        is_full = False
        await trio.sleep(RETRY_SECONDS + 0.1)
        nursery.cancel_scope.cancel()
    assert acts(path) == (act(),)


async def test_an_end_that_is_kept_lazily_is_on_disk_soon(path: Path, autojump_clock: object) -> None:
    journal = Journal(path, run_sync=run_at_once)
    await journal.open()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(journal.run)
        journal.keep_lazily(act())
        await trio.sleep(LAZY_SECONDS + 0.1)
        with closing(sqlite3.connect(path)) as reader:
            assert reader.execute("SELECT id FROM act").fetchall() == [("act-1",)]
        nursery.cancel_scope.cancel()
