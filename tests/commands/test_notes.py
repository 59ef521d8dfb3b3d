"""Every code has a note that a receptionist can act on, whatever words it is given."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.model import Verdict
from agent.commands.notes import NOTE_LIMIT, Code, ended

PERHAPS = {Code.RESTART_CUTTING, Code.STOPPED_CUTTING}


@pytest.mark.parametrize("code", Code)
def test_a_note_says_first_what_became_of_the_card(code: Code) -> None:
    sure = ("Key not cut", "Not done", "Not printed")
    assert ended(code, "x").note.startswith("The key may have been cut" if code in PERHAPS else sure)


@pytest.mark.parametrize("code", Code)
def test_a_note_says_last_what_to_do(code: Code) -> None:
    last = ended(code, "x").note.rstrip(".").rpartition(". ")[2]
    assert any(word in last for word in ("rder", "Check", "Choose", "Look", "Cut", "Print"))


@pytest.mark.parametrize("code", Code)
def test_only_what_was_under_way_at_the_encoder_is_in_doubt(code: Code) -> None:
    assert ended(code).verdict is (Verdict.UNKNOWN if code in PERHAPS else Verdict.FAILED)


@pytest.mark.parametrize("code", Code)
def test_an_outcome_carries_its_code(code: Code) -> None:
    assert ended(code).code == code


def test_words_find_their_place_in_the_note() -> None:
    assert "longer than 180 seconds." in ended(Code.STALE, "180 seconds").note


@pytest.mark.parametrize("words", ["{words}", "{0}", "}{", "{words.__class__}"])
def test_words_are_no_pattern(words: str) -> None:
    assert words in ended(Code.CLAIM, words).note


@given(st.sampled_from(Code), st.text(st.characters(), max_size=3000))
def test_no_words_make_a_note_too_long_or_leave_a_control_character_in_it(code: Code, words: str) -> None:
    note = ended(code, words).note
    assert len(note) <= NOTE_LIMIT
    assert not [character for character in note if category(character) in ("Cc", "Cs", "Zl", "Zp")]
