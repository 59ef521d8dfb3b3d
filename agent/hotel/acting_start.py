"""The page that acts, from a file's first wish for it on: what it takes is loaded then.

Without such a wish there is no listener.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.hotel.acting_place import ActingPlace
from agent.hotel.desk_service import DeskService
from agent.hotel.options import Options
from agent.hotel.page_service import PageService
from agent.hotel.parts import Parts
from agent.status.snapshot.snapshot import Snapshot
from board.base import Board

if TYPE_CHECKING:
    from agent.hotel.acting_service import Agent


class ActingStart:
    """`place` is where that page is, for those who tell people; `page` is the one that looks."""

    def __init__(
        self, parts: Parts, options: Options, board: Board, page: PageService, snapshot: Callable[[], Snapshot]
    ) -> None:
        self._parts, self._options, self._board = parts, options, board
        self._page, self._snapshot = page, snapshot
        self.place = ActingPlace()

    async def serve(self, service: DeskService) -> None:
        """Serve it as the files say, until cancelled, once the desk is there."""
        desk, present = await service.wait_desk(), self._parts.present
        while present.file is None or present.file.page.acting is None:
            await present.wait_read()
        from agent.hotel.acting_service import ActingService

        await ActingService(self._agent(), desk).serve()

    def _agent(self) -> "Agent":
        from agent.hotel.acting_service import Agent

        parts, present = self._parts, self._parts.present
        return Agent(
            config=self._options.config,
            state=self._options.state,
            host_name=self._board.host_name,
            health=parts.health,
            hub=parts.hub,
            file=lambda: present.file,
            wait_read=present.wait_read,
            snapshot=self._snapshot,
            paused=lambda: tuple(parts.pipeline.paused),
            show=self._show,
            looks_at=lambda: self._page.listens_at,
            language=self._page.language,
            wall=present.wall,
        )

    def _show(self, place: ActingPlace) -> None:
        self.place = place
