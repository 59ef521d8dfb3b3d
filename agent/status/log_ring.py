"""The last lines of the agent's log, in memory: for the page and the support bundle.

Who adds a line never waits, and costs the same however many read. Its lines are those of `agent/hotel/log.py`, all
of them: sentences about records, faults and calls, which have no place for a guest or a secret.
"""

import os
from collections import deque
from collections.abc import Iterator
from datetime import datetime

import trio

from agent.status.log_line import LogLine

LINES = 500  # more than a busy hour of a hotel
CHARACTERS = 65_536  # of all texts together
LONGEST = 2_000  # characters of one text


class LogRing:
    """Bounded in lines and in characters: the oldest make room."""

    def __init__(self) -> None:
        self.id = os.urandom(4).hex()  # of this process' lines: numbers begin again after a start
        self._lines: deque[LogLine] = deque()
        self._characters = 0
        self._last = 0
        self._news: trio.Event | None = None  # only while a reader waits for one

    def put(self, at: datetime, level: str, hop: str, text: str) -> None:
        """Add a line; it wakes who waits for one."""
        self._last += 1
        line = LogLine(self._last, at, level, hop, text[:LONGEST])
        self._lines.append(line)
        self._characters += len(line.text)
        while len(self._lines) > LINES or self._characters > CHARACTERS:
            self._characters -= len(self._lines.popleft().text)
        if self._news is not None:
            self._news.set()
            self._news = None

    @property
    def last(self) -> int:
        """The number of the newest line; 0: there was none yet."""
        return self._last

    def after(self, number: int) -> Iterator[LogLine]:
        """The lines that came after that one, as far as they are still there, oldest first."""
        missing = max(0, len(self._lines) - (self._last - number))
        return (line for position, line in enumerate(tuple(self._lines)) if position >= missing)

    async def wait_after(self, number: int) -> None:
        """Wait until there is a line after that one."""
        while self._last <= number:
            self._news = trio.Event() if self._news is None else self._news
            await self._news.wait()
