"""A console on a terminal, with a desk, a page and a helper that the test has in its hands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import trio

from agent.console.box import ConsoleBox
from agent.console.desk_link import DeskLink
from agent.console.helper import Hear
from agent.console.own_page import OwnPage
from agent.console.server import ConsoleServer
from agent.console.terminal.page_status import Status, decode
from agent.control.acts import Acts
from agent.control.desk import Desk
from agent.control.hub import Hub
from agent.control.socket import ControlSocket
from agent.handover.helper import Done, End, Request
from agent.handover.site_facts import SiteFacts
from agent.status.own_address import PageAddress
from agent.status.snapshot.snapshot import Snapshot
from board.base import Network
from tests.console.person import Person, at_terminal
from tests.control.fake_hotel import FakeHotel, FakeRows
from tests.status.samples import snapshot


class FakePage(OwnPage):
    """A page that says what the test says; None is silent."""

    def __init__(self) -> None:
        super().__init__(lambda: PageAddress("127.0.0.1", 80))
        self.says: Snapshot | None = snapshot()

    async def status(self) -> Status | None:
        await trio.lowlevel.checkpoint()
        return decode(200, msgspec.json.encode(self.says)) if self.says else None

    async def snapshot(self) -> Snapshot | None:
        await trio.lowlevel.checkpoint()
        return self.says


class FakeHelper:
    """Remembers what it was asked; `lines` are said first, and `done` last."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.lines: tuple[str, ...] = ()
        self.done = Done(End.DONE, "It is done.")
        self.is_slow = False

    async def ask(self, request: Request, hear: Hear) -> Done:
        self.asked.append(request)
        for line in self.lines:
            hear(line)
        if self.is_slow:
            await trio.sleep_forever()
        return self.done


class Bench:
    """What is around the console."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page, self.helper, self.hotel = FakePage(), FakeHelper(), FakeHotel()
        self.rows, self.hub = FakeRows(), Hub()
        self.facts = SiteFacts()
        self.identified: list[float] = []
        self.network = Network()
        desk = Desk(self.hotel, self.hub, Acts(self.rows, self.hub, lambda: 7))
        self._socket = ControlSocket(folder, desk, "0.2.0")
        self.box = ConsoleBox(
            self.page,
            DeskLink(folder),
            self.helper,
            lambda: self.network,
            lambda: self.facts,
            run=folder,
            name=lambda: "aurora-desk",
            version="0.2.0",
            identify=self._identify,
        )
        self.console = ConsoleServer(self.box)

    def _identify(self, seconds: float) -> bool:
        self.identified.append(seconds)
        return True

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[None]:
        """The agent's desk is there as long as the block runs."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._socket.serve)
            await trio.testing.wait_all_tasks_blocked()
            yield
            nursery.cancel_scope.cancel()

    @asynccontextmanager
    async def person(
        self, columns: int = 80, *, asks_for_code: bool = False, is_dumb: bool = False
    ) -> AsyncIterator[Person]:
        """A person before a prompt."""
        async with at_terminal(columns, is_dumb=is_dumb) as (person, ends), trio.open_nursery() as nursery:

            async def serve() -> None:
                await self.console.serve(ends, asks_for_code=asks_for_code)

            nursery.start_soon(serve)
            await person.looks_until(lambda: person.last_line.startswith("nightpo"), "a prompt")
            yield person
            nursery.cancel_scope.cancel()

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """The console looks at the box."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.console.watch)
            yield
            nursery.cancel_scope.cancel()
