"""The status page of the running agent: where it listens, whether it can, and that it is served once it is loaded.

Keys do not wait for it: an address that cannot be had is a fault of the page, and is tried again.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from socket import socket
from typing import TYPE_CHECKING

import trio

from agent.control.hub import Hub
from agent.foundation.errors import UserMistake
from agent.foundation.reading.text import plain
from agent.health import file_kinds
from agent.health.health import Health
from agent.status.log_ring import LogRing
from agent.status.server.address import Address, address_of, bind, take_over
from agent.status.snapshot.lengths import NAME_LENGTH
from agent.status.snapshot.snapshot import Snapshot
from agent.status.telemetry.figures import Figures
from board.base import Board
from provisioning.model import Page, Provisioning

if TYPE_CHECKING:
    from agent.control.words.verbs import Verb

LISTEN_PAUSE = 2.0  # s between two tries to have the page's address: who freed it waits to see that


class PageService:
    """`listen` is the command line's address, None: as the supervisor or the file says; `file` gives the present
    file, `hub` and `ring` tell what the page shows as it happens, `for_programs` is the snapshot
    where no one looks. `ready` is set once all is loaded.
    """

    def __init__(
        self,
        listen: str | None,
        board: Board,
        health: Health,
        file: Callable[[], Provisioning | None],
        snapshot: Callable[[], Snapshot],
        hub: Hub | None = None,
        ring: LogRing | None = None,
        for_programs: Callable[[], Snapshot] | None = None,
    ) -> None:
        self._listen, self._board, self._health = listen, board, health
        self._file, self._snapshot = file, snapshot
        self._hub, self._ring, self._for_programs = hub, ring, for_programs
        self._served_of_file: str | None = None  # the address of the file that the page is served at
        self.listens_at = ""  # HOST:PORT of the page, "" before it is served
        self.figures: Callable[[], Figures] = Figures
        self.answered: Callable[[int], None] = lambda status: None
        self.reader_dropped: Callable[[], None] = lambda: None
        self.ready = trio.Event()

    async def listener(self) -> trio.SocketListener | None:
        """Where the command line says, else on the socket that the supervisor holds, else where the file says.

        None where the last two cannot be had, and E-PAGE-ADDRESS says why. Raises `UserMistake` where the first
        cannot.
        """
        if self._listen is not None:
            return await bind(self._listen)
        listen = self._of_file()
        try:
            held = self._held_socket()
            listener = await bind(listen) if held is None else take_over(held)
        except UserMistake as mistake:
            self._health.raise_fault(file_kinds.PAGE_ADDRESS, "box", str(mistake))
            return None
        self._health.clear("box", file_kinds.PAGE_ADDRESS)
        self._served_of_file = listen
        return listener

    async def serve(
        self,
        listener: trio.SocketListener | None,
        has_time: Callable[[], Awaitable[None]],
        task_status: trio.TaskStatus[Address],
    ) -> None:
        """Serve until cancelled, once the start `has_time` to load it: a quarter of its processor time."""
        async with listener or nullcontext():
            await has_time()
            from agent.status.looking import Looking
            from agent.status.server.serving import serve_listener
            from agent.status.web import looking_app

            self._board.notify("READY=1")
            self.ready.set()
            listener = listener or await self._wait_listener()
            self.listens_at = address_of(listener).text
            looking = Looking(
                self._snapshot,
                self._name,
                self._names,
                self._hub,
                self._ring,
                language=self.language,
                console=_console_verbs,
                figures=self.figures,
                answered=self.answered,
                for_programs=self._for_programs,
            )
            app = looking_app(looking)
            await serve_listener(listener, app, too_slow=self.reader_dropped, task_status=task_status)

    def warn_of_move(self) -> None:
        """A new file may name another address, which only a restart would take."""
        if self._served_of_file in (None, self._of_file()):
            self._health.clear("box", file_kinds.PAGE_MOVED)
        else:
            self._health.raise_fault(file_kinds.PAGE_MOVED, "box")

    def _held_socket(self) -> socket | None:
        try:
            return self._board.page_socket()
        except ValueError as reason:
            raise UserMistake(f"The page cannot use the socket that systemd hands over: {reason}.") from None

    async def _wait_listener(self) -> trio.SocketListener:
        while True:
            await trio.sleep(LISTEN_PAUSE)
            if listener := await self.listener():
                return listener

    def _of_file(self) -> str:
        file = self._file()
        return file.page.listen if file else Page().listen

    def language(self, accept_language: str) -> str:
        """The one of ours that a reader gets."""
        from agent.languages.choice import chosen

        file = self._file()
        return chosen(accept_language, file.box.language if file else "")

    def _name(self) -> str:
        file = self._file()
        return plain(file.box.name if file else self._board.host_name, NAME_LENGTH)

    def _names(self) -> tuple[str, ...]:
        file = self._file()
        return file.page.names if file else ()


def _console_verbs() -> "Sequence[Verb]":
    """For the manual; loaded when somebody reads it."""
    from agent.console.words.verbs import OWN

    return OWN
