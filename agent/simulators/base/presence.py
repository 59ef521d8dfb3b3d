"""Whether a simulated server is there at all, and what time it is at its place.

Must never answer for a vendor: this is the machine under the simulator, its plug and its clock.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum

import trio


class Absence(StrEnum):
    """How a server is not there."""

    REFUSE = "refuse"  # its port is closed: connections are refused, open ones end
    DROP = "drop"  # takes connections and closes them without an answer
    HANG = "hang"  # takes connections and never answers


class Changes:
    """Lets tasks wait for facts instead of seconds: who changes something says so."""

    def __init__(self) -> None:
        self._event = trio.Event()

    def announce(self) -> None:
        """Have everybody who waits look again."""
        event, self._event = self._event, trio.Event()
        event.set()

    async def wait_change(self) -> None:
        """Wait for the next announcement."""
        await self._event.wait()

    async def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until `is_so()`, asked now and after each announcement."""
        while not is_so():
            await self._event.wait()
        await trio.lowlevel.checkpoint()


class Presence:
    """There, or away in one of three ways, for good or for some seconds."""

    def __init__(self) -> None:
        self._absence: Absence | None = None
        self._until: float | None = None
        self._changes = Changes()

    @property
    def absence(self) -> Absence | None:
        """How it is away now; None while it is there."""
        if self._until is not None and trio.current_time() >= self._until:
            self._absence = self._until = None
        return self._absence

    @property
    def is_refusing(self) -> bool:
        """Whether its port is closed."""
        return self.absence is Absence.REFUSE

    def leave(self, absence: Absence, seconds: float | None = None) -> None:
        """Go away, for `seconds` or until `come_back`."""
        self._absence = absence
        self._until = None if seconds is None else trio.current_time() + seconds
        self._changes.announce()

    def come_back(self) -> None:
        """Be there again."""
        self._absence = self._until = None
        self._changes.announce()

    async def wait_refusing(self) -> None:
        """Wait until the port has to close."""
        await self._changes.wait_until(lambda: self.is_refusing)

    async def wait_open(self) -> None:
        """Wait until the port may be open."""
        while self.is_refusing:
            with trio.move_on_at(float("inf") if self._until is None else self._until):
                await self._changes.wait_change()


class SimulatedClock:
    """The wall clock at the simulated server: starts at `start` (or the real time), runs as `monotonic`."""

    def __init__(self, start: datetime | None = None, monotonic: Callable[[], float] = trio.current_time) -> None:
        self._start = start or datetime.now(UTC)
        self._monotonic = monotonic
        self._anchor: float | None = None  # taken at the first look, because trio's clock needs a running loop
        self._header = (0, "")

    def now(self) -> datetime:
        """The time there, UTC."""
        if self._anchor is None:
            self._anchor = self._monotonic()
        return self._start + timedelta(seconds=self._monotonic() - self._anchor)

    def shift(self, seconds: float) -> None:
        """Set the clock forward, or back when negative. Nothing that waits wakes up by this."""
        self._start += timedelta(seconds=seconds)

    def date_header(self) -> str:
        """The time there as a Date header has it."""
        now = self.now()
        second = int(now.timestamp())
        if self._header[0] != second:
            self._header = (second, format_datetime(now, usegmt=True))
        return self._header[1]


def utc_text(time: datetime) -> str:
    """ISO 8601 in UTC with whole seconds and `Z`, as the vendors' examples write it."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
