"""How many calls came in any stretch of time, and whether one more is let in.

Must never forgive: what was above the limit stays counted, whether it was refused or not. It slides, as the docs'
"Request limits" have it; the simulator has one token, so there is one window.
"""

from collections import deque
from collections.abc import Callable


class CallWindow:
    """The calls of the last `seconds`, by a monotonic clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._asked: deque[float] = deque()
        self._let_in: deque[float] = deque()
        self.most = 0  # calls in any window so far, those that were refused included
        self.above = 0  # calls that came while the limit was reached
        self.refused = 0

    def count(self, limit: int, seconds: float) -> None:
        """A call has come."""
        self._asked.append(self._clock())
        _forget(self._asked, self._clock() - seconds)
        self.most = max(self.most, len(self._asked))
        self.above += len(self._asked) > limit

    def wait(self, limit: int, seconds: float) -> float:
        """Let a call in (0), or say in how many seconds there is room again."""
        now = self._clock()
        _forget(self._let_in, now - seconds)
        if len(self._let_in) >= limit:
            self.refused += 1
            return self._let_in[-limit] + seconds - now
        self._let_in.append(now)
        return 0.0


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
