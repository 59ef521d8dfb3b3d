"""How many calls Mews allows, and which go first when they are few: keys, then results, then polls, words last.

Today's dialect: 200 calls for one AccessToken in any 30 s, polls included (reference/mews.md section 4); that of
2016 publishes no limit. No I/O; times are monotonic seconds.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import Enum, auto

UNLIMITED = float("inf")  # calls
TODAY = (200, 30.0)  # calls, s; of one AccessToken (reference/mews.md section 4)
SHORTEST_WAIT = 0.001  # s; a shorter one might not move a float at all


class Rank(Enum):
    """What a call is for."""

    CLAIM = auto()  # a guest waits at the desk
    REPORT = auto()  # how a command ended: owed, but never urgent
    POLL = auto()
    WORD = auto()  # receipts and progress: nothing is lost without them


# The share of the budget that no other rank may use up. What is left over goes to the first who comes.
RESERVED = {Rank.CLAIM: 0.4, Rank.REPORT: 0.3, Rank.POLL: 0.1}
_NOT_COUNTED = nullcontext()


class Budget:
    """At most `calls` reach Mews in any `seconds`.

    When a call arrives there is not known: at the earliest as it leaves, at the latest as its answer comes. So it
    counts from the one until `seconds` after the other, and what the network does to it changes nothing.
    """

    def __init__(self, calls: float, seconds: float) -> None:
        self._calls, self._seconds = calls, seconds
        self._used = dict.fromkeys(Rank, 0)  # calls that count now: under way, or ended not long ago
        self._ended: deque[tuple[float, Rank]] = deque()  # when, oldest first

    @property
    def is_limited(self) -> bool:
        """Whether there is any limit."""
        return self._calls != UNLIMITED

    @property
    def longest_wait(self) -> float:
        """Seconds after which a rank with a share of its own surely has a call left."""
        return self._seconds if self.is_limited else 0.0

    def pause(self, rank: Rank, now: float) -> float:
        """0.0 where a call of this rank may leave now; else for how long it need not be asked for again."""
        if not self.is_limited:
            return 0.0
        while self._ended and self._ended[0][0] + self._seconds <= now:
            self._used[self._ended.popleft()[1]] -= 1
        if self._has_left(rank):
            return 0.0
        first = self._ended[0][0] if self._ended else now
        return max(SHORTEST_WAIT, first + self._seconds - now)

    def spent(self, rank: Rank, clock: Callable[[], float]) -> AbstractContextManager[None]:
        """A call of this rank is under way. `pause` comes first, and nothing between the two."""
        return self._counted(rank, clock) if self.is_limited else _NOT_COUNTED

    @contextmanager
    def _counted(self, rank: Rank, clock: Callable[[], float]) -> Iterator[None]:
        self._used[rank] += 1
        try:
            yield
        finally:
            self._ended.append((clock(), rank))

    def _has_left(self, rank: Rank) -> bool:
        kept = sum(
            max(0, int(share * self._calls) - self._used[other])
            for other, share in RESERVED.items()
            if other is not rank
        )
        return sum(self._used.values()) + 1 + kept <= self._calls
