"""Makes what a lane's orders ask for, copy by copy: a place, the last look, the row, then the one call.

A call to a device is never repeated, and never begins before the row that announces it is synced. In doubt the
outcome is UNKNOWN. Whatever can stop a key is asked at the call itself, for each copy.
"""

import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import msgspec
import trio

from agent.commands.driver import Driver, Job, KeyJob, LocksOut, Prints, acts
from agent.commands.model import Outcome, Verdict, WaitsFor
from agent.commands.notes import Code, ended
from agent.commands.origin import OriginName
from agent.foundation.errors import JournalUnavailable
from agent.foundation.timing import Clock
from agent.pipeline.attending import Attending
from agent.pipeline.issued_keys import IssuedKeys
from agent.pipeline.lane import LaneQueue
from agent.pipeline.last_look import LastLook
from agent.pipeline.orders import Order
from agent.pipeline.pace import DEPARTURES
from agent.pipeline.register import Register

FRESH_SECONDS = (
    5.0  # s; an older yes of Mews is asked for once more before a card: the order may have been cancelled
)
# The box stops while a printer is at work: it goes on without us, and can be asked later.
STILL_OUT = Outcome(Verdict.UNKNOWN)
LOOK_SECONDS = 3.0  # s that this may take; a Mews that is away stops no key that is ours


class Making:
    """`last_look` gives the limits that hold now: a lane outlives its provisioning file."""

    def __init__(
        self, register: Register, issued: IssuedKeys, last_look: Callable[[], LastLook], clock: Clock
    ) -> None:
        self._register, self._issued, self._last_look, self._clock = register, issued, last_look, clock
        self._attending = Attending(register, clock)
        self._calls: dict[trio.CancelScope, float] = {}
        self._waits: set[trio.CancelScope] = set()
        self._departure = float("-inf")
        self._is_stopping = False
        self._has_time = True  # a stop's grace is not over

    @property
    def longest_call(self) -> float:
        """For how many seconds the longest of the running calls to a device has been running."""
        return self._clock() - min(self._calls.values(), default=self._clock())

    def begin_to_stop(self) -> None:
        """Begin no further copy; what runs may end."""
        self._is_stopping = True
        for wait in tuple(self._waits):
            wait.cancel()

    def break_off(self) -> None:
        """The time of a stop is over: what still runs counts as perhaps made."""
        self._has_time = False
        for call in tuple(self._calls):
            call.cancel()

    async def make_in_turn(self, queue: LaneQueue) -> None:
        """Make what is handed over. The outcome of one key and the intent of the next share a commit."""
        while True:
            order = queue.handed_nowait()
            if order is None:
                await self._settle(queue)
                queue.is_busy = False
                order = await queue.handed()
            if order is None:
                return
            queue.is_busy = True
            await self._make(order, queue)

    async def _make(self, order: Order, queue: LaneQueue) -> None:
        outcome = await self._make_copy(order, 1, queue)
        for copy in range(2, acts(_there(order.job)) + 1):
            if outcome.verdict is not Verdict.DONE:
                break
            self._register.change(order, order.record.make())
            self._register.outbox.progress(order)
            outcome = await self._make_copy(order, copy, queue)
        await self._settle(queue)
        if outcome is STILL_OUT:
            return  # the row stays as it is, and the next start asks the printer
        order.said = outcome.said or order.said
        self._register.change(order, order.record.end(outcome, self._register.at()))
        queue.finished = order

    async def _make_copy(self, order: Order, copy: int, queue: LaneQueue) -> Outcome:
        while True:
            await self._wait_resumed(order, queue)
            async with self._turn(order, copy, queue) as has_turn, self._place(order, queue) as has_place:
                if self._is_held(order, queue):
                    continue  # paused while it waited for its place, which others may need
                return (
                    await self._look(order, copy, queue, has_place=has_turn and has_place)
                    or await self._dispatch(order, copy, queue)
                    or self._last_look().objection(order)  # the disk may have taken its time
                    or await self._call(order, copy, queue.driver)
                )

    def _is_held(self, order: Order, queue: LaneQueue) -> bool:
        """Whether it has to wait for its lane, which is paused: no longer than it may, nor while the box stops."""
        return bool(queue.paused_by) and not self._is_stopping and self._last_look().seconds_left(order) > 0

    @asynccontextmanager
    async def _turn(self, order: Order, copy: int, queue: LaneQueue) -> AsyncIterator[bool]:
        """The turn of a key among those of its stay; whether it came in time.

        Two that begin together would both be originals, and each lock the guests of the other out. Where a lock
        system locks no one out, no lane waits for another.
        """
        if not (isinstance(queue.driver, LocksOut) and queue.driver.locks_out):
            yield True
            return
        while (ahead := self._ahead(order, queue)) is not None:
            await self._settle(queue)
            if not await self._wait_in_time(order, WaitsFor.STAY, ahead.wait):
                yield False
                return
        job = self._job(order, copy, queue.driver.hop)
        if not isinstance(job, KeyJob) or job.joins:
            yield True
            return
        with self._issued.first(order.id, queue.driver.hop, job):
            yield True

    def _ahead(self, order: Order, queue: LaneQueue) -> trio.Event | None:
        return self._issued.first_ahead(queue.driver.hop, order.job) if isinstance(order.job, KeyJob) else None

    @asynccontextmanager
    async def _place(self, order: Order, queue: LaneQueue) -> AsyncIterator[bool]:
        """A place among the calls that the server takes at once; whether there was one in time."""
        places = queue.places
        has_place = await self._wait_place(places, order, queue)
        try:
            yield has_place
        finally:
            if has_place:
                places.release()

    async def _wait_place(self, places: trio.CapacityLimiter, order: Order, queue: LaneQueue) -> bool:
        try:
            places.acquire_nowait()
        except trio.WouldBlock:
            await self._settle(queue)
        else:
            return True
        return await self._wait_in_time(order, WaitsFor.PLACE, places.acquire)

    async def _wait_in_time(self, order: Order, what: WaitsFor, wait_it: Callable[[], Awaitable[None]]) -> bool:
        """Wait no longer than the order may, nor when the box stops; whether what it waits for came."""
        if self._is_stopping:
            return False
        order.waits_for = what
        with trio.move_on_after(self._last_look().seconds_left(order)) as wait:
            self._waits.add(wait)
            await wait_it()
        self._waits.discard(wait)
        order.waits_for = None
        return not wait.cancelled_caught

    async def _look(self, order: Order, copy: int, queue: LaneQueue, *, has_place: bool) -> Outcome | None:
        """Why this copy may not be made after all."""
        kind = order.record.kind
        if self._is_stopping or queue.is_gone:
            return ended(Code.STOPPED, kind)
        if not has_place:
            return self._last_look().too_old(kind)
        if (objection := self._last_look().objection(order)) is not None:
            return objection
        if self._clock() - order.confirmed > FRESH_SECONDS:
            await self._settle(queue)
            await self._confirm(order, copy)
        if not order.is_closed or not self._register.outbox.believes(order.origin):
            return None
        code = Code.CANCELLED if order.record.origin == OriginName.MEWS else Code.TAKEN_BACK
        return ended(code, kind, said=order.said)

    async def _wait_resumed(self, order: Order, queue: LaneQueue) -> None:
        """Wait while the lane is paused."""
        if not self._is_held(order, queue):
            return
        await self._settle(queue)
        order.waits_for = WaitsFor.RESUME
        with trio.move_on_after(self._last_look().seconds_left(order)) as wait:
            self._waits.add(wait)
            await queue.wait_resumed()
        self._waits.discard(wait)
        order.waits_for = None

    async def _confirm(self, order: Order, copy: int) -> None:
        """Ask Mews whether the order is still ours. Only a clear no counts."""
        with trio.move_on_after(LOOK_SECONDS):
            reply = await order.origin.progress(order.id, (copy - 1) / order.record.copies)
            order.hear(reply, self._clock())

    async def _dispatch(self, order: Order, copy: int, queue: LaneQueue) -> Outcome | None:
        """Put the intent to make this copy on disk; only then may the device be called. Why not, if not."""
        before, queue.finished = queue.finished, None
        self._register.change(order, order.record.dispatch(copy))
        try:
            await self._register.write(order, *([before] if before else []))
        except JournalUnavailable as error:
            if before is not None:
                await self._register.settle(before)
            return ended(Code.JOURNAL, order.record.kind, str(error))
        if before is not None:
            self._register.outbox.report(before)
        await self._depart()
        return None

    async def _depart(self) -> None:
        """Let the last key get on its way first: lanes that began together then no longer end together."""
        now = self._clock()
        self._departure = max(now, self._departure + DEPARTURES)
        if self._departure > now:
            await trio.sleep(self._departure - now)

    async def _call(self, order: Order, copy: int, driver: Driver) -> Outcome:
        """The one call to the device for this copy. None begins once a stop's time is over."""
        if not self._has_time:
            return ended(Code.STOPPED, order.record.kind)
        job = self._job(order, copy, driver.hop)
        is_print = isinstance(driver, Prints)
        outcome = STILL_OUT if is_print else ended(Code.STOPPED_CUTTING, order.record.kind)
        with trio.CancelScope() as call:
            self._calls[call] = math.inf if is_print else self._clock()  # paper may be out for long
            try:
                outcome = await self._attended(order, job, driver)
            finally:
                del self._calls[call]
        if outcome.verdict is Verdict.DONE and isinstance(job, KeyJob):
            self._issued.add(order.id, driver.hop, job, outcome.key)
        return outcome

    async def _attended(self, order: Order, job: Job, driver: Driver) -> Outcome:
        """The call itself."""
        if not isinstance(driver, Prints):
            return await driver.carry_out(job)
        return await self._attending.outcome(order, driver, partial(driver.carry_out, job))

    def _job(self, order: Order, copy: int, server: str) -> Job:
        """What this copy asks for. A key for guests who have one already must leave that one good."""
        job = order.job
        if not isinstance(job, KeyJob):
            return _there(job)
        joins = job.joins or copy > 1 or self._issued.joins(server, job)
        return msgspec.structs.replace(job, copy=copy, joins=joins)

    async def _settle(self, queue: LaneQueue) -> None:
        """Sync and report the outcome that waits for company; it waits no longer."""
        before, queue.finished = queue.finished, None
        if before is not None:
            await self._register.settle(before)


def _there(job: Job | None) -> Job:
    if job is None:
        raise AssertionError("only orders with a job are queued")
    return job
