"""What all who look at the page are shown, drawn for all of them together: who watches it, and who loads it.

It is drawn bit by bit, with a turn for the other tasks after each: a key waits for one bit and not for the page.
Must never hand out a page that is only half drawn.
"""

import time
from collections.abc import Callable, Mapping

import msgspec
import trio

from agent.status.good_for import good_for
from agent.status.looking import Looking
from agent.status.snapshot.snapshot import Snapshot


class Drawing(msgspec.Struct, frozen=True):
    """A moment, its panels (each one's id and HTML), and how many seconds it stands for all who look."""

    snapshot: Snapshot
    panels: Mapping[str, str]
    stands: float


class Drawings:
    """Those of one server, by edition (`Reader.edition`). `spent` is the processor's time of this thread (s)."""

    def __init__(self, looking: Looking, spent: Callable[[], float] = time.thread_time) -> None:
        self._looking, self._spent = looking, spent
        self._drawing = trio.Lock()  # one at a time
        self._made: dict[str, tuple[float, Drawing]] = {}  # with the time until which it stands

    async def of(self, edition: str) -> Drawing:
        """As it was a moment ago at most (`good_for.py`)."""
        async with self._drawing:
            until, drawing = self._made.get(edition, (0.0, None))
            if drawing is None or trio.current_time() >= until:
                drawing = await self._draw(edition)
        return drawing

    async def now(self, edition: str) -> Drawing:
        """As it is now, for those as well who ask within the next moment."""
        async with self._drawing:
            return await self._draw(edition)

    async def _draw(self, edition: str) -> Drawing:
        """The first draws for the others, and so to the end, even if it is gone meanwhile."""
        began, spent = self._spent(), 0.0
        now, panels = self._looking.snapshot(), dict[str, str]()
        with trio.CancelScope(shield=True):
            for bit in self._looking.panels(now, edition):
                panels.update(bit)
                spent += self._spent() - began
                await trio.lowlevel.checkpoint()
                began = self._spent()
        drawing = Drawing(now, panels, good_for(spent))
        self._made[edition] = trio.current_time() + drawing.stands, drawing
        return drawing
