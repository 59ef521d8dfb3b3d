"""The hotel's time of what is only known as monotonic seconds. Pure."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from agent.foundation.reading import moments
from agent.status.snapshot.facts import BoxFacts


class WallClock:
    """Turns monotonic seconds into the hotel's time. When the wall clock is set, past times move along with it."""

    def __init__(self, box: BoxFacts) -> None:
        self._now, self._wall = box.now, box.wall
        self.zone = _zone(box.timezone)

    def at(self, monotonic: float) -> str:
        """ISO 8601, of a moment that is past."""
        return self.local(moments.later(self._wall, -max(0.0, self._now - monotonic)))

    def ahead(self, monotonic: float) -> str:
        """The same, of a moment that is to come; "" where it has come already."""
        seconds = monotonic - self._now
        return self.local(moments.later(self._wall, seconds)) if seconds > 0 else ""

    def local(self, moment: datetime) -> str:
        """ISO 8601, of an aware moment."""
        return iso(moment, self.zone)


def iso(moment: datetime, zone: tzinfo) -> str:
    """ISO 8601 with whole seconds, of an aware moment, as the clocks of `zone` show it."""
    return moments.local(moment, zone).isoformat(timespec="seconds")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # unknown, not a name at all ("../x"), a folder ("Europe")
        return ZoneInfo("UTC")
