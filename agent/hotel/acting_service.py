"""The page that acts, of the running agent: its certificate, its listener, and both again after a new file.

Loaded after the first poll, and only where the file has `[page] acting`. What keeps it from being served is a
warning and is tried again; keys and the page that looks go on. Must never serve it without TLS.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
import trio

from agent.console.helper import SocketHelper
from agent.console.own_file import OwnFile
from agent.control.acts import By
from agent.control.desk import Desk, Doing
from agent.control.hub import Hub
from agent.control.words.events import StepTaken
from agent.control.words.messages import Face as FaceName
from agent.control.words.told import Progress, Result
from agent.foundation.errors import NightPorterError, UserMistake
from agent.foundation.timing import utc_now
from agent.handover.helper import SOCKET, Done, Request
from agent.health import file_kinds
from agent.health.health import Health
from agent.hotel.acting_certificate import PageCertificate
from agent.hotel.acting_place import ActingPlace
from agent.status.acting import upload
from agent.status.acting.face import Face, Helper
from agent.status.acting.password import Password
from agent.status.acting.under_way import ActsUnderWay
from agent.status.acting.web import ActingPage, acting_app
from agent.status.server.address import address_of, bind
from agent.status.server.connection import Limits
from agent.status.server.serving import serve_listener
from agent.status.snapshot.snapshot import Snapshot
from provisioning.model import Page, Provisioning

LISTEN_PAUSE = 2.0  # s between two tries to have certificate and address: who made it right waits to see that
LIMITS = Limits(connections=24)  # some browsers of installers; TLS takes 50 KB a connection
OWN_WHO = "the page"


class Agent(msgspec.Struct, frozen=True):
    """What the agent gives. `file` is the present one, `wait_read` waits for another one; `paused` are lanes.
    `show` tells people where the page that acts is, `looks_at` where the other one listens (HOST:PORT or ""), and
    `language` chooses one by a reader's Accept-Language; `wall` is the box's own time.
    """

    config: Path
    state: Path
    host_name: str
    health: Health
    hub: Hub
    file: Callable[[], Provisioning | None]
    wait_read: Callable[[], Awaitable[None]]
    snapshot: Callable[[], Snapshot]
    paused: Callable[[], tuple[str, ...]]
    show: Callable[[ActingPlace], None]
    looks_at: Callable[[], str]
    language: Callable[[str], str]
    wall: Callable[[], datetime] = utc_now


class ActingService:
    """`helper_socket` is where a box has its root helper; elsewhere the file is changed by the agent itself."""

    def __init__(self, agent: Agent, desk: Desk, helper_socket: Path = SOCKET) -> None:
        self._agent, self._desk, self._socket = agent, desk, helper_socket
        self._page: ActingPage | None = None
        self._certificate = PageCertificate(agent.state, agent.wall, self._announce)
        self._own_file = OwnFile(
            agent.config, _WithinAnAct(desk), _OwnLook(agent.snapshot), by_itself=_OwnDesk(desk)
        )
        self._own_file.announce = self._announce

    async def serve(self) -> None:
        """Serve it as the present file says, until cancelled."""
        upload.forget(self._agent.state)
        async with trio.open_nursery() as nursery:
            acts = ActsUnderWay(nursery)
            nursery.start_soon(self._own_file.watch_trials)
            while True:
                page = self._wanted()
                async with trio.open_nursery() as serving:
                    if page.acting is not None:
                        serving.start_soon(self._serve_at, page.acting, page, acts)
                    await self._wait_other(page)
                    serving.cancel_scope.cancel()
                self._agent.show(ActingPlace())
                self._agent.health.clear("box", file_kinds.PAGE_CERTIFICATE, file_kinds.PAGE_ACTING)

    async def _wait_other(self, page: Page) -> None:
        """Wait for a file that wants the page elsewhere, or with another certificate's names."""
        names = self._certificate_names(page)
        while True:
            await self._agent.wait_read()
            now = self._wanted()
            self._adopt(now)
            if (now.acting, self._certificate_names(now)) != (page.acting, names):
                return

    def _adopt(self, page: Page) -> None:
        if self._page is not None and page.password is not None and self._page.face.password.set_to(page.password):
            self._page.end_sessions()

    async def _serve_at(self, at: str, page: Page, acts: ActsUnderWay) -> None:
        if self._page is None:
            self._page = ActingPage(self._face(page, acts))
        app, names = acting_app(self._page), self._certificate_names(page)
        while True:
            try:
                context = await self._certificate.context(names)
                listener = await bind(at)
            except UserMistake as mistake:
                self._agent.health.raise_fault(file_kinds.PAGE_ACTING, "box", str(mistake))
            except NightPorterError as trouble:
                self._agent.health.raise_fault(file_kinds.PAGE_CERTIFICATE, "box", str(trouble))
            else:
                self._agent.health.clear("box", file_kinds.PAGE_CERTIFICATE, file_kinds.PAGE_ACTING)
                at = address_of(listener).text
                self._show(at)
                self._announce(f"page for acting at https://{at}/")
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._certificate.keep, names, context, partial(self._looked, at))
                    await serve_listener(listener, app, limits=LIMITS, tls=context)
            await trio.sleep(LISTEN_PAUSE)

    def _looked(self, at: str, trouble: NightPorterError | None) -> None:
        """After each look at the certificate."""
        if trouble is None:
            self._agent.health.clear("box", file_kinds.PAGE_CERTIFICATE)
            self._show(at)
        else:
            self._agent.health.raise_fault(file_kinds.PAGE_CERTIFICATE, "box", str(trouble))

    def _show(self, at: str) -> None:
        self._agent.show(ActingPlace(at, self._certificate.fingerprint, self._certificate.last_day))

    def _certificate_names(self, page: Page) -> tuple[str, ...]:
        return (self._box_name(), *page.names)

    def _face(self, page: Page, acts: ActsUnderWay) -> Face:
        assert page.password is not None  # the file's rules want it
        return Face(
            desk=self._desk,
            helper=_EitherHelper(self._socket, self._own_file),
            password=Password(page.password),
            acts=acts,
            box_name=self._box_name,
            names=lambda: self._wanted().names,
            paused=self._agent.paused,
            is_box=self._socket.exists,
            uploads=self._agent.state,
            announce=self._announce,
            language=self._agent.language,
            looks_at=self._agent.looks_at,
        )

    def _wanted(self) -> Page:
        file = self._agent.file()
        return file.page if file else Page()

    def _box_name(self) -> str:
        file = self._agent.file()
        return file.box.name if file else self._agent.host_name

    def _announce(self, text: str) -> None:
        self._agent.hub.publish(StepTaken(text))


class _EitherHelper:
    """Root's helper where there is one, which may be there later than we are; else the agent's own file."""

    def __init__(self, socket: Path, own: OwnFile) -> None:
        self._socket, self._root, self._own = socket, SocketHelper(socket), own

    async def ask(self, request: Request, hear: Callable[[str], None]) -> Done:
        """Have it done."""
        helper: Helper = self._root if self._socket.exists() else self._own
        return await helper.ask(request, hear)


class _WithinAnAct:
    """The agent's desk, for the reading of its own file by who is written down for the whole of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def carry_out(
        self, words: Sequence[str], tell: Callable[[Progress], None], _broken_off: trio.Event
    ) -> Result:
        """Have it done."""
        return await self._desk.carry_out_within(self._desk.read(words), By(OWN_WHO, FaceName.PAGE), Doing(), tell)


class _OwnDesk:
    """The agent's desk, for the reading of its own file by itself."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def carry_out(
        self, words: Sequence[str], tell: Callable[[Progress], None], _broken_off: trio.Event
    ) -> Result:
        """Have it done."""
        return await self._desk.carry_out(self._desk.read(words), By(OWN_WHO, FaceName.PAGE), Doing(), tell)


class _OwnLook:
    """What the page that looks shows, without asking over the network."""

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot

    async def snapshot(self) -> Snapshot | None:
        """As it is now."""
        return self._snapshot()
