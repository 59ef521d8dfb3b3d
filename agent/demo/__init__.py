"""The demo: simulated Mews, lock servers and printer, the real agent between them, and orders of themselves.

Nothing of the agent is replaced but the board; all calls go over real sockets of the loopback. Must never say that
all went well without having counted it (`tally.py`).
"""

import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import TextIO

import trio

from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.origin import OriginName
from agent.commands.record import Record
from agent.control.words.events import Event, OrderChanged
from agent.demo.desk_work import ERRANDS, DeskWork
from agent.demo.hotel_files import CONSOLE_CODE, PAGE_PASSWORD, write_site
from agent.demo.lock_systems import LockSystems
from agent.demo.office import PRINTER, Office
from agent.demo.reception import CARD_SECONDS, COUNTED_CARD_SECONDS, Ordered, Reception
from agent.demo.screen import Screen, output_for
from agent.demo.tally import Sum, Tally
from agent.foundation.errors import mistake_in
from agent.hotel import log
from agent.hotel.app import App
from agent.hotel.console_line import AgentConsole, page_at
from agent.hotel.options import Options
from agent.journal.state_folder import VARIABLE
from agent.simulators.base.control import CONTROL
from agent.simulators.base.server import serve
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import Dialect, HotelKind, MewsSwitches
from agent.status.server.address import Address, address_of
from board.fake import FakeBoard

EXAMPLES = (
    "nightporter test, nightporter key 1 101, nightporter pause 2, nightporter watch",
    "nightporter lock rooms, lock key BAR1 102, lock read 1, lock room-in 101, lock cancel 101",
    f"nightporter print find, print status, print test {PRINTER}",
)
NO_VISIONLINE = "Without VisiOnline: its certificate needs the program openssl, which this machine lacks."
NO_ACTING = "Without the page that acts: its certificate needs the program openssl, too."
PATIENCE = 60.0  # s after the last order; the encoders keep up with the orders, so what is left takes some seconds


async def run_demo(listen: str, commands: int | None, dialect: Dialect = Dialect.V2016) -> bool:
    """Show the demo on standard output, with its page at `listen`; whether all went well.

    `dialect` is Mews'. Ends after `commands` commands, or (None) by SIGINT, SIGTERM, or a reader that went away.
    Raises `UserMistake` when the page cannot be served there.
    """
    demo = Demo(sys.stdout, commands, dialect)
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_obey, signals, demo)
            sum = await demo.run(listen)
            nursery.cancel_scope.cancel()
    return sum.is_good


class Demo:
    """One run of the demo. `mews`, `locks` and `office` are there before it begins, to be made worse."""

    def __init__(self, out: TextIO, commands: int | None, dialect: Dialect = Dialect.V2016) -> None:
        self._commands, self._dialect = commands, dialect
        self._stopping = trio.Event()
        self._app: App | None = None
        card_seconds = CARD_SECONDS if commands is None else COUNTED_CARD_SECONDS
        self.mews = MewsSimulator(MewsSwitches(dialect=dialect, hotel=HotelKind.SMALL))
        self.locks = LockSystems(card_seconds)
        self.office = Office()
        self._screen = Screen(output_for(out, self._stopping.set, os.environ))
        self._tally = Tally(self.mews, self.locks, self.office, 0 if commands is None else len(ERRANDS))

    async def run(self, listen: str) -> Sum:
        """Run it to its end, and say the sum."""
        with TemporaryDirectory(prefix="nightporter-demo-") as folder, _log_on(self._screen):
            try:
                await self._run_all(listen, Path(folder))
            except BaseExceptionGroup as group:
                raise mistake_in(group) or group from None
            finally:
                self._screen.close()
        sum = self._tally.sum(self._commands)
        self._screen.say("\n" + sum.text)
        return sum

    async def stop(self) -> None:
        """Order nothing more, let the keys under way finish, and end. A second call gives them no time."""
        if self._stopping.is_set() and self._app is not None:
            await self._app.stop()
        self._stopping.set()

    async def _run_all(self, listen: str, folder: Path) -> None:
        async with trio.open_nursery() as simulators:
            mews_port = await simulators.start(serve, self.mews)
            await self.locks.serve(simulators)
            await self.office.serve(simulators)
            mews_url = f"http://127.0.0.1:{mews_port}"
            acting = await _free_place() if which("openssl") else ""
            site = write_site(folder, mews_url, self.locks, self.office, self._dialect, acting)
            board = FakeBoard("demo-hotel")
            self._app = App(Options(site.config, site.state, listen), board)
            self._app.hub.listen(self._heard)
            self._app.hub.listen(log.heard)
            with log.kept_in(self._app.ring):
                async with trio.open_nursery() as nursery:
                    address = await nursery.start(self._app.run)
                    console = AgentConsole(board, page_at(lambda: address), site.state, site.config)
                    line = await simulators.start(console.serve_pty)
                    self._introduce(address, mews_url, acting, line, site.state)
                    await self._receive_guests(DeskWork(site.state, self._tally.add_errand))
                    await self._app.stop()
            simulators.cancel_scope.cancel()

    def _introduce(self, page: Address, mews_url: str, acting: str, line: str, state: Path) -> None:
        visionline = self.locks.visionline_url
        self._screen.say(f"The page: {page.url}")
        self._screen.say(f"Simulated Mews: {mews_url}{CONTROL}/")
        self._screen.say(f"Simulated Coder Bridge: {self.locks.bridge_url}{CONTROL}/")
        self._screen.say(f"Simulated VisiOnline: {visionline}{CONTROL}/" if visionline else NO_VISIONLINE)
        self._screen.say(f"Simulated printer: {self.office.url}{CONTROL}/")
        self._screen.say(f"To act, in a second terminal: export {VARIABLE}={state}")
        for examples in EXAMPLES:
            self._screen.say(f"  then {examples};")
        self._screen.say("  nightporter help lists all.")
        self._screen.say(
            f"The page that acts: https://{acting}/   (password {PAGE_PASSWORD})" if acting else NO_ACTING
        )
        self._screen.say(f"A serial console: screen {line}   (code {CONSOLE_CODE})")
        self._screen.say("Ctrl-C ends the demo.\n")

    async def _receive_guests(self, desk: DeskWork) -> None:
        """Until all commands are over, or somebody stops the demo."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._order, desk, nursery.cancel_scope)
            await self._stopping.wait()
            nursery.cancel_scope.cancel()

    async def _order(self, desk: DeskWork, all_over: trio.CancelScope) -> None:
        reception = Reception(self.mews, self.locks, self.office, self._ordered, self._arranged)
        if self._commands is None:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(desk.now_and_then)
                await reception.order_forever()
        await reception.order_some(self._commands or 0)
        with trio.move_on_after(PATIENCE):
            await self.mews.wait_all_final()
            await desk.each_once()
        all_over.cancel()

    def _heard(self, event: Event) -> None:
        if isinstance(event, OrderChanged) and event.record.origin == OriginName.DESK:
            self._tally.add_desk(event.record)
        self._screen.heard(event)
        if isinstance(event, OrderChanged):
            self._show_paper(event.record)

    def _show_paper(self, record: Record) -> None:
        """Where a document that was printed can be seen."""
        picture = self.office.picture(record.id) if record.kind is Kind.PRINT else ""
        if picture and record.state is State.DONE:
            self._screen.say(f"On paper at {PRINTER}: {picture}")

    def _ordered(self, order: Ordered) -> None:
        self._tally.add(order)
        self._screen.ordered(order)

    def _arranged(self, words: str) -> None:
        self._screen.say(f"Arranged: {words}.")


class _ScreenLog(logging.Handler):
    """Puts what the agent's log has beside the hub's news among the demo's own lines; none garbles another."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def emit(self, record: logging.LogRecord) -> None:
        if not log.is_of_hub(record):  # of which the screen shows what it wants
            self._screen.say(f"{record.levelname.capitalize()}: {record.getMessage()}")


@contextmanager
def _log_on(screen: Screen) -> Iterator[None]:
    handler, level = _ScreenLog(screen), log.log.level
    logging.getLogger().addHandler(handler)
    log.log.setLevel(logging.INFO)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        log.log.setLevel(level)


async def _free_place() -> str:
    """An address of the loopback that no program uses just now."""
    (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
    async with listener:
        return address_of(listener).text


async def _obey(signals: AsyncIterator[int], demo: Demo) -> None:
    async with trio.open_nursery() as nursery:
        async for _ in signals:
            nursery.start_soon(demo.stop)
