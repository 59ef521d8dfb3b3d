"""Claims orders one ahead of the device: the row first, then the claim; only its origin's yes makes one ours.

Whatever the origin or the line does, nothing is made twice: a claim that is in doubt is asked for again, or ends.
"""

from collections.abc import Awaitable, Callable
from functools import partial

import trio

from agent.commands.bond import Receipt, Said, held
from agent.commands.consent import Consent
from agent.commands.driver import KeyJob
from agent.commands.lifecycle import State
from agent.commands.model import Ack, Outcome, Reply, WaitsFor
from agent.commands.notes import Code, ended
from agent.commands.origin import OriginName
from agent.foundation.errors import JournalUnavailable
from agent.foundation.timing import Backoff, Clock, jitter
from agent.health.asking_again import again_after
from agent.pipeline.lane import LaneQueue
from agent.pipeline.last_look import LastLook
from agent.pipeline.orders import Order
from agent.pipeline.pace import HEAD_START
from agent.pipeline.register import Register

REFUSALS = 3  # times that Mews may list a command and refuse the claim for it
PAUSES = (0.5, 10.0)  # s; first and longest between two askings for the same command
USUAL_PAUSE = 2.0  # s; the longest while it is new that no answer comes: a guest waits
UNANSWERED = 3  # askings without an answer, after which the orders behind need not wait any longer


class Claims:
    """`last_look` gives the limits that hold now, `consent` the hotel's rule about keys, if it has one."""

    def __init__(
        self,
        register: Register,
        last_look: Callable[[], LastLook],
        consent: Callable[[], Consent | None],
        clock: Clock,
    ) -> None:
        self._register, self._last_look, self._consent, self._clock = register, last_look, consent, clock

    async def claim_ahead(self, queue: LaneQueue) -> None:
        """Claim one order while another is being made, so that Mews' round trip costs no time at the device."""
        try:
            while True:
                await queue.wait_head()
                await _wait_reached(queue)
                order = queue.take_head()
                if order is not None:
                    await self._claim_and_hand_over(order, queue)
        finally:
            queue.close()

    async def _claim_and_hand_over(self, order: Order, queue: LaneQueue) -> None:
        try:
            if await self._claim(order, queue):
                await queue.hand_over(order)
        except trio.Cancelled:
            with trio.CancelScope(shield=True):
                if order.record.state is State.CLAIMED:
                    await self._register.end(order, ended(Code.STOPPED, order.record.kind))
            raise

    async def _claim(self, order: Order, queue: LaneQueue) -> bool:
        """Whether the command is ours: the row is synced and Mews has acknowledged `Processing`."""
        if order.receipt is Receipt.ON_ITS_WAY and order.sent is not None:  # an older word must not arrive later
            await order.sent.wait()
            if not order.is_waiting:  # it left in the meantime
                return False
        self._register.change(order, order.record.claim(self._register.at()))
        try:
            await self._register.write(order)
        except JournalUnavailable as error:
            await self._register.end(order, ended(Code.JOURNAL, order.record.kind, str(error)))
            return False
        if queue.is_busy:
            await trio.sleep(HEAD_START)
        if (objection := await self._ruled_out(order)) is not None:
            await self._register.end(order, objection)
            return False
        return await self._ask_for(order, queue)

    async def _ruled_out(self, order: Order) -> Outcome | None:
        """Why the hotel's own rule says no. A key that the desk orders is a person's own decision."""
        consent = self._consent()
        if consent is None or not isinstance(order.job, KeyJob) or order.record.origin != OriginName.MEWS:
            return None
        order.waits_for = WaitsFor.RULE
        return await consent.objection(order.job)

    async def _ask_for(self, order: Order, queue: LaneQueue) -> bool:
        backoff, unanswered, began = Backoff(*PAUSES), 0, self._clock()
        while (objection := self._last_look().objection(order)) is None:
            order.waits_for = WaitsFor.ANSWER
            is_received, is_in_doubt = order.receipt is Receipt.TOLD, order.hold.is_in_doubt
            reply = await order.origin.claim(order.id, is_received=is_received, is_in_doubt=is_in_doubt)
            if reply.ack is Ack.YES:
                order.said = ""
                order.hear(reply, self._clock())
                return True
            if reply.ack is not Ack.UNANSWERED:
                await self._give_back(order, queue, reply)
                return False
            if reply.is_sent:
                order.hold = held(order.hold, Said.NOTHING)
                unanswered += 1
            if unanswered >= UNANSWERED and len(queue) and order.origin.obstacle is None:
                await self._step_back(order, queue)
                return False
            soon = jitter(again_after(self._clock() - began, USUAL_PAUSE, PAUSES[1]))
            await self._pause(order, queue, min(backoff.pause(), soon))
            if order.origin.obstacle is not None and queue.has_other(order.origin):
                await self._wait_for_list(order)
                queue.put_back(order)
                return False
        await self._register.end(order, objection)
        return False

    async def _pause(self, order: Order, queue: LaneQueue, seconds: float) -> None:
        """Rest before the next asking, and while its origin is not to be asked; never beyond the order's age, and
        no longer than until an order waits whose origin answers."""
        with trio.move_on_after(self._last_look().seconds_left(order)):
            await trio.sleep(seconds)
            order.waits_for = order.origin.obstacle or WaitsFor.ANSWER
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_first, order.origin.wait_reached, nursery.cancel_scope)
                nursery.start_soon(_first, partial(queue.wait_other, order.origin), nursery.cancel_scope)

    async def _give_back(self, order: Order, queue: LaneQueue, reply: Reply) -> None:
        """Mews did not let us have it, so somebody else may: only a new listing can bring it back."""
        order.said = reply.words or order.said
        order.claim_refusals += reply.ack is Ack.REFUSED
        if order.claim_refusals >= REFUSALS:
            await self._register.end(order, ended(Code.CLAIM, order.record.kind, said=order.said))
            return
        await self._wait_for_list(order)
        queue.put_back(order)

    async def _step_back(self, order: Order, queue: LaneQueue) -> None:
        """Mews answers others, but not about this one: it goes behind them, and waits for the next list."""
        await self._wait_for_list(order)
        queue.put_last(order)

    async def _wait_for_list(self, order: Order) -> None:
        order.given_back = self._clock()
        order.hold = held(order.hold, Said.REFUSE)
        is_in_doubt = order.hold.is_in_doubt  # an earlier asking had no answer: perhaps it is ours
        if not is_in_doubt:
            await self._register.keep(order.record.withdraw(self._register.at()))
        self._register.change(order, order.record.give_back(is_in_doubt=is_in_doubt))


async def _wait_reached(queue: LaneQueue) -> None:
    """Wait until the origin of an order that is to be had answers, whichever comes first."""
    while (head := queue.head()) is not None and head.origin.obstacle is not None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_first, head.origin.wait_reached, nursery.cancel_scope)
            nursery.start_soon(_first, queue.wait_change, nursery.cancel_scope)


async def _first(wait: Callable[[], Awaitable[None]], race: trio.CancelScope) -> None:
    await wait()
    race.cancel()
