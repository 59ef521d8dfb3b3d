"""The desk of the running agent, once there was a poll, with the acts that the journal kept.

What it takes is loaded then; before, the agent has no desk and no acts.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import trio

from agent.commands.record import Record
from agent.hotel.beside import Beside, wait_first_poll
from agent.hotel.parts import Parts
from agent.hotel.site import Site
from agent.journal.rows.acts import Act
from board.base import Board

if TYPE_CHECKING:
    from agent.control.desk import Desk
    from agent.control.hotel import Hotel, Say
    from agent.control.words.bundle import SupportBundle
    from agent.hotel.acting import Acting

    Pack = Callable[[Hotel, Say], Awaitable[SupportBundle]]


class DeskService:
    """`state` is the agent's directory, `pack` packs a support bundle."""

    def __init__(self, parts: Parts, board: Board, state: Path, beside: Beside, pack: "Pack") -> None:
        self._parts, self._board, self._state = parts, board, state
        self._beside, self._pack = beside, pack
        self._acting: Acting | None = None
        self._is_there = trio.Event()
        self._kept: Sequence[Act] | None = None  # what the journal had; None: not open yet, or taken over
        parts.news.tell_first(self._hear)

    @property
    def desk(self) -> "Desk | None":
        """None before it is there."""
        return None if self._acting is None else self._acting.desk

    async def wait_desk(self) -> "Desk":
        """Wait until it is there."""
        await self._is_there.wait()
        assert self._acting is not None
        return self._acting.desk

    def recent_acts(self) -> tuple[Act, ...]:
        """The last acts, the newest first; none before the desk is there."""
        return () if self._acting is None else self._acting.recent()

    def remember(self, acts: Sequence[Act]) -> None:
        """The journal is open, and had these."""
        self._kept = acts
        self._take_over_kept()

    async def serve(self, site: Site | None) -> None:
        """Serve it until cancelled, once `site` has asked Mews."""
        await wait_first_poll(site)
        self._acting = acting = self._load()
        self._take_over_kept()
        self._beside.enter_desk(acting.hotel)
        self._is_there.set()
        await acting.serve()

    async def close(self) -> None:
        """The agent ends."""
        if self._acting is not None:
            await self._acting.close()

    def _load(self) -> "Acting":
        from agent.hotel.acting import Acting
        from agent.hotel.box_steps import BoxProbe
        from agent.hotel.desk_hotel import DeskHotel

        parts, present = self._parts, self._parts.present
        hotel = DeskHotel(
            *(present, lambda: present.site, parts.pipeline, parts.orders, parts.loose_cards),
            BoxProbe(self._board, self._state, present.mews_now, wall=present.wall),
            bundle=self._bundle,
        )
        return Acting(hotel, parts.hub, parts.journal, present.unix_now, self._state)

    def _take_over_kept(self) -> None:
        """Once both are there: the desk, and what the journal had."""
        if self._acting is not None and self._kept is not None:
            self._acting.remember(self._kept, self._parts.orders.record)
            self._kept = None

    def _hear(self, record: Record) -> None:
        if self._acting is not None:
            self._acting.hotel.hear(record)

    async def _bundle(self, say: "Say") -> "SupportBundle":
        assert self._acting is not None
        return await self._pack(self._acting.hotel, say)
