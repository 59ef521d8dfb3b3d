"""A line and its cursor, which stands at the `|`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.console.terminal.keys import Key
from agent.console.terminal.typed_line import CUTS, MOVES, TypedLine


def line_of(picture: str, longest: int = 400) -> TypedLine:
    line = TypedLine(longest)
    before, behind = picture.split("|")
    line.replace(before + behind)
    line.at = len(before)
    return line


def picture_of(line: TypedLine) -> str:
    return f"{line.before}|{line.behind}"


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("ab|c", Key.LEFT, "a|bc"),
        ("|abc", Key.LEFT, "|abc"),
        ("ab|c", Key.RIGHT, "abc|"),
        ("abc|", Key.RIGHT, "abc|"),
        ("ab|c", Key.START, "|abc"),
        ("a|bc", Key.END, "abc|"),
        ("one two|", Key.WORD_LEFT, "one |two"),
        ("one |two", Key.WORD_LEFT, "|one two"),
        ("one  tw|o", Key.WORD_LEFT, "one  |two"),
        ("  |one", Key.WORD_LEFT, "|  one"),
        ("o|ne two", Key.WORD_RIGHT, "one| two"),
        ("one|  two", Key.WORD_RIGHT, "one  two|"),
        ("one|  ", Key.WORD_RIGHT, "one  |"),
        ("|one two", Key.WORD_RIGHT, "one| two"),
    ],
)
def test_a_move_goes_to_its_place(before: str, key: Key, after: str) -> None:
    line = line_of(before)
    line.move(key)
    assert picture_of(line) == after


@pytest.mark.parametrize(
    ("before", "key", "after", "taken"),
    [
        ("ab|c", Key.BACKSPACE, "a|c", "b"),
        ("|abc", Key.BACKSPACE, "|abc", ""),
        ("ab|c", Key.DELETE, "ab|", "c"),
        ("abc|", Key.DELETE, "abc|", ""),
        ("one tw|o", Key.CUT_WORD, "one |o", "tw"),
        ("one two  |", Key.CUT_WORD, "one |", "two  "),
        ("one| two three", Key.CUT_WORD_AHEAD, "one| three", " two"),
        ("one |two", Key.CUT_ALL_BEFORE, "|two", "one "),
        ("one |two", Key.CUT_ALL_AHEAD, "one |", "two"),
    ],
)
def test_a_cut_takes_away_what_lies_before_its_place(before: str, key: Key, after: str, taken: str) -> None:
    line = line_of(before)
    assert line.cut(key) == taken
    assert picture_of(line) == after


def test_letters_are_put_in_at_the_cursor_while_there_is_room() -> None:
    line = line_of("a|d", longest=4)
    assert line.insert("b")
    assert not line.insert("cX")
    assert picture_of(line) == "abc|d"


@given(st.lists(st.one_of(st.text(max_size=9), st.sampled_from([*MOVES]), st.sampled_from([*CUTS]))))
def test_the_cursor_stays_within_and_the_line_short(steps: list[str | Key]) -> None:
    line = TypedLine(longest=20)
    for step in steps:
        if isinstance(step, str):
            line.insert(step)
        elif step in MOVES:
            line.move(step)
        else:
            line.cut(step)
        assert 0 <= line.at <= len(line.text) <= 20
