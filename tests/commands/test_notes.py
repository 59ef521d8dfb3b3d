"""Every code has a note that a receptionist can act on, whatever words it is given."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.notes import NOTE_LIMIT, TRY_AGAIN, WORDS, Code, ended, note, with_words

PERHAPS = {Code.RESTART_CUTTING, Code.STOPPED_CUTTING}


each_note = pytest.mark.parametrize(("code", "kind"), [(code, kind) for code in Code for kind in Kind])


@each_note
def test_a_note_says_first_what_became_of_the_thing(code: Code, kind: Kind) -> None:
    head = WORDS[kind].may_be if code in PERHAPS else WORDS[kind].not_made
    assert ended(code, kind, "x").note.startswith(f"{head}: ")


@each_note
def test_a_print_has_codes_and_words_of_its_own(code: Code, kind: Kind) -> None:
    outcome = ended(code, kind, "x")
    about_keys = code in (Code.OVER, Code.BACKWARDS, Code.NO_CUTTER, Code.BALANCE)
    if kind is Kind.PRINT:
        assert "E-KEY-" not in outcome.code
    if kind is not Kind.KEY and not about_keys:
        assert "key" not in outcome.note


@each_note
def test_a_note_says_last_what_to_do(code: Code, kind: Kind) -> None:
    last = ended(code, kind, "x").note.rstrip(".").rpartition(". ")[2]
    assert any(word in last for word in ("rder", "Check", "Choose", "Look", "Cut", "rint", "hand"))


@pytest.mark.parametrize("code", Code)
def test_only_what_was_under_way_at_the_encoder_is_in_doubt(code: Code) -> None:
    assert ended(code, Kind.KEY).verdict is (Verdict.UNKNOWN if code in PERHAPS else Verdict.FAILED)


@pytest.mark.parametrize("code", Code)
def test_an_outcome_carries_its_code(code: Code) -> None:
    assert ended(code, Kind.KEY).code == code


def test_mews_own_words_are_kept_apart_from_the_note() -> None:
    outcome = ended(Code.CLAIM, Kind.KEY, said="Mr Smith has not paid")
    assert "Smith" not in outcome.note
    assert with_words(outcome.note, outcome.said).endswith("Mews says: “Mr Smith has not paid”.")


@pytest.mark.parametrize(
    ("code", "cut", "expected"),
    [
        (Code.STALE, 2, "2 of 3 keys cut, the third was not: order 1 more. The order had waited longer than x."),
        (Code.STOPPED, 1, "1 of 3 keys cut, the second was not: order 2 more. The box was being switched off or"),
        (
            Code.JOURNAL,
            1,
            "1 of 3 keys cut, the second was not: the box cannot write to its disk (x). Cut the key",
        ),
        (
            Code.RESTART_CUTTING,
            2,
            "2 of 3 keys cut, the third perhaps cut: the box restarted while the encoder was",
        ),
        (Code.STALE, 0, "Key not cut: the order had waited longer than x. Please order the key again."),
        (Code.STALE, 3, "Key not cut: the order had waited longer than x. Please order the key again."),
    ],
)
def test_an_order_that_stops_half_way_says_what_is_missing(code: Code, cut: int, expected: str) -> None:
    assert note(ended(code, Kind.KEY, "x"), cut, 3).startswith(expected)


def test_the_eleventh_copy_has_a_number_too() -> None:
    said = note(ended(Code.STALE, Kind.KEY, "x"), 10, 12)
    assert said.startswith("10 of 12 keys cut, the 11th was not: order 2 more.")


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.UNKNOWN])
@pytest.mark.parametrize("advice", [TRY_AGAIN, "Call support."])
@pytest.mark.parametrize("made", [0, 1])
def test_a_cause_in_the_words_of_another_ends_in_one_mark(verdict: Verdict, advice: str, made: int) -> None:
    for cause in ("no rooms today.", "no rooms today!", "no rooms today…"):
        said = note(Outcome(verdict, "E-KEY-X", "Key not cut", cause, advice), made, 3)
        assert f"{cause}." not in said
        assert cause[1:] in said


def test_a_print_that_stops_half_way_says_what_is_missing() -> None:
    said = note(ended(Code.STALE, Kind.PRINT, "x"), 1, 3, Kind.PRINT)
    assert said == "1 of 3 copies printed, the second was not: order 2 more. The order had waited longer than x."


def test_words_find_their_place_in_the_note() -> None:
    assert "longer than 3 minutes." in ended(Code.STALE, Kind.KEY, "3 minutes").note


@pytest.mark.parametrize("words", ["{words}", "{0}", "}{", "{words.__class__}"])
def test_words_are_no_pattern(words: str) -> None:
    assert words in ended(Code.JOURNAL, Kind.KEY, words).note


@given(st.sampled_from(Code), st.sampled_from(Kind), st.text(st.characters(), max_size=3000))
def test_no_words_make_a_note_too_long_or_leave_a_control_character_in_it(
    code: Code, kind: Kind, words: str
) -> None:
    note = ended(code, kind, words).note
    assert len(note) <= NOTE_LIMIT
    assert not [character for character in note if category(character) in ("Cc", "Cs", "Zl", "Zp")]
