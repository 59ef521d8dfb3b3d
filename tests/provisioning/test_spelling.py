"""Which word was meant: slips are mended, meanings are not guessed."""

import pytest
from hypothesis import given
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
