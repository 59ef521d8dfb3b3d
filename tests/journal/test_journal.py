"""The journal by itself: what is written is read back, a full disk is survived, and it stays small."""

import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio

from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.record import Record
from agent.foundation.errors import JournalUnavailable
from agent.journal.file import KEEP_CLOSED, PRUNE_EVERY, Contents
from agent.journal.journal import LAZY_SECONDS, RETRY_SECONDS, Journal
from agent.journal.work import Commit, Opening, Work
from tests.whole_hotel import run_at_once

LANES = 5  # commands that share a commit


def record(number: int = 1, state: State = State.CLAIMED, **more: Any) -> Record:
    return Record(f"id-{number}", "Key cutter 1", Kind.KEY, "encoder:1", "101", 1, state, **more)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@asynccontextmanager
async def running(journal: Journal) -> AsyncIterator[Contents]:
    contents = await journal.open()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(journal.run)
        yield contents
        nursery.cancel_scope.cancel()


async def read_back(path: Path) -> tuple[Record, ...]:
    async with running(Journal(path, run_sync=run_at_once)) as contents:
        return contents.records


async def test_everything_is_read_back_as_it_was_written(path: Path, autojump_clock: object) -> None:
    written = tuple(
        record(number, state, copy=2, made=1, verdict="failed", code="E-X", note="“ä” ;'--", created=1, claimed=2)
        for number, state in enumerate(State)
    )
    new = msgspec.structs.replace(written[0], ended=2**36, reported=2**37)
    journal = Journal(path, run_sync=run_at_once)
    async with running(journal):
        await journal.write(*written)
        await journal.write(new)
    assert await read_back(path) == (new, *written[1:])


async def test_a_row_has_a_place_for_nothing_but_the_record(path: Path, autojump_clock: object) -> None:
    await read_back(path)
    with closing(sqlite3.connect(path)) as reader:
        columns = [row[1] for row in reader.execute("PRAGMA table_info(command)")]
    assert columns == ["rowid", *Record.__struct_encode_fields__, "revision"]


async def test_many_writers_share_few_commits(path: Path, autojump_clock: object) -> None:
    commits = 0

    async def counted(work: Work) -> Any:
        nonlocal commits
        commits += isinstance(work, Commit)
        await trio.sleep(0.01)  # what a flash card takes
        return work()

    journal = Journal(path, run_sync=counted)
    async with running(journal), trio.open_nursery() as writers:
        for number in range(200):
            writers.start_soon(journal.write, record(number))
    assert commits <= 3
    assert len(await read_back(path)) == 200


async def test_a_write_returns_after_the_commit_and_not_before(path: Path, autojump_clock: object) -> None:
    seen: list[int] = []
    journal = Journal(path, run_sync=run_at_once)
    async with running(journal):
        await journal.write(record())
        with closing(sqlite3.connect(path)) as reader:
            seen += [count for (count,) in reader.execute("SELECT count(*) FROM command")]
        reader.close()
    assert seen == [1]


async def test_the_journal_has_a_thread_of_its_own_for_real(path: Path) -> None:
    journal = Journal(path)
    limiter = trio.to_thread.current_default_thread_limiter()
    limiter.total_tokens = 1
    async with running(journal), limiter:  # a silent DNS server holds all of trio's threads
        with trio.fail_after(5):
            await journal.write(record())
    assert len(await read_back(path)) == 1


async def test_a_lazy_record_is_on_disk_soon_and_without_company(path: Path, autojump_clock: object) -> None:
    journal = Journal(path, run_sync=run_at_once)
    async with running(journal):
        journal.keep_lazily(record())
        await trio.sleep(LAZY_SECONDS + 0.1)
        with closing(sqlite3.connect(path)) as reader:
            assert reader.execute("SELECT count(*) FROM command").fetchone() == (1,)
        reader.close()


async def test_at_rest_nothing_is_written(path: Path, autojump_clock: object) -> None:
    done: list[type[Work]] = []

    async def noted(work: Work) -> Any:
        done.append(type(work))
        return await run_at_once(work)

    journal = Journal(path, run_sync=noted)
    async with running(journal):
        await journal.write(record())
        await trio.sleep(24 * 3600)
        assert done == [Opening, Commit]


async def test_the_journal_stays_small_over_thousands_of_commands(path: Path, autojump_clock: object) -> None:
    journal = Journal(path, run_sync=run_at_once)
    note = "x" * 400
    largest = 0
    async with running(journal):
        for number in range(0, 2200, LANES):
            ended = [record(number - lane, State.REPORTED, note=note) for lane in range(LANES, 0, -1)]
            await journal.write(*ended, *(record(number + lane) for lane in range(LANES)))
            if number % 100 == 0:
                largest = max(largest, sum(part.stat().st_size for part in path.parent.glob(path.name + "*")))
    rows = await read_back(path)
    assert len(rows) <= KEEP_CLOSED + LANES * PRUNE_EVERY
    assert rows[-1].id == "id-2199"
    assert largest < 6 * 1024 * 1024


async def test_what_is_open_is_never_pruned(path: Path, autojump_clock: object) -> None:
    journal = Journal(path, run_sync=run_at_once)
    async with running(journal):
        await journal.write(record(0, State.DISPATCHED))
        for number in range(1, 2000, 20):
            await journal.write(*(record(number + more, State.REPORTED) for more in range(20)))
    assert (await read_back(path))[0] == record(0, State.DISPATCHED)


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """No file of this process may grow beyond the journal's present log: SQLite meets a real error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.with_name(path.name + "-wal").stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_really_full_disk_refuses_writes_and_is_used_again_when_there_is_room(
    path: Path, autojump_clock: object
) -> None:
    heard: list[str | None] = []
    journal = Journal(path, run_sync=run_at_once, on_trouble=heard.append)
    async with running(journal):
        await journal.write(record(1))
        with full_disk(path):
            with pytest.raises(JournalUnavailable):
                await journal.write(record(2))
            await journal.keep(record(3, State.DONE, verdict="done"))
        assert heard[-1:] != [None]
        await trio.sleep(RETRY_SECONDS + 0.1)
        assert heard[-1:] == [None]
    assert [row.id for row in await read_back(path)] == ["id-1", "id-3"]


async def test_a_broken_off_commit_is_never_taken_for_a_good_one(path: Path, autojump_clock: object) -> None:
    async def never_done(work: Work) -> Any:
        if isinstance(work, Commit):
            await trio.sleep_forever()
        return await run_at_once(work)

    journal = Journal(path, run_sync=never_done)
    await journal.open()
    ends: list[str] = []

    async def write() -> None:
        with trio.CancelScope(shield=True):
            try:
                await journal.write(record())
            except JournalUnavailable:
                ends.append("refused")
            else:
                ends.append("written")

    async with trio.open_nursery() as nursery:
        with trio.CancelScope() as life:
            nursery.start_soon(write)
            nursery.start_soon(_end_soon, life)
            await journal.run()
    assert ends == ["refused"]


async def _end_soon(life: trio.CancelScope) -> None:
    await trio.sleep(1)
    life.cancel()


async def test_whoever_asks_a_journal_that_has_ended_does_not_wait(path: Path, autojump_clock: object) -> None:
    journal = Journal(path, run_sync=run_at_once)
    async with running(journal):
        await journal.write(record(1))
    with pytest.raises(JournalUnavailable), trio.fail_after(1):
        await journal.write(record(2))
    with trio.fail_after(1):
        await journal.keep(record(3))
