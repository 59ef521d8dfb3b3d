"""Agents that break the promise on purpose, each in one way, to prove that the kill runs would see it.

`forgetful` drops every commit of its journal: after a kill it knows nothing of what it had claimed. `repeating`
sends a request to the lock server again when its answer is lost, as a thoughtless client would; `reprinting` does
so with documents alone. `hasty` calls a document printed as soon as the printer is at it. Everything else is the
product. Run as `python -m tests.torture.broken_agent KIND` with the words of `nightporter run`.
"""

import argparse
import ssl
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
import msgspec
import trio

from agent.commands.driver import Job
from agent.commands.model import Outcome, Verdict
from agent.drivers.coder_bridge.bridge import CONNECTIONS
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.printing.ipp.address import http_address
from agent.drivers.printing.ipp_printer import IppPrinter
from agent.drivers.printing.raster.rasteriser import Rasteriser
from agent.drivers.printing.rasters import Rasters
from agent.drivers.printing.talk import IppTalk
from agent.foundation import tls
from agent.foundation.http import Peer
from agent.hotel import log
from agent.hotel.app import App
from agent.hotel.drivers import Means, Opened, open_drivers
from agent.hotel.options import Options
from agent.hotel.site import Wires, real_wires
from agent.journal.work import Commit, Work
from board.fake import FakeBoard
from provisioning.model import Printer, Provisioning

LOOK_SECONDS = 0.01  # s between two looks of the hasty


class Broken(StrEnum):
    """In which way it is."""

    FORGETFUL = "forgetful"
    REPEATING = "repeating"
    REPRINTING = "reprinting"
    HASTY = "hasty"


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
        assert isinstance(request.stream, httpx.AsyncByteStream)
        pieces = [piece async for piece in request.stream]  # the product's own can be sent only once
        request.stream = httpx.ByteStream(b"".join(pieces))
        try:
            return await self._line.handle_async_request(request)
        except httpx.RemoteProtocolError:
            return await self._line.handle_async_request(request)


class HastyPrinter(IppPrinter):
    """Does not wait until the paper is out."""

    async def carry_out(self, job: Job) -> Outcome:
        outcome = Outcome(Verdict.DONE)
        async with trio.open_nursery() as nursery:

            async def print_() -> None:
                nonlocal outcome
                outcome = await IppPrinter.carry_out(self, job)
                nursery.cancel_scope.cancel()

            nursery.start_soon(print_)
            while not self.at_work.startswith("prints"):  # noqa: ASYNC110 - the driver tells no one
                await trio.sleep(LOOK_SECONDS)
            nursery.cancel_scope.cancel()
        return outcome


def repeating_peer(base: str, pin: str | None) -> Peer:
    """A way to a server over a line that repeats."""
    return Peer(base, connections=CONNECTIONS, certificate_sha256=pin, transport=Repeating(tls.context(base, pin)))


def open_reprinting(file: Provisioning, profile: Profile | None, means: Means) -> Opened:
    """The drivers, with a line that repeats to each printer."""
    printers = {http_address(printer.uri).base for printer in _ipp(file)}

    def open_peer(base: str, pin: str | None) -> Peer:
        return repeating_peer(base, pin) if base in printers else means.open_peer(base, pin)

    return open_drivers(file, profile, msgspec.structs.replace(means, open_peer=open_peer))


def open_hasty(file: Provisioning, profile: Profile | None, means: Means) -> Opened:
    """The drivers, with hasty ones for the printers that speak IPP."""
    opened, hasty = open_drivers(file, profile, means), []
    for printer in _ipp(file):
        peer = means.open_peer(http_address(printer.uri).base, printer.certificate_sha256)
        talk, patience = IppTalk(printer.uri, peer), float(file.limits.print_wait_seconds)
        rasters = Rasters(Rasteriser())
        hasty.append(HastyPrinter(printer.name, talk, rasters, means.health, patience=patience, clock=means.clock))
    hops = {driver.hop for driver in hasty}
    return Opened((*(each for each in opened.drivers if each.hop not in hops), *hasty), opened.peers)


def _ipp(file: Provisioning) -> list[Printer]:
    return [printer for printer in file.printers if printer.uri.startswith("ipp")]


def wires(kind: Broken) -> Wires:
    """The wires of one of them: to Mews as they should be."""
    usual = real_wires()
    match kind:
        case Broken.REPEATING:
            return msgspec.structs.replace(usual, lock_server=repeating_peer)
        case Broken.REPRINTING:
            return msgspec.structs.replace(usual, open_drivers=open_reprinting)
        case Broken.HASTY:
            return msgspec.structs.replace(usual, open_drivers=open_hasty)
        case Broken.FORGETFUL:
            return usual


def main() -> None:
    """Run one of them until it is killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=list(Broken), type=Broken)
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
        wires=wires(words.kind),
        run_sync=forget if words.kind is Broken.FORGETFUL else None,
    )
    app.hub.listen(log.heard)
    await app.run()


if __name__ == "__main__":
    main()
