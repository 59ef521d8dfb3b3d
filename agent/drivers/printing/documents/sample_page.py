"""The test page: a PDF of one sheet of A4 that says who printed it, and shows what a printer cuts off. No I/O.

It has no guest in it, and nothing that is secret. ISO 32000, 8.5 (lines and fields) and 9.4 (text); Helvetica is
one of the fonts that every reader of PDF brings.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from agent.drivers.printing.raster.page import small_pdf
from agent.drivers.printing.raster.page.text import HEIGHT, WIDTH, in_font
from agent.foundation.reading.text import plain

FILE_TYPE = "application/pdf"
_MM = 72 / 25.4  # points
_FRAMES = (5, 10, 15)  # mm from the edge of the sheet
_RULER = 100  # mm
_LEFT = 25  # mm; where text begins
_ROW = 8  # mm from one row to the next
_CELL_LIMIT = 62  # characters; so many of 11 points fit beside their label
_MOST_ADDRESSES = 4
_LABEL = 50  # mm; the width of the labels
_FONTS = b"".join(
    b"/%b<</Type/Font/Subtype/Type1/BaseFont/%b/Encoding/WinAnsiEncoding>>" % (name, font)
    for name, font in ((b"R", b"Helvetica"), (b"B", b"Helvetica-Bold"))
)
_EXPLAINED = (
    "The frames are 5, 10 and 15 mm from the edge of a sheet of A4. An outer one that is missing, or lacks",
    "a side, lies in what this printer leaves white.",
    "The ruler is 100 mm long, unless the page was made smaller to fit. No field is as light as the paper.",
)
_LETTERS = "ÄÖÜ äöü ß  éèêç ñ å ø  €  0123456789"


class PageFacts(msgspec.Struct, frozen=True):
    """What stands on it. `at` is aware, in the hotel's zone; `zone` is the zone's name."""

    box: str
    version: str
    at: datetime
    zone: str
    addresses: tuple[str, ...]
    printer: str
    uri: str


def sample_page(facts: PageFacts) -> bytes:
    """The page as a PDF."""
    content = b"\n".join((*_frames(), *_words(facts), *_ruler(), *_greys()))
    return small_pdf.document([content], WIDTH, HEIGHT, b"/Font<<%b>>" % _FONTS)


def rows(facts: PageFacts) -> tuple[tuple[str, str], ...]:
    """What it says, a label and a text each."""
    first, *others = facts.addresses[:_MOST_ADDRESSES] or ("none that is known",)
    return (
        ("Box", facts.box),
        ("Its addresses", first),
        *(("", other) for other in others),
        ("Printed at", f"{facts.at:%-d %B %Y, %H:%M:%S} ({facts.zone}, UTC{_offset(facts.at)})"),
        ("Printer", facts.printer),
        ("Its address", facts.uri),
        ("Night Porter", f"version {facts.version}"),
        ("Letters", _LETTERS),
    )


def _offset(at: datetime) -> str:
    """+01:00"""
    text = f"{at:%z}"
    return f"{text[:3]}:{text[3:5]}"


def _frames() -> Iterator[bytes]:
    yield b"0.7 w"
    for edge in _FRAMES:
        at, width, height = edge * _MM, WIDTH - 2 * edge * _MM, HEIGHT - 2 * edge * _MM
        yield b"%.2f %.2f %.2f %.2f re S" % (at, at, width, height)
        yield _text(edge + 1, edge + 1, f"{edge} mm", size=7)


def _words(facts: PageFacts) -> Iterator[bytes]:
    top = HEIGHT / _MM
    yield _text(_LEFT, top - 40, "Test page", bold=True, size=28)
    for number, (label, words) in enumerate(rows(facts)):
        at = top - 60 - number * _ROW
        yield _text(_LEFT, at, label, bold=True, size=11)
        yield _text(_LEFT + _LABEL, at, plain(words, _CELL_LIMIT), size=11)
    for number, line in enumerate(_EXPLAINED):
        yield _text(_LEFT, 55 - number * 5, line, size=8.5)


def _ruler() -> Iterator[bytes]:
    """A line with a stroke every 10 mm, a longer one at its ends and in its middle."""
    low = 75
    yield _line(_LEFT, low, _LEFT + _RULER, low)
    for at in range(0, _RULER + 1, 10):
        yield _line(_LEFT + at, low, _LEFT + at, low + (5 if at % 50 == 0 else 3))
        yield _text(_LEFT + at - 1.5, low - 4, str(at), size=8)


def _greys() -> Iterator[bytes]:
    """Ten fields from almost white to black, each with an edge."""
    for number in range(10):
        yield b"q %.2f g 0.3 w %.2f %.2f %.2f %.2f re B Q" % (
            0.9 - number / 10,
            (_LEFT + number * 10) * _MM,
            95 * _MM,
            10 * _MM,
            10 * _MM,
        )


def _line(x: float, y: float, to_x: float, to_y: float) -> bytes:
    """From one point to another, in mm from the lower left corner."""
    return b"%.2f %.2f m %.2f %.2f l S" % (x * _MM, y * _MM, to_x * _MM, to_y * _MM)


def _text(x: float, y: float, words: str, *, size: float, bold: bool = False) -> bytes:
    font = b"B" if bold else b"R"
    return b"BT /%b %.1f Tf %.2f %.2f Td <%b> Tj ET" % (
        font,
        size,
        x * _MM,
        y * _MM,
        in_font(words).hex().encode(),
    )
