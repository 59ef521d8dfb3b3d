"""What is to be drawn, as the drawing process is told it. No I/O."""

from enum import StrEnum

import msgspec

HUNDREDTHS_OF_INCH = 2540  # hundredths of a millimetre in an inch
POINTS = 72  # in an inch


class Kind(StrEnum):
    """What a document is, by its MIME type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    TEXT = "text/plain"


class Colours(StrEnum):
    """How a pixel is written: keywords of `pwg-raster-document-type-supported` (PWG 5102.4)."""

    BLACK_1 = "black_1"
    SGRAY_8 = "sgray_8"
    SRGB_8 = "srgb_8"


class Sheet(msgspec.Struct, frozen=True):
    """The paper: its size and the edges that the printer leaves white.

    In hundredths of a millimetre, as IPP has them. `name` is the size's own (PWG 5101.1), `dpi` holds both ways.
    """

    width: int = 21_000
    height: int = 29_700
    top: int = 423  # 1/6 inch; most lasers leave as much white
    right: int = 423
    bottom: int = 423
    left: int = 423
    dpi: int = 300
    name: str = "iso_a4_210x297mm"

    @property
    def columns(self) -> int:
        """Pixels from edge to edge."""
        return self.pixels(self.width)

    @property
    def rows(self) -> int:
        """Pixels from top to bottom."""
        return self.pixels(self.height)

    def pixels(self, hundredths: int) -> int:
        """So many hundredths of a millimetre, in pixels."""
        return round(hundredths * self.dpi / HUNDREDTHS_OF_INCH)


class Bounds(msgspec.Struct, frozen=True):
    """What one document may cost. `seconds` are the processor's.

    A process that holds more than `memory` is ended by its parent. Its allocations fail only far above that: for
    want of memory PDFium leaves a picture out, and says nothing.
    """

    pages: int = 200
    seconds: int = 60  # s; a page of a bill takes 0.2
    memory: int = 160 << 20  # bytes; a photo of 12 megapixels takes up to 100 MB, a page of text 30
    pixels: int = 40_000_000  # of one picture


class RasterRequest(msgspec.Struct, frozen=True):
    """Draw the pages on sheets of this kind, the whole document once for each copy; or look at them and count.

    `sheet` is None for the count; `caller` is the id of the process that asks.
    """

    kind: Kind
    bounds: Bounds
    caller: int
    sheet: Sheet | None = None
    colours: Colours = Colours.SGRAY_8
    copies: int = 1
