"""What is made of a small file of the kernel, whatever is in it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.small_files import MOST_BYTES, bytes_of, inside, is_there, number_in, number_of, printable, text_of
from tests.board.sysfs import CONTENTS


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"Raspberry Pi 4 Model B\0", "Raspberry Pi 4 Model B"),
        (b"  two   words \n", "two words"),
        (b"one\ntwo\n", "one two"),
        (b"\x1b[31mred\x07", "[31mred"),
        (b"", ""),
        (b"\xff", "�"),
    ],
)
def test_a_file_is_one_line_of_what_can_be_printed(tmp_path: Path, content: bytes, text: str) -> None:
    (tmp_path / "file").write_bytes(content)
    assert text_of(tmp_path / "file") == text


def test_of_a_long_file_only_the_beginning_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 3 * MOST_BYTES)
    assert len(bytes_of(tmp_path / "file")) == MOST_BYTES


def test_what_is_no_file_is_empty_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "missing", tmp_path, tmp_path / "pipe", Path("a\0b"), Path("x" * 5000)):
        assert text_of(path) == ""
    assert number_of(tmp_path / "missing") is None


def test_there_is_what_can_be_seen(tmp_path: Path) -> None:
    assert is_there(tmp_path)
    assert not is_there(tmp_path / "missing")
    assert not is_there(Path("a\0b"))
    assert not is_there(tmp_path / ("x" * 5000))


@pytest.mark.parametrize(
    ("word", "base", "number"),
    [
        ("41", 10, 41),
        ("-5", 10, -5),
        ("0x0b", 16, 11),
        ("50005", 16, 0x50005),
        ("0x", 16, None),
        ("", 10, None),
        ("-", 10, None),
        ("1_000", 10, None),
        ("1 2", 10, None),
        ("٤", 10, None),
        ("9" * 5000, 10, None),
        ("0x10", 10, None),
        ("abc", 10, None),
    ],
)
def test_a_number_is_digits_and_nothing_else(word: str, base: int, number: int | None) -> None:
    assert number_in(word, base) == number


def test_a_folder_that_is_not_there_has_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    (tmp_path / "a").touch()
    assert [path.name for path in inside(tmp_path)] == ["a", "b"]
    assert inside(tmp_path / "missing") == []
    assert inside(tmp_path / "a") == []
    assert inside(tmp_path / ("x" * 5000)) == []


@given(CONTENTS, st.sampled_from([10, 16]))
def test_any_content_is_a_text_and_perhaps_a_number(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, base: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "content"
    path.write_bytes(content)
    text = text_of(path)
    assert text == printable(text)
    assert text.isprintable()
    number = number_of(path, base)
    assert number is None or number == int(text, base)
