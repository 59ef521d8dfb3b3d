"""The printers of a provisioning file, each with the way to it."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

import msgspec
import trio

from agent.commands.driver import Driver
from agent.drivers.eyes import NO_EYES, Eyes
from agent.drivers.knocking import Knock
from agent.drivers.printing.ipp.address import http_address
from agent.drivers.printing.ipp_printer import IppPrinter
from agent.drivers.printing.raster.rasteriser import Rasteriser
from agent.drivers.printing.rasters import Rasters
from agent.drivers.printing.raw_printer import RawPrinter
from agent.drivers.printing.talk import IppTalk
from agent.foundation import reach
from agent.foundation.http import Peer
from agent.foundation.timing import Clock
from agent.health.health import Health
from provisioning.model import Limits, Printer

OpenStream = Callable[[str, int], Awaitable[trio.abc.Stream]]


class PrintMeans(msgspec.Struct, frozen=True):
    """What printers get beside the file. `open_peer` takes an address and a pin, `open_stream` a host and a port:
    it raises `NotSent`. `rasters` draws for all of them; `knock` makes what tries whether a server is there,
    `eyes` are those that have just come to look."""

    health: Health
    clock: Clock
    open_peer: Callable[[str, str | None], Peer]
    open_stream: OpenStream | None = None
    rasters: Rasters | None = None
    knock: Callable[[str], Knock] | None = None
    eyes: Eyes = NO_EYES


def open_printers(
    printers: Sequence[Printer], limits: Limits, means: PrintMeans
) -> tuple[tuple[Driver, ...], tuple[Peer, ...]]:
    """A driver for each, and what has to be closed after them."""
    rasters, patience = means.rasters or Rasters(Rasteriser()), float(limits.print_wait_seconds)
    drivers: list[Driver] = []
    peers: list[Peer] = []
    for printer in printers:
        if printer.uri.startswith("socket:"):
            connect = partial(means.open_stream or _open_stream, *_place(printer.uri))
            drivers.append(
                RawPrinter(
                    *(printer.name, connect, means.health), patience=patience, clock=means.clock, eyes=means.eyes
                )
            )
            continue
        base = http_address(printer.uri).base
        peers.append(means.open_peer(base, printer.certificate_sha256))
        talk, knock = IppTalk(printer.uri, peers[-1], means.clock), means.knock and means.knock(base)
        driver = IppPrinter(
            *(printer.name, talk, rasters, means.health),
            patience=patience,
            clock=means.clock,
            knock=knock,
            eyes=means.eyes,
        )
        drivers.append(driver)
    return tuple(drivers), tuple(peers)


def _place(uri: str) -> tuple[str, int]:
    url = urlsplit(uri)
    if url.hostname is None or url.port is None:
        raise ValueError("a socket address without host or port")
    return url.hostname, url.port


async def _open_stream(host: str, port: int) -> trio.abc.Stream:
    return await reach.opened(reach.Server(f"socket://{host}:{port}", host, port, is_tls=False))
