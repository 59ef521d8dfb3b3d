"""The agent's log for people."""

from datetime import UTC, datetime

from agent.status.log_filter import LogFilter
from agent.status.log_ring import LogRing
from agent.status.page.log_page import render
from tests.status.page.test_page import Reader


def ring() -> LogRing:
    made = LogRing()
    made.put(datetime(2026, 3, 28, 22, 30, tzinfo=UTC), "INFO", "mews", "connected")
    made.put(datetime(2026, 3, 28, 22, 31, tzinfo=UTC), "WARNING", "encoder:1", "No <card> was presented.")
    return made


def test_the_newest_line_stands_first_and_nothing_becomes_a_tag() -> None:
    text = Reader(render(ring(), LogFilter(), "aurora", "en")).text
    assert "2026-03-28 22:31:00 warning encoder:1 No <card> was presented. 2026-03-28 22:30:00 info mews" in text


def test_only_the_lines_that_are_asked_for_are_shown() -> None:
    text = Reader(render(ring(), LogFilter(level="warning"), "aurora", "en")).text
    assert "No <card>" in text
    assert "connected" not in text


def test_a_hop_that_is_asked_for_stays_chosen_though_no_line_has_it() -> None:
    reader = Reader(render(ring(), LogFilter(hop="box"), "aurora", "en"))
    assert "all encoder:1 mews box" in reader.text
    assert "No line of the log fits" in reader.text


def test_without_a_log_the_page_is_there_and_does_not_listen() -> None:
    reader = Reader(render(None, LogFilter(), "", "en"))
    assert "No line of the log fits" in reader.text
    assert reader.tags["script"] == 0
