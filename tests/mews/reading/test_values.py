"""Dates as they are sent."""

from datetime import UTC, datetime, timedelta, timezone

from agent.mews.reading.values import interval, stamp

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_a_date_is_sent_in_utc_and_whole_seconds() -> None:
    here = timezone(timedelta(hours=1))
    assert stamp(datetime(2026, 11, 26, 13, 0, 0, 999_999, here)) == "2026-11-26T12:00:00Z"


def test_an_interval_of_whole_seconds_is_sent_as_it_is_and_another_one_wider() -> None:
    assert interval(NOON, NOON) == {"StartUtc": "2026-11-26T12:00:00Z", "EndUtc": "2026-11-26T12:00:00Z"}
    tick = timedelta(microseconds=1)
    assert interval(NOON + tick, NOON + tick) == {
        "StartUtc": "2026-11-26T12:00:00Z",
        "EndUtc": "2026-11-26T12:00:01Z",
    }
