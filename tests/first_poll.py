"""`python -m tests.first_poll FILE STATE`: the agent as a process, up to its first call to Mews.

Prints the names of the modules that are loaded by then, and ends without a word to any other machine.
"""

import os
import sys
from pathlib import Path

import httpx
import trio

from agent.foundation.http import Peer
from agent.foundation.signals import Signals
from agent.hotel.app import App
from agent.hotel.options import Options
from agent.hotel.process import run_obeying
from agent.hotel.site import Wires
from board.linux import LinuxBoard


class FirstCall(httpx.AsyncBaseTransport):
    """Mews, which never answers: the process ends at once, so that nothing is loaded on its way out."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        print(*sorted(sys.modules), flush=True)
        os._exit(0)


class NoAnswer(httpx.AsyncBaseTransport):
    """A lock server or a printer that lets wait."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await trio.sleep_forever()
        raise AssertionError


def main(file: str, state: str) -> None:
    """Start, and end at the first call."""
    wires = Wires(
        lambda base: Peer(base, transport=FirstCall()),
        lambda base, _pin: Peer(base, transport=NoAnswer()),
    )

    async def run() -> None:
        options = Options(Path(file), Path(state), "127.0.0.1:0")
        await run_obeying(App(options, LinuxBoard({}), wires=wires), Signals())

    trio.run(run)


if __name__ == "__main__":
    main(*sys.argv[1:])
