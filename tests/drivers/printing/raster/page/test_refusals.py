"""The fixed table of why there are no pages."""

from signal import SIGABRT, SIGKILL, SIGSEGV, SIGXCPU

import pytest

from agent.drivers.printing.raster.page.refusals import TABLE, Refusal, refusal_of


def test_each_reason_has_an_exit_code_of_its_own_that_python_does_not_use() -> None:
    codes = [TABLE[refusal].exit_code for refusal in Refusal]
    assert len(set(codes)) == len(codes)
    assert all(2 < code < 126 for code in codes)


@pytest.mark.parametrize("refusal", Refusal)
def test_the_exit_code_leads_back_to_the_reason(refusal: Refusal) -> None:
    assert refusal_of(TABLE[refusal].exit_code) is refusal


@pytest.mark.parametrize("refusal", Refusal)
def test_the_words_go_on_a_sentence(refusal: Refusal) -> None:
    words = TABLE[refusal].words
    assert words[0].islower()
    assert not words.endswith(".")


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (-SIGXCPU, Refusal.TIME),
        (-SIGABRT, Refusal.CRASHED),
        (-SIGSEGV, Refusal.CRASHED),
        (-SIGKILL, Refusal.CRASHED),
        (1, Refusal.BROKEN),
        (99, Refusal.BROKEN),
    ],
)
def test_other_ends_have_a_reason_too(code: int, refusal: Refusal) -> None:
    assert refusal_of(code) is refusal
