"""State reasons become words that staff understand, the worst first."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.printing.ipp.reasons import Reason, Severity, bare, in_words, read, severity
from agent.foundation.reading.text import PLAIN


@pytest.mark.parametrize(
    ("keyword", "words", "grave"),
    [
        ("media-empty", "out of paper", Severity.STOPS),
        ("media-empty-error", "out of paper", Severity.STOPS),
        ("media-empty-warning", "out of paper", Severity.STOPS),  # ippeveprinter's, of a printer that stands still
        ("media-needed-report", "out of paper", Severity.STOPS),
        ("MEDIA-JAM-Error", "paper jam", Severity.STOPS),
        ("cover-open-error", "a cover is open", Severity.STOPS),
        ("door-open", "a door is open", Severity.STOPS),
        ("toner-low-warning", "toner is low", Severity.SOON),
        ("marker-supply-empty", "toner or ink is empty", Severity.STOPS),
        (
            "document-format-error",
            "the printer found the document damaged",
            Severity.STOPS,
        ),  # no suffix of a format
        ("job-canceled-at-device", "cancelled at the printer", Severity.STOPS),
        ("com.acme.laser-is-sad-error", "“com.acme.laser is sad”", Severity.STOPS),
        ("laser-is-sad-warning", "“laser is sad”", Severity.SOON),
        ("laser-is-sad", "“laser is sad”", Severity.SOON),
        ("bad\x1b[2Jwords", "“bad [2jwords”", Severity.SOON),
    ],
)
def test_a_reason_is_told_in_words_and_how_grave_it_is(keyword: str, words: str, grave: Severity) -> None:
    assert read([keyword]) == (Reason(words, grave),)
    assert (in_words([keyword]), severity([keyword])) == (words, grave)


@pytest.mark.parametrize(
    "keyword", ["none", "none-report", "job-printing", "", "  ", "\0", "--", "-error", "laser-is-sad-report"]
)
def test_what_says_nothing_is_not_told(keyword: str) -> None:
    assert (read([keyword]), in_words([keyword]), severity([keyword])) == ((), "", Severity.NOTHING)


def test_several_are_one_enumeration_with_the_worst_first_and_each_once() -> None:
    keywords = ["toner-low-warning", "media-empty-error", "none", "media-needed-error", "cover-open"]
    assert in_words(keywords) == "out of paper, a cover is open and toner is low"
    assert in_words(keywords[:2]) == "out of paper and toner is low"


def test_a_long_list_is_cut_and_says_so() -> None:
    keywords = ["media-jam", "cover-open", "door-open", "toner-empty", "toner-low", "media-low"]
    assert in_words(keywords) == "paper jam, a cover is open, a door is open and 3 things more"


def test_of_a_keyword_only_what_it_says_of_itself_is_taken_off() -> None:
    assert [bare(each) for each in ("media-low-report", "x-error", "media-low", "")] == [
        "media-low",
        "x",
        "media-low",
        "",
    ]


@given(st.lists(st.text(max_size=30), max_size=8))
def test_any_keywords_are_told_in_bounded_words(keywords: list[str]) -> None:
    told = in_words(keywords)
    assert len(told) < 300
    assert re.match(PLAIN, told)
    assert bool(told) is (severity(keywords) is not Severity.NOTHING)
