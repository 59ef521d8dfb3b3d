"""The one composition root: journal, page, desk, and the site that the provisioning file describes, joined.

A missing or bad file leaves the page up, which says what is wrong. A new file is taken when asked, whole or not at
all; a stop lets running keys finish. Nothing in here knows what a key is.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import trio

from agent.foundation.timing import utc_now
from agent.hotel.acting_start import ActingStart
from agent.hotel.beside import Beside, wait_first_poll
from agent.hotel.bundle_of_agent import BundleOfAgent
from agent.hotel.desk_service import DeskService
from agent.hotel.late_telling import LateTelling
from agent.hotel.memory import Memory
from agent.hotel.old_cards import forget_old_cards
from agent.hotel.options import Options
from agent.hotel.page_service import PageService
from agent.hotel.parts import Parts, make_parts
from agent.hotel.shown import Shown
from agent.hotel.site import Site, Wires, real_wires
from agent.hotel.surroundings_watch import SurroundingsWatch
from agent.hotel.watchdog import feed_watchdog
from agent.journal import state_folder
from agent.journal.rows.acts import Act
from agent.journal.work import RunSync
from agent.status.server.address import Address
from agent.status.snapshot.facts import UpkeepFacts
from agent.status.snapshot.snapshot import Snapshot
from board.base import Board

if TYPE_CHECKING:
    from agent.control.desk import Desk
    from agent.status.telemetry.figures import Figures

GRACE_SECONDS = 30.0  # s that a stop gives a running key; below the 90 s after which systemd kills


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
        wires = wires or real_wires()
        self._options, self._board, self._stopping = options, board, trio.Event()
        self._parts = parts = make_parts(options.config, options.state, wires, run_sync, wall)
        self.health, self.hub, self.ring = parts.health, parts.hub, parts.ring
        self.orders, self.pipeline, self.loose_cards = parts.orders, parts.pipeline, parts.loose_cards
        self._present, state = parts.present, options.state
        self._beside = Beside(parts.journal, parts.pipeline.issued, parts.health)
        self._telling = LateTelling(parts, self._for_programs, self.figures, wires.telemetry)
        bundle = BundleOfAgent(parts, board, state, self.snapshot)
        self._desk = DeskService(parts, board, state, self._beside, bundle.pack)
        self._page = _page(parts, options, board, self.snapshot, self._for_programs, self.figures)
        self._acting = acting = ActingStart(parts, options, board, self._page, self.snapshot)
        self._around = SurroundingsWatch(parts, board, state, notices, lambda: acting.place)
        self._shown = Shown(parts, board, state, self._around, acts=self.recent_acts, upkeep=self._upkeep)

    async def run(self, task_status: trio.TaskStatus[Address] = trio.TASK_STATUS_IGNORED) -> None:
        """Run until `stop`; the page's address is reported once it is served, which may be never.

        Raises `UserMistake` when the state directory or the command line's address cannot be had.
        """
        with state_folder.held(self._options.state):
            site = self._present.read()
            listener = await self._page.listener()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._page.serve, listener, partial(wait_first_poll, site), task_status)
                nursery.start_soon(feed_watchdog, self._parts, self._board)
                nursery.start_soon(self._around.watch, site)
                nursery.start_soon(self._desk.serve, site)
                nursery.start_soon(self._acting.serve, self._desk)
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
        self._present.reload()

    async def reload_and_tell(self) -> str:
        """The same, and wait for it; why the file is refused, empty if it is taken."""
        return await self._present.reload_and_tell()

    @property
    def site(self) -> Site | None:
        """The one that runs; None without a good file."""
        return self._present.site

    @property
    def desk(self) -> "Desk | None":
        """What carries out verbs; None before there was a poll."""
        return self._desk.desk

    async def wait_desk(self) -> "Desk":
        """Wait until it is there."""
        return await self._desk.wait_desk()

    def recent_acts(self) -> tuple[Act, ...]:
        """The last acts, the newest first."""
        return self._desk.recent_acts()

    def snapshot(self) -> Snapshot:
        """What the page shows now."""
        return self._shown.snapshot()

    def figures(self) -> "Figures":
        """What metrics tell beside the snapshot."""
        return self._shown.figures()

    def _for_programs(self) -> Snapshot:
        return self._shown.for_programs()

    async def _work(self, site: Site | None) -> None:
        async with trio.open_nursery() as nursery:
            await Memory(self._parts, self._beside, self._desk.remember).open(nursery)
            nursery.start_soon(self._run_sites, site)
            nursery.start_soon(self._stop_when_asked)
            nursery.start_soon(forget_old_cards, self.loose_cards, self.pipeline)
            await self.pipeline.run()
            self.hub.close()
            await self._desk.close()
            nursery.cancel_scope.cancel()

    async def _stop_when_asked(self) -> None:
        await self._stopping.wait()
        await self.pipeline.stop(GRACE_SECONDS)

    async def _run_sites(self, site: Site | None) -> None:
        """Run one site after the other: each is there until the next good file. The lanes go on meanwhile."""
        while True:
            async with trio.open_nursery() as nursery:
                if site is not None:
                    self._enter(site)
                    nursery.start_soon(site.run)
                    nursery.start_soon(self._beside.run, site)
                    nursery.start_soon(self._telling.run, site)
                site = await self._present.wait_following()
                self._page.warn_of_move()
                nursery.cancel_scope.cancel()

    def _enter(self, site: Site) -> None:
        self._parts.tally.adopt(site.connector)
        self._present.enter(site)
        self.pipeline.adopt(site.terms)
        self.loose_cards.adopt(site.zone, {lane.id: lane.name for lane in site.lanes})

    def _upkeep(self, site: Site) -> tuple[UpkeepFacts, ...]:
        return (*self._beside.lines(site), *self._telling.lines())


def _page(
    parts: Parts,
    options: Options,
    board: Board,
    snapshot: Callable[[], Snapshot],
    for_programs: Callable[[], Snapshot],
    figures: "Callable[[], Figures]",
) -> PageService:
    page = PageService(
        *(options.listen, board, parts.health, lambda: parts.present.file, snapshot),
        hub=parts.hub,
        ring=parts.ring,
        for_programs=for_programs,
    )
    page.figures, page.answered, page.reader_dropped = figures, parts.tally.answered, parts.tally.reader_dropped
    return page
