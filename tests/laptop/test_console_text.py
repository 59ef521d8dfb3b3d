"""What a console draws, as lines for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.laptop.conversation.console_text import ConsoleText
from provisioning.transfer.frames import Frame, Kind, written


def heard(data: bytes) -> tuple[list[str], str]:
    text = ConsoleText()
    lines = list(text.heard(data))
    return lines, text.unfinished


@pytest.mark.parametrize(
    ("data", "lines", "unfinished"),
    [
        (b"one\r\ntwo\nthree", ["one", "two"], "three"),
        (b"\r\n\r\n", [], ""),
        (b"\x1b[31mred\x1b[0m\r\n\x1b]0;title\x07nightporter> ", ["red"], "nightporter>"),
        (b"nightporter> ab\r\x1b[Knightporter> abc", [], "nightporter> abc"),
        (b"abc\x08\x08d\r\n", ["ad"], ""),
        (b"\x08\x08a\r\n", ["a"], ""),
        (b"caf\xc3\xa9 \xff\x07\r\n", ["café �"], ""),
        (written(Frame(Kind.DONE, "k7mp")) * 3 + b"The file\r\n", ["The file"], ""),
        (b"~F.k7mp.0000", [], ""),
        (b"\x1bc\x1b(Bx\r\n", ["x"], ""),
    ],
)
def test_it_is_shown_like_this(data: bytes, lines: list[str], unfinished: str) -> None:
    assert heard(data) == (lines, unfinished)


def test_what_was_answered_is_forgotten() -> None:
    text = ConsoleText()
    list(text.heard(b"Code: "))
    text.forget()
    assert text.unfinished == ""


def test_a_megabyte_without_an_end_is_not_kept() -> None:
    text = ConsoleText()
    for _ in range(100):
        assert list(text.heard(b"x" * 10_000)) == []
    assert len(text._raw) == 4000


@given(st.lists(st.binary(max_size=60), max_size=10))
def test_nothing_that_comes_reaches_the_terminal_raw(pieces: list[bytes]) -> None:
    text = ConsoleText()
    for piece in pieces:
        for line in (*text.heard(piece), text.unfinished):
            assert not any(ord(each) < 32 or 127 <= ord(each) < 160 for each in line)
