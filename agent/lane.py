"""One physical device and its queue: first in, first out, one command cut while the next is being claimed.

Lanes know nothing of each other, so none waits for another.
"""

from collections import deque

import trio

from agent.commands.routing import Lane
from agent.orders import Order


class LaneQueue:
    """The waiting commands of one device, and the one that is claimed ahead of its turn."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self._queue: deque[Order] = deque()
        self._changed = trio.Event()
        self._is_idle = False
        self.is_busy = False  # a command is being carried out
        self._hand_over, self._handed = trio.open_memory_channel[Order](0)

    def append(self, order: Order) -> bool:
        """Queue a new order; whether it is claimed at once, because nothing else waits."""
        self._queue.append(order)
        self.stir()
        return self._is_idle and len(self._queue) == 1

    def put_back(self, order: Order) -> None:
        """Return an order whose claim was refused: its turn is still the next, once Mews lists it again."""
        self._queue.appendleft(order)
        self.stir()

    def remove(self, order: Order) -> None:
        """Take an order out of the queue, where it still is in it."""
        if order in self._queue:
            self._queue.remove(order)
            self.stir()

    def stir(self) -> None:
        """Something about the queue changed: whoever waits for its head looks again."""
        self._changed.set()
        self._changed = trio.Event()

    async def wait_head(self) -> None:
        """Wait until there is a head of the queue that Mews lists."""
        self._is_idle = True
        while not (self._queue and self._queue[0].is_listed):
            await self._changed.wait()
        self._is_idle = False

    def take_head(self) -> Order | None:
        """Take the head of the queue; None where it left meanwhile, or Mews has yet to list it again."""
        if self._queue and self._queue[0].is_listed:
            return self._queue.popleft()
        return None

    async def hand_over(self, order: Order) -> None:
        """Wait until the device is free for a claimed order: that is what "one ahead" means."""
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
