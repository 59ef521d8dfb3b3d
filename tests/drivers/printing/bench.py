"""A simulated printer, and the driver of it, in virtual time: documents are drawn by a stand-in."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import trio

from agent.commands.driver import PrintJob
from agent.commands.model import Outcome
from agent.drivers.eyes import NO_EYES, Eyes
from agent.drivers.knocking import Knock
from agent.drivers.printing.documents.kinds import Document
from agent.drivers.printing.documents.way import Raster
from agent.drivers.printing.ipp.answers import PrinterFacts
from agent.drivers.printing.ipp_printer import IppPrinter
from agent.drivers.printing.raster.rasteriser import RasterFailed, Rasteriser
from agent.drivers.printing.rasters import Rasters
from agent.drivers.printing.talk import IppTalk
from agent.foundation.http import Peer
from agent.health.health import Health
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches
from tests.drivers.steady_knock import SteadyKnock
from tests.in_process import SimulatorTransport

PATIENCE = 600.0
HOP = "printer:Office"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Page>>endobj\ntrailer<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + bytes(200) + b"\xff\xd9"


class Pieces:
    """A raster that comes in pieces, and may break off."""

    def __init__(self, pieces: list[bytes], failure: RasterFailed | None) -> None:
        self._left, self._failure = list(pieces), failure

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        await trio.lowlevel.checkpoint()
        if self._left:
            return self._left.pop(0)
        raise self._failure or StopAsyncIteration


class Drawn(Rasters):
    """Draws nothing: the sync word of PWG raster and some bytes."""

    def __init__(self) -> None:
        super().__init__(Rasteriser())
        self.asked: list[tuple[Raster, int]] = []
        self.before: RasterFailed | None = None
        self.amid: RasterFailed | None = None

    @asynccontextmanager
    async def drawn(
        self, document: Document, raster: Raster, copies: int, printer: PrinterFacts
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        self.asked.append((raster, copies))
        if self.before is not None:
            raise self.before
        yield Pieces([b"RaS2", bytes(1000), bytes(1000)], self.amid)


class Bench:
    """`printer` is the simulated one, `driver` ours; `rasters` draw for it instead of the stand-in `drawn`."""

    def __init__(self, switches: PrinterSwitches | None = None, rasters: Rasters | None = None) -> None:
        self.printer = PrinterSimulator(switches or PrinterSwitches())
        self.line = SimulatorTransport(self.printer)
        self.health = Health(trio.current_time)
        self.drawn = Drawn()
        self._rasters = rasters or self.drawn
        self.knocks = 0
        self.driver = self.new_driver()

    def new_driver(self, knock: Knock | None = None, eyes: Eyes = NO_EYES) -> IppPrinter:
        """As after a restart of the box."""
        peer = Peer("http://10.4.5.30:631", transport=self.line)
        talk = IppTalk("ipp://10.4.5.30/ipp/print", peer)
        return IppPrinter(
            *("Office", talk, self._rasters, self.health),
            patience=PATIENCE,
            clock=trio.current_time,
            knock=knock,
            eyes=eyes,
        )

    def knocked_driver(self, eyes: Eyes = NO_EYES) -> IppPrinter:
        """One that is knocked at between two looks; `knocks` counts that."""

        async def knock() -> bool | None:
            await trio.lowlevel.checkpoint()
            self.knocks += 1
            return None if self.printer.presence.is_refusing else True

        return self.new_driver(SteadyKnock(knock), eyes)

    async def print(
        self,
        document: bytes = PDF,
        file_type: str = "application/pdf",
        copies: int = 1,
        name: str = "c-1",
        driver: IppPrinter | None = None,
    ) -> Outcome:
        """Have it printed."""
        return await (driver or self.driver).carry_out(PrintJob("Office", name, document, file_type, copies))

    @property
    def counts(self) -> dict[str, int]:
        """Whole copies in the tray, by the job's name."""
        return dict(self.printer.tray.counts)

    @property
    def codes(self) -> list[str]:
        """What the page shows of the printer."""
        return [fault.kind.code for fault in self.health.active() if fault.hop == HOP]

    @contextmanager
    def off(self) -> Iterator[None]:
        """The printer is switched off meanwhile."""
        self.printer.power_off()
        try:
            yield
        finally:
            self.printer.power_on()
