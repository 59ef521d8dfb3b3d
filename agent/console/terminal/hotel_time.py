"""Times of day on the serial line: the hotel's, once the box's page has told its zone; before that UTC. Pure.

All that is said, also the steps of a start, is stamped "12:00:00 UTC"; just before it leaves it is put in the
hotel's time, which has no mark. The offset is the page's own, so this process needs no table of zones.
"""

import re
import time

from agent.console.terminal.page_status import Status

_STAMP = re.compile(r"^(\d\d):(\d\d):(\d\d) UTC\b", re.MULTILINE)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)$")  # of an ISO 8601 time
_DAY = 86_400  # s


def stamp(unix: float) -> str:
    """A time of day in UTC, marked so."""
    return time.strftime("%H:%M:%S UTC", time.gmtime(unix))


class HotelTime:
    """`zone` is the IANA name of the hotel's zone, empty until it is known."""

    def __init__(self) -> None:
        self.zone = ""
        self._offset = 0  # s; after a change of the clocks it holds from the next look on

    def learn(self, status: Status | None) -> bool:
        """Take the zone from what the agent says of itself; whether it is another one than before."""
        offset = _OFFSET.search(status.time) if status and status.is_agent else None
        if status is None or offset is None or status.timezone in ("", "UTC"):
            return False
        sign, hours, minutes = offset.groups()
        self._offset = int(f"{sign}1") * (int(hours) * 3600 + int(minutes) * 60)
        before, self.zone = self.zone, status.timezone
        return before != self.zone

    def local(self, text: str) -> str:
        """`text` with the times at the beginning of its lines in the hotel's time."""
        return _STAMP.sub(self._local_stamp, text) if self.zone else text

    def _local_stamp(self, found: re.Match[str]) -> str:
        hours, minutes, seconds = map(int, found.groups())
        of_day = (hours * 3600 + minutes * 60 + seconds + self._offset) % _DAY
        return f"{of_day // 3600:02}:{of_day // 60 % 60:02}:{of_day % 60:02}"
