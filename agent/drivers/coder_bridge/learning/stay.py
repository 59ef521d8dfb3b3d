"""The stay of a test key, chosen so that each way of reading its end gives another moment. No I/O, no wall clock.

Never one whose day and month could be taken for each other: the end's day is later than the twelfth.
"""

from datetime import UTC, datetime, time, timedelta, tzinfo

from msgspec import Struct

from agent.drivers.coder_bridge.protocol import validity
from agent.drivers.coder_bridge.protocol.profile import Dates
from agent.drivers.coder_bridge.protocol.words import Zone

_SOONEST = 2  # days ahead: neither today's key nor tomorrow's
_FARTHEST = 366  # days; within a year a zone that ever differs from UTC has differed
_LAST_MONTH = 12  # a day up to this one may be taken for a month
_AT = time(14, 37)  # no hotel's check-out time
_APART = timedelta(minutes=20)  # from now, for what a door shows at once: a walk, and clocks that differ


class Stay(Struct, frozen=True):
    """Start and end of a key, in UTC."""

    start: datetime
    end: datetime


def telling(now: datetime, zone: tzinfo) -> Stay:
    """From a moment that is over in any zone to an end that can be read in one way alone.

    Where the hotel's clock is UTC all year, so be it.
    """
    days = (now.astimezone(zone).date() + timedelta(days=ahead) for ahead in range(_SOONEST, _FARTHEST))
    ends = [datetime.combine(day, _AT, zone) for day in days if day.day > _LAST_MONTH]
    end = next((end for end in ends if end.utcoffset()), ends[0])
    apart = abs(now.astimezone(zone).utcoffset() or timedelta())
    return Stay(now - apart - _APART, end.astimezone(UTC))


def written(moment: datetime, dates: Dates, hotel: tzinfo) -> str:
    """A moment as the profile has it."""
    zone = hotel if dates.zone.value is Zone.HOTEL else UTC
    return validity.written(moment, dates.pattern.value, zone, dates.precision.value)


def has_time(pattern: str) -> bool:
    """Whether a pattern writes more than the day."""
    return "HH" in validity.letters(pattern)


def has_offset(pattern: str) -> bool:
    """Whether a pattern says itself in which zone it is."""
    return "XXX" in validity.letters(pattern)


def readings(end: datetime, dates: Dates, hotel: tzinfo) -> tuple[datetime, datetime]:
    """The moment (hotel's wall clock) that is meant by the text of an end, read by the profile's zone and by the
    other one."""
    meant = end.astimezone(hotel)
    offset = meant.utcoffset() or timedelta()
    return meant, meant + (offset if dates.zone.value is Zone.HOTEL else -offset)


def over(now: datetime, pattern: str, hotel: tzinfo) -> tuple[datetime, datetime]:
    """Start and end (wall clocks, marked as UTC) that are over in each zone, though of today or yesterday."""
    end = min(_walls(now, hotel)) - (_APART if has_time(pattern) else timedelta(days=1))
    return end - timedelta(days=1), end


def in_one_zone(now: datetime, hotel: tzinfo) -> tuple[datetime, datetime, Zone]:
    """Start and end (wall clocks, marked as UTC) of a key that is good in one zone alone; in which."""
    local, utc = _walls(now, hotel)
    end = min(local, utc) + _APART
    return end - timedelta(days=1), end, Zone.HOTEL if local < utc else Zone.UTC


def differs(now: datetime, hotel: tzinfo) -> bool:
    """Whether the hotel's clock is so far from UTC that a door can tell them apart."""
    local, utc = _walls(now, hotel)
    return abs(local - utc) > _APART + _APART


def _walls(now: datetime, hotel: tzinfo) -> tuple[datetime, datetime]:
    return now.astimezone(hotel).replace(tzinfo=UTC), now.astimezone(UTC)
