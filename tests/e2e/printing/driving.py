"""Our driver of a printer over real sockets, with the real clock."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import trio

from agent.commands.driver import PrintJob
from agent.commands.model import Outcome
from agent.drivers.printing.ipp.address import http_address
from agent.drivers.printing.ipp_printer import IppPrinter
from agent.drivers.printing.raster.rasteriser import Rasteriser
from agent.drivers.printing.rasters import Rasters
from agent.drivers.printing.talk import IppTalk
from agent.foundation.http import Peer
from agent.health.health import Health
from tests.drivers.printing.raster import documents

NAME = "0b1c2d3e-1111-4222-8333-444455556666"
PDF = documents.text_page()
PATIENCE = 60.0


class Desk:
    """`printer` is the driver, `health` what the page would show."""

    def __init__(self, talk: IppTalk, patience: float) -> None:
        self.health = Health(trio.current_time)
        rasters = Rasters(Rasteriser())
        self.printer = IppPrinter("Front", talk, rasters, self.health, patience=patience, clock=trio.current_time)
        self.talk = talk

    async def print(
        self, document: bytes = PDF, file_type: str = "application/pdf", copies: int = 1, name: str = NAME
    ) -> Outcome:
        """Have it printed."""
        return await self.printer.carry_out(PrintJob("Front", name, document, file_type, copies))

    @property
    def codes(self) -> list[str]:
        """The faults of the printer."""
        return [fault.kind.code for fault in self.health.active()]


class Ended:
    """The outcome of a document that is printed beside the test."""

    def __init__(self, nursery: trio.Nursery, desk: Desk, name: str = NAME, document: bytes = PDF) -> None:
        self._outcome: Outcome | None = None
        self._is_there = trio.Event()
        nursery.start_soon(self._print, desk, name, document)

    async def wait(self) -> Outcome:
        """Wait for it."""
        await self._is_there.wait()
        assert self._outcome is not None
        return self._outcome

    async def _print(self, desk: Desk, name: str, document: bytes) -> None:
        self._outcome = await desk.print(document, name=name)
        self._is_there.set()


@asynccontextmanager
async def desk(
    uri: str, *, patience: float = PATIENCE, pin: str | None = None, talk: Callable[[str, Peer], IppTalk] = IppTalk
) -> AsyncIterator[Desk]:
    """A driver of the printer at that address."""
    async with Peer(http_address(uri).base, certificate_sha256=pin) as peer:
        yield Desk(talk(uri, peer), patience)
