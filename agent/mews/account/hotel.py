"""What Mews says of the hotel, against the file's zone and the box's clock: where they differ. No I/O."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.foundation.reading.text import duration, quoted
from agent.health import mews_kinds
from agent.health.kind import FaultKind
from agent.mews.records import Property

CLOCK_SECONDS = 60.0  # s that the clocks may differ; keys go by Mews' own, certificates by the box's
AHEAD = timedelta(days=400)  # a year of the zones' rules is compared, with the next changes of the clocks in it
STEP = timedelta(hours=6)
FAULTS = (mews_kinds.ZONE, mews_kinds.CLOCK, mews_kinds.ENTERPRISE)


def findings(hotel: Property, zone: ZoneInfo, took: float, now: datetime) -> Mapping[FaultKind, str]:
    """The faults of FAULTS that hold, each with its sentence.

    `zone` is the file's, `now` the box's clock when the answer came, `took` how many seconds that took.
    """
    return dict(_found(hotel, zone, took, now))


def _found(hotel: Property, zone: ZoneInfo, took: float, now: datetime) -> Iterator[tuple[FaultKind, str]]:
    if hotel.zone and not _is_same(hotel.zone, zone, now):
        yield mews_kinds.ZONE, f"Mews has {quoted(hotel.zone)}, the file has {quoted(zone.key)}."
    if hotel.now is None:
        return
    ahead = (now - hotel.now).total_seconds()
    if not -CLOCK_SECONDS <= ahead <= CLOCK_SECONDS + took:
        side = "ahead of" if ahead > 0 else "behind"
        yield mews_kinds.CLOCK, f"The box's clock is {duration(abs(ahead))} {side} the hotel's clock in Mews."


def _is_same(name: str, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the zone of that name has the same time as `zone` for the next year, whatever it is called."""
    if name == zone.key:
        return True
    try:
        other = ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone; a name that can be no file's
        return False
    moment, end = now.astimezone(UTC), now.astimezone(UTC) + AHEAD
    while moment < end:
        if moment.astimezone(zone).utcoffset() != moment.astimezone(other).utcoffset():
            return False
        moment += STEP
    return True
