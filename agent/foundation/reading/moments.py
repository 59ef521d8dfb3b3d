"""Times that stay in range, whatever a clock, a row or a peer says: all arithmetic on them is done here. Pure.

A datetime knows the years 1 to 9999, and has an error for anything else. Here the first and the last moment stand
for what lies beyond, each a day inside, so that every zone can show them.
"""

from datetime import UTC, datetime, timedelta, tzinfo

FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 30, tzinfo=UTC)
LONGEST = 10**10  # s; three centuries
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_unix(seconds: float) -> datetime:
    """The moment in UTC of a unix time."""
    return later(_EPOCH, seconds)


def later(moment: datetime, seconds: float) -> datetime:
    """The aware `moment` with so many seconds added, in UTC. No number (nan) counts as the least."""
    try:
        made = local(moment, UTC) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return LAST if seconds > 0 else FIRST
    return min(LAST, max(FIRST, made))


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The aware `moment` as the clocks of `zone` show it."""
    return min(LAST, max(FIRST, moment)).astimezone(zone)


def elapsed(since: float, now: float) -> int:
    """Whole seconds between two monotonic times, from 0 to `LONGEST`."""
    return int(min(LONGEST, max(0, now - since)))
