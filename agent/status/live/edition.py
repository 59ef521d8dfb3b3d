"""The page in one language as it goes on: looked at for all readers together, encoded once, told as what changed.

There is no task and no queue in here. All readers wait for the same moment; the first to wake looks, the others
find what it saw. So nothing is left when they are gone, and a slow reader costs nothing: it gets what it missed,
or the whole page once more.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping

import trio

from agent.status.drawings import Drawing
from agent.status.good_for import LEAST
from agent.status.live.sse import RETRY, event

BEAT = 5.0  # s after which something is said at the latest: half of what a connection may be silent
KEPT = 8  # changes; who is further behind gets the whole page


class Edition:
    """`draw` draws the page as it is now; `build` says what it must have been made by to go on."""

    def __init__(self, draw: Callable[[], Awaitable[Drawing]], build: str) -> None:
        self._draw, self._build = draw, build
        self._looking = trio.Lock()
        self._panels: Mapping[str, str] = {}
        self._changes: deque[bytes] = deque(maxlen=KEPT)
        self._whole = b""  # encoded for the last reader who came, until something changes
        self._stirred = trio.Event()
        self._gap = LEAST  # s until the next look (`good_for.py`)
        self._looked = self._told = -BEAT
        self._number = 0  # of the last change

    def stir(self) -> None:
        """Something happened that the page may show."""
        self._stirred.set()

    async def begin(self) -> tuple[int, bytes]:
        """For a reader who comes: the page as it is now, and the number to go on from."""
        async with self._looking:
            if not self._number or trio.current_time() >= self._looked + self._gap:
                await self._look()
        self._whole = self._whole or self._encoded()
        return self._number, self._whole

    async def after(self, number: int) -> tuple[int, bytes]:
        """What came after that number, within `BEAT` seconds, if only that nothing did."""
        while number == self._number:
            await self._wait_due()
            async with self._looking:
                if number == self._number and self._is_due():
                    await self._look()
        missed = self._number - number
        return (self._number, b"".join(list(self._changes)[-missed:])) if missed <= KEPT else await self.begin()

    async def _wait_due(self) -> None:
        with trio.move_on_at(self._told + BEAT):
            await self._stirred.wait()
            await trio.sleep_until(self._looked + self._gap)

    def _is_due(self) -> bool:
        now = trio.current_time()
        return now >= self._told + BEAT or (self._stirred.is_set() and now >= self._looked + self._gap)

    async def _look(self) -> None:
        """For all readers, and so to the end even if this one is gone meanwhile."""
        if self._stirred.is_set():
            self._stirred = trio.Event()  # before: what happens while it is drawn may not be in it
        with trio.CancelScope(shield=True):
            drawing = await self._draw()
        panels, self._gap = drawing.panels, drawing.stands
        self._looked = trio.current_time()
        changed = {id: html for id, html in panels.items() if self._panels.get(id) != html}
        changed |= {id: "" for id in self._panels if id not in panels}
        if changed or self._looked >= self._told + BEAT:
            self._tell(changed)
        self._panels = panels

    def _tell(self, changed: Mapping[str, str]) -> None:
        self._number += 1
        self._told = self._looked
        self._whole = b""
        id = str(self._number)
        self._changes.append(event("panels", changed, id) if changed else event("beat", {}, id))

    def _encoded(self) -> bytes:
        whole = event("panels", self._panels, str(self._number))
        return RETRY + event("hello", {"build": self._build}) + whole
