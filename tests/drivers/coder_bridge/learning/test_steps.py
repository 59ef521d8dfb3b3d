"""What a person typed, read as one of the choices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.coder_bridge.learning.steps import Choice, Question, chosen, text_of

QUESTION = Question(
    "Well?", (Choice("go", "on"), Choice("stop", "end"), Choice("shifted", "x"), Choice("goal", "y"))
)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("go", "go"),
        (" GO. ", "go"),
        ("goa", "goal"),
        ("st", "stop"),
        ("s", None),
        ("g", None),
        ("", None),
        (".", None),
        ("going", None),
        ("yes", None),
    ],
)
def test_a_word_or_its_beginning_is_a_choice(typed: str, word: str | None) -> None:
    choice = chosen(QUESTION, typed)
    assert (choice.word if choice else None) == word


@given(st.text())
def test_whatever_is_typed_is_a_choice_or_none(typed: str) -> None:
    assert chosen(QUESTION, typed) in (None, *QUESTION.choices)
    assert len(text_of(typed)) <= 200
