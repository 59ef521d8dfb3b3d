"""The witness as a file: it goes round, grows with what is open, can do without O_DIRECT, heals after an error."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.journal.rows.frames import Condition, Values
from agent.journal.witness import HALF_BYTES, Witness


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.witness"


def row(number: int, words: str = "open") -> Values:
    return (f"id-{number}", words)


@pytest.mark.parametrize("direct", [os.O_DIRECT, 0], ids=["past the cache", "through the cache"])
def test_what_is_open_and_what_changed_last_is_known_after_many_rounds(path: Path, direct: int) -> None:
    witness = Witness(path, direct=direct)
    witness.begin(0, 0, [row(0)])
    for commit in range(1, 500):
        witness.write(commit, commit, [row(commit, "closed")], lambda: [row(0)])
    told = Witness(path).read()
    assert (told.condition, told.commit, told.last_row) == (Condition.WHOLE, 499, 499)
    assert told.rows["id-0"][1:] == row(0)
    assert told.rows["id-499"] == (499, *row(499, "closed"))
    assert "id-1" not in told.rows
    assert path.stat().st_size == 2 * HALF_BYTES


def test_the_file_grows_with_what_is_open(path: Path) -> None:
    witness = Witness(path)
    witness.begin(0, 0, [])
    open_rows: list[Values] = []
    for commit in range(1, 200):
        new = row(commit, "x" * 400)
        witness.write(commit, commit, [new], lambda: open_rows)
        open_rows.append(new)
    assert Witness(path).read().condition is Condition.WHOLE
    assert len(Witness(path).read().rows) == 199
    assert path.stat().st_size > 2 * HALF_BYTES


def test_a_commit_that_was_refused_is_forgotten_when_it_is_tried_again(path: Path) -> None:
    witness = Witness(path)
    witness.begin(0, 0, [row(0)])
    witness.write(1, 1, [row(1)], lambda: [row(0)])
    witness.write(1, 1, [row(2)], lambda: [row(0)])
    told = Witness(path).read()
    assert (told.condition, set(told.rows)) == (Condition.WHOLE, {"id-0", "id-2"})


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """The system refuses to write behind that place of any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_after_an_error_a_new_file_is_begun(path: Path) -> None:
    witness = Witness(path)
    witness.begin(0, 0, [row(0)])
    before = path.stat().st_ino
    with no_file_beyond(512), pytest.raises(OSError) as refusal:
        witness.write(1, 1, [row(1)], lambda: [row(0)])
    assert refusal.value.errno == errno.EFBIG
    witness.write(1, 1, [row(2)], lambda: [row(0)])
    told = Witness(path).read()
    assert (path.stat().st_ino == before, told.condition, set(told.rows)) == (
        False,
        Condition.WHOLE,
        {"id-0", "id-2"},
    )


def test_what_is_left_of_a_beginning_that_was_broken_off_is_in_nobodys_way(path: Path) -> None:
    path.with_name(f"{path.name}.new").write_bytes(b"half")
    assert Witness(path).read().condition is Condition.ABSENT
    Witness(path).begin(3, 1, [row(0)])
    assert Witness(path).read().commit == 3
