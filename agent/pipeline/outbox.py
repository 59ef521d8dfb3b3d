"""What origins have to be told: receipts, progress, and results, which are repeated until they have them.

Only words leave from here: nothing in this file can make a device do anything again.
"""

from collections.abc import Awaitable, Callable

import trio

from agent.commands.bond import Receipt, Step
from agent.commands.model import Ack, Ending, Kind, Reply, Verdict
from agent.commands.notes import UNWANTED, with_words
from agent.commands.origin import Origin, OriginName
from agent.commands.record import Record
from agent.foundation.timing import Backoff, Clock, jitter
from agent.health import mews_kinds
from agent.health.asking_again import again_after
from agent.health.health import Health
from agent.pipeline.orders import Order
from agent.pipeline.pace import HEAD_START

AT_ONCE = 6  # results under way; leaves connections for claims, which guests wait for
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # s between repetitions while Mews answers polls
USUAL_PAUSE = 2.0  # s; a result without an answer is repeated at the pace of the polls, while that is new
APART = 0.5  # s between two repetitions of whatever results: many that are owed are no storm
LAST_WORD_SECONDS = 120.0  # s; a refusal that lasts so long is Mews' last word
HOP = "mews"


class Outbox:
    """Tells each origin what it is given.

    `reported(order)` hears of each result that Mews has, or refuses for good; `remember(order)` makes an order
    last that Mews is about to stop listing, and tells whether it does; `amend(order, record)` takes what a refusal
    shows.
    """

    def __init__(
        self,
        health: Health,
        reported: Callable[[Order], None],
        remember: Callable[[Order], Awaitable[bool]],
        amend: Callable[[Order, Record], None],
        *,
        clock: Clock = trio.current_time,
    ) -> None:
        self._health, self._clock = health, clock
        self._reported, self._remember, self._amend = reported, remember, amend
        self._caught: set[Origin] = set()
        self._results = trio.CapacityLimiter(AT_ONCE)
        self._receipts = trio.CapacityLimiter(1)
        self._put, self._taken = trio.open_memory_channel[tuple[Errand, Order]](float("inf"))
        self._unreported = self._repeating = 0
        self._changed = trio.Event()

    def believes(self, origin: Origin) -> bool:
        """Whether an origin that calls an order over was never caught taking its result all the same."""
        return origin not in self._caught

    def receive(self, order: Order) -> None:
        """Say `Received` for an order that has to wait: once, and only while it waits."""
        if order.receipt is Receipt.UNTOLD:
            order.step(Step.OWE)
            self._put.send_nowait((self._receive, order))

    def progress(self, order: Order) -> None:
        """Say how many copies are made. What Mews misses is not repeated."""
        if order.sent is None or order.sent.is_set():
            order.sent = trio.Event()
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
            await order.origin.wait_reached()
            if not order.is_waiting:
                order.step(Step.MISSED)
                return
            order.step(Step.SEND)
            order.sent = trio.Event()
            reply = await order.origin.receive(order.id)
            order.step(Step.TAKEN if reply.ack is Ack.YES else Step.MISSED)
            order.sent.set()

    async def _progress(self, order: Order) -> None:
        await order.origin.wait_reached()
        reply = await order.origin.progress(order.id, order.record.made / order.record.copies)
        order.hear(reply, self._clock())
        if order.sent is not None:
            order.sent.set()

    async def _report(self, order: Order) -> None:
        await trio.sleep(HEAD_START)
        if order.sent is not None:  # an older word must not arrive after the last one
            await order.sent.wait()
        if await self._is_taken(order):
            self._health.clear(HOP, mews_kinds.REPORT)
        self._reported(order)
        self._unreported -= 1
        self._changed.set()
        self._changed = trio.Event()

    async def _is_taken(self, order: Order) -> bool:
        """Repeat the result until Mews takes it (True), or has refused it for so long that it will not."""
        backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        if order.is_recovered and await self._is_over(order, backoff):
            return True
        backoff.reset()
        told, refused_since, began = order.record, float("inf"), self._clock()
        while (reply := await self._tell(order, told)).ack is not Ack.YES:
            if reply.ack is Ack.REFUSED and order.is_perhaps_told:
                return True  # an answer was lost, and now there is nothing left to change: it had arrived
            if reply.ack is Ack.REFUSED:
                if order.is_closed or refused_since <= self._clock():
                    self._disown(order)
                refused_since = min(refused_since, self._clock())
                if order.is_closed or self._clock() - refused_since >= LAST_WORD_SECONDS:
                    return await self._give_up(order)
            order.is_perhaps_told = order.is_perhaps_told or (reply.ack is Ack.UNANSWERED and reply.is_sent)
            await self._rest(backoff.pause(), began, is_refused=reply.ack is Ack.REFUSED)
        self._own(order, told)
        return True

    async def _rest(self, pause: float, began: float, *, is_refused: bool) -> None:
        """Before a result is told once more: `pause`, which grows; less while it is new that no answer comes."""
        self._repeating += 1
        try:
            usual = max(USUAL_PAUSE, APART * self._repeating)
            soon = jitter(again_after(self._clock() - began, usual, LONGEST_PAUSE))
            await trio.sleep(pause if is_refused else min(pause, soon))
        finally:
            self._repeating -= 1

    async def _is_over(self, order: Order, backoff: Backoff) -> bool:
        """Whether an order from before a restart is over at Mews already, so that nothing is owed to it.

        What somebody else ended otherwise stays as it is there; the cards of such an order are named.
        """
        await order.origin.wait_reached()
        while (ending := await order.origin.ending(order.id, Verdict(order.record.state))) is None:
            await trio.sleep(backoff.pause())
            await order.origin.wait_reached()
        if ending is Ending.OTHER:
            self._name_cards(order)
        return ending in (Ending.TOLD, Ending.OTHER)

    def _disown(self, order: Order) -> None:
        """Mews does not take the result; of an order from before a restart it may have it already."""
        if not order.is_recovered:
            self._name_cards(order)

    def _name_cards(self, order: Order) -> None:
        """Cards that exist, or may, and that Mews knows nothing of are named until they were seen."""
        record = order.record
        has_cards = record.kind is Kind.KEY and (record.made or record.verdict == Verdict.UNKNOWN)
        if has_cards and record.code != UNWANTED:
            self._amend(order, record.disown())

    def _own(self, order: Order, told: Record) -> None:
        if order.record.code == UNWANTED:  # it took the result after all
            self._amend(order, order.record.own(told))
        if order.is_closed and order.record.origin == OriginName.MEWS:  # it had said that the order was over
            self._caught.add(order.origin)

    async def _give_up(self, order: Order) -> bool:
        """The refusal is Mews' last word; whether that is as it should be."""
        if order.record.code == UNWANTED:
            await order.origin.report(
                order.id, Verdict.FAILED, order.record.note, is_claimed=True
            )  # perhaps it takes a note
        elif not order.is_closed and not order.is_recovered:  # else it was over before, or told before a restart
            self._health.raise_fault(mews_kinds.REPORT, HOP, "Mews refuses to take how a command ended.")
            return False
        return True

    async def _tell(self, order: Order, told: Record) -> Reply:
        await order.origin.wait_reached()
        async with self._results:
            reply = await self._say(order, told, is_claimed=True)
            # Only a dispatch proves that Mews acknowledged the claim. A Mews that wants every step is given the
            # claim now, and lists the command no more: then only the journal knows that its end is owed.
            if reply.ack is Ack.REFUSED and not told.copy and not order.is_closed and await self._remember(order):
                return await self._say(order, told, is_claimed=False)
            return reply

    async def _say(self, order: Order, told: Record, *, is_claimed: bool) -> Reply:
        notes = with_words(told.note, order.said)
        return await order.origin.report(order.id, Verdict(told.state), notes, is_claimed=is_claimed)


Errand = Callable[[Order], Awaitable[None]]
