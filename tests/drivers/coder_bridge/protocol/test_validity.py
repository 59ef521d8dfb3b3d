"""A key's start and end as text: the hotel's clock is right on every day of the year, or nothing is written."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.coder_bridge.protocol.validity import BadPattern, NotWritable, check, validity, written
from agent.drivers.coder_bridge.protocol.words import Precision
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, END, START, changed

ISO = "yyyy-MM-dd'T'HH:mm"
ZONES = ["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "text"),
    [
        # Vienna, spring 2026: 02:00 becomes 03:00 on 29 March, at 01:00 UTC
        ("Europe/Vienna", "2026-03-29T00:59", "2026-03-29T01:59+01:00"),
        ("Europe/Vienna", "2026-03-29T01:00", "2026-03-29T03:00+02:00"),
        ("Europe/Vienna", "2026-03-29T09:00", "2026-03-29T11:00+02:00"),
        # Vienna, autumn 2026: 03:00 becomes 02:00 on 25 October, at 01:00 UTC
        ("Europe/Vienna", "2026-10-25T00:30", "2026-10-25T02:30+02:00"),
        ("Europe/Vienna", "2026-10-25T01:30", "2026-10-25T02:30+01:00"),
        ("Europe/Vienna", "2026-10-25T10:00", "2026-10-25T11:00+01:00"),
        # New York, spring 2026: 8 March, 07:00 UTC; autumn: 1 November, 06:00 UTC
        ("America/New_York", "2026-03-08T06:59", "2026-03-08T01:59-05:00"),
        ("America/New_York", "2026-03-08T07:00", "2026-03-08T03:00-04:00"),
        ("America/New_York", "2026-11-01T05:30", "2026-11-01T01:30-04:00"),
        ("America/New_York", "2026-11-01T06:30", "2026-11-01T01:30-05:00"),
        # Lord Howe changes by half an hour: spring 4 October, 15:30 UTC the day before; autumn 5 April, 15:00 UTC
        ("Australia/Lord_Howe", "2026-10-03T15:29", "2026-10-04T01:59+10:30"),
        ("Australia/Lord_Howe", "2026-10-03T15:30", "2026-10-04T02:30+11:00"),
        ("Australia/Lord_Howe", "2026-04-04T14:45", "2026-04-05T01:45+11:00"),
        ("Australia/Lord_Howe", "2026-04-04T15:15", "2026-04-05T01:45+10:30"),
        ("UTC", "2026-04-04T15:15", "2026-04-04T15:15Z"),
    ],
)
def test_a_moment_is_written_by_the_hotels_clock_on_the_nights_when_clocks_change(
    zone: str, moment: str, text: str
) -> None:
    assert written(utc(moment), ISO + "XXX", ZoneInfo(zone), Precision.MINUTE) == text


@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)), zone=st.sampled_from(ZONES))
def test_with_an_offset_every_minute_of_every_year_can_be_read_back(moment: datetime, zone: str) -> None:
    text = written(moment.replace(tzinfo=UTC), ISO + ":ssXXX", ZoneInfo(zone), Precision.MINUTE)
    assert datetime.fromisoformat(text) == moment.replace(second=0, microsecond=0, tzinfo=UTC)


def test_a_day_is_the_hotels_day_and_not_utcs() -> None:
    late = utc("2026-07-03T22:30")
    assert written(late, "MM/dd/yyyy", ZoneInfo("Europe/Vienna"), Precision.DAY) == "07/04/2026"


def test_with_precision_day_a_pattern_with_a_time_shows_midnight() -> None:
    assert written(END, ISO + ":ss", ZoneInfo("Europe/Vienna"), Precision.DAY) == "2026-07-04T00:00:00"


def test_seconds_are_cut_off_so_that_no_key_lives_longer_than_ordered() -> None:
    moment = utc("2026-07-03T10:00") + timedelta(seconds=59, microseconds=999_999)
    assert written(moment, "yyyyMMddHHmmss", ZoneInfo("UTC"), Precision.MINUTE) == "20260703100000"


def test_quoted_letters_and_doubled_quotes_are_written_as_they_are() -> None:
    pattern = "'at ''noon''' dd.MM.yyyy ''HH''"
    assert written(START, pattern, ZoneInfo("UTC"), Precision.DAY) == "at 'noon' 01.07.2026 '00'"


@pytest.mark.parametrize(
    ("pattern", "precision", "complaint"),
    [
        ("dd.MM.yy", Precision.DAY, "'yy' is not one of"),
        ("yyyy-MM-ddTHH:mm", Precision.MINUTE, "'T' is not one of"),
        ("yyyy-MM-dd hh:mm a", Precision.MINUTE, "'hh' is not one of"),
        ("yyyyMMdd'T", Precision.DAY, "never closed"),
        ("MM/yyyy", Precision.DAY, "dd is missing"),
        ("", Precision.DAY, "yyyy is missing"),
        ("MM/dd/yyyy", Precision.MINUTE, "HH is missing"),
        ("MM/dd/yyyy HH", Precision.MINUTE, "mm is missing"),
        ("'yyyy MM dd'", Precision.DAY, "yyyy is missing"),
    ],
)
def test_a_pattern_that_cannot_be_followed_is_refused_in_words(
    pattern: str, precision: Precision, complaint: str
) -> None:
    with pytest.raises(BadPattern, match=complaint):
        check(pattern, precision)


@pytest.mark.parametrize("pattern", ["MM/dd/yyyy", "yyyy-MM-dd'T'HH:mm:ssXXX", "dd.MM.yyyy HH'h'mm", "yyyyMMdd"])
def test_a_pattern_that_can_be_followed_is_accepted(pattern: str) -> None:
    check(pattern, Precision.DAY)


def test_a_site_on_utc_gets_utc() -> None:
    dates = changed(BUILT_IN, dates__zone="utc", dates__pattern=ISO, dates__precision="minute").dates
    assert validity(dates, ZoneInfo("Europe/Vienna"), START, END) == ("2026-07-01T13:00", "2026-07-04T09:30")


def test_a_site_that_takes_no_start_gets_none() -> None:
    dates = changed(BUILT_IN, dates__send_start=False).dates
    assert validity(dates, ZoneInfo("Europe/Vienna"), START, END) == (None, "07/04/2026")


def test_an_end_beyond_the_calendar_is_a_typed_error() -> None:
    forever = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    with pytest.raises(NotWritable, match="9999"):
        validity(BUILT_IN.dates, ZoneInfo("Europe/Vienna"), START, forever)
