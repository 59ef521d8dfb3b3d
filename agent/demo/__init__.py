"""The demo: simulated Mews and Coder Bridge, the real agent between them, and keys that order themselves.

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
from tempfile import TemporaryDirectory
from typing import TextIO

import trio

from agent.commands.origin import OriginName
from agent.control.client import VARIABLE
from agent.control.words.events import Event, OrderChanged
from agent.demo.hotel_files import CONSOLE_CODE, write_site
from agent.demo.reception import CARD_SECONDS, COUNTED_CARD_SECONDS, Ordered, Reception
from agent.demo.screen import Screen, output_for
from agent.demo.tally import Sum, Tally
from agent.foundation.errors import mistake_in
from agent.hotel import log
from agent.hotel.app import App, Options
from agent.hotel.console_line import AgentConsole, page_at
from agent.simulators.base.control import CONTROL
from agent.simulators.base.server import serve
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.simulator import MewsSimulator
from agent.status.address import Address
from board.fake import FakeBoard

EXAMPLES = "nightporter test, nightporter key 1 101, nightporter pause 2, nightporter watch"
PATIENCE = 60.0  # s after the last order; the encoders keep up with the orders, so what is left takes some seconds


async def run_demo(listen: str, commands: int | None) -> bool:
    """Show the demo on standard output, with its page at `listen`; whether all went well.

    Ends after `commands` commands, or (None) by SIGINT, SIGTERM, or a reader that went away. Raises `UserMistake`
    when the page cannot be served there.
    """
    demo = Demo(sys.stdout, commands)
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_obey, signals, demo)
            sum = await demo.run(listen)
            nursery.cancel_scope.cancel()
    return sum.is_good


class Demo:
    """One run of the demo. `mews` and `bridge` are there before it begins, to be made worse."""

    def __init__(self, out: TextIO, commands: int | None) -> None:
        self._commands = commands
        self._stopping = trio.Event()
        self._app: App | None = None
        card_seconds = CARD_SECONDS if commands is None else COUNTED_CARD_SECONDS
        self.mews = MewsSimulator()
        self.bridge = CoderBridgeSimulator(CoderBridgeSwitches(card_seconds=card_seconds))
        self._screen = Screen(output_for(out, self._stopping.set, os.environ))
        self._tally = Tally(self.mews, self.bridge)

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
            bridge_port = await simulators.start(serve, self.bridge)
            site = write_site(folder, mews_port, bridge_port, self.bridge.switches)
            board = FakeBoard("demo-hotel")
            self._app = App(Options(site.config, site.state, listen), board)
            self._app.hub.listen(self._heard)
            async with trio.open_nursery() as nursery:
                address = await nursery.start(self._app.run)
                console = AgentConsole(board, page_at(lambda: address), site.state, site.config)
                line = await simulators.start(console.serve_pty)
                self._introduce(address, mews_port, bridge_port, site.state)
                self._screen.say(f"A serial console: screen {line}   (code {CONSOLE_CODE})")
                self._screen.say("Ctrl-C ends the demo.\n")
                await self._receive_guests()
                await self._app.stop()
            simulators.cancel_scope.cancel()

    def _introduce(self, page: Address, mews_port: int, bridge_port: int, state: Path) -> None:
        self._screen.say(f"The page: {page.url}")
        self._screen.say(f"Simulated Mews: http://127.0.0.1:{mews_port}{CONTROL}/")
        self._screen.say(f"Simulated Coder Bridge: http://127.0.0.1:{bridge_port}{CONTROL}/")
        self._screen.say(f"To act, in a second terminal: export {VARIABLE}={state}")
        self._screen.say(f"  then {EXAMPLES}; nightporter help lists all.")

    async def _receive_guests(self) -> None:
        """Until all commands are over, or somebody stops the demo."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._order, nursery.cancel_scope)
            await self._stopping.wait()
            nursery.cancel_scope.cancel()

    async def _order(self, all_over: trio.CancelScope) -> None:
        reception = Reception(self.mews, self.bridge, self._ordered, self._arranged)
        if self._commands is None:
            await reception.order_forever()
            return
        await reception.order_some(self._commands)
        with trio.move_on_after(PATIENCE):
            await self.mews.wait_all_final()
        all_over.cancel()

    def _heard(self, event: Event) -> None:
        if isinstance(event, OrderChanged) and event.record.origin == OriginName.DESK:
            self._tally.add_desk(event.record)
        self._screen.heard(event)

    def _ordered(self, order: Ordered) -> None:
        self._tally.add(order)
        self._screen.ordered(order)

    def _arranged(self, words: str) -> None:
        self._screen.say(f"Arranged: {words}.")


class _ScreenLog(logging.Handler):
    """Puts the agent's log lines among the demo's own, so that neither garbles the other."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def emit(self, record: logging.LogRecord) -> None:
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


async def _obey(signals: AsyncIterator[int], demo: Demo) -> None:
    async with trio.open_nursery() as nursery:
        async for _ in signals:
            nursery.start_soon(demo.stop)
