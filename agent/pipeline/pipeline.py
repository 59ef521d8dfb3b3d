"""The pass of a command, top to bottom: accept, route, queue, claim, dispatch, outcome, report.

What makes the promise hold: nothing is sent to Mews or to a device before the record that announces it is synced;
only Mews' acknowledgement of `Processing` lets a key be cut; a call to a device is never repeated; in doubt the
outcome is UNKNOWN. Polls come in through `take`; the picture is in ARCHITECTURE.md. The pipeline outlives every
provisioning file: a new one changes what lanes do next, and stops none of them.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import trio

from agent.commands.driver import Job, Lane
from agent.commands.lifecycle import ON_RESTART, Event, State
from agent.commands.model import Kind, Listed
from agent.commands.notes import Code, ended
from agent.commands.origin import Origin, OriginName
from agent.commands.record import Record
from agent.foundation.timing import Clock
from agent.health import lock_kinds
from agent.health.health import Health
from agent.journal.journal import Journal
from agent.pipeline.acceptance import Acceptance
from agent.pipeline.claims import Claims
from agent.pipeline.following import Following
from agent.pipeline.intake import doors
from agent.pipeline.issued_keys import IssuedKeys
from agent.pipeline.lane import LaneQueue
from agent.pipeline.last_look import LastLook
from agent.pipeline.making import Making
from agent.pipeline.orders import Order, Orders
from agent.pipeline.register import Register
from agent.pipeline.terms import CurrentMews, Terms

REPORT_SECONDS = 3.0  # s; what a stop gives the last reports, the journal has them anyway


class Pipeline:
    """The lanes, the commands on them, and everything that happens to a command between two polls.

    `issued` are the keys whose stays last.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        health: Health,
        orders: Orders,
        desk: Origin,
        on_change: Callable[[Record], None] = lambda record: None,
        clock: Clock = trio.current_time,
    ) -> None:
        self._orders, self._health = orders, health
        self._terms: Terms | None = None
        self._mews = CurrentMews()
        self._desk = desk
        self._lanes: dict[str, LaneQueue] = {}
        self._served: dict[str, LaneQueue] = {}  # the newest of each id, also when the file names it no longer
        self._places: dict[str, trio.CapacityLimiter] = {}  # by the server's hop: a new file changes their number
        self._register = Register(journal, health, orders, on_change, self._mews_now, clock)
        self._claims = Claims(self._register, self._last_look, lambda: self._present().consent, clock)
        self.issued = IssuedKeys(journal.keep_lazily, self._register.at, lambda: self._present().drivers.keys())
        self._making = Making(self._register, self.issued, self._last_look, clock)
        self._acceptance = Acceptance(
            self._present, self._lanes, orders, self._register, health, clock, self._mews
        )
        self._following = Following(self._register, lambda: self._present().drivers, clock)
        self._nursery: trio.Nursery | None = None
        self._stopping, self._lanes_ended = trio.Event(), trio.Event()

    @property
    def known(self) -> Acceptance:
        """The ids of which a list need not be read any further."""
        return self._acceptance

    @property
    def longest_call(self) -> float:
        """For how many seconds the longest of the running calls to a device has been running."""
        return self._making.longest_call

    def adopt(self, terms: Terms) -> None:
        """From now on these terms hold. What is claimed or being made goes on; what waits is routed again."""
        self._terms = terms
        self._mews.adopt(terms.mews)
        self._following.drivers_are_there()
        lanes = {lane.id: lane for lane in terms.intake.lanes}
        for id in self._lanes.keys() - lanes.keys():
            self._acceptance.set_back(self._lanes.pop(id).leave())
        for lane in lanes.values():
            self._adopt_lane(lane, terms)

    async def take(self, listed: Sequence[Listed], asked_at: float, *, is_whole: bool = True) -> None:
        """Take over what a poll listed, and what not; `asked_at` is when it went out (monotonic seconds)."""
        await self._acceptance.take(listed, asked_at, is_whole=is_whole)

    def order(self, lane: Lane, job: Job, id: str, by: str) -> None:
        """Put what somebody at the box orders on its lane. Its origin hears what becomes of it. `by` is who."""
        record = Record(
            id, by, lane.kind, lane.id, doors(job), job.copies, created=self._register.at(), origin=OriginName.DESK
        )
        objection = self._present().drivers[lane.driver].objection(job)
        self._acceptance.order(Order(record, self._desk, job=job, refusal=objection))

    def cancel(self, id: str) -> Record | None:
        """Who ordered it at the box wants it no more; its record now. The copy that is being made goes on.

        None for an order that is over, or not the desk's.
        """
        order = self._orders.get(id)
        if order is None or order.record.origin != OriginName.DESK:
            return None
        self._acceptance.cancel(order)
        return order.record

    def see(self, record: Record) -> None:
        """A person has looked after what was perhaps made, or made for no one."""
        self._register.see(record)

    def forget_old_keys(self) -> None:
        """Forget the keys whose stays ended long ago; before Mews has told the time no one knows which."""
        if self._mews_now() is not None:
            self.issued.look()

    @property
    def mews(self) -> Origin:
        """Mews as an origin, whichever connector speaks to it."""
        return self._mews

    def pause(self, lane: str, by: str) -> None:
        """Begin nothing more on a lane until `resume`, or until the box restarts. KeyError for no such lane."""
        self._lanes[lane].pause(by)
        self._tell_paused(lane)

    def resume(self, lane: str) -> None:
        """Go on with a lane. KeyError for no such lane."""
        self._lanes[lane].resume()
        self._health.clear(lane, lock_kinds.PAUSED)

    @property
    def paused(self) -> frozenset[str]:
        """The lanes that are paused."""
        return frozenset(id for id, queue in self._lanes.items() if queue.paused_by)

    async def run(self) -> None:
        """Work until `stop`."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._register.outbox.run)
            nursery.start_soon(self._following.run)
            async with trio.open_nursery() as self._nursery:
                for queue in self._lanes.values():
                    self._nursery.start_soon(self._serve, queue)
                await self._stopping.wait()
            self._lanes_ended.set()
            with trio.move_on_after(REPORT_SECONDS):
                await self._register.outbox.wait_reported()
            nursery.cancel_scope.cancel()

    async def stop(self, grace: float) -> None:
        """Claim nothing more, let the running keys finish within `grace` seconds, then call them UNKNOWN."""
        self._stopping.set()
        self._making.begin_to_stop()
        for queue in self._lanes.values():
            queue.claiming.cancel()
        with trio.move_on_after(grace):
            await self._lanes_ended.wait()
        self._making.break_off()

    def recover(self, records: Sequence[Record]) -> None:
        """What a restart does with each state, by the table in `commands/lifecycle.py`; results are then reported.
        What became of a document the printer is asked first.

        A command that is under way already was listed by Mews, so the claim in its old row was never taken.
        """
        for record in records:
            if self._orders.get(record.id) is not None:
                continue
            origin = self._mews if record.origin == OriginName.MEWS else self._desk
            order = Order(record, origin, is_recovered=True)
            self._orders.add(order)
            if record.state is State.DISPATCHED and record.kind is Kind.PRINT:
                self._following.add(order)
                continue
            event = ON_RESTART[record.state]
            if event is not None:
                code = Code.RESTART if event is Event.FAIL else Code.RESTART_CUTTING
                self._register.change(order, record.end(ended(code, record.kind), self._register.at()))
                self._register.keep_lazily(order.record)
            self._register.outbox.report(order)

    async def _serve(self, queue: LaneQueue) -> None:
        """One lane, until it is gone or the box stops: claim one ahead, make in turn."""
        async with queue.served(), trio.open_nursery() as nursery:
            nursery.start_soon(self._making.make_in_turn, queue)
            with queue.claiming:
                await self._claims.claim_ahead(queue)

    def _adopt_lane(self, lane: Lane, terms: Terms) -> None:
        driver = terms.drivers[lane.driver]
        places = self._places.setdefault(lane.driver, trio.CapacityLimiter(1))
        places.total_tokens = driver.calls_at_once
        queue = self._lanes.get(lane.id)
        if queue is not None:
            queue.lane, queue.driver, queue.places = lane, driver, places
            self._acceptance.set_back(queue.set_back())
            self._tell_paused(lane.id)  # the faults of the file before are forgotten, the pause is not
            return
        before = self._served.get(lane.id)
        queue = self._lanes[lane.id] = self._served[lane.id] = LaneQueue(lane, driver, places, before)
        if self._nursery is not None and not self._stopping.is_set():
            self._nursery.start_soon(self._serve, queue)

    def _tell_paused(self, lane: str) -> None:
        by = self._lanes[lane].paused_by
        if by:
            self._health.raise_fault(lock_kinds.PAUSED, lane, f"Paused by {by}: it begins nothing.")

    def _present(self) -> Terms:
        if self._terms is None:
            raise AssertionError("nothing is listed, and no lane is there, before there are terms")
        return self._terms

    def _last_look(self) -> LastLook:
        return self._present().last_look

    def _mews_now(self) -> datetime | None:
        return None if self._terms is None else self._terms.mews_clock.now()
