"""Tables on a terminal, by value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.foundation.reading.columns import columns_of, cut, table, wrapped

HEAD = ("ROOM", "STATE", "UNTIL")
ROWS = [("101", "taken", "2026-11-28"), ("A long name of a room", "", "")]


def test_columns_are_as_wide_as_their_widest_text() -> None:
    assert table(HEAD, ROWS, 80) == [
        "ROOM                   STATE  UNTIL",
        "101                    taken  2026-11-28",
        "A long name of a room",
    ]


def test_the_widest_column_gives_way() -> None:
    assert table(HEAD, ROWS, 30) == [
        "ROOM         STATE  UNTIL",
        "101          taken  2026-11-28",
        "A long nam…",
    ]


def test_the_last_column_goes_on_in_further_lines() -> None:
    rows = [("401A", "No key could be cut for bed 401A."), ("x", "")]
    assert table(("NAME", "ABOUT IT"), rows, 24) == [
        "NAME  ABOUT IT",
        "401A  No key could be",
        "      cut for bed 401A.",
        "x",
    ]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", [""]),
        ("  ", [""]),
        ("one two", ["one", "two"]),
        ("a b", ["a b"]),
        ("a longword b", ["a", "longw", "ord b"]),
        ("日本日本", ["日本", "日本"]),
    ],
)
def test_a_text_parts_between_words_where_there_is_a_word_to_part_at(text: str, pieces: list[str]) -> None:
    assert wrapped(text, 5) == pieces


@given(st.text(st.characters(categories=["L", "N", "Zs"]), max_size=60), st.integers(2, 20))
def test_nothing_of_a_text_is_lost_in_its_pieces(text: str, columns: int) -> None:
    pieces = wrapped(text, columns)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(columns_of(piece) <= columns for piece in pieces)


def test_a_table_without_rows_is_its_head() -> None:
    assert table(("ID", "NAME"), [], 80) == ["ID  NAME"]


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("101", 3), ("日本", 4), ("e\u0301", 1)])
def test_the_width_is_what_a_terminal_shows(text: str, columns: int) -> None:
    assert columns_of(text) == columns


@given(
    st.lists(st.lists(st.text(st.characters(categories=["L", "N", "Zs"]), max_size=60), min_size=3, max_size=3)),
    st.integers(18, 120),
)
def test_no_line_is_wider_than_the_terminal(rows: list[list[str]], columns: int) -> None:
    assert all(columns_of(line) <= columns for line in table(HEAD, rows, columns))


def test_what_fits_is_not_cut() -> None:
    assert (cut("101", 3), cut("1011", 3)) == ("101", "10…")


def test_a_long_text_is_cut_at_once() -> None:
    assert cut("日" * 1_000_000, 5) == "日日…"
