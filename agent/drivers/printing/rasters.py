"""Documents as a printer's raster: counted first, then drawn page by page while they are sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agent.commands.model import Outcome
from agent.drivers.printing.documents.kinds import Document
from agent.drivers.printing.documents.paper import sheet
from agent.drivers.printing.documents.way import Raster
from agent.drivers.printing.ipp.answers import PrinterFacts
from agent.drivers.printing.ipp.notes import PrintCode, ended
from agent.drivers.printing.raster.page.refusals import Refusal
from agent.drivers.printing.raster.page.request import Colours, Kind
from agent.drivers.printing.raster.rasteriser import RasterFailed, Rasteriser

_CODES = {
    Refusal.ENCRYPTED: PrintCode.ENCRYPTED,
    Refusal.EMPTY: PrintCode.EMPTY,
    Refusal.DAMAGED: PrintCode.DAMAGED,
    Refusal.PAGES: PrintCode.PAGES,
    Refusal.PICTURE_SIZE: PrintCode.SIZE,
    Refusal.OUTPUT: PrintCode.SIZE,
}
_FOR_ANY_PRINTER = frozenset({Refusal.ENCRYPTED, Refusal.PAGES})  # others may be for PDFium alone


class Rasters:
    """The box's one place for drawing, as printers use it."""

    def __init__(self, rasteriser: Rasteriser) -> None:
        self._rasteriser = rasteriser

    async def objection(self, document: Document) -> Outcome | None:
        """Why no printer should get the document, where its bytes give a hint of that; None for any other.

        A printer that takes it as it is would print nothing, or all of ten thousand pages.
        """
        if not (document.may_be_encrypted or document.may_be_long):
            return None
        try:
            await self._rasteriser.count(document.data, Kind(document.kind.mime))
        except RasterFailed as error:
            return refused(error) if error.refusal in _FOR_ANY_PRINTER else None
        return None

    @asynccontextmanager
    async def drawn(
        self, document: Document, raster: Raster, copies: int, printer: PrinterFacts
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Its pages, to be read within the block; each page is looked at first, so that little can go wrong then.

        Raises `RasterFailed`.
        """
        kind = Kind(document.kind.mime)
        await self._rasteriser.count(document.data, kind)
        paper, colours = sheet(printer, raster.dpi[0]), Colours(raster.type.value)
        async with self._rasteriser.pages(document.data, kind, paper, colours, copies) as pieces:
            yield pieces


def refused(error: RasterFailed) -> Outcome:
    """The outcome of a document that cannot be drawn, and of which nothing was sent."""
    return ended(_CODES.get(error.refusal, PrintCode.FORMAT), str(error))


def broken_off(error: RasterFailed) -> Outcome:
    """The outcome of one that could not be drawn to its end, some pages of which may be on paper."""
    return ended(PrintCode.BROKEN_OFF, str(error))
