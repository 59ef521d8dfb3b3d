"""What a list of Mews means for the orders: which are new, which wait, which are gone, and which are too many.

Asks no other machine. Only a whole list that was asked for late enough can show that a command is gone.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import trio

from agent.commands.bond import Said, held
from agent.commands.driver import size
from agent.commands.lifecycle import State
from agent.commands.model import Listed, Standing
from agent.commands.notes import Code, ended
from agent.commands.origin import Origin, OriginName
from agent.foundation.reading.text import plain
from agent.foundation.timing import Clock
from agent.health import mews_kinds
from agent.health.health import Health
from agent.pipeline.lane import LaneQueue
from agent.pipeline.last_look import LastLook
from agent.pipeline.orders import FREE_LANE, Order, Orders
from agent.pipeline.register import Register
from agent.pipeline.terms import Terms

REPEAT_REPORT_SECONDS = 60.0  # s; longer than a poll: what Mews still lists after that, it forgot the result of
VANISHED = (3, 600.0)  # commands, s; so many going on without us in that time deserve a word


class _TooMuch(NamedTuple):
    """A command that the box had no room for: its lane, and the bytes of its document."""

    lane: str
    document: int


class Acceptance:
    """Takes lists, which come from `origin`. `terms` gives what holds now, `lanes` are by their id."""

    def __init__(
        self,
        terms: Callable[[], Terms],
        lanes: Mapping[str, LaneQueue],
        orders: Orders,
        register: Register,
        health: Health,
        clock: Clock,
        origin: Origin,
    ) -> None:
        self._terms, self._lanes, self._orders, self._register = terms, lanes, orders, register
        self._health, self._clock, self._origin = health, clock, origin
        self._vanished: deque[float] = deque(maxlen=VANISHED[0])
        self._seen: dict[str, tuple[float, float]] = {}  # of orders that were set back: `first_seen` and `unseen`
        self._turned_away: dict[str, _TooMuch] = {}
        self._asked_at = float("-inf")  # when the last whole list was asked for

    def __contains__(self, command_id: object) -> bool:
        """Whether no more than id and state has to be read of a listed command."""
        return command_id in self._orders or self._is_still_too_many(command_id)

    async def take(self, listed: Sequence[Listed], asked_at: float, *, is_whole: bool = True) -> None:
        """Take over what a poll listed, and what not; `asked_at` is when it went out (monotonic seconds)."""
        standings = {command.id: command.standing for command in listed}
        for order in self._orders.waiting(OriginName.MEWS):
            if order.given_back <= asked_at and (is_whole or order.id in standings):
                self._look_again(order, standings.get(order.id))
        too_many = await self._accept_all(listed)
        self._tell_strange({command.word for command in listed if command.standing is Standing.STRANGE})
        self._tell_too_many(too_many)
        self._drop_late()
        if is_whole:
            self._asked_at = asked_at
        for lane in self._lanes.values():
            if len(lane):  # else a list changes nothing, and the tasks of all lanes would wake at each poll
                lane.stir()

    def set_back(self, orders: Sequence[Order]) -> None:
        """These wait, and a new file shall route them: the next list brings them again, as old as they are."""
        for order in orders:
            if order.hold.is_in_doubt or order.record.origin != OriginName.MEWS:  # no list will bring it
                self._register.refuse(order, ended(Code.STOPPED, order.record.kind))
            else:
                self._seen[order.id] = (order.first_seen, order.unseen)
                self._register.set_back(order)

    def _look_again(self, order: Order, standing: Standing | None) -> None:
        """An order that waits, and how Mews lists it (None: not at all)."""
        is_perhaps_ours = order.hold.is_in_doubt and standing is Standing.TAKEN
        if is_perhaps_ours or (standing is not None and standing.is_open):
            order.hold = held(order.hold, Said.LIST)
        elif standing is Standing.OVER:
            self._leave(order)
        else:
            self._vanish(order)

    async def _accept_all(self, listed: Sequence[Listed]) -> int:
        turned_away: dict[str, _TooMuch] = {}
        seen, self._seen = self._seen, {}
        for command in listed:
            if command.id in self._orders:
                self._see_again(command)
            elif command.standing.is_open:
                if not self._accept(command, seen.get(command.id), turned_away):
                    continue
                await trio.lowlevel.checkpoint()  # what can be claimed at once need not wait for the rest
        self._turned_away = turned_away
        return len(turned_away)

    def _accept(self, listed: Listed, seen: tuple[float, float] | None, turned_away: dict[str, _TooMuch]) -> bool:
        """Whether it is under way now; else it is turned away."""
        seen = seen or (self._clock(), self._asked_at)
        order = None if self._is_still_too_many(listed.id) else self._terms().intake.order(listed)
        lane = self._lanes.get(order.record.target) if order is not None and order.refusal is None else None
        if order is None or not self._have_room(order, lane):
            turned_away[listed.id] = (
                self._turned_away[listed.id] if order is None else _TooMuch(order.record.target, size(order.job))
            )
            self._seen[listed.id] = seen
            return False
        order.first_seen, order.unseen = seen
        order.since = self._clock()
        self._begin(order, lane)
        return True

    def _begin(self, order: Order, lane: LaneQueue | None) -> None:
        self._orders.add(order)
        self._register.change(order, order.record)
        refusal = order.refusal or self._last_look.objection(order)
        if refusal is not None or lane is None:
            self._register.refuse(order, refusal or ended(Code.STOPPED, order.record.kind))
        elif not lane.append(order):
            # One that need not wait goes straight to `Processing`, a round trip sooner.
            self._register.outbox.receive(order)

    def _have_room(self, order: Order, lane: LaneQueue | None) -> bool:
        return self._orders.have_room(FREE_LANE if lane is None else len(lane), size(order.job))

    def order(self, order: Order) -> None:
        """Take over what somebody at the box orders. Its lane is there."""
        order.first_seen = order.since = self._clock()
        self._begin(order, self._lanes.get(order.record.target))

    def cancel(self, order: Order) -> None:
        """Who ordered it wants it no more. The copy that is being made goes on."""
        if order.is_waiting:
            self._leave(order)
        elif order.record.state in (State.CLAIMED, State.DISPATCHED):
            order.close()  # no copy begins any more

    def _is_still_too_many(self, command_id: object) -> bool:
        too_much = self._turned_away.get(str(command_id))
        if too_much is None or too_much.lane not in self._lanes:
            return False
        return not self._orders.have_room(len(self._lanes[too_much.lane]), too_much.document)

    def _see_again(self, listed: Listed) -> None:
        order = self._orders.get(listed.id)
        if order is None:
            self._tell_again(listed)
        elif order.is_waiting and order.hold.is_to_be_had and listed.standing is Standing.NEW:
            self._register.outbox.receive(order)
        elif order.record.state is State.CLAIMED and listed.standing is Standing.OVER:
            order.close()

    def _tell_again(self, listed: Listed) -> None:
        """Mews lists a command that is over: it forgot the result. Verdicts are named like their states."""
        record = self._orders.overdue(listed.id, self._clock(), REPEAT_REPORT_SECONDS)
        if record is not None and listed.standing.is_open:
            self._register.outbox.report(Order(record.forgotten(), self._origin))

    def _vanish(self, order: Order) -> None:
        """It is not ours, and Mews lists it no longer: cancelled, or taken by another connector."""
        if order.hold.is_in_doubt:  # only we would ever end it
            self._dequeue(order)
            self._register.refuse(order, ended(Code.CLAIM, order.record.kind, said=order.said))
            return
        self._leave(order)
        self._vanished.append(self._clock())
        most, seconds = VANISHED
        if len(self._vanished) == most and self._clock() - self._vanished[0] < seconds:
            words = f"{most} waiting commands left Mews' list within {seconds / 60:.0f} minutes."
            self._health.raise_fault(mews_kinds.SHARED, "mews", words)

    def _leave(self, order: Order) -> None:
        self._dequeue(order)
        self._register.withdraw(order)

    def _dequeue(self, order: Order) -> None:
        lane = self._lanes.get(order.record.target)
        if lane is not None:  # else it is between two files
            lane.remove(order)

    def _drop_late(self) -> None:
        for order in self._orders.waiting():
            objection = self._last_look.objection(order)
            if objection is not None:
                self._dequeue(order)
                self._register.refuse(order, objection)
        if self._vanished and self._clock() - self._vanished[-1] > VANISHED[1]:
            self._health.clear("mews", mews_kinds.SHARED)

    def _tell_strange(self, words: set[str]) -> None:
        if words:
            names = ", ".join(f"“{plain(word, 40)}”" for word in sorted(words)[:3])
            self._health.raise_fault(mews_kinds.STATE, "mews", f"Commands in the state {names} are left alone.")
        else:
            self._health.clear("mews", mews_kinds.STATE)

    def _tell_too_many(self, count: int) -> None:
        if count:
            words = f"{count} more orders wait in Mews; the box takes them as others end."
            self._health.raise_fault(mews_kinds.CROWD, "mews", words)
        else:
            self._health.clear("mews", mews_kinds.CROWD)

    @property
    def _last_look(self) -> LastLook:
        return self._terms().last_look
