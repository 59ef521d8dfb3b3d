"""Words with and without quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.console.terminal.quoting import begun, completion, quoted, words
from agent.foundation.errors import UserMistake


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("   ", []),
        ("key 1 101", ["key", "1", "101"]),
        ("  key   1 ", ["key", "1"]),
        ('key "Front desk" 101', ["key", "Front desk", "101"]),
        ('key Front" "desk', ["key", "Front desk"]),
        ('"Desk ""left"""', ['Desk "left"']),
        ('""', [""]),
        ('"" ""', ["", ""]),
        ('""""', ['"']),
    ],
)
def test_a_line_is_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize("text", ['"', 'key "Front desk', '"a""', 'key Front"'])
def test_a_quote_that_is_not_ended_is_said(text: str) -> None:
    with pytest.raises(UserMistake, match='write " at the end of the name'):
        words(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ([], "", False)),
        ("ke", ([], "ke", False)),
        ("key ", (["key"], "", False)),
        ("key Fro", (["key"], "Fro", False)),
        ('key "', (["key"], "", True)),
        ('key "Front d', (["key"], "Front d", True)),
        ('key "Front "', (["key"], "Front ", False)),
        ('key "a""', (["key"], 'a"', True)),
    ],
)
def test_the_last_word_of_a_line_is_begun(text: str, found: tuple[list[str], str, bool]) -> None:
    assert begun(text) == found


@given(st.lists(st.text()))
def test_words_that_are_written_are_read_the_same(said: list[str]) -> None:
    assert words(" ".join(map(quoted, said))) == said


@given(st.text(alphabet='ab" '))
def test_a_place_is_quoted_if_the_quotes_before_it_are_odd(text: str) -> None:
    assert begun(text).is_quoted == (text.count('"') % 2 == 1)


@pytest.mark.parametrize("word", ["Front desk", "why?", 'a"b', ""])
def test_what_would_be_read_otherwise_is_quoted(word: str) -> None:
    assert quoted(word).startswith('"')


@pytest.mark.parametrize(
    ("text", "word", "is_whole", "after"),
    [
        ("st", "status", True, "status "),
        ("st", "sta", False, "sta"),
        ("sta", "sta", False, "sta"),
        ("key ", "", False, "key "),
        ("key fr", "Front desk", True, 'key "Front desk" '),
        ("key fr", "Front desk l", False, 'key "Front desk l'),
        ('key "Fr', "Front desk", True, 'key "Front desk" '),
        ('key "10', "101", True, 'key "101" '),
        ('key "Front desk', "Front desk", True, 'key "Front desk" '),
        ("key 1", 'Desk "1"', True, 'key "Desk ""1""" '),
    ],
)
def test_a_completion_makes_the_begun_word_read_so(text: str, word: str, after: str, *, is_whole: bool) -> None:
    put, instead_of = completion(text, word, is_whole=is_whole)
    assert text[: len(text) - instead_of] + put == after


def test_a_completion_that_only_adds_takes_nothing_away() -> None:
    assert completion("provision sh", "show", is_whole=True) == ("ow ", 0)


@given(st.text(alphabet='ab" ', max_size=9), st.text(min_size=1))
def test_a_completed_word_is_the_word(text: str, word: str) -> None:
    before = begun(text)
    put, instead_of = completion(text, word, is_whole=True)
    assert words(text[: len(text) - instead_of] + put) == [*before.words, word]
