"""The one composition root: journal, page, signals, and the site that the provisioning file describes.

A missing or bad file leaves the page up, which says what is wrong. A new file is taken on SIGHUP, whole or not at
all; a stop lets running keys finish. Nothing in here knows what a key is.
"""

import gc
import signal
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import msgspec
import trio

from agent import log, state_dir
from agent.commands.record import Record
from agent.commands.text import LONG_TEXT
from agent.errors import JournalUnavailable, UserMistake
from agent.health import Health
from agent.journal import RETRY_SECONDS, Journal, RunSync
from agent.judgement import Judgement, beside, judge
from agent.orders import Orders
from agent.overview import BOX_WORKS, Place, overview
from agent.site import Shared, Site, Wires, real_wires
from agent.status.address import Address, bind, take_over
from agent.status.snapshot import Snapshot
from agent.timing import utc_now
from board.base import Board
from provisioning.file import content, why_not
from provisioning.model import Page, Provisioning
from provisioning.problems import render

GRACE_SECONDS = 30.0  # s that a stop gives a running key; below the 90 s after which systemd kills
PAGE_PATIENCE = 1.0  # s; see `_serve_page`
STUCK_SECONDS = 60.0  # s that a commit, or a poll beyond its own deadline, may take before the watchdog bites


class Options(msgspec.Struct, frozen=True):
    """What the command line says. `listen` None: as in the file."""

    config: Path
    state: Path
    listen: str | None = None


class App:
    """One running agent. The arguments beyond the options are what tests and the demo put in the world's place."""

    def __init__(
        self,
        options: Options,
        board: Board,
        *,
        wires: Wires | None = None,
        run_sync: RunSync | None = None,
        on_change: Callable[[Record], None] = log.step,
        notices: Path | None = None,
        wall: Callable[[], datetime] = utc_now,
    ) -> None:
        self._options, self._board = options, board
        self._notices, self._wall = notices, wall
        self._wires = wires or real_wires()
        self._run_sync = run_sync
        self._on_change = on_change
        self._started = trio.current_time()
        self._stopping, self._reload = trio.Event(), trio.Event()
        self._file: Provisioning | None = None
        self._site: Site | None = None
        self._owed: list[Record] = []  # what the next site has to tell Mews
        self._box_text: Callable[[], str] = lambda: BOX_WORKS
        self.health = Health()
        self.health.on_change = log.fault
        self.orders = Orders()

    async def run(self, task_status: trio.TaskStatus[Address] = trio.TASK_STATUS_IGNORED) -> None:
        """Run until `stop`; the page's address is reported once it is served.

        Raises `UserMistake` when the state directory or the page's address cannot be had.
        """
        with state_dir.held(self._options.state) as path:
            journal = Journal(path, run_sync=self._run_sync, on_trouble=self._on_journal_trouble)
            self._shared = Shared(self.health, journal, self.orders, trio.current_time, self._on_change)
            site = self._read_file("E-FILE-BAD")
            listener = await self._listener()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._serve_page, listener, site, task_status)
                nursery.start_soon(self._feed_watchdog, journal)
                nursery.start_soon(self._watch_surroundings, site)
                await self._work(journal, site)
                nursery.cancel_scope.cancel()

    async def stop(self) -> None:
        """Claim nothing more, let running keys finish for a while, and end. A second call gives them no time."""
        if self._stopping.is_set() and self._site is not None:
            await self._site.stop(0)
        self._board.notify("STOPPING=1")
        self._stopping.set()
        self._reload.set()

    def reload(self) -> None:
        """Read the provisioning file again, and go on with it if it is good."""
        self._reload.set()

    def snapshot(self) -> Snapshot:
        """What the page shows now."""
        place = Place(self._board.host_name, box=self._box_text())
        if self._file is not None and self._site is not None:
            place = Place(
                self._file.box.name,
                self._file.box.timezone,
                self._file.mews.poll_seconds,
                self._site.connector.is_reached,
                self._site.server_hops,
                self._site.lanes,
                self._box_text(),
            )
        return overview(place, self.health, self.orders, started=self._started, now=trio.current_time())

    async def _work(self, journal: Journal, site: Site | None) -> None:
        async with trio.open_nursery() as nursery:
            if not await self._open(journal, nursery):
                nursery.start_soon(self._open_later, journal, nursery)
            while not self._stopping.is_set():
                site = await self._run_site(site)
            nursery.cancel_scope.cancel()

    async def _open(self, journal: Journal, nursery: trio.Nursery) -> bool:
        """Whether the disk gives the journal's rows. Until it does, keys are refused with that reason."""
        try:
            contents = await journal.open()
        except JournalUnavailable:
            return False
        if contents.set_aside is not None:
            words = f"The damaged journal is kept as {contents.set_aside.name}; a new one was begun."
            self.health.raise_fault("E-JOURNAL-DAMAGED", "box", words)
        nursery.start_soon(journal.run)
        self.orders.remember((record for record in contents.records if not record.is_open), self._started)
        self._owed += [record for record in contents.records if record.is_open]
        return True

    async def _open_later(self, journal: Journal, nursery: trio.Nursery) -> None:
        while True:
            await trio.sleep(RETRY_SECONDS)
            if await self._open(journal, nursery):
                break
        if self._site is not None:
            self._site.pipeline.recover(self._take_owed())

    def _take_owed(self) -> list[Record]:
        owed, self._owed = self._owed, []
        return owed

    async def _run_site(self, site: Site | None) -> Site | None:
        """Run one site until the next one is there, or the end. Gives the next."""
        self._site = site
        async with trio.open_nursery() as nursery:
            if site is not None:
                nursery.start_soon(site.run, self._take_owed())
            following = await self._wait_following()
            if site is not None:
                await site.stop(GRACE_SECONDS)
        self._owed += self.orders.restart()
        self._site = None
        return following

    async def _wait_following(self) -> Site | None:
        """Wait for a good new file, or for the stop."""
        while True:
            await self._reload.wait()
            self._reload = trio.Event()
            if self._stopping.is_set():
                return None
            before = self._file
            following = self._read_file("E-FILE-BAD" if self._site is None else "E-FILE-REFUSED")
            if following is not None:
                self._warn_of_move(before)
                return following

    def _read_file(self, code: str) -> Site | None:
        """The site of the file as it is now; else None, and the fault `code` says why."""
        path = self._options.config
        try:
            judgement = judge(content(path), beside(path))
            provisioning = _sound(path, judgement)
            site = Site(provisioning, judgement.profile, self._shared, self._wires)
        except OSError as error:
            self.health.raise_fault("E-FILE-MISSING" if self._site is None else code, "box", why_not(path, error))
        except UserMistake as mistake:
            self.health.raise_fault(code, "box", str(mistake))
        else:
            self.health.clear("box", "E-FILE-MISSING", "E-FILE-BAD", "E-FILE-REFUSED")
            self._file = provisioning
            return site
        return None

    async def _listener(self) -> trio.SocketListener:
        """Where `--listen` says, else on the socket that the supervisor holds, else where the file says."""
        if self._options.listen is not None:
            return await bind(self._options.listen)
        try:
            held = self._board.page_socket()
        except ValueError as reason:
            raise UserMistake(f"The page cannot use the socket that systemd hands over: {reason}.") from None
        return await bind(self._listen_of(self._file)) if held is None else take_over(held)

    def _warn_of_move(self, before: Provisioning | None) -> None:
        if self._options.listen is None and self._listen_of(self._file) != self._listen_of(before):
            self.health.raise_fault("E-PAGE-MOVED", "box")

    def _listen_of(self, file: Provisioning | None) -> str:
        return file.page.listen if file else Page().listen

    async def _serve_page(
        self, listener: trio.SocketListener, site: Site | None, task_status: trio.TaskStatus[Address]
    ) -> None:
        async with listener:
            # Loading the server takes a quarter of the processor time of a start: the first poll goes before it.
            await _wait_first_poll(site)
            from agent.status.server import serve_listener

            self._board.notify("READY=1")
            await serve_listener(listener, self.snapshot, task_status=task_status)

    async def _watch_surroundings(self, site: Site | None) -> None:
        await _wait_first_poll(site)
        from agent.notices import NOTICES
        from agent.surroundings import Surroundings

        folder = self._notices or NOTICES
        surroundings = Surroundings(
            self._board, self.health, self._options.state, self._mews_now, folder=folder, wall=self._wall
        )
        self._box_text = surroundings.text
        await surroundings.watch()

    def _mews_now(self) -> datetime | None:
        return None if self._site is None else self._site.mews_now

    async def _feed_watchdog(self, journal: Journal) -> None:
        seconds = self._board.watchdog_seconds
        while seconds:
            if journal.busy_seconds < STUCK_SECONDS and (
                self._site is None or self._site.is_moving(STUCK_SECONDS)
            ):
                self._board.notify("WATCHDOG=1")
            await trio.sleep(seconds / 3)

    def _on_journal_trouble(self, reason: str | None) -> None:
        if reason is None:
            self.health.clear("box", "E-JOURNAL-WRITE")
        else:
            self.health.raise_fault("E-JOURNAL-WRITE", "box", f"The disk refuses to write: {reason}.")


async def _wait_first_poll(site: Site | None) -> None:
    """What is not needed for the first poll is loaded after it."""
    if site is not None:
        with trio.move_on_after(PAGE_PATIENCE):
            await site.connector.polled.wait()


def _sound(path: Path, judgement: Judgement) -> Provisioning:
    """The values of a good file. Raises `UserMistake` with a line for each problem, as many as a page shows."""
    if judgement.provisioning is not None:
        return judgement.provisioning
    head = f"{path.name} cannot be used:\n"
    raise UserMistake(head + render(judgement.problems, LONG_TEXT - len(head)))


async def run_process(options: Options, board: Board) -> None:
    """Run as a process: SIGTERM and SIGINT stop it, SIGHUP takes the file anew."""
    app = App(options, board)
    with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_obey, signals, app)
            nursery.start_soon(_run_and_end, app, nursery.cancel_scope)


async def _run_and_end(app: App, everything: trio.CancelScope) -> None:
    async with trio.open_nursery() as nursery:
        address = await nursery.start(app.run)
        gc.collect()
        gc.freeze()  # what was loaded by now stays: looking through it again and again would delay keys
        gc.enable()
        log.log.info("status page at %s", address.url)
    everything.cancel()


async def _obey(signals: AsyncIterator[int], app: App) -> None:
    async with trio.open_nursery() as nursery:
        async for number in signals:
            if number == signal.SIGHUP:
                app.reload()
            else:
                nursery.start_soon(app.stop)
