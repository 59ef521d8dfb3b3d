"""What the journal kept, given back to the parts that want it, as soon as the disk gives it.

Until then keys are refused with that reason; no order is ever taken on that the journal does not hold.
"""

from collections.abc import Callable

import trio

from agent.foundation.errors import JournalUnavailable
from agent.health import box_kinds
from agent.hotel.beside import Beside
from agent.hotel.parts import Parts
from agent.journal.file import Contents
from agent.journal.journal import RETRY_SECONDS
from agent.journal.rows.acts import Act


class Memory:
    """`remember_acts` takes the acts over."""

    def __init__(self, parts: Parts, beside: Beside, remember_acts: Callable[[tuple[Act, ...]], None]) -> None:
        self._parts, self._beside, self._remember_acts = parts, beside, remember_acts

    async def open(self, nursery: trio.Nursery) -> None:
        """Open the journal, now or (told) later; it runs in `nursery`."""
        if not await self._is_open(nursery):
            nursery.start_soon(self._open_later, nursery)

    async def _open_later(self, nursery: trio.Nursery) -> None:
        while True:
            await trio.sleep(RETRY_SECONDS)
            if await self._is_open(nursery):
                return

    async def _is_open(self, nursery: trio.Nursery) -> bool:
        journal = self._parts.journal
        try:
            contents = await journal.open()
        except JournalUnavailable:
            return False
        nursery.start_soon(journal.run)
        self._give_back(contents)
        return True

    def _give_back(self, contents: Contents) -> None:
        parts = self._parts
        if contents.damage:
            parts.health.raise_fault(box_kinds.JOURNAL_DAMAGED, "box", contents.damage)
        for record in contents.records:
            parts.loose_cards.hear(record)
            parts.history.hear(record)
        parts.orders.remember((record for record in contents.records if not record.is_open), parts.started)
        parts.pipeline.recover([record for record in contents.records if record.is_open])
        parts.pipeline.issued.remember(contents.keys)
        self._beside.remember(contents.rooms, contents.drills)
        self._remember_acts(contents.acts)
