"""The one composition root: journal, page, signals, and the site that the provisioning file describes.

A missing or bad file leaves the page up, which says what is wrong. A new file is taken on SIGHUP, whole or not at
all; a stop lets running keys finish. Nothing in here knows what a key is.
"""

import gc
import math
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import trio

from agent.commands.record import Record
from agent.control.hub import Hub
from agent.control.words.events import FaultChanged, OrderChanged, StepTaken
from agent.drivers.check import beside, judge, sound
from agent.foundation.errors import JournalUnavailable, UserMistake
from agent.foundation.reading.moments import later
from agent.foundation.signals import RELOAD, Signals
from agent.foundation.timing import utc_now
from agent.health import box_kinds, file_kinds
from agent.health.health import Fault, Health
from agent.health.kind import FaultKind
from agent.hotel import log
from agent.hotel.acting_place import ActingPlace
from agent.hotel.addresses import addresses
from agent.hotel.beside import Beside, wait_first_poll
from agent.hotel.history import History
from agent.hotel.page_service import PageService
from agent.hotel.site import Shared, Site, Wires, real_wires
from agent.hotel.snapshot_facts import BOX_WORKS, NOTHING_AROUND, HotelFacts, Surroundings, snapshot_of
from agent.hotel.tally import Tally
from agent.journal import state_folder
from agent.journal.journal import RETRY_SECONDS, Journal
from agent.journal.rows.acts import Act
from agent.journal.work import RunSync
from agent.pipeline.desk_orders import DeskOrders
from agent.pipeline.loose_cards import LooseCards
from agent.pipeline.orders import Orders
from agent.pipeline.pipeline import Pipeline
from agent.status.log_ring import LogRing
from agent.status.server.address import Address
from agent.status.snapshot.snapshot import Snapshot
from board.base import Board
from provisioning.file import content, why_not
from provisioning.model import Provisioning

if TYPE_CHECKING:
    from agent.control.hotel import Say
    from agent.control.words.bundle import SupportBundle
    from agent.hotel.acting import Acting
    from agent.hotel.around import Around
    from agent.hotel.telling_others import TellingOthers
    from agent.status.snapshot.surroundings import AgeFacts
    from agent.status.telemetry.figures import Figures

GRACE_SECONDS = 30.0  # s that a stop gives a running key; below the 90 s after which systemd kills
CARDS_SECONDS = 600.0  # s between two looks for loose cards that are old enough to be left out
LONGEST_CALL = 600.0  # s; every driver bounds its calls well below that
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
        notices: Path | None = None,
        wall: Callable[[], datetime] = utc_now,
    ) -> None:
        self._options, self._board = options, board
        self._notices, self._wall = notices, wall
        self._wires = wires or real_wires()
        self._started = trio.current_time()
        self._stopping, self._reload = trio.Event(), trio.Event()
        self._read = trio.Event()  # set, and replaced, when what came of reading the file holds
        self._refusal = ""  # why it was refused the last time
        self._acting: Acting | None = None
        self._desk_is_there = trio.Event()
        self._acting_place = ActingPlace()
        self._kept_acts: tuple[Act, ...] | None = None  # what the journal had; None: it is not open yet
        self._file: Provisioning | None = None
        self._site: Site | None = None
        self._box_text: Callable[[], str] = lambda: BOX_WORKS
        self._around: Around | None = None
        self._history = History()
        self.health = Health(trio.current_time)
        self.health.on_change = self._on_fault
        self.hub = Hub()
        self.ring = LogRing()
        self.orders = Orders()
        self._page = PageService(
            options.listen, board, self.health, lambda: self._file, self.snapshot, self.hub, self.ring
        )
        self.tally = Tally(trio.current_time, log.lost)
        self.hub.listen(self.tally.hear)
        self._page.figures, self._page.answered = self.figures, self.tally.answered
        self._page.reader_dropped = self.tally.reader_dropped
        self._telling: TellingOthers | None = None  # there only where a file wants others to be told
        self.loose_cards = LooseCards(self.health, self._now_at_mews)
        self._journal = Journal(
            options.state / state_folder.JOURNAL, run_sync=run_sync, on_trouble=self._on_journal_trouble
        )
        self.pipeline = Pipeline(
            journal=self._journal,
            health=self.health,
            orders=self.orders,
            desk=DeskOrders(),
            on_change=self._on_step,
        )
        self._beside = Beside(self._journal, self.pipeline.issued, self.health)
        self._shared = Shared(self.health, self.orders, self.pipeline, trio.current_time)

    async def run(self, task_status: trio.TaskStatus[Address] = trio.TASK_STATUS_IGNORED) -> None:
        """Run until `stop`; the page's address is reported once it is served, which may be never.

        Raises `UserMistake` when the state directory or the command line's address cannot be had.
        """
        with state_folder.held(self._options.state):
            site = self._read_file(file_kinds.FILE_BAD)
            listener = await self._page.listener()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._page.serve, listener, partial(wait_first_poll, site), task_status)
                nursery.start_soon(self._feed_watchdog)
                nursery.start_soon(self._watch_surroundings, site)
                nursery.start_soon(self._serve_desk, site)
                nursery.start_soon(self._serve_acting)
                await self._work(site)
                nursery.cancel_scope.cancel()

    @property
    def ready(self) -> trio.Event:
        """Set when all is loaded, and Mews was asked or does not answer."""
        return self._page.ready

    async def stop(self) -> None:
        """Claim nothing more, let running keys finish for a while, and end. A second call gives them no time."""
        if self._stopping.is_set():
            await self.pipeline.stop(0)
        self._board.notify("STOPPING=1")
        self._stopping.set()

    def reload(self) -> None:
        """Read the provisioning file again, and go on with it if it is good."""
        self._reload.set()

    async def reload_and_tell(self) -> str:
        """The same, and wait for it; why the file is refused, empty if it is taken."""
        read = self._read
        self.reload()
        await read.wait()
        return self._refusal

    def now(self) -> datetime:
        """The time by Mews' clock, or by the box's own until Mews has told it."""
        return self._mews_now() or self._wall()

    def recent_acts(self) -> tuple[Act, ...]:
        """The last acts, the newest first; none before the desk is there."""
        return () if self._acting is None else self._acting.recent()

    def snapshot(self) -> Snapshot:
        """What the page shows now."""
        return snapshot_of(
            self._place(),
            self.health,
            self.orders,
            perhaps=self.loose_cards.perhaps,
            started=self._started,
            now=trio.current_time(),
            surroundings=self._surroundings(),
        )

    def figures(self) -> "Figures":
        """What metrics tell beside the snapshot."""
        from agent.hotel.measures import measures
        from agent.status.telemetry.figures import Figures

        measured = measures(
            *(self._place(), self._board, self.orders, self._options.state),
            ages=self._ages(),
            mews_now=self._mews_now(),
            wall=self._wall,
            now=trio.current_time(),
        )
        return Figures(self.tally.counters(), measured)

    def _place(self) -> HotelFacts:
        place = HotelFacts(self._board.host_name, box=self._box_text())
        if self._file is not None and self._site is not None:
            place = HotelFacts(
                self._file.box.name,
                self._file.box.timezone,
                self._site.connector,
                self._site.drivers,
                self._site.lanes,
                self._box_text(),
                self._file.support,
                (*self._beside.lines(self._site), *(self._telling.lines() if self._telling else ())),
                addresses(self._file),
            )
        return place

    def _surroundings(self) -> Surroundings:
        if self._around is None:
            return NOTHING_AROUND
        return self._around.now(
            self._history,
            self.recent_acts(),
            ntp=() if self._file is None else self._file.network.ntp,
            ages=self._ages(),
            now=trio.current_time(),
        )

    def _ages(self) -> tuple["AgeFacts", ...]:
        if self._file is None or self._site is None:
            return ()
        from agent.hotel.ages import certificate_ages, token_ages

        wall, now = self._wall(), trio.current_time()
        signed_in = self._site.connector.signed_in_since
        tokens = token_ages(signed_in, self._site.drivers, lambda at: later(wall, at - now))
        return (*certificate_ages(self._file, self._site.certificates), *tokens)

    async def _work(self, site: Site | None) -> None:
        async with trio.open_nursery() as nursery:
            if not await self._open(nursery):
                nursery.start_soon(self._open_later, nursery)
            nursery.start_soon(self._run_sites, site)
            nursery.start_soon(self._stop_when_asked)
            nursery.start_soon(self._watch_cards)
            await self.pipeline.run()
            self.hub.close()
            if self._acting is not None:
                await self._acting.close()
            nursery.cancel_scope.cancel()

    async def _stop_when_asked(self) -> None:
        await self._stopping.wait()
        await self.pipeline.stop(GRACE_SECONDS)

    async def _watch_cards(self) -> None:
        while True:
            await trio.sleep(CARDS_SECONDS)
            self.loose_cards.look()
            self.pipeline.forget_old_keys()

    async def _open(self, nursery: trio.Nursery) -> bool:
        """Whether the disk gives the journal's rows. Until it does, keys are refused with that reason."""
        try:
            contents = await self._journal.open()
        except JournalUnavailable:
            return False
        if contents.damage:
            self.health.raise_fault(box_kinds.JOURNAL_DAMAGED, "box", contents.damage)
        nursery.start_soon(self._journal.run)
        for record in contents.records:
            self.loose_cards.hear(record)
            self._history.hear(record)
        self.orders.remember((record for record in contents.records if not record.is_open), self._started)
        self.pipeline.recover([record for record in contents.records if record.is_open])
        self.pipeline.issued.remember(contents.keys)
        self._kept_acts = contents.acts
        self._beside.remember(contents.rooms, contents.drills)
        self._remember_acts()
        return True

    async def _open_later(self, nursery: trio.Nursery) -> None:
        while True:
            await trio.sleep(RETRY_SECONDS)
            if await self._open(nursery):
                return

    async def _run_sites(self, site: Site | None) -> None:
        """Run one site after the other: each is there until the next good file. The lanes go on meanwhile."""
        while True:
            async with trio.open_nursery() as nursery:
                if site is not None:
                    self._enter(site)
                    nursery.start_soon(site.run)
                    nursery.start_soon(self._beside.run, site)
                    nursery.start_soon(self._tell_others, site)
                site = await self._wait_following()
                nursery.cancel_scope.cancel()

    async def _tell_others(self, site: Site) -> None:
        """As the file's [telemetry] says."""
        setting = site.telemetry
        if setting.remote_write is None and setting.webhook is None:
            return
        await wait_first_poll(site)
        from agent.hotel.telling_others import TellingOthers

        if self._telling is None:
            self._telling = TellingOthers(
                *(self.health, self.tally, self.snapshot, self.figures),
                clock=trio.current_time,
                now=self.now,
                open_peer=self._wires.telemetry,
            )
        await self._telling.run(setting, site.name)

    def _enter(self, site: Site) -> None:
        self.tally.adopt(site.connector)
        if self._site is not None:
            self._site.forget_faults()
        self._site = site
        self.pipeline.adopt(site.terms)
        self.loose_cards.adopt(site.zone, {lane.id: lane.name for lane in site.lanes})
        self._tell_read()

    def _tell_read(self) -> None:
        """What came of reading the file holds from now on."""
        read, self._read = self._read, trio.Event()
        read.set()

    async def _wait_following(self) -> Site:
        """Wait for a good new file."""
        while True:
            await self._reload.wait()
            self._reload = trio.Event()
            following = self._read_file(file_kinds.FILE_BAD if self._site is None else file_kinds.FILE_REFUSED)
            if following is not None:
                self._page.warn_of_move()
                return following
            self._tell_read()

    def _read_file(self, kind: FaultKind) -> Site | None:
        """The site of the file as it is now; else None, and a fault of that kind says why."""
        path = self._options.config
        try:
            judgement = judge(content(path), beside(path))
            provisioning = sound(path, judgement)
            site = Site(provisioning, judgement.profile, self._shared, self._wires)
        except OSError as error:
            self._refusal = why_not(path, error)
            missing = file_kinds.FILE_MISSING if self._site is None else kind
            self.health.raise_fault(missing, "box", self._refusal)
        except UserMistake as mistake:
            self._refusal = str(mistake)
            self.health.raise_fault(kind, "box", self._refusal)
        else:
            self._refusal = ""
            self.health.clear("box", file_kinds.FILE_MISSING, file_kinds.FILE_BAD, file_kinds.FILE_REFUSED)
            self._file = provisioning
            return site
        return None

    async def _watch_surroundings(self, site: Site | None) -> None:
        await wait_first_poll(site)
        from agent.handover.notices import NOTICES
        from agent.hotel.around import Around
        from agent.hotel.machine_faults import MachineFaults

        folder = self._notices or NOTICES
        faults = MachineFaults(
            self._board, self.health, self._options.state, self._mews_now, folder=folder, wall=self._wall
        )
        self._box_text = faults.box_text
        self._around = Around(self._board, self._mews_now, self._wall, folder, lambda: self._acting_place)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._around.network.watch)
            await faults.watch()

    async def _serve_desk(self, site: Site | None) -> None:
        await wait_first_poll(site)
        from agent.hotel.acting import Acting
        from agent.hotel.box_steps import BoxProbe
        from agent.hotel.desk_hotel import DeskHotel

        box = BoxProbe(self._board, self._options.state, self._mews_now, wall=self._wall)
        hotel = DeskHotel(
            self, lambda: self._site, self.pipeline, self.orders, self.loose_cards, box, bundle=self._bundle
        )
        self._acting = Acting(hotel, self.hub, self._journal, self._now_at_mews, self._options.state)
        self._remember_acts()
        self._beside.enter_desk(hotel)
        self._desk_is_there.set()
        await self._acting.serve()

    async def _serve_acting(self) -> None:
        """The page that acts, once a file wants one."""
        await self._desk_is_there.wait()
        while self._file is None or self._file.page.acting is None:
            await self._wait_read()
        from agent.hotel.acting_service import ActingService, Agent

        assert self._acting is not None
        agent = Agent(
            config=self._options.config,
            state=self._options.state,
            host_name=self._board.host_name,
            health=self.health,
            hub=self.hub,
            file=lambda: self._file,
            wait_read=self._wait_read,
            snapshot=self.snapshot,
            paused=lambda: tuple(self.pipeline.paused),
            show=self._show_acting,
            looks_at=lambda: self._page.listens_at,
            language=self._page.language,
        )
        await ActingService(agent, self._acting.desk).serve()

    def _show_acting(self, place: ActingPlace) -> None:
        self._acting_place = place

    async def _wait_read(self) -> None:
        """Wait until what came of reading the file again holds."""
        await self._read.wait()

    async def _bundle(self, say: "Say") -> "SupportBundle":
        from agent.hotel.support_bundle import Facts, in_zone, of_agent

        assert self._acting is not None
        facts = Facts(
            self.snapshot(),
            self.health.active(),
            trio.current_time(),
            self._file,
            self._refusal,
            in_zone(self._wall(), self._file),
        )
        state = self._options.state
        journal = state / state_folder.JOURNAL
        return await of_agent(facts, self._acting.hotel, self._board, state, journal, _lines(self.ring), say)

    def _remember_acts(self) -> None:
        """Once both are there: the desk, and what the journal had."""
        if self._acting is not None and self._kept_acts is not None:
            self._acting.remember(self._kept_acts, self.orders.record)
            self._kept_acts = None

    def _mews_now(self) -> datetime | None:
        return None if self._site is None else self._site.mews_now

    async def _feed_watchdog(self) -> None:
        seconds = self._board.watchdog_seconds
        while seconds:
            if self._is_moving():
                self._board.notify("WATCHDOG=1")
            await trio.sleep(seconds / 3)

    def _is_moving(self) -> bool:
        """Whether journal, polls and lanes are within what they may take."""
        overdue = 0.0 if self._site is None else self._site.poll_overdue
        waits = max(self._journal.busy_seconds, overdue)
        return waits < STUCK_SECONDS and self.pipeline.longest_call < LONGEST_CALL

    def _on_step(self, record: Record) -> None:
        self.loose_cards.hear(record)
        self._history.hear(record)
        if self._acting is not None:
            self._acting.hotel.hear(record)
        order = self.orders.get(record.id)
        self.hub.publish(OrderChanged(record, order.waits_for or "" if order else ""))

    def _on_fault(self, fault: Fault, is_raised: bool) -> None:
        kind = fault.kind
        self.hub.publish(FaultChanged(kind.code, fault.hop, kind.level, fault.text, is_over=not is_raised))

    def _now_at_mews(self) -> int:
        """Unix seconds; by the box's own clock until Mews has told its time."""
        return int(self.now().timestamp())

    def _on_journal_trouble(self, reason: str | None) -> None:
        if reason is None:
            self.health.clear("box", box_kinds.JOURNAL_WRITE)
        else:
            self.health.raise_fault(box_kinds.JOURNAL_WRITE, "box", f"The disk refuses to write: {reason}.")


def _lines(ring: LogRing) -> list[str]:
    return [f"{each.at:%Y-%m-%dT%H:%M:%SZ} {each.level} {each.text}" for each in ring.after(0)]


async def run_process(options: Options, board: Board, signals: Signals, console: str | None = None) -> None:
    """Run as a process: SIGTERM and SIGINT stop it, SIGHUP takes the file again.

    `console` is the device of a serial line to serve as well.
    """
    app = App(options, board)
    if console is None:
        await run_obeying(app, signals)
        return
    page = _Page(app.hub)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_serve_console, console, options, board, app, page)
        await run_obeying(app, signals, page)
        nursery.cancel_scope.cancel()


async def _serve_console(device: str, options: Options, board: Board, app: App, page: "_Page") -> None:
    await app.ready.wait()
    from agent.hotel.console_line import AgentConsole, page_at

    at = page_at(lambda: page.address)
    await AgentConsole(board, at, options.state, options.config).serve_device(device)


async def run_obeying(app: App, signals: Signals, page: "_Page | None" = None) -> None:
    """Run `app` until its end with its log, and do what signals say at any moment from now to then."""
    app.hub.listen(log.heard)
    # Never closed: a signal at the very end finds it open still.
    send, receive = trio.open_memory_channel[int](math.inf)
    token = trio.lowlevel.current_trio_token()
    with log.kept_in(app.ring), signals.told_to(lambda number: token.run_sync_soon(send.send_nowait, number)):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_obey, receive, app)
            nursery.start_soon(_settle, app)
            # Not by `start`, which takes an end before the page is there for a bug.
            await app.run(page or _Page(app.hub))
            nursery.cancel_scope.cancel()


async def _settle(app: App) -> None:
    await app.ready.wait()
    gc.collect()
    gc.freeze()  # what was loaded by now stays: looking through it again and again would delay keys
    gc.enable()


class _Page(trio.TaskStatus[Address]):
    """Hears where the page is served, and tells it; `address` is None until then."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.address: Address | None = None

    def started(self, value: Address | None = None) -> None:
        if value is not None:
            self.address = value
            self._hub.publish(StepTaken(f"status page at {value.url}"))


async def _obey(signals: AsyncIterator[int], app: App) -> None:
    async with trio.open_nursery() as nursery:
        async for number in signals:
            if number == RELOAD:
                app.reload()
            else:
                nursery.start_soon(app.stop)
