"""The console of an agent that is no box: a serial line, a pty or a terminal. Loaded when it is asked for."""

import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import trio

from agent.console.box import ConsoleBox
from agent.console.desk_link import DeskLink
from agent.console.helper import Helper, NoHelper
from agent.console.line import Descriptors
from agent.console.own_file import OwnFile
from agent.console.own_page import OwnPage
from agent.console.server import ConsoleServer
from agent.handover.site_facts import SiteFacts
from agent.status.own_address import PageAddress
from agent.status.server.address import Address
from board.base import Board

NOWHERE = PageAddress("127.0.0.1", 0)  # which no program answers at
NO_FILE = "Which provisioning file is meant, this console was not told: start it with --config FILE."


def page_at(get_address: Callable[[], Address | None]) -> OwnPage:
    """The page of an agent on this machine, None as long as it has none."""
    return OwnPage(lambda: _page_address(get_address()))


def _page_address(address: Address | None) -> PageAddress:
    if address is None:
        return NOWHERE
    return PageAddress(f"[{address.host}]" if ":" in address.host else address.host, address.port)


class AgentConsole:
    """The console of the agent in `state`, which works with `config`; None: it may not change that."""

    def __init__(self, board: Board, page: OwnPage, state: Path, config: Path | None) -> None:
        desk = DeskLink(state)
        self._board = board
        self._file = OwnFile(config, desk, page) if config else None
        helper: Helper = self._file or NoHelper(NO_FILE)
        facts: Callable[[], SiteFacts] = self._file.facts if self._file else _unknown
        box = ConsoleBox(
            page,
            desk,
            helper,
            board.network,
            facts,
            run=state / "run",
            name=lambda: board.host_name,
            version=version("nightporter"),
            provision_text=self._file.words if self._file else None,
        )
        self._server = ConsoleServer(box)
        if self._file is not None:
            self._file.announce = self._server.announce

    async def serve_device(self, device: str) -> None:
        """Serve a serial line until cancelled, also when it comes and goes."""
        async with trio.open_nursery() as nursery:
            self._watch_trials(nursery)
            await self._server.serve_all(
                lambda: (device,), lambda name: self._board.open_serial(name, 115_200), self._board.watch_devices()
            )

    async def serve_pty(self, task_status: trio.TaskStatus[str] = trio.TASK_STATUS_IGNORED) -> None:
        """Serve a pseudo-terminal until cancelled; its path is reported."""
        ours, theirs = os.openpty()
        try:
            async with trio.open_nursery() as nursery:
                self._watch_trials(nursery)
                nursery.start_soon(self._server.watch)
                task_status.started(os.ttyname(theirs))
                while True:
                    await self._server.serve(Descriptors("pty", ours, is_dumb=True), asks_for_code=True)
        finally:
            os.close(ours)
            os.close(theirs)

    async def serve_terminal(self, reads: int, writes: int, *, is_dumb: bool) -> None:
        """Serve the terminal that this process runs on, until its person goes."""
        async with trio.open_nursery() as nursery:
            self._watch_trials(nursery)
            nursery.start_soon(self._server.watch)
            await self._server.serve(Descriptors("terminal", reads, writes, is_dumb=is_dumb), asks_for_code=False)
            nursery.cancel_scope.cancel()

    def _watch_trials(self, nursery: trio.Nursery) -> None:
        if self._file is not None:
            nursery.start_soon(self._file.watch_trials)


def _unknown() -> SiteFacts:
    return SiteFacts(is_provisioned=True)
