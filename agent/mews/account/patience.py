"""How long Mews may be silent in the middle of a call, going by how long its last answers took. No I/O.

A connection that died without a word (a firewall that forgot it) looks like a slow answer: the sooner it is given
up, the sooner the next one is made. A slow line is no silence, because its bytes keep coming.
"""

from collections import deque

FIRST = 10.0  # s; before there is any answer to go by
SHORTEST, LONGEST = 3.0, 30.0  # s
TIMES = 4.0  # the slowest of the last answers
REMEMBERED = 8  # answers


class Patience:
    """One Mews' answers, of all kinds of calls."""

    def __init__(self) -> None:
        self._took: deque[float] = deque(maxlen=REMEMBERED)
        self._times_silent = 0

    @property
    def seconds(self) -> float:
        """For how long the next call may hear nothing; twice as long after each that heard nothing."""
        usual = max(SHORTEST, TIMES * max(self._took)) if self._took else FIRST
        return min(LONGEST, usual * 2.0**self._times_silent)

    def answered(self, seconds: float) -> None:
        """A whole answer took so long."""
        self._took.append(seconds)
        self._times_silent = 0

    def was_silent(self) -> None:
        """A call heard nothing for as long as it might."""
        self._times_silent = min(self._times_silent + 1, 10)
