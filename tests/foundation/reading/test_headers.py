"""Dates and pauses in headers: read where they can be, and never the end of a call."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.foundation.reading.headers import LONGEST_PAUSE, http_date, retry_after

NOON = "Mon, 04 May 2026 12:00:00 GMT"
AN_AGE = timedelta(days=100 * 365)  # what a program may add to a date and still have one

numbers = st.integers(-(10**12), 10**12).map(str) | st.integers(0, 99).map("{:02}".format)
dates = st.builds(
    "{}, {} {} {} {}:{}:{} {}".format,
    st.sampled_from(["Mon", "Fri", "", "Xyz"]),
    numbers,
    st.sampled_from(["Jan", "May", "Dec", "Foo", "13"]),
    numbers | st.sampled_from(["0", "0000", "1", "69", "1969", "9999", "10000"]),
    numbers,
    numbers,
    numbers,
    st.sampled_from(["GMT", "+2359", "-2359", "+9999", "-1400", "+99999999", "EST", "", "Z"]),
)
YEAR_9999 = [f"Fri, 31 Dec 9999 23:59:59 {zone}" for zone in ("GMT", "-1400", "+1400", "-2359")]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (NOON, datetime(2026, 5, 4, 12, tzinfo=UTC)),
        ("Mon, 04 May 2026 14:00:00 +0200", datetime(2026, 5, 4, 12, tzinfo=UTC)),
        ("Mon, 04 May 2026 12:00:00 -0000", datetime(2026, 5, 4, 12, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_in_utc(text: str, date: datetime) -> None:
    assert http_date(text) == date
    assert str(date.tzinfo) == "UTC"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Mon, 99 May 2026 12:00:00 GMT",
        "Mon, 04 May 99999999999 12:00:00 GMT",
        "Mon, 01 Jan 0000 00:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 +1400",
        "Wed, 31 Dec 1969 23:00:00 GMT",
        "Mon, 04 May 2026 12:00:00 +9999999",
        *YEAR_9999,
    ],
)
def test_what_no_clock_shows_is_no_date(text: str) -> None:
    assert http_date(text) is None


@given(dates | st.text(max_size=60))
def test_whatever_a_header_says_it_is_a_date_to_reckon_with_or_none(text: str) -> None:
    date = http_date(text)
    assert date is None or (date - AN_AGE < date + AN_AGE and str(date.tzinfo) == "UTC")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("1000000000", LONGEST_PAUSE),
        ("9" * 50, LONGEST_PAUSE),
        ("9" * 50_000, LONGEST_PAUSE),
        ("Mon, 04 May 2026 12:01:30 GMT", 90.0),
        ("Mon, 04 May 2026 11:00:00 GMT", 0.0),
        ("-1", None),
        ("1.5", None),
        ("1e9", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        *((text, None) for text in YEAR_9999),
    ],
)
def test_a_pause_is_read_in_both_forms(text: str, seconds: float | None) -> None:
    assert retry_after(text, NOON) == seconds


@pytest.mark.parametrize("date", ["", "yesterday", *YEAR_9999])
def test_a_pause_until_a_date_means_nothing_without_the_servers_own_date(date: str) -> None:
    assert retry_after(NOON, date) is None


@given(dates | numbers | st.text(max_size=60), dates | st.text(max_size=60))
def test_whatever_a_pause_says_it_is_bounded_or_none(text: str, date: str) -> None:
    pause = retry_after(text, date)
    assert pause is None or 0 <= pause < 300 * 366 * 86_400
