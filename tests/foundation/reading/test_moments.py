"""Times out of range come back in it, and times in range as they were."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.foundation.reading.moments import FIRST, LAST, LONGEST, elapsed, from_unix, later, local

DAY = timedelta(days=1)
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
ZONES = st.sampled_from(["UTC", "Europe/Vienna", "Pacific/Kiritimati", "Pacific/Niue", "America/St_Johns"]).map(
    ZoneInfo
)
MOMENTS = st.datetimes(timezones=OFFSETS) | st.sampled_from([datetime.min, datetime.max]).flatmap(
    lambda extreme: OFFSETS.map(lambda offset: extreme.replace(tzinfo=offset))
)
SECONDS = st.floats() | st.integers() | st.sampled_from([10**15, -(10**12), 2**63 - 1, -(2**63)])


@given(MOMENTS, SECONDS, OFFSETS | ZONES)
def test_no_moment_no_seconds_and_no_zone_are_an_error(
    moment: datetime, seconds: float, zone: timezone | ZoneInfo
) -> None:
    assert FIRST - DAY < local(later(moment, seconds), zone) < LAST + DAY
    assert FIRST <= from_unix(seconds) <= LAST


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=OFFSETS),
    st.integers(-(10**9), 10**9),
    OFFSETS | ZONES,
)
def test_what_is_in_range_is_plain_arithmetic(moment: datetime, seconds: int, zone: timezone | ZoneInfo) -> None:
    assert later(moment, seconds) == moment + timedelta(seconds=seconds)
    assert local(moment, zone) == moment.astimezone(zone)
    assert local(moment, zone).utcoffset() == moment.astimezone(zone).utcoffset()


@given(st.integers(0, 4 * 10**9))
def test_a_unix_time_is_counted_from_1970(seconds: int) -> None:
    assert from_unix(seconds) == datetime.fromtimestamp(seconds, UTC)


@given(st.floats(), st.floats())
def test_what_has_passed_is_a_whole_number_that_json_can_hold(since: float, now: float) -> None:
    assert 0 <= elapsed(since, now) <= LONGEST


@pytest.mark.parametrize(("since", "now", "seconds"), [(1.0, 3.9, 2), (3.0, 1.0, 0), (0.0, 1e300, LONGEST)])
def test_what_has_passed_is_never_negative(since: float, now: float, seconds: int) -> None:
    assert elapsed(since, now) == seconds
