"""Text from outside: one line, no control character, no secret, no longer than it may be."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.foundation.reading.text import LONG_TEXT, opened, plain, plain_lines, sentence, without


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


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("one", "one"),
        ("one\ntwo", "one\ntwo"),
        (" one \r\n\n\t\n two\x1b[2J", "one\ntwo [2J"),
        ("one\u2028two\x85three", "one\ntwo\nthree"),
        ("\x00\n\u202e", ""),
        ("", ""),
    ],
)
def test_lines_stay_lines_and_each_is_clean(text: str, seen: str) -> None:
    assert plain_lines(text) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [("ab\ncde", "ab\ncde"), ("ab\ncdef", "ab\ncd…"), ("abcd\n\nf", "abcd\nf"), ("abcd\nfg", "abcd…")],
)
def test_lines_that_are_too_long_in_all_end_in_an_ellipsis(text: str, seen: str) -> None:
    assert plain_lines(text, 6) == seen


@given(st.text(st.characters(), max_size=200))
def test_lines_hold_no_control_character_but_their_ends(text: str) -> None:
    assert not [char for char in plain_lines(text) if unicodedata.category(char) in ("Cc", "Cs") and char != "\n"]


@given(st.text("ab\n \x00", max_size=80), st.integers(1, 20))
def test_lines_are_never_longer_than_they_may_be(text: str, limit: int) -> None:
    assert len(plain_lines(text, limit)) <= limit <= LONG_TEXT


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


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("user sym, password sym.", "user (hidden), password (hidden)."),
        ("user=sym&password=sym", "user=(hidden)&password=(hidden)"),
        ('{"password": "sym"}', '{"password": "(hidden)"}'),
        ("a symbol of asymmetry", "a symbol of asymmetry"),
    ],
)
def test_a_short_secret_is_blotted_out_as_a_word_of_its_own(text: str, seen: str) -> None:
    assert without(text, ["sym"]) == seen


@pytest.mark.parametrize("secret", ["a.", "+x", "\\d", "(?", "k9"])
def test_a_short_secret_is_no_pattern(secret: str) -> None:
    assert without(f"it was <{secret}> or ab", [secret]) == "it was <(hidden)> or ab"


def test_what_is_too_short_for_a_secret_spoils_no_words() -> None:
    assert without("room 1 of 101 a", ["1", "", "101", "a"]) == "room 1 of 101 a"


def test_a_reason_becomes_a_sentence_with_one_mark_at_its_end() -> None:
    assert opened("it refused the connection") == "It refused the connection."
    assert sentence("No rooms today.") == "No rooms today."
    assert sentence("is it on?") == "is it on?"
