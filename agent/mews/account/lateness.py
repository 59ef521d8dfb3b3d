"""Whether an answer of Mews is late, going by how long its last ones took. No I/O; times are monotonic seconds.

It is for a sentence on the page long before anything counts as silent: a late answer is no fault.
"""

from collections import deque

SHORTEST = 0.5  # s; with a poll each two seconds the page tells of a Mews that says nothing within three
TIMES = 2.0  # the slowest of the last answers
REMEMBERED = 8  # answers


class Lateness:
    """The questions of one connector, one at a time."""

    def __init__(self) -> None:
        self._took: deque[float] = deque(maxlen=REMEMBERED)
        self._asked_at: float | None = None

    def asked(self, now: float) -> None:
        """A question goes out."""
        self._asked_at = now

    def answered(self, now: float) -> None:
        """Its answer is there."""
        if self._asked_at is not None:
            self._took.append(now - self._asked_at)
        self._asked_at = None

    def given_up(self) -> None:
        """It has no answer, and none is waited for."""
        self._asked_at = None

    @property
    def usual(self) -> float:
        """Seconds from which an answer is late."""
        return max(SHORTEST, TIMES * max(self._took, default=0.0))

    def late_since(self, now: float) -> float | None:
        """When the question was asked whose answer is late; None while none is."""
        if self._asked_at is None:
            return None
        return self._asked_at if now >= self._asked_at + self.usual else None
