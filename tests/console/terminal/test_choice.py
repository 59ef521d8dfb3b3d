"""What Tab adds, and what it lists."""

import pytest

from agent.console.terminal.choice import MOST_LISTED, common, fitting, listing
from agent.console.terminal.screen import shown


@pytest.mark.parametrize(
    ("candidates", "begun", "added"),
    [
        (["status", "stop"], "s", "t"),
        (["status", "stop"], "st", ""),
        (["status", "stop"], "sta", "tus"),
        (["status"], "", "status"),
        (["status"], "x", ""),
        (["status"], "status", ""),
        ([], "", ""),
        (["Front desk left", "Front desk right"], "fr", "ont desk "),
        (["A1", "a12"], "", "A1"),
        (["10", "101"], "1", "0"),
    ],
)
def test_what_every_candidate_goes_on_with_is_certain(candidates: list[str], begun: str, added: str) -> None:
    assert common(candidates, begun) == added


def test_case_does_not_count() -> None:
    assert fitting(["Front", "back", "FRONT 2"], "fro") == ["Front", "FRONT 2"]


def test_candidates_stand_in_columns_and_are_read_downwards() -> None:
    assert listing(["one", "two", "three", "four", "five"], 14) == "one    four\ntwo    five\nthree\n"


def test_a_row_is_as_wide_as_the_terminal_if_that_is_enough() -> None:
    assert listing(["abc", "def"], 8) == "abc  def\n"
    assert listing(["abc", "def"], 7) == "abc\ndef\n"


def test_a_candidate_that_is_too_wide_has_a_row_for_itself() -> None:
    assert listing(["a" * 30, "b"], 20) == "a" * 30 + "\nb\n"


def test_without_candidates_there_is_no_list() -> None:
    assert listing([], 80) == ""


def test_a_list_is_no_longer_than_a_person_looks_at() -> None:
    rooms = [str(number) for number in range(500)]
    assert listing(rooms, 79).splitlines()[-1] == f"(and {500 - MOST_LISTED} more)"


def test_a_list_is_fit_for_the_screen() -> None:
    text = listing(["Küche", "a\x1b[31mb", "Süd"], 79)
    assert text == "Kueche   a?[31mb  Sued\n"
    assert shown(text) == text
