"""A key that the desk orders, by the same lane, rows and one call as any other: it waits its turn, a card is
presented, it ends.

Must never say "not cut" unless the pass said so, nor order twice.
"""

from datetime import timedelta

import msgspec
import trio

from agent.commands.driver import CancelsKeys, Lane
from agent.commands.lifecycle import ENDS, State
from agent.commands.model import Kind
from agent.commands.notes import WORDS
from agent.commands.record import Record
from agent.control.acts import NOT_BEGUN, of_order
from agent.control.errands.errand import Tell
from agent.control.errands.lanes import gone, lane_of
from agent.control.hotel import Hotel, OrderedKey
from agent.control.words.requests import EarlyKey, KeyOrder, LockKey, MobileKey
from agent.control.words.told import End, Line, Result

LOOK_SECONDS = 0.5  # s between two looks at what an order waits for; no one reads faster


class Wish(msgspec.Struct, frozen=True):
    """What key is wanted: on which lane, for which doors, from when and for how long. `contact` is a guest's."""

    lane: str
    room: str
    areas: tuple[str, ...] = ()
    copies: int = 1
    begins_in: timedelta = timedelta()
    lasts: timedelta = timedelta(hours=2)
    contact: str = ""

    def __repr__(self) -> str:
        return f"Wish({self.lane!r}, {self.room!r})"


def wish(request: KeyOrder | LockKey | EarlyKey | MobileKey) -> Wish:
    """What a request wants."""
    match request:
        case EarlyKey():
            begins_in, lasts = timedelta(days=request.days), timedelta(days=request.nights)
            return Wish(request.lane, request.room, begins_in=begins_in, lasts=lasts)
        case MobileKey():
            lasts = timedelta(hours=request.hours)
            return Wish(request.lane, request.room, lasts=lasts, contact=request.contact)
        case LockKey():
            areas = tuple(filter(None, (area.strip() for area in request.areas.split(","))))
            return Wish(request.lane, request.room, areas, request.copies, lasts=timedelta(hours=request.hours))
        case KeyOrder():
            return Wish(request.lane, request.room, copies=request.copies, lasts=timedelta(hours=request.hours))


class KeyErrand:
    """One order under the id `id`, which `by` gives."""

    def __init__(self, wish: Wish, id: str, by: str, hotel: Hotel, tell: Tell) -> None:
        self._wish, self._id, self._by = wish, id, by
        self._hotel, self._tell = hotel, tell
        self._record: Record | None = None
        self._waits_for = ""
        self._is_mobile = False
        self._over = trio.Event()

    async def run(self) -> Result:
        """Order it, and wait for its end."""
        lane = lane_of(self._hotel, self._wish.lane)
        if lane is None:
            return gone(self._wish.lane)
        self._is_mobile = lane.is_mobile
        self._hotel.order_key(self._order(lane), self._hear)
        while not self._over.is_set():
            self._tell_waiting(self._hotel.waits_for(self._id))
            with trio.move_on_after(LOOK_SECONDS):
                await self._over.wait()
        return self._result()

    def left_behind(self) -> Result:
        """What becomes of the order, now that no one waits for it."""
        if self._record is None or (not self._is_ended and self._hotel.leave(self._id)):
            return Result(End.FAILED, NOT_BEGUN)
        if self._is_ended:
            return self._result()
        made = self._record.made
        so_far = f"{made} of {self._wish.copies} keys cut, and the next" if made else "The key"
        look = WORDS[Kind.KEY].look
        return Result(End.PERHAPS, f"{so_far} counts as perhaps cut: the encoder was asked already. {look}")

    def _order(self, lane: Lane) -> OrderedKey:
        wish = self._wish
        start = self._hotel.now() + wish.begins_in
        end = start + wish.lasts
        return OrderedKey(
            self._id, lane, wish.room, start, end, wish.copies, self._by, areas=wish.areas, contact=wish.contact
        )

    def _hear(self, record: Record) -> None:
        before, self._record, self._waits_for = self._record, record, ""
        if record.state in ENDS:
            self._over.set()
        elif record.state is State.DISPATCHED:
            self._tell_copy(before, record)

    def _tell_copy(self, before: Record | None, record: Record) -> None:
        if before is None or before.copy != record.copy:
            lane = lane_of(self._hotel, record.target)
            which = f"key {record.copy} of {record.copies} for room {record.room}"
            name = lane.name if lane else record.target
            words = (
                f"Asks {name} for {which}." if lane and lane.is_mobile else f"Present a card at {name}: {which}."
            )
            self._tell(Line(words, record.copy - 1, record.copies))
        elif record.made > before.made:
            self._tell(Line(f"{record.made} of {record.copies} cut.", record.made, record.copies))

    def _tell_waiting(self, waits_for: str) -> None:
        if waits_for and waits_for != self._waits_for:
            self._tell(Line(f"Waits for {waits_for}.", of=self._wish.copies))
        self._waits_for = waits_for

    @property
    def _is_ended(self) -> bool:
        return self._record is not None and (bool(self._record.verdict) or self._record.state in ENDS)

    def _result(self) -> Result:
        if self._record is None:
            raise AssertionError("an order that is over has a record")
        result = of_order(self._record, is_mobile=self._is_mobile)
        return msgspec.structs.replace(result, text=f"{result.text}{numbers(self._hotel, self._record)}")


def numbers(hotel: Hotel, order: Record) -> str:
    """Without an agent, which could name them later: the lock system's numbers of an order's keys, as a sentence
    to add. "" where there are none, or none that cancels a key."""
    can_cancel = {driver.hop for driver in hotel.lock_systems if isinstance(driver, CancelsKeys)}
    made = [key.key for key in hotel.keys_of_order(order.id) if key.server in can_cancel]
    if hotel.has_agent or not made:
        return ""
    return f" Key number{'' if len(made) == 1 else 's'} {', '.join(made)}."
