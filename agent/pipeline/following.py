"""Documents that were with a printer when the box stopped: it is asked what became of them, and sent nothing.

Until the printer has said so, or cannot be asked for too long, their rows stay as they are, over further restarts.
"""

from collections.abc import Callable, Mapping
from functools import partial

import trio

from agent.commands.driver import Driver, Prints
from agent.commands.notes import Code, ended
from agent.foundation.timing import Clock
from agent.pipeline.attending import Attending
from agent.pipeline.orders import Order
from agent.pipeline.register import Register


class Following:
    """`drivers` are those that the file asks for, by their hops; a printer is its own lane."""

    def __init__(self, register: Register, drivers: Callable[[], Mapping[str, Driver]], clock: Clock) -> None:
        self._register, self._drivers = register, drivers
        self._attending = Attending(register, clock)
        self._put, self._taken = trio.open_memory_channel[Order](float("inf"))
        self._are_there = trio.Event()

    def drivers_are_there(self) -> None:
        """A file has been read: from now on printers can be asked."""
        self._are_there.set()

    def add(self, order: Order) -> None:
        """One from before a restart, whose printer was called."""
        self._put.send_nowait(order)

    async def run(self) -> None:
        """Find out what became of each, until cancelled."""
        await self._are_there.wait()
        async with trio.open_nursery() as nursery:
            async for order in self._taken:
                nursery.start_soon(self._follow, order)

    async def _follow(self, order: Order) -> None:
        driver = self._drivers().get(order.record.target)
        if driver is not None and isinstance(driver, Prints):
            outcome = await self._attending.outcome(order, driver, partial(driver.follow, order.id))
        else:
            outcome = ended(Code.RESTART_CUTTING, order.record.kind)
        await self._register.end(order, outcome)
