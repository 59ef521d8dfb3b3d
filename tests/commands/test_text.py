"""Text from outside: one line, no control character, no secret, no longer than it may be."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.text import plain, without


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Room 101", "Room 101"),
        ("  a \t b\r\n c ", "a b c"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("a\x00b\x7fc\x9bd", "a b c d"),
        ("kram\u202egnp.exe\u2066", "kram gnp.exe"),
        ("one\u2028two\u2029three", "one two three"),
        ("\ufeffzero\u200bwidth", "zero width"),
        ("lone\ud800surrogate", "lone surrogate"),
        ("Žluťoučký kůň 🔑", "Žluťoučký kůň 🔑"),
        ("", ""),
        ("\x00\x01", ""),
    ],
)
def test_text_comes_out_on_one_clean_line(text: str, seen: str) -> None:
    assert plain(text, 80) == seen


@pytest.mark.parametrize(("text", "seen"), [("abcde", "abcde"), ("abcdef", "abcd…"), ("abc defg", "abc…")])
def test_what_is_too_long_ends_in_an_ellipsis(text: str, seen: str) -> None:
    assert plain(text, 5) == seen


def test_a_huge_text_is_not_read_to_its_end() -> None:
    assert plain(" " * 400 + "late", 10) == ""


@given(st.text(st.characters(), max_size=500), st.integers(1, 60))
def test_anything_becomes_one_line_within_the_limit(text: str, limit: int) -> None:
    line = plain(text, limit)
    assert len(line) <= limit
    assert not [mark for mark in line if unicodedata.category(mark) in ("Cc", "Cs", "Zl", "Zp")]
    assert "  " not in line


@given(st.text(max_size=200), st.integers(1, 60))
def test_a_clean_text_stays_as_it_is(text: str, limit: int) -> None:
    line = plain(text, limit)
    assert plain(line, limit) == line


def test_every_secret_is_blotted_out_wherever_it_stands() -> None:
    assert without("user bob/sesame4711 sesame4711", ["sesame4711"]) == "user bob/(hidden) (hidden)"


def test_a_secret_inside_a_longer_one_leaves_nothing_of_it() -> None:
    assert without("token abcdefgh", ["abcd", "abcdefgh"]) == "token (hidden)"


def test_what_is_too_short_for_a_secret_spoils_no_words() -> None:
    assert without("room 1 of 101", ["1", "", "101"]) == "room 1 of 101"
