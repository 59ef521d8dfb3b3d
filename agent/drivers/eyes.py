"""Whether somebody looks at the page, and has just come: for their eyes devices are asked more often how they are.

A page that is open all day must never keep a device awake; how long eyes are new says who tells of them.
"""

from typing import Protocol

import trio


class Eyes(Protocol):
    """Those of all who look at the page."""

    async def wait_there(self) -> None:
        """Wait until somebody looks."""
        ...

    @property
    def is_new(self) -> bool:
        """Whether they are there, and were not for long before."""
        ...

    async def wait_new(self) -> None:
        """Wait until that is so."""
        ...


class NoEyes:
    """No one looks."""

    is_new = False

    async def wait_there(self) -> None:
        """Wait for ever."""
        await trio.sleep_forever()

    async def wait_new(self) -> None:
        """Wait for ever."""
        await trio.sleep_forever()


NO_EYES: Eyes = NoEyes()
