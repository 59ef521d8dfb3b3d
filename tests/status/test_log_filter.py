"""Which lines of the log a reader wants, and how they are read."""

from datetime import UTC, datetime

import pytest

from agent.status.log_filter import LONGEST, BadFilter, LogFilter, as_text, of_query
from agent.status.log_line import LogLine

AT = datetime(2026, 11, 27, 3, 4, 5, tzinfo=UTC)
LINE = LogLine(1, AT, "WARNING", "mews", "E-MEWS-DOWN at Mews")


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        ({}, True),
        ({"level": "warning"}, True),
        ({"level": "ERROR"}, False),
        ({"hop": "mews"}, True),
        ({"hop": "box"}, False),
        ({"text": "e-mews"}, True),
        ({"text": "key"}, False),
        ({"level": "", "hop": "", "other": "x" * 1000}, True),
    ],
)
def test_a_line_passes_the_filters_that_are_set(query: dict[str, str], passes: bool) -> None:
    assert of_query(query).lets_through(LINE) is passes


def test_a_level_that_is_not_ours_passes_every_filter() -> None:
    assert LogFilter("error").lets_through(LogLine(1, AT, "CRITICAL", "", ""))


@pytest.mark.parametrize("query", [{"level": "loud"}, {"text": "x" * (LONGEST + 1)}, {"hop": "x" * 5000}])
def test_a_wrong_filter_is_refused_in_a_sentence(query: dict[str, str]) -> None:
    with pytest.raises(BadFilter, match=r"^The filter '.*\.$"):
        of_query(query)


def test_a_line_as_text_has_its_time_in_utc() -> None:
    assert as_text(LINE) == "2026-11-27T03:04:05Z WARNING [mews] E-MEWS-DOWN at Mews"


def test_a_line_of_no_hop_has_no_brackets() -> None:
    assert as_text(LogLine(1, AT, "INFO", "", "started")) == "2026-11-27T03:04:05Z INFO started"


@pytest.mark.parametrize(
    ("wanted", "query"),
    [
        (LogFilter(), ""),
        (LogFilter("warning"), "?level=warning"),
        (LogFilter("info", "encoder:1", "a b&c"), "?hop=encoder%3A1&text=a+b%26c"),
    ],
)
def test_a_filter_is_asked_for_by_its_query(wanted: LogFilter, query: str) -> None:
    assert wanted.query == query
