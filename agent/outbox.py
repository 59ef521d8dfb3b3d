"""What Mews has to be told: `Received`, progress, and results, which are repeated until Mews has them.

Only words leave from here: nothing in this file can make a device do anything again.
"""

from collections.abc import Awaitable, Callable

import trio

from agent.commands.lifecycle import State
from agent.commands.mews_queue import MewsQueue
from agent.commands.model import Ack, Reply
from agent.health import Health
from agent.orders import Order
from agent.timing import Backoff, Clock

AT_ONCE = 6  # results under way; leaves connections for claims, which guests wait for
HEAD_START = 0.02  # s; a key that is ready reaches its encoder before words to Mews take processor time
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # s between repetitions while Mews answers polls
LAST_WORD_SECONDS = 120.0  # s; a refusal that lasts so long is Mews' last word
HOP = "mews"

_STATES = {State.DONE: "Processed", State.FAILED: "Error", State.UNKNOWN: "Error"}


class Outbox:
    """Tells Mews what it is given.

    `reported(order)` hears of each result that Mews has, or refuses for good; `remember(order)` makes an order
    last that Mews is about to stop listing, and tells whether it does.
    """

    def __init__(
        self,
        mews: MewsQueue,
        health: Health,
        reported: Callable[[Order], None],
        remember: Callable[[Order], Awaitable[bool]],
        *,
        clock: Clock = trio.current_time,
    ) -> None:
        self._mews, self._health, self._clock = mews, health, clock
        self._reported, self._remember = reported, remember
        self._results = trio.CapacityLimiter(AT_ONCE)
        self._receipts = trio.CapacityLimiter(1)
        self._put, self._taken = trio.open_memory_channel[tuple[Errand, Order]](float("inf"))
        self._unreported = 0
        self._changed = trio.Event()

    def receive(self, order: Order) -> None:
        """Say `Received` for an order that has to wait: once, and only while it waits."""
        if order.receiving is None:
            order.receiving = trio.Event()
            self._put.send_nowait((self._receive, order))

    def progress(self, order: Order) -> None:
        """Say how many copies are made. What Mews misses is not repeated."""
        if order.progressing is None or order.progressing.is_set():
            order.progressing = trio.Event()
            self._put.send_nowait((self._progress, order))

    def report(self, order: Order) -> None:
        """Say how an order ended, until Mews has it."""
        self._unreported += 1
        self._put.send_nowait((self._report, order))

    async def wait_reported(self) -> None:
        """Wait until Mews has every result."""
        while self._unreported:
            await self._changed.wait()

    async def run(self) -> None:
        """Run the errands until cancelled."""
        async with trio.open_nursery() as nursery:
            async for errand, order in self._taken:
                nursery.start_soon(errand, order)

    async def _receive(self, order: Order) -> None:
        # One at a time: claims and results come first.
        async with self._receipts:
            await self._mews.wait_reached()
            if order.is_waiting:
                order.is_receiving = True
                order.is_received = (await self._mews.receive(order.id)).ack is Ack.YES
        finished, order.receiving, order.is_receiving = order.receiving, None, False
        if finished is not None:
            finished.set()

    async def _progress(self, order: Order) -> None:
        await self._mews.wait_reached()
        await self._mews.progress(order.id, order.record.cut / order.record.copies)
        if order.progressing is not None:
            order.progressing.set()

    async def _report(self, order: Order) -> None:
        await trio.sleep(HEAD_START)
        if order.progressing is not None:  # an older word must not arrive after the last one
            await order.progressing.wait()
        if await self._is_taken(order):
            self._health.clear(HOP, "E-MEWS-REPORT")
        self._reported(order)
        self._unreported -= 1
        self._changed.set()
        self._changed = trio.Event()

    async def _is_taken(self, order: Order) -> bool:
        """Repeat the result until Mews takes it (True), or has refused it for so long that it will not."""
        backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        refused_since: float | None = None
        while (reply := await self._tell(order)).ack is not Ack.YES:
            if reply.ack is Ack.REFUSED:
                refused_since = self._clock() if refused_since is None else refused_since
                if self._clock() - refused_since >= LAST_WORD_SECONDS:
                    self._tell_refused(order, reply)
                    return False
            await trio.sleep(backoff.pause())
        return True

    def _tell_refused(self, order: Order, reply: Reply) -> None:
        if not order.is_recovered:  # of those Mews may have had the result before the restart
            self._health.raise_fault("E-MEWS-REPORT", HOP, f"Mews refuses a result: {reply.words}.")

    async def _tell(self, order: Order) -> Reply:
        await self._mews.wait_reached()
        async with self._results:
            reply = await self._say(order, is_claimed=True)
            # Only a dispatch proves that Mews acknowledged the claim. A Mews that wants every step is given the
            # claim now, and lists the command no more: then only the journal knows that its end is owed.
            if reply.ack is Ack.REFUSED and not order.record.copy and await self._remember(order):
                return await self._say(order, is_claimed=False)
            return reply

    async def _say(self, order: Order, *, is_claimed: bool) -> Reply:
        record = order.record
        return await self._mews.report(record.id, _STATES[record.state], record.note, is_claimed=is_claimed)


Errand = Callable[[Order], Awaitable[None]]
