"""Time: the box's wall clock is never trusted. Age comes from Mews' `Date` header and the monotonic clock."""

import random
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

import trio

from agent.foundation.reading.moments import from_unix

Clock = Callable[[], float]  # monotonic seconds; trio.current_time in the agent, so that tests can turn it

VOTES = 31  # answers; Mews has several front ends, and one whose clock is wrong must not decide
MAJORITY = 0.6  # of the votes; with one front end in three that is wrong, chance makes it a majority once in 1000
FEWEST = 5  # votes, below which one that differs leaves it open
NEAR_SECONDS = 5.0  # s between two dates that mean the same; they are whole seconds, and an answer may be slow
PLAUSIBLE = range(2000, 2100)  # years; a date beyond them is a mistake, and cannot be computed with at the ends


class MewsClock:
    """What time it is at Mews, from the dates of its newest answers carried on by the monotonic clock.

    The dates vote: one that jumps against the monotonic clock is outvoted by the others.
    """

    def __init__(self, clock: Clock = trio.current_time) -> None:
        self._clock = clock
        self._ahead: deque[float] = deque(maxlen=VOTES)  # s by which each date was ahead of the monotonic clock

    @property
    def is_known(self) -> bool:
        """Whether any answer of Mews carried a date yet."""
        return bool(self._ahead)

    @property
    def is_clear(self) -> bool:
        """Whether a majority of the dates means the same."""
        votes = len(self._ahead)
        middle = self._middle()
        near = sum(abs(ahead - middle) <= NEAR_SECONDS for ahead in self._ahead)
        return near >= MAJORITY * votes if votes >= FEWEST else near == votes

    def heard(self, date: datetime) -> None:
        """Take over the date of an answer that just arrived (whole seconds, so right to about one)."""
        if date.year in PLAUSIBLE:
            self._ahead.append(date.timestamp() - self._clock())

    def now(self) -> datetime | None:
        """The present time at Mews in UTC, or None before the first dated answer."""
        if not self._ahead:
            return None
        return from_unix(self._middle() + self._clock())

    def age(self, created: datetime, first_seen: float, unseen: float = float("-inf")) -> float:
        """Seconds since a command was ordered: never less than since we first saw it (monotonic seconds).

        `unseen` is when it was not there yet (monotonic seconds): where the dates leave it open, it is no older
        than that, unless each of them says so. Without any date from Mews only the time since it was seen is
        known; the caller says so.
        """
        waited = self._clock() - first_seen
        now = self.now()
        if now is None:
            return waited
        age = (now - created).total_seconds()
        if self.is_clear:
            return max(waited, age)
        by_the_slowest = age - (self._middle() - min(self._ahead))
        return max(waited, by_the_slowest, min(age, self._clock() - unseen))

    def _middle(self) -> float:
        return sorted(self._ahead)[(len(self._ahead) - 1) // 2] if self._ahead else 0.0


class Backoff:
    """Pauses that double from `first` to `longest` seconds, each with a jitter of +-`spread`."""

    def __init__(self, first: float, longest: float, spread: float = 0.1) -> None:
        self._first, self._longest, self._spread = first, longest, spread
        self._next = first

    def pause(self) -> float:
        """The next pause in seconds."""
        pause, self._next = self._next, min(self._longest, self._next * 2)
        return jitter(pause, self._spread)

    def reset(self) -> None:
        """Start again with the shortest pause."""
        self._next = self._first


def jitter(seconds: float, spread: float = 0.1) -> float:
    """`seconds` give or take a share of `spread`, so that boxes started together drift apart."""
    return seconds * random.uniform(1 - spread, 1 + spread)  # noqa: S311 - not a secret


def utc_now() -> datetime:
    """The wall clock, for display only."""
    return from_unix(time.time())
