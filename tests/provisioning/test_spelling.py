"""Which word was meant: slips are mended, meanings are not guessed."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.spelling import nearest

COMMANDS = ("run", "demo", "check", "status", "update", "simulate", "help", "--version")
FLAGS = ("--listen", "--fail", "--latency-seconds", "--card-seconds", "--strict", "--no-strict")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        *(
            ("chek", "check"),
            ("chekc", "check"),
            ("rnu", "run"),
            ("runn", "run"),
            ("ran", "run"),
            ("dmeo", "demo"),
        ),
        *(
            ("statsu", "status"),
            ("stat", "status"),
            ("sim", "simulate"),
            ("simulator", "simulate"),
            ("up", "update"),
        ),
        *(("Check", "check"), ("HELP", "help"), ("version", "--version"), ("-version", "--version")),
    ],
)
def test_a_slip_in_a_command_is_mended(word: str, meant: str) -> None:
    assert nearest(word, COMMANDS) == meant


@pytest.mark.parametrize(
    "word",
    [
        "",
        "x",
        "-",
        "--",
        "start",
        "stop",
        "serve",
        "reset",
        "reboot",
        "test",
        "verify",
        "install",
        "r",
        "r" * 10_000,
    ],
)
def test_another_word_is_no_slip(word: str) -> None:
    assert nearest(word, COMMANDS) is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        *(("--lsten", "--listen"), ("-listen", "--listen"), ("--latency", "--latency-seconds")),
        *(("--lattency", "--latency-seconds"), ("--latency_seconds", "--latency-seconds")),
        *(("--no-stric", "--no-strict"), ("--no_strict", "--no-strict"), ("--stric", "--strict")),
        *(("--seconds", None), ("--help", None), ("--verbose", None), ("--shard-seconds", "--card-seconds")),
    ],
)
def test_a_slip_in_a_flag_is_mended_and_what_fits_two_is_not_guessed(word: str, meant: str | None) -> None:
    assert nearest(word, FLAGS) == meant


@pytest.mark.parametrize(("word", "meant"), [("update", "commands/update"), ("stat", "State"), ("none", None)])
def test_a_part_of_a_name_finds_it_if_it_is_the_only_one(word: str, meant: str | None) -> None:
    assert nearest(word, ("commands/getAll", "commands/update", "State")) == meant


@given(st.sampled_from(COMMANDS), st.integers(0, 9), st.characters(codec="ascii"))
def test_one_letter_too_many_is_always_mended(word: str, at: int, letter: str) -> None:
    slipped = word[:at] + letter + word[at:]
    assert nearest(slipped, COMMANDS) in (word, None if len(slipped.lstrip("-_/ ")) < 3 else word)


@given(st.text(), st.lists(st.text()))
def test_only_a_known_word_is_guessed(word: str, known: list[str]) -> None:
    assert nearest(word, known) in (None, *known)


@settings(max_examples=300, deadline=None)
@given(
    st.text("abcd", min_size=3, max_size=9), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=4)
)
def test_a_slip_is_a_letter_more_less_other_or_swapped_and_no_more_than_two_are_mended(
    word: str, slips: list[tuple[int, int]]
) -> None:
    wrong = word
    for kind, place in slips:
        at = place % max(1, len(wrong))
        rest = wrong[at + 1 :]
        wrong = (
            wrong[:at] + (f"a{wrong[at:]}", rest, f"b{rest}", f"{rest[:1]}{wrong[at : at + 1]}{rest[1:]}")[kind]
        )
    most = 0 if len(wrong) < 3 else 1 if len(wrong) < 6 else 2
    is_near = apart(wrong, word) <= most
    assert (nearest(wrong, (word,)) == word) or not is_near


def apart(one: str, other: str) -> int:
    """The distance of optimal string alignment, by its definition."""

    @cache
    def of(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        same = one[i - 1] == other[j - 1]
        ways = [of(i - 1, j) + 1, of(i, j - 1) + 1, of(i - 1, j - 1) + (not same)]
        if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
            ways.append(of(i - 2, j - 2) + 1)
        return min(ways)

    return of(len(one), len(other))
