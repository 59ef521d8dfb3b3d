"""What time it is at a lock server: the `Date` of its newest answer, carried on by the monotonic clock. No I/O.

A signature holds a date, and the server may refuse one that differs from its own clock; the box's may be wrong
(no battery, no time server). Facts: reference/visionline.md, section 3 (allowed skew: unknown).
"""

from datetime import datetime

from agent.foundation.reading.moments import from_unix

NEAR_SECONDS = 5.0  # s between two clocks that agree; a `Date` is whole seconds, and an answer may be slow


class ServerClock:
    """The server's time where it differs from the box's, else the box's."""

    def __init__(self) -> None:
        self._ahead: float | None = None  # s by which the server's clock is ahead of the monotonic one

    def heard(self, date: datetime | None, monotonic: float) -> None:
        """Take over the date of an answer that just arrived."""
        if date is not None:
            self._ahead = date.timestamp() - monotonic

    def time(self, own: datetime, monotonic: float) -> datetime:
        """The time to sign with, in UTC; `own` is the box's for the same moment."""
        if self._ahead is None:
            return own
        theirs = from_unix(self._ahead + monotonic)
        return theirs if differ(theirs, own) else own


def differ(one: datetime, other: datetime) -> bool:
    """Whether two clocks do not agree."""
    return abs((one - other).total_seconds()) > NEAR_SECONDS
