"""Time: the box's wall clock is never trusted. Age comes from Mews' `Date` header and the monotonic clock."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import trio

from agent.commands.moments import from_unix

Clock = Callable[[], float]  # monotonic seconds; trio.current_time in the agent, so that tests can turn it


class MewsClock:
    """What time it is at Mews, from the newest answer's `Date` carried on by the monotonic clock."""

    def __init__(self, clock: Clock = trio.current_time) -> None:
        self._clock = clock
        self._anchor: tuple[datetime, float] | None = None

    @property
    def is_known(self) -> bool:
        """Whether any answer of Mews carried a date yet."""
        return self._anchor is not None

    def heard(self, date: datetime) -> None:
        """Take over the date of an answer that just arrived (whole seconds, so right to about one)."""
        self._anchor = (date, self._clock())

    def now(self) -> datetime | None:
        """The present time at Mews in UTC, or None before the first dated answer."""
        if self._anchor is None:
            return None
        date, at = self._anchor
        return date + timedelta(seconds=self._clock() - at)

    def age(self, created: datetime, first_seen: float) -> float:
        """Seconds since a command was ordered: never less than since we first saw it (monotonic seconds).

        Without any date from Mews only the second part is known; the caller raises the fault for that.
        """
        waited = self._clock() - first_seen
        now = self.now()
        return waited if now is None else max(waited, (now - created).total_seconds())


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
