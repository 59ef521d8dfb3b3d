"""One physical device and its queue: first in, first out, one command cut while the next is being claimed.

Lanes know nothing of each other, so none waits for another. A lane lives as long as some provisioning file names
its device, whatever else changes in the file.
"""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import trio

from agent.commands.driver import Driver, Lane
from agent.commands.model import WaitsFor
from agent.commands.origin import Origin
from agent.pipeline.orders import Order


class LaneQueue:
    """The waiting commands of one device, and the one that is claimed ahead of its turn.

    `before` was this device's lane until a file left it out: its last key ends before this one's first begins.
    `driver` makes the next copy, within `places`, the calls that its server takes at once. `finished` is an order
    that has ended and whose outcome is to be synced with the next one's intent. `claiming` is cancelled when the
    lane shall claim nothing more.
    """

    def __init__(
        self, lane: Lane, driver: Driver, places: trio.CapacityLimiter, before: "LaneQueue | None" = None
    ) -> None:
        self.lane, self.driver, self.places = lane, driver, places
        self._before, self._ended = before, trio.Event()
        self._queue: deque[Order] = deque()
        self._changed = trio.Event()
        self._is_idle = False
        self.is_busy = False  # a command is being carried out
        self.finished: Order | None = None
        self.claiming = trio.CancelScope()
        self.is_gone = False  # the file names this device no longer
        self.paused_by = ""  # who asked that nothing more be claimed or begun
        self._resumed = trio.Event()
        self._resumed.set()
        self._hand_over, self._handed = trio.open_memory_channel[Order](0)

    def __len__(self) -> int:
        return len(self._queue)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """While its orders are claimed and made: after those of the lane before, and until they are over."""
        if self._before is not None:
            await self._before.wait_ended()
            self._before = None
        try:
            yield
        finally:
            self._ended.set()

    async def wait_ended(self) -> None:
        """Wait until its last key is over."""
        await self._ended.wait()

    def set_back(self) -> list[Order]:
        """The orders that wait, taken out of the queue. Those in doubt stay: only this lane will ever end them."""
        left = [order for order in self._queue if not order.hold.is_in_doubt]
        self._queue = deque(order for order in self._queue if order.hold.is_in_doubt)
        return left

    def leave(self) -> list[Order]:
        """The file names this device no longer: claim and begin nothing more. Gives the orders that waited."""
        self.is_gone = True
        self.claiming.cancel()
        self.paused_by = ""  # what is held ends, instead of waiting for a `resume` that cannot come any more
        self._resumed.set()
        left, self._queue = list(self._queue), deque()
        return left

    def __iter__(self) -> Iterator[Order]:
        return iter(tuple(self._queue))

    def append(self, order: Order) -> bool:
        """Queue a new order; whether it is claimed at once, because nothing else waits."""
        order.waits_for = WaitsFor.RESUME if self.paused_by else WaitsFor.TURN
        self._queue.append(order)
        self.stir()
        return not self.paused_by and self._is_idle and len(self._queue) == 1

    def put_back(self, order: Order) -> None:
        """Return an order whose claim was refused: its turn is still the next, once Mews lists it again."""
        order.waits_for = WaitsFor.LIST
        self._queue.appendleft(order)
        self.stir()

    def put_last(self, order: Order) -> None:
        """Return an order whose claim Mews cannot answer: the others need not wait for that."""
        order.waits_for = WaitsFor.LIST
        self._queue.append(order)
        self.stir()

    def remove(self, order: Order) -> None:
        """Take an order out of the queue, where it still is in it."""
        if order in self._queue:
            self._queue.remove(order)
            self.stir()

    def stir(self) -> None:
        """Something about the queue changed: who waits for its head looks again."""
        self._changed.set()
        self._changed = trio.Event()

    async def wait_head(self) -> None:
        """Wait until there is an order in the queue that is to be had."""
        self._is_idle = True
        while self.head() is None:
            await self._changed.wait()
        self._is_idle = False

    async def wait_change(self) -> None:
        """Wait until anything about the queue changes."""
        await self._changed.wait()

    def has_other(self, origin: Origin) -> bool:
        """Whether the next order is of another origin than that one, which answers."""
        head = self.head()
        return head is not None and head.origin is not origin and head.origin.obstacle is None

    async def wait_other(self, origin: Origin) -> None:
        """Wait until it is."""
        while not self.has_other(origin):
            await self._changed.wait()

    def take_head(self) -> Order | None:
        """Take the first order that is to be had; None where there is none any more."""
        order = self.head()
        if order is not None:
            self._queue.remove(order)
        return order

    def head(self) -> Order | None:
        """The first that is to be had, before all one whose origin answers; none while the lane is paused.

        One that was given back keeps its place until it is listed again; those behind do not wait for that.
        """
        if self.paused_by:
            return None
        first = None
        for order in self._queue:
            if order.hold.is_to_be_had:
                if order.origin.obstacle is None:
                    return order
                first = first or order
        return first

    def pause(self, by: str) -> None:
        """Claim and begin nothing more until `resume`; what is being made goes on. `by` is who asked for it."""
        self.paused_by = by
        if self._resumed.is_set():
            self._resumed = trio.Event()
        for order in self._queue:
            order.waits_for = WaitsFor.RESUME

    def resume(self) -> None:
        """Go on after a pause."""
        self.paused_by = ""
        self._resumed.set()
        for order in self._queue:
            order.waits_for = WaitsFor.TURN if order.hold.is_to_be_had else WaitsFor.LIST
        self.stir()

    async def wait_resumed(self) -> None:
        """Wait until the lane is not paused."""
        await self._resumed.wait()

    async def hand_over(self, order: Order) -> None:
        """Wait until the device is free for a claimed order: that is what "one ahead" means."""
        order.waits_for = WaitsFor.TURN
        await self._hand_over.send(order)

    def handed_nowait(self) -> Order | None:
        """The claimed order that waits for the device, if there is one."""
        try:
            return self._handed.receive_nowait()
        except (trio.WouldBlock, trio.EndOfChannel):
            return None

    async def handed(self) -> Order | None:
        """Wait for a claimed order; None when no more will come."""
        try:
            return await self._handed.receive()
        except trio.EndOfChannel:
            return None

    def close(self) -> None:
        """No more orders will be handed over."""
        self._hand_over.close()
