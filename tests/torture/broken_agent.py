"""Agents that break the promise on purpose, each in one way, to prove that the kill runs would see it.

`forgetful` drops every commit of its journal: after a kill it knows nothing of what it had claimed. `repeating`
sends a request to the lock server again when its answer is lost, as a thoughtless client would. Everything else is
the product. Run as `python -m tests.torture.broken_agent forgetful|repeating` with the words of `nightporter run`.
"""

import argparse
import ssl
from pathlib import Path
from typing import Any

import httpx
import trio

from agent.drivers.coder_bridge.bridge import CONNECTIONS
from agent.foundation import tls
from agent.foundation.http import Peer
from agent.hotel import log
from agent.hotel.app import App, Options
from agent.hotel.site import Wires, real_wires
from agent.journal.work import Commit, Work
from board.fake import FakeBoard


async def forget(work: Work) -> Any:
    """The journal's thread of the forgetful: what was asked for is not done, and no one is told."""
    if isinstance(work, Commit):
        return None
    return await trio.to_thread.run_sync(work)


class Repeating(httpx.AsyncBaseTransport):
    """Sends again what was not answered, over connections that `secured` says."""

    def __init__(self, secured: ssl.SSLContext) -> None:
        self._line = httpx.AsyncHTTPTransport(verify=secured, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.stream = httpx.ByteStream(await request.aread())  # the product's own can be sent only once
        try:
            return await self._line.handle_async_request(request)
        except httpx.RemoteProtocolError:
            return await self._line.handle_async_request(request)


def repeating_wires() -> Wires:
    """The wires of the repeating: to Mews as they should be."""

    def open_peer(base: str, pin: str | None) -> Peer:
        line = Repeating(tls.context(base, pin))
        return Peer(base, connections=CONNECTIONS, certificate_sha256=pin, transport=line)

    return Wires(real_wires().mews, open_peer)


def main() -> None:
    """Run one of them until it is killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("forgetful", "repeating"))
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--listen", required=True)
    words = parser.parse_args()
    log.to_stderr()
    trio.run(_run, words)


async def _run(words: argparse.Namespace) -> None:
    app = App(
        Options(words.config, words.state, words.listen),
        FakeBoard(),
        wires=repeating_wires() if words.kind == "repeating" else None,
        run_sync=forget if words.kind == "forgetful" else None,
    )
    app.hub.listen(log.heard)
    await app.run()


if __name__ == "__main__":
    main()
