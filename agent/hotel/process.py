"""The agent as a process: its log, its signals, and a serial line beside it. Knows nothing of the hotel."""

import gc
import math
from collections.abc import AsyncIterator

import trio

from agent.control.hub import Hub
from agent.control.words.events import StepTaken
from agent.foundation.signals import RELOAD, Signals
from agent.hotel import log
from agent.hotel.app import App
from agent.hotel.options import Options
from agent.status.server.address import Address
from board.base import Board


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


class _Page(trio.TaskStatus[Address]):
    """Hears where the page is served, and tells it; `address` is None until then."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.address: Address | None = None

    def started(self, value: Address | None = None) -> None:
        if value is not None:
            self.address = value
            self._hub.publish(StepTaken(f"status page at {value.url}"))


async def _serve_console(device: str, options: Options, board: Board, app: App, page: _Page) -> None:
    await app.ready.wait()
    from agent.hotel.console_line import AgentConsole, page_at

    at = page_at(lambda: page.address)
    await AgentConsole(board, at, options.state, options.config).serve_device(device)


async def _obey(signals: AsyncIterator[int], app: App) -> None:
    async with trio.open_nursery() as nursery:
        async for number in signals:
            if number == RELOAD:
                app.reload()
            else:
                nursery.start_soon(app.stop)


async def _settle(app: App) -> None:
    await app.ready.wait()
    gc.collect()
    gc.freeze()  # what was loaded by now stays: looking through it again and again would delay keys
    gc.enable()
