"""How a document goes to a printer: as it is or as raster, with which copies. No I/O.

Only what the printer lists is sent. `application/octet-stream` is no promise: it takes the bytes, and prints them
as rubbish. All copies of an order are one job, so copies that the printer does not make itself are pages repeated,
which is possible in raster alone. Source: reference/printing.md, sections 1, 3 and 6; PWG 5102.4.
"""

from enum import StrEnum

import msgspec

from agent.commands.model import Outcome
from agent.drivers.printing.documents.kinds import Kind
from agent.drivers.printing.ipp.answers import PrinterFacts
from agent.drivers.printing.ipp.notes import PrintCode, ended

PWG_RASTER = "image/pwg-raster"
USUAL_DPI = 300  # in each direction; print shops want more, a bill is sharp
MOST_REPEATED = 50  # copies in one raster job; each page is sent as often


class RasterType(StrEnum):
    """The kinds of raster that the box makes, the best for a bill first (PWG 5102.4, table 8)."""

    GREY = "sgray_8"
    COLOUR = "srgb_8"
    BLACK = "black_1"


class Raster(msgspec.Struct, frozen=True):
    """What a page becomes; `dpi` across and along the feed."""

    type: RasterType
    dpi: tuple[int, int]


class Way(msgspec.Struct, frozen=True):
    """What is sent: bytes of `format` with the attribute `copies`, every page `repeats` times in a row of copies.

    `raster` is None for the document as it is.
    """

    format: str
    copies: int
    repeats: int = 1
    raster: Raster | None = None


def way(kind: Kind, printer: PrinterFacts, copies: int, *, can_rasterise: bool = True) -> Way | Outcome:
    """How `copies` (at least 1) of such a document go to this printer, or why they cannot."""
    raster = _raster(printer) if can_rasterise else None
    if _goes_as_it_is(kind, printer, copies, raster):
        return Way(kind.mime, copies)
    if raster is None:
        return _refusal(kind, printer, copies)
    if _can_copy(printer, copies, PWG_RASTER):
        return Way(PWG_RASTER, copies, raster=raster)
    if copies <= MOST_REPEATED:
        return Way(PWG_RASTER, 1, copies, raster)
    return ended(PrintCode.COPIES, f"{copies} copies are more than this printer makes of one document")


def _goes_as_it_is(kind: Kind, printer: PrinterFacts, copies: int, raster: Raster | None) -> bool:
    """A picture with transparency, or a text in whatever letters a printer has, goes like that only in need."""
    is_usual = kind in (Kind.PDF, Kind.JPEG) or raster is None
    return is_usual and kind.mime in printer.formats and _can_copy(printer, copies, kind.mime)


def _can_copy(printer: PrinterFacts, copies: int, format_: str) -> bool:
    """Whether that many come out of one document. A queue of CUPS makes copies of a PDF; of a picture it was seen
    to make one instead of two."""
    if copies == 1:
        return True
    is_in_range = printer.copies is not None and copies <= printer.copies.most
    return is_in_range and (not printer.is_cups or format_ == Kind.PDF.mime)


def _raster(printer: PrinterFacts) -> Raster | None:
    """The best that the printer takes and the box makes; None for none. A printer that does not say takes grey."""
    if PWG_RASTER not in printer.formats:
        return None
    types = printer.raster_types or (RasterType.GREY,)
    best = next((each for each in RasterType if each in types), None)
    return Raster(best, _dpi(printer)) if best else None


def _dpi(printer: PrinterFacts) -> tuple[int, int]:
    """The usual resolution, or else the nearest one, rather one with square dots."""
    usual = (USUAL_DPI, USUAL_DPI)
    said = printer.raster_resolutions or (usual,)
    return min(said, key=lambda dpi: (dpi[0] != dpi[1], abs(dpi[0] - USUAL_DPI), abs(dpi[1] - USUAL_DPI)))


def _refusal(kind: Kind, printer: PrinterFacts, copies: int) -> Outcome:
    if kind.mime not in printer.formats:
        return ended(PrintCode.FORMAT, f"this printer does not print {kind.words}")
    if printer.copies is None:
        return ended(PrintCode.COPIES, "this printer does not say whether it makes several copies")
    most = printer.copies.most
    if copies <= most:
        return ended(PrintCode.COPIES, f"the queue of this printer may lose copies of {kind.words}")
    return ended(PrintCode.COPIES, f"this printer makes at most {most} of the {copies} copies ordered")
