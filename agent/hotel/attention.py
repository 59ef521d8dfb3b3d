"""Whether somebody looks at the page, and since when: only for their eyes is it known within seconds that a server
is gone, and only for eyes that have just come is a printer asked so often that it cannot sleep.
"""

from collections.abc import Callable

import trio

LASTS = 15.0  # s; a page without a script asks again by then
NEW_SECONDS = 600.0  # s; a page that is open for longer is one that was left open
BREAK_SECONDS = 120.0  # s; who asks every minute is there all the time, and a script at that


class Attention:
    """`clock` is in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._paid = self._since = float("-inf")
        self._came = trio.Event()

    def pay(self) -> None:
        """Somebody is shown something."""
        now, has_come = self._clock(), not self.is_paid
        if now - self._paid >= BREAK_SECONDS:
            self._since = now
        self._paid = now
        if has_come:
            self._came.set()

    @property
    def is_paid(self) -> bool:
        """Whether it was of late."""
        return self._clock() - self._paid < LASTS

    @property
    def is_new(self) -> bool:
        """Whether it is paid, and was not for long before."""
        return self.is_paid and self._clock() - self._since < NEW_SECONDS

    async def wait_there(self) -> None:
        """Wait until it is paid."""
        while not self.is_paid:
            await self._wait_come()

    async def wait_new(self) -> None:
        """Wait until it is new."""
        while not self.is_new:
            await self._wait_come()

    async def _wait_come(self) -> None:
        if self._came.is_set():
            self._came = trio.Event()
        await self._came.wait()
