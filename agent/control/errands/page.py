"""A test page that the desk has printed, by the same lane, rows and one call as any other document.

Must never say "not printed" unless the pass said so, nor order twice.
"""

from importlib.metadata import version

import trio

from agent.commands.driver import Lane
from agent.commands.lifecycle import ENDS, State
from agent.commands.model import Kind
from agent.commands.notes import WORDS
from agent.commands.record import Record
from agent.control.acts import NOT_SENT, of_order
from agent.control.errands.errand import Tell
from agent.control.errands.lanes import at_work, gone, lane_of
from agent.control.hotel import Hotel, OrderedPage
from agent.control.words.told import End, Line, Result
from agent.drivers.printing.documents.sample_page import PageFacts, sample_page

LOOK_SECONDS = 0.5  # s between two looks at what the printer does; no one reads faster


class PageErrand:
    """One page at `lane` under the id `id`, which `by` orders."""

    def __init__(self, lane: str, id: str, by: str, hotel: Hotel, tell: Tell) -> None:
        self._lane, self._id, self._by = lane, id, by
        self._hotel, self._tell = hotel, tell
        self._record: Record | None = None
        self._said = ""
        self._over = trio.Event()

    async def run(self) -> Result:
        """Order it, and wait for its end."""
        lane = lane_of(self._hotel, self._lane)
        if lane is None:
            return gone(self._lane)
        document = sample_page(self._facts(lane))
        self._hotel.order_page(OrderedPage(self._id, lane, document, self._by), self._hear)
        while not self._over.is_set():
            self._tell_change(lane)
            with trio.move_on_after(LOOK_SECONDS):
                await self._over.wait()
        return of_order(self._present)

    def left_behind(self) -> Result:
        """What becomes of the page, now that no one waits for it."""
        if self._record is None or (not self._is_ended and self._hotel.leave(self._id)):
            return Result(End.FAILED, NOT_SENT)
        if self._is_ended:
            return of_order(self._present)
        look = WORDS[Kind.PRINT].look
        return Result(End.PERHAPS, f"The printer was asked already, and is told to cancel the page. {look}")

    def _facts(self, lane: Lane) -> PageFacts:
        zone = self._hotel.zone
        uris = {printer.name: printer.uri for printer in self._hotel.file_printers}
        return PageFacts(
            box=self._hotel.name,
            version=version("nightporter"),
            at=self._hotel.now().astimezone(zone),
            zone=str(zone),
            addresses=tuple(self._hotel.addresses),
            printer=lane.name,
            uri=uris.get(lane.name, ""),
        )

    def _hear(self, record: Record) -> None:
        self._record = record
        if record.state in ENDS:
            self._over.set()

    def _tell_change(self, lane: Lane) -> None:
        words = self._words(lane)
        if words and words != self._said:
            self._said = words
            self._tell(Line(words))

    def _words(self, lane: Lane) -> str:
        """What it waits for, or what the printer is doing with it."""
        if self._record is not None and self._record.state is State.DISPATCHED:
            words = at_work(self._hotel, lane)
            return f"{lane.name}: {words}." if words else ""
        waits_for = self._hotel.waits_for(self._id)
        return f"Waits for {waits_for}." if waits_for else ""

    @property
    def _present(self) -> Record:
        if self._record is None:
            raise AssertionError("an order that is over has a record")
        return self._record

    @property
    def _is_ended(self) -> bool:
        return self._record is not None and (bool(self._record.verdict) or self._record.state in ENDS)
