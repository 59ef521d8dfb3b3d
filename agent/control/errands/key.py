"""A test key, by the same lane, rows and one call as any other: it waits its turn, a card is presented, it ends.

Must never say "not cut" unless the pass said so, nor order twice.
"""

from datetime import timedelta

import trio

from agent.commands.driver import Lane
from agent.commands.lifecycle import State
from agent.commands.model import WaitsFor
from agent.commands.notes import LOOK
from agent.commands.record import Record
from agent.control.acts import of_order
from agent.control.errands.errand import Tell
from agent.control.hotel import Hotel
from agent.control.words.requests import KeyOrder
from agent.control.words.told import End, Line, Result


class KeyErrand:
    """One order under the id `id`. It listens to that order itself."""

    def __init__(self, request: KeyOrder, id: str, hotel: Hotel, tell: Tell) -> None:
        self._request, self._id, self._hotel, self._tell = request, id, hotel, tell
        self._is_ordered = False
        self._record: Record | None = None
        self._waits_for: WaitsFor | None = None
        self._over = trio.Event()

    async def run(self) -> Result:
        """Order it, and wait for its end."""
        lane = self._lane()
        if lane is None:
            return Result(End.FAILED, f"{self._request.lane} is not in the provisioning file any more.")
        start = self._hotel.now()
        end = start + timedelta(hours=self._request.hours)
        self._is_ordered = True
        await self._hotel.order_key(self._id, lane, (self._request.room,), start, end, self._request.copies, self)
        await self._over.wait()
        return self._result()

    def left_behind(self) -> Result:
        """What becomes of the order, now that nobody waits for it."""
        if self._over.is_set():
            return self._result()
        if not self._is_ordered or self._hotel.leave(self._id):
            return Result(End.FAILED, "The order was taken back before the encoder was asked: no key was cut.")
        made = self._record.cut if self._record else 0
        so_far = f"{made} of {self._request.copies} keys cut, and the next" if made else "The key"
        return Result(End.PERHAPS, f"{so_far} counts as perhaps cut: the encoder was asked already. {LOOK}")

    def waits(self, reason: WaitsFor) -> None:
        """It waits."""
        if reason is not self._waits_for:
            self._waits_for = reason
            self._tell(Line(f"Waits for {reason}.", of=self._request.copies))

    def changed(self, record: Record) -> None:
        """It took a step."""
        before, self._record, self._waits_for = self._record, record, None
        if record.verdict or record.state is State.WITHDRAWN:
            self._over.set()
        elif record.state is State.DISPATCHED:
            self._tell_copy(before, record)

    def _tell_copy(self, before: Record | None, record: Record) -> None:
        if before is None or before.copy != record.copy:
            which = f"key {record.copy} of {record.copies} for room {record.room}"
            self._tell(Line(f"Present a card at {self._name()}: {which}.", record.copy - 1, record.copies))
        elif record.cut > before.cut:
            self._tell(Line(f"{record.cut} of {record.copies} cut.", record.cut, record.copies))

    def _result(self) -> Result:
        if self._record is None:
            raise AssertionError("an order that is over has a record")
        return of_order(self._record)

    def _lane(self) -> Lane | None:
        return next((lane for lane in self._hotel.lanes if lane.id == self._request.lane), None)

    def _name(self) -> str:
        lane = self._lane()
        return self._request.lane if lane is None else lane.name
