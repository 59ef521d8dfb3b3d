"""An agent with a bug: it breaks with an order, its guests and a server's answer in hand, to show what the trace
of a crash tells. Everything else is the product. Run it as `python -m tests.canaries.buggy_agent` with the words
of `nightporter run`.
"""

import argparse
from pathlib import Path

import httpx
import msgspec
import trio

from agent.foundation import tls
from agent.foundation.http import Peer
from agent.hotel import log
from agent.hotel.app import App
from agent.hotel.options import Options
from agent.hotel.site import real_wires
from board.fake import FakeBoard


class Buggy(httpx.AsyncBaseTransport):
    """Breaks once a key was asked for and answered."""

    def __init__(self, base: str, pin: str | None) -> None:
        self._line = httpx.AsyncHTTPTransport(verify=tls.context(base, pin), trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As the wire does, but for keys."""
        answer = await self._line.handle_async_request(request)
        if request.url.path.endswith(("/cikey", "/mkeypush", "/cards")):
            raise LookupError("a bug")
        return answer


def buggy_peer(base: str, pin: str | None) -> Peer:
    """A way to a lock server that breaks."""
    return Peer(base, connections=4, certificate_sha256=pin, transport=Buggy(base, pin))


async def _run(words: argparse.Namespace) -> None:
    wires = msgspec.structs.replace(real_wires(), lock_server=buggy_peer)
    app = App(Options(words.config, words.state, words.listen), FakeBoard(), wires=wires)
    app.hub.listen(log.heard)
    await app.run()


def main() -> None:
    """Run it until it breaks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--listen", required=True)
    log.to_stderr()
    trio.run(_run, parser.parse_args())


if __name__ == "__main__":
    main()
