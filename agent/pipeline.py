"""The pass of a command, top to bottom: accept, route, queue, claim, dispatch, outcome, report.

What makes the promise hold: nothing is sent to Mews or to a device before the record that announces it is synced;
only Mews' acknowledgement of `Processing` lets a key be cut; a call to a device is never repeated; in doubt the
outcome is UNKNOWN. Polls come in through `take`; the picture is in ARCHITECTURE.md.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence

import msgspec
import trio

from agent.commands.lifecycle import ON_RESTART, Event, State
from agent.commands.mews_queue import MewsQueue
from agent.commands.model import Ack, Listed, Outcome, Reply, Verdict
from agent.commands.notes import Code, ended
from agent.commands.record import Record
from agent.commands.text import plain
from agent.drivers.base import KeyDriver, KeyJob
from agent.errors import JournalUnavailable
from agent.health import Health
from agent.intake import Intake
from agent.journal import Journal
from agent.lane import LaneQueue
from agent.orders import Order, Orders
from agent.outbox import HEAD_START, Outbox
from agent.timing import Backoff, Clock, MewsClock, utc_now

TAKEN_STATES = frozenset({"Pending", "Received", ""})
OTHER_STATES = frozenset({"Processing", "Processed", "Cancelled", "Error"})  # listed or not: somebody else's work
REPEAT_REPORT_SECONDS = 60.0  # s; longer than a poll: what Mews still lists after that, it forgot the result of
DEPARTURES = 0.003  # s between two keys; those that leave in one instant all arrive as late as the last of them
CLAIM_REFUSALS = 3  # times that Mews may list a command and refuse the claim for it
CLAIM_PAUSES = (0.5, 10.0)  # s; first and longest between two askings for the same command
VANISHED = (3, 600.0)  # commands, s; so many going on without us in that time deserve a word
REPORT_SECONDS = 3.0  # s; what a stop gives the last reports, the journal has them anyway


class Pipeline:
    """The lanes, the commands on them, and everything that happens to a command between two polls."""

    def __init__(
        self,
        *,
        intake: Intake,
        drivers: Mapping[str, KeyDriver],
        mews: MewsQueue,
        journal: Journal,
        health: Health,
        mews_clock: MewsClock,
        key_age_seconds: float,
        orders: Orders,
        on_change: Callable[[Record], None] = lambda record: None,
        clock: Clock = trio.current_time,
    ) -> None:
        self._intake, self._drivers, self._mews, self._journal = intake, drivers, mews, journal
        self._health, self._mews_clock, self._clock = health, mews_clock, clock
        self._orders, self._on_change, self._key_age = orders, on_change, key_age_seconds
        self._lanes = {lane.id: LaneQueue(lane) for lane in intake.lanes}
        self._outbox = Outbox(mews, health, self._reported, self._remember, clock=clock)
        self._vanished: deque[float] = deque(maxlen=VANISHED[0])
        self._claiming = trio.CancelScope()
        self._calls: dict[trio.CancelScope, float] = {}
        self._departure = float("-inf")
        self._is_stopping = False
        self._has_time = True  # a stop's grace is not over
        self._lanes_ended = trio.Event()

    @property
    def longest_call(self) -> float:
        """For how many seconds the longest of the running calls to a device has been running."""
        return self._clock() - min(self._calls.values(), default=self._clock())

    # -- accept ---------------------------------------------------------------------------------------------------

    async def take(self, listed: Sequence[Listed], asked_at: float) -> None:
        """Take over what a poll listed, and what not; `asked_at` is when it went out (monotonic seconds)."""
        ids = {command.id for command in listed}
        for order in self._orders.waiting():
            if order.given_back > asked_at:
                continue
            order.is_listed = order.id in ids
            if not order.is_listed:
                self._vanish(order)
        for command in listed:
            if command.id in self._orders:
                self._see_again(command)
            elif command.state in TAKEN_STATES and self._orders.have_room:
                self._accept(command)
                await trio.lowlevel.checkpoint()  # what can be claimed at once need not wait for the rest
        self._tell_unknown({command.state for command in listed} - TAKEN_STATES - OTHER_STATES)
        self._drop_stale()
        for lane in self._lanes.values():
            lane.stir()

    def _accept(self, listed: Listed) -> None:
        order = self._intake.order(listed)
        self._orders.add(order)
        self._on_change(order.record)
        if order.refusal is not None:
            self._refuse(order, order.refusal)
        elif not self._queue_of(order).append(order):
            # One that need not wait goes straight to `Processing`, a round trip sooner.
            self._outbox.receive(order)

    def _see_again(self, listed: Listed) -> None:
        order = self._orders.get(listed.id)
        if order is not None:
            if order.is_waiting and order.is_listed and not order.is_received and listed.state == "Pending":
                self._outbox.receive(order)
            return
        record = self._orders.overdue(listed.id, self._clock(), REPEAT_REPORT_SECONDS)
        if record is not None:  # tell it again; verdicts are named like their states
            self._outbox.report(Order(msgspec.structs.replace(record, state=State(record.verdict))))

    def _tell_unknown(self, states: set[str]) -> None:
        if states:
            names = ", ".join(f"“{plain(state, 40)}”" for state in sorted(states)[:3])
            self._health.raise_fault("E-MEWS-STATE", "mews", f"Commands in the state {names} are left alone.")
        else:
            self._health.clear("mews", "E-MEWS-STATE")

    def _vanish(self, order: Order) -> None:
        """Mews lists it no longer and it is not ours: cancelled by somebody, or taken by another connector."""
        self._queue_of(order).remove(order)
        if order.is_in_doubt:  # nobody but us would ever end it
            self._refuse(order, ended(Code.CLAIM, "an answer was lost"))
            return
        order.record = order.record.withdraw(self._at())
        self._orders.forget(order)
        self._on_change(order.record)
        self._vanished.append(self._clock())
        most, seconds = VANISHED
        if len(self._vanished) == most and self._clock() - self._vanished[0] < seconds:
            words = f"{most} waiting commands left Mews' list within {seconds / 60:.0f} minutes."
            self._health.raise_fault("E-MEWS-SHARED", "mews", words)

    def _drop_stale(self) -> None:
        for order in self._orders.waiting():
            if self._is_stale(order):
                self._queue_of(order).remove(order)
                self._refuse(order, self._stale())
        if self._vanished and self._clock() - self._vanished[-1] > VANISHED[1]:
            self._health.clear("mews", "E-MEWS-SHARED")

    # -- queue ----------------------------------------------------------------------------------------------------

    async def run(self, recovered: Sequence[Record] = ()) -> None:
        """Work until `stop`. `recovered` are the journal's open records: their outcomes are reported first."""
        self.recover(recovered)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._outbox.run)
            await self._run_lanes()
            self._lanes_ended.set()
            with trio.move_on_after(REPORT_SECONDS):
                await self._outbox.wait_reported()
            nursery.cancel_scope.cancel()

    async def stop(self, grace: float) -> None:
        """Claim nothing more, let the running keys finish within `grace` seconds, then call them UNKNOWN."""
        self._is_stopping = True
        self._claiming.cancel()
        with trio.move_on_after(grace):
            await self._lanes_ended.wait()
        self._has_time = False
        for call in tuple(self._calls):
            call.cancel()

    async def _run_lanes(self) -> None:
        async with trio.open_nursery() as cutters:
            for queue in self._lanes.values():
                cutters.start_soon(self._cut_in_turn, queue)
            async with trio.open_nursery() as claimers:
                self._claiming = claimers.cancel_scope
                for queue in self._lanes.values():
                    claimers.start_soon(self._claim_ahead, queue)
                claimers.start_soon(trio.sleep_forever)  # a box without lanes works until it is stopped, too
                if self._is_stopping:
                    self._claiming.cancel()

    # -- claim ----------------------------------------------------------------------------------------------------

    async def _claim_ahead(self, queue: LaneQueue) -> None:
        """Claim one command while another is being cut, so that Mews' round trip costs no time at the encoder."""
        try:
            while True:
                await queue.wait_head()
                await self._mews.wait_reached()
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
                    await self._end(order, ended(Code.STOPPED))
            raise

    async def _claim(self, order: Order, queue: LaneQueue) -> bool:
        """Whether the command is ours: the row is synced and Mews has acknowledged `Processing`."""
        if order.is_receiving and order.receiving is not None:  # an older word must not arrive after this one
            await order.receiving.wait()
            if not order.is_waiting:  # it left in the meantime
                return False
        self._change(order, order.record.claim(self._at()))
        try:
            await self._journal.write(order.record)
        except JournalUnavailable as error:
            await self._end(order, ended(Code.JOURNAL, str(error)))
            return False
        if queue.is_busy:
            await trio.sleep(HEAD_START)
        return await self._ask_for(order, queue)

    async def _ask_for(self, order: Order, queue: LaneQueue) -> bool:
        backoff = Backoff(*CLAIM_PAUSES)
        while not self._is_stale(order):
            reply = await self._mews.claim(order.id, is_received=order.is_received)
            if reply.ack is Ack.YES:
                return True
            if reply.ack is not Ack.UNANSWERED:
                await self._give_back(order, queue, reply)
                return False
            order.is_in_doubt = order.is_in_doubt or reply.is_sent
            with trio.move_on_after(max(0.0, self._key_age - self._age(order))):
                await trio.sleep(backoff.pause())
                await self._mews.wait_reached()
        await self._end(order, self._stale())
        return False

    async def _give_back(self, order: Order, queue: LaneQueue, reply: Reply) -> None:
        """Mews did not let us have it, so somebody else may: only a new listing can bring it back."""
        order.given_back = self._clock()
        order.claim_refusals += reply.ack is Ack.REFUSED
        if order.claim_refusals >= CLAIM_REFUSALS:
            await self._end(order, ended(Code.CLAIM, reply.words))
            return
        if order.is_in_doubt:  # an earlier asking had no answer: perhaps it is ours after all, so its row stays
            waiting = msgspec.structs.replace(order.record, state=State.WAITING)
        else:
            await self._journal.keep(order.record.withdraw(self._at()))
            waiting = msgspec.structs.replace(order.record, state=State.WAITING, claimed=0)
        order.is_listed = False
        self._change(order, waiting)
        queue.put_back(order)

    # -- dispatch -------------------------------------------------------------------------------------------------

    async def _cut_in_turn(self, queue: LaneQueue) -> None:
        """Cut what is handed over. The outcome of one key and the intent of the next share a commit."""
        finished: Order | None = None
        while True:
            order = queue.handed_nowait()
            if order is None:
                await self._settle(finished)
                queue.is_busy = False
                order, finished = await queue.handed(), None
            if order is None:
                return
            queue.is_busy = True
            finished = await self._make(order, finished)

    async def _make(self, order: Order, before: Order | None) -> Order | None:
        """Make all copies. Returns the order if its outcome is still to be synced, as `before`'s was until now."""
        if self._is_stale(order):
            await self._settle(before)
            await self._end(order, self._stale())
            return None
        for copy in range(1, order.record.copies + 1):
            if not await self._dispatch(order, copy, before):
                return None
            before = None
            outcome = await self._call(order, copy)
            if outcome.verdict is not Verdict.DONE or copy == order.record.copies:
                break
            self._change(order, order.record.made())
            self._outbox.progress(order)
            if self._is_stopping:
                outcome = ended(Code.STOPPED)
                break
        self._change(order, order.record.end(outcome, self._at()))
        return order

    async def _dispatch(self, order: Order, copy: int, before: Order | None) -> bool:
        """Whether the intent to make this copy is on disk; only then may the device be called."""
        self._change(order, order.record.dispatch(copy))
        try:
            await self._journal.write(*([before.record] if before else []), order.record)
        except JournalUnavailable as error:
            await self._settle(before)
            await self._end(order, ended(Code.JOURNAL, str(error)))
            return False
        if before is not None:
            self._outbox.report(before)
        await self._depart()
        return True

    async def _depart(self) -> None:
        """Let the last key get on its way first: lanes that began together then no longer end together."""
        now = self._clock()
        self._departure = max(now, self._departure + DEPARTURES)
        if self._departure > now:
            await trio.sleep(self._departure - now)

    async def _call(self, order: Order, copy: int) -> Outcome:
        """The one call to the device for this copy. None begins once a stop's time is over."""
        if not self._has_time:
            return ended(Code.STOPPED)
        driver, job = self._drivers[self._queue_of(order).lane.server], _job(order)
        outcome = ended(Code.STOPPED_CUTTING)
        with trio.CancelScope() as call:
            self._calls[call] = self._clock()
            try:
                outcome = await driver.cut(msgspec.structs.replace(job, copy=copy))
            finally:
                del self._calls[call]
        return outcome

    # -- outcome --------------------------------------------------------------------------------------------------

    async def _end(self, order: Order, outcome: Outcome) -> None:
        self._change(order, order.record.end(outcome, self._at()))
        await self._settle(order)

    async def _settle(self, order: Order | None) -> None:
        """Sync an outcome, then report it; a disk that refuses delays no report, the journal owes the row."""
        if order is not None:
            await self._journal.keep(order.record)
            self._outbox.report(order)

    def _refuse(self, order: Order, outcome: Outcome) -> None:
        """End a command that was never claimed. It needs no row: until Mews has the report, it lists it."""
        self._change(order, order.record.refuse(outcome, self._at()))
        self._outbox.report(order)

    # -- report ---------------------------------------------------------------------------------------------------

    async def _remember(self, order: Order) -> bool:
        """Whether the row of an order that was refused unclaimed is on disk."""
        if not order.record.claimed:
            order.record = msgspec.structs.replace(order.record, claimed=self._at())
        try:
            await self._journal.write(order.record)
        except JournalUnavailable:
            return False
        return True

    def _reported(self, order: Order) -> None:
        self._change(order, order.record.report(self._at()))
        if order.record.claimed:
            self._journal.keep_lazily(order.record)
        self._orders.end(order, self._clock())

    def recover(self, records: Sequence[Record]) -> None:
        """What a restart does with each state, by the table in `commands/lifecycle.py`.

        A command that is under way already was listed by Mews, so the claim in its old row was never taken.
        """
        for record in records:
            if self._orders.get(record.id) is not None:
                continue
            order = Order(record)
            order.is_recovered = True
            self._orders.add(order)
            event = ON_RESTART[record.state]
            if event is not None:
                code = Code.RESTART if event is Event.FAIL else Code.RESTART_CUTTING
                self._change(order, record.end(ended(code), self._at()))
                self._journal.keep_lazily(order.record)
            self._outbox.report(order)

    # -- small things ---------------------------------------------------------------------------------------------

    def _change(self, order: Order, record: Record) -> None:
        order.record = record
        self._on_change(record)

    def _queue_of(self, order: Order) -> LaneQueue:
        return self._lanes[order.record.target]

    def _age(self, order: Order) -> float:
        if order.created is None:
            return 0.0
        return self._mews_clock.age(order.created, order.first_seen)

    def _is_stale(self, order: Order) -> bool:
        return self._age(order) > self._key_age

    def _stale(self) -> Outcome:
        return ended(Code.STALE, f"{self._key_age:.0f} seconds")

    def _at(self) -> int:
        return int((self._mews_clock.now() or utc_now()).timestamp())


def _job(order: Order) -> KeyJob:
    if order.job is None:
        raise AssertionError("only orders with a job are queued")
    return order.job
