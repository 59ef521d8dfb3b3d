"""The stay of a test key: whatever the day and the zone, its end can be read in one way alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.coder_bridge.learning import stay
from agent.drivers.coder_bridge.protocol.profile import Dates
from agent.drivers.coder_bridge.protocol.words import Zone
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, entry

ZONES = [ZoneInfo(name) for name in ("Europe/Vienna", "Europe/London", "America/New_York", "Asia/Kolkata", "UTC")]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def dates(pattern: str, zone: str = "hotel") -> Dates:
    return msgspec.structs.replace(
        BUILT_IN.dates,
        pattern=entry(pattern),
        zone=entry(Zone(zone)),
        precision=entry("minute" if "HH" in pattern else "day"),
    )


@given(moments, st.sampled_from(ZONES))
def test_day_and_month_cannot_be_taken_for_each_other(now: datetime, zone: ZoneInfo) -> None:
    found = stay.telling(now, zone)
    assert found.end.astimezone(zone).day > 12
    assert found.end - now > timedelta(days=1)


@given(moments, st.sampled_from(ZONES))
def test_it_has_begun_in_whatever_zone_its_start_is_read(now: datetime, zone: ZoneInfo) -> None:
    begun = stay.telling(now, zone).start
    offset = now.astimezone(zone).utcoffset() or timedelta()
    assert begun + offset < now
    assert begun - offset < now


@given(moments, st.sampled_from(ZONES[:4]))
def test_its_end_differs_by_the_zone_in_which_it_is_read(now: datetime, zone: ZoneInfo) -> None:
    end = stay.telling(now, zone).end
    for written_in in ("hotel", "utc"):
        meant, other = stay.readings(end, dates("dd.MM.yyyy HH:mm", written_in), zone)
        assert meant != other
        assert meant == end


def test_what_is_shown_where_the_zone_was_another_one() -> None:
    vienna = ZONES[0]
    end = datetime(2026, 12, 13, 14, 37, tzinfo=vienna)
    meant, other = stay.readings(end, dates("dd.MM.yyyy HH:mm"), vienna)
    assert (meant.hour, other.hour) == (14, 15)  # "14:37" read as UTC is 15:37 in Vienna
    meant, other = stay.readings(end, dates("dd.MM.yyyy HH:mm", "utc"), vienna)
    assert (meant.hour, other.hour) == (14, 13)  # "13:37" read as Vienna's


def test_a_moment_is_written_in_the_profiles_zone() -> None:
    moment = datetime(2026, 12, 13, 13, 37, tzinfo=UTC)
    assert stay.written(moment, dates("dd.MM.yyyy HH:mm"), ZONES[0]) == "13.12.2026 14:37"
    assert stay.written(moment, dates("dd.MM.yyyy HH:mm", "utc"), ZONES[0]) == "13.12.2026 13:37"


@pytest.mark.parametrize(
    ("pattern", "has_time", "has_offset"),
    [("yyyy-MM-dd", False, False), ("yyyy-MM-dd HH:mm", True, False), ("yyyy-MM-dd'T'HH:mm:ssXXX", True, True)],
)
def test_a_pattern_says_whether_it_has_a_time(pattern: str, has_time: bool, has_offset: bool) -> None:
    assert (stay.has_time(pattern), stay.has_offset(pattern)) == (has_time, has_offset)


@given(moments, st.sampled_from(ZONES))
def test_a_key_that_is_over_is_so_in_both_zones(now: datetime, zone: ZoneInfo) -> None:
    start, end = stay.over(now, "dd.MM.yyyy HH:mm", zone)
    wall = end.replace(tzinfo=None)
    assert start < end
    assert wall.replace(tzinfo=zone) < now or wall.replace(tzinfo=zone, fold=1) < now
    assert wall.replace(tzinfo=UTC) < now


def test_by_the_day_it_was_over_yesterday() -> None:
    now = datetime(2026, 11, 26, 9, 12, tzinfo=UTC)
    assert stay.over(now, "yyyy-MM-dd", ZONES[0])[1].day == 25


@pytest.mark.parametrize(("zone", "good_in"), [("Europe/Vienna", Zone.UTC), ("America/New_York", Zone.HOTEL)])
def test_a_key_is_good_in_one_zone_alone(zone: str, good_in: Zone) -> None:
    now, hotel = datetime(2026, 11, 26, 9, 12, tzinfo=UTC), ZoneInfo(zone)
    start, end, found = stay.in_one_zone(now, hotel)
    wall = end.replace(tzinfo=None)
    good = {Zone.UTC: wall.replace(tzinfo=UTC) > now, Zone.HOTEL: wall.replace(tzinfo=hotel) > now}
    assert found is good_in
    assert good == {each: each is good_in for each in Zone}
    assert start < end


@pytest.mark.parametrize(("zone", "told"), [("Europe/Vienna", True), ("Europe/London", False)])
def test_a_door_tells_zones_apart_that_differ(zone: str, told: bool) -> None:
    assert stay.differs(datetime(2026, 11, 26, tzinfo=UTC), ZoneInfo(zone)) is told
