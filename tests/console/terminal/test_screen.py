"""What leaves on the line: ASCII, not too wide, and nothing that steers a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.console.terminal.screen import COLUMNS, LEAST_COLUMNS, MOST_LINES, fitting, shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("well", "well\n"),
        ("one\n\ntwo\n\n\n", "one\n\ntwo\n"),
        ("Tür – Größe … “ok” → 2 €", 'Tuer - Groesse ... "ok" -> 2 EUR\n'),
        ("Café Ångstrøm 界", "Cafe Angstroem ?\n"),
        ("a\tb", "a   b\n"),
        ("red \x1b[31m\x07\x00\x9b1m \u202e", "red ?[31m???1m ?\n"),
        ("trailing   ", "trailing\n"),
    ],
)
def test_text_is_put_in_ascii(text: str, said: str) -> None:
    assert shown(text) == said


def test_a_long_line_goes_on_below() -> None:
    lines = shown("word " * 40).splitlines()
    assert len(lines) == 3
    assert " ".join(lines) == "word " * 39 + "word"


def test_a_step_goes_on_behind_its_time() -> None:
    assert shown("12:00:00 " + "word " * 20).splitlines()[1].startswith(" " * 9 + "word")
    assert shown("12:00:00 UTC " + "word " * 20).splitlines()[1].startswith(" " * 13 + "word")


def test_a_margin_goes_on_with_the_line() -> None:
    assert shown("    " + "word " * 20).splitlines()[1].startswith("    word")


def test_a_table_goes_on_in_its_last_column() -> None:
    assert shown("Encoder 1      OK     " + "word " * 20).splitlines()[1].startswith(" " * 22 + "word")


def test_a_word_that_fits_on_no_line_is_cut_and_not_lost() -> None:
    lines = shown("x" * 200).splitlines()
    assert "".join(lines) == "x" * 200


def test_there_is_an_end_to_everything() -> None:
    lines = shown("\n".join("x" for _ in range(10_000))).splitlines()
    assert (len(lines), lines[-1]) == (MOST_LINES + 1, "(and so on)")


@pytest.mark.parametrize(("terminal", "columns"), [(0, COLUMNS), (80, 79), (132, 131), (20, LEAST_COLUMNS)])
def test_lines_fit_the_terminal_if_it_says_how_wide_it_is(terminal: int, columns: int) -> None:
    assert fitting(terminal) == columns


@given(st.text(), st.integers(LEAST_COLUMNS, 200))
def test_whatever_comes_in_no_control_character_and_no_wide_line_leaves(text: str, columns: int) -> None:
    for line in shown(text, columns).split("\n"):
        assert len(line) <= columns
        assert all(" " <= letter <= "~" for letter in line)


@given(st.text(alphabet="ab  ", max_size=500))
def test_no_letter_is_lost(text: str) -> None:
    assert "".join(shown(text).split()) == "".join(text.split())
