"""The line that is being typed: what shows of it is what is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.console.terminal.typed_line import LONGEST, TypedLine


def typed(data: bytes) -> tuple[str, str]:
    """What the terminal got, and what the line is."""
    line = TypedLine()
    echo = "".join(line.take(chr(byte)) for byte in data)
    return echo, line.text


def on_screen(echo: str) -> str:
    """What stands on a terminal's line after this."""
    cells: list[str] = []
    at = 0
    for letter in echo:
        if letter == "\b":
            at -= 1
            assert at >= 0  # it would go back into the prompt
        else:
            cells[at:] = [letter, *cells[at + 1 :]]
            at += 1
    assert "".join(cells[at:]).strip() == ""
    return "".join(cells[:at])


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"status", "status"),
        (b"statt\x7fus", "status"),
        (b"helx\bp", "help"),
        (b"\x7f\x7fhelp", "help"),
        (b"nonsense\x15help", "help"),
        (b"provision shw\x17show", "provision show"),
        (b"provision  \x17network", "network"),
        (b"\x17help", "help"),
        (b"provision\tshow", "provision show"),
        (b"\x1b[24;80Rstatus", "status"),
        (b"sta\x1b[Atus\x1bOP", "status"),
        (b"\x1b]0;title\x07help", "help"),
        (b"\x1b]0;title\x1b\\help", "help"),
        (b"\x1bP1$r0m\x1b\\help", "help"),
        (b"help\x1b", "help"),
        ("für\x00\x07\x04".encode(), "fr"),
        (b"x" * 5_000, "x" * LONGEST),
    ],
)
def test_keys_make_a_line(data: bytes, text: str) -> None:
    assert typed(data)[1] == text


def test_a_sequence_that_comes_in_pieces_is_none_the_less_no_text() -> None:
    line = TypedLine()
    for key in "\x1b", "[", "2", "4", ";", "8", "0", "R", "x":
        line.take(key)
    assert line.text == "x"


def test_the_end_of_a_line_is_the_end_of_a_sequence() -> None:
    line = TypedLine()
    for key in "status\x1b]unended":
        line.take(key)
    assert line.end() == "status"
    assert (line.text, line.take("h")) == ("", "h")


@given(st.binary(max_size=400).map(lambda data: data.translate(None, b"\r\n")))
def test_what_shows_is_what_is_asked(data: bytes) -> None:
    echo, text = typed(data)
    assert on_screen(echo) == text
    assert len(text) <= LONGEST
    assert all(" " <= letter <= "~" for letter in text)
