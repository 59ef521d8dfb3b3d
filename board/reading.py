"""Readings of files that may hang: taken in a thread of their own, kept for a while, never waited for too long.

A thread that hangs in the kernel cannot be ended. So there is never a second one for the same reading, it does not
keep the process from ending, and what it would have told is absent meanwhile.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

PERIOD = 60.0  # s between two readings: what is read changes slowly, and a box at rest is to be at rest
OLDEST = 3  # periods that a value counts for while there is no newer one
PATIENCE = 2.0  # s that a person at a screen may be kept waiting for a fresh reading


class Reading(Generic[Value]):
    """One reading and its last value. `read` never raises; `nothing` is the value while there is none."""

    def __init__(
        self,
        read: Callable[[], Value],
        nothing: Value,
        period: float = PERIOD,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read, self._nothing = read, nothing
        self._period, self._clock = period, clock
        self._thread: threading.Thread | None = None
        self._last: tuple[float, Value] | None = None

    def latest(self, wait: float = 0.0) -> Value:
        """The last value, and a new one begins to be read once that is a period old.

        With `wait`, a reading that runs is waited for, but no longer than so many seconds. Without, nothing is
        waited for, and the first call of all tells nothing.
        """
        if self._thread is not None and not self._thread.is_alive():
            self._thread = None
        if self._thread is None and self._age() >= self._period:
            self._thread = threading.Thread(target=self._take, name="board-reading", daemon=True)
            self._thread.start()
        if self._thread is not None and wait > 0:
            self._thread.join(wait)
        return self._last[1] if self._last and self._age() < OLDEST * self._period else self._nothing

    def _age(self) -> float:
        return self._clock() - self._last[0] if self._last else float("inf")

    def _take(self) -> None:
        value = self._read()
        self._last = (self._clock(), value)
