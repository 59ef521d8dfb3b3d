"""`nightporter console`: the console on the terminal that it is started from, for the box or for an agent."""

import os
import signal
import sys
import termios
import tty
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import trio

from agent.console.box import box_itself
from agent.console.line import Descriptors
from agent.console.own_page import OwnPage, page_of_box
from agent.console.server import ConsoleServer
from agent.control.client import state_folder
from agent.foundation.errors import UserMistake
from agent.foundation.reach import server_at
from agent.handover.helper import SOCKET
from agent.hotel.console_line import AgentConsole, page_at
from agent.journal.state_folder import VARIABLE
from agent.status.client import base_of
from agent.status.server.address import Address
from board.linux import LinuxBoard


def run(state: Path | None, config: Path | None, url: str | None, environment: Mapping[str, str]) -> None:
    """Serve this terminal until Ctrl-D. Raises `UserMistake` where there is none."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserMistake("The console needs a terminal: start it from one, without a pipe or a file.")
    is_box = state is None and config is None and not environment.get(VARIABLE) and SOCKET.exists()
    is_dumb = environment.get("TERM", "dumb") == "dumb"
    with _keys_at_once():
        if is_box:
            trio.run(_until_ended, partial(_serve_box, is_dumb))
        else:
            trio.run(_until_ended, partial(_serve_agent, state_folder(state, environment), config, url, is_dumb))


async def _until_ended(serve: Callable[[], Awaitable[None]]) -> None:
    """Serve until the person goes or a signal comes: the terminal is put back after either."""
    with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_end_at_signal, signals, nursery.cancel_scope)
            await serve()
            nursery.cancel_scope.cancel()


async def _end_at_signal(signals: AsyncIterator[int], serving: trio.CancelScope) -> None:
    async for _ in signals:
        serving.cancel()


async def _serve_box(is_dumb: bool) -> None:
    server = ConsoleServer(box_itself(LinuxBoard()))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(server.watch)
        await server.serve(Descriptors("terminal", 0, 1, is_dumb=is_dumb), asks_for_code=False)
        nursery.cancel_scope.cancel()


async def _serve_agent(state: Path, config: Path | None, url: str | None, is_dumb: bool) -> None:
    console = AgentConsole(LinuxBoard(), _page(url), state, config)
    await console.serve_terminal(0, 1, is_dumb=is_dumb)


def _page(url: str | None) -> OwnPage:
    if url is None:
        return OwnPage(page_of_box())
    server = server_at(base_of(url))
    return page_at(lambda: Address(server.host, server.port))


@contextmanager
def _keys_at_once() -> Iterator[None]:
    """Every key as it is pressed, and nothing shown by the kernel; as it was before at the end."""
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        yield
    finally:
        for descriptor in (0, 1):
            os.set_blocking(descriptor, True)
        termios.tcsetattr(0, termios.TCSANOW, before)
