"""Whatever happens to the journal's files: it opens, and every open command is owed its end.

The files are those of a shift that a kill broke off. They lie in memory where that is possible: hundreds of starts
would wait for the disk.
"""

import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.commands.record import Record
from agent.journal.file import Contents, JournalFile
from agent.journal.rows.frames import Values
from agent.journal.state_folder import JOURNAL
from agent.journal.witness import OpenRows, Witness
from tests.journal.life import copied, is_owed, life, lived, opened

DATABASE = (JOURNAL, f"{JOURNAL}-wal")
WITNESS = ("journal.witness",)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None

Blow = Callable[[bytearray, int], None]  # spoils the content from there on


@functools.cache
def shift() -> tuple[Path, dict[str, Record]]:
    """The files of one shift, which no test changes, and what was known at its end."""
    path = Path(tempfile.mkdtemp(prefix="shift-", dir=MEMORY)) / JOURNAL
    return path, lived(path)


@pytest.fixture(scope="module", autouse=True)
def _no_shift_left() -> Iterator[None]:
    yield
    shutil.rmtree(shift()[0].parent)
    shift.cache_clear()


@contextmanager
def spoilt(blows: Iterable[tuple[str, int, Blow]]) -> Iterator[Path]:
    """A copy of the shift's journal; each blow hits one of its files, at so many thousandths of its length."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path = copied(shift()[0], Path(folder) / "state")
        for name, where, blow in blows:
            content = bytearray(path.with_name(name).read_bytes())
            blow(content, len(content) * where // 1000)
            path.with_name(name).write_bytes(content)
        yield path


def overwrite(new: bytes) -> Blow:
    def blow(content: bytearray, place: int) -> None:
        content[place : place + len(new)] = new

    return blow


def flip(bit: int) -> Blow:
    def blow(content: bytearray, place: int) -> None:
        content[place : place + 1] = bytes(byte ^ (1 << bit) for byte in content[place : place + 1])

    return blow


def cut(content: bytearray, place: int) -> None:
    del content[place:]


def blows(names: tuple[str, ...]) -> st.SearchStrategy[list[tuple[str, int, Blow]]]:
    blow = st.one_of(
        st.binary(min_size=1, max_size=40).map(overwrite),
        st.integers(1, 4096).map(bytes).map(overwrite),
        st.integers(0, 7).map(flip),
        st.just(cut),
    )
    return st.lists(st.tuples(st.sampled_from(names), st.integers(0, 999), blow), min_size=1, max_size=3)


def owed() -> list[Record]:
    return [record for record in shift()[1].values() if record.is_open]


many = settings(max_examples=120, deadline=None, derandomize=True)


def test_the_shift_ends_with_a_command_in_each_open_state() -> None:
    assert sorted(record.state for record in owed()) == ["claimed", "dispatched", "done", "failed", "unknown"]


@many
@given(blows(DATABASE))
def test_damage_to_the_database_loses_no_open_command_and_says_no_less_of_it_than_may_be(
    blows: list[tuple[str, int, Blow]],
) -> None:
    with spoilt(blows) as path:
        contents = opened(path)
        assert [record for record in owed() if not is_owed(record, contents)] == []
        assert opened(path) == Contents(contents.records)


@many
@given(blows(WITNESS))
def test_damage_to_the_witness_changes_nothing_of_what_is_known(blows: list[tuple[str, int, Blow]]) -> None:
    with spoilt(blows) as path:
        assert opened(path).records == tuple(shift()[1].values())
        assert opened(path).damage == ""


@many
@given(blows(DATABASE + WITNESS))
def test_damage_everywhere_keeps_the_journal_from_nothing(blows: list[tuple[str, int, Blow]]) -> None:
    with spoilt(blows) as path:
        contents = opened(path)
        assert opened(path) == Contents(contents.records)


@pytest.mark.parametrize("new", [b"", bytes(4096), b"\xff" * 4096], ids=["empty", "zeros", "garbage"])
def test_when_everything_is_lost_it_is_said(new: bytes) -> None:
    def blow(content: bytearray, _place: int) -> None:
        content[:] = new

    with spoilt((name, 0, blow) for name in DATABASE + WITNESS) as path:
        assert "look in Mews for orders that stay in Processing" in opened(path).damage


def test_a_log_that_ends_early_is_noticed() -> None:
    with spoilt([(f"{JOURNAL}-wal", 500, overwrite(os.urandom(20)))]) as path:
        assert opened(path) == Contents(
            tuple(shift()[1].values()),
            "The newest entries of the journal were gone; they were taken from its second copy.",
        )


class Watched(Witness):
    """Calls back after each write, when the database does not yet have the commit."""

    def __init__(self, path: Path, seen: Callable[[], None]) -> None:
        super().__init__(path)
        self._seen = seen

    def begin(self, commit: int, last_row: int, open_rows: Iterable[Values]) -> None:
        super().begin(commit, last_row, open_rows)
        self._seen()

    def write(self, commit: int, last_row: int, rows: Iterable[Values], open_rows: OpenRows) -> None:
        super().write(commit, last_row, rows, open_rows)
        self._seen()


def test_files_as_a_kill_leaves_them_at_any_moment_are_sound_and_complete(tmp_path: Path) -> None:
    path, seen = tmp_path / "state" / JOURNAL, 0
    before: dict[str, Record] = {}
    coming: dict[str, Record] = {}

    def look() -> None:
        nonlocal seen
        for log in _logs_so_far(path, logs):
            copy = copied(path, tmp_path / f"copy-{seen}")
            if log is not None:
                copy.with_name(f"{JOURNAL}-wal").write_bytes(log)
            contents = opened(copy)
            assert contents.damage == ""
            for record in contents.records:
                assert record in (before.get(record.id), coming.get(record.id))
            assert {record.id for record in contents.records} >= before.keys()
            shutil.rmtree(copy.parent)
            seen += 1

    logs: list[bytes] = []
    path.parent.mkdir()
    file = JournalFile(path, witness=Watched(path.with_suffix(".witness"), look))
    file.open()
    for commit in life(commands=6):
        coming = {record.id: record for record in commit}
        file.commit(commit)
        look()
        before |= coming
        look()
    assert seen > 100


def _logs_so_far(path: Path, logs: list[bytes]) -> list[bytes | None]:
    """The log as it is, and after each write of SQLite since the last look: a frame's head, then its page."""
    log = path.with_name(f"{JOURNAL}-wal")
    content = log.read_bytes() if log.exists() else b""
    last = len(logs[-1]) if logs else len(content)
    logs.append(content)
    ends = [end for frame in range(last, len(content), 536) for end in (frame + 24, frame + 536)]
    return [None, *(content[:end] for end in ends[:-1])]
