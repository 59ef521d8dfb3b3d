"""PWG raster (PWG 5102.4): pages of pixels in the form that every IPP Everywhere printer takes. No I/O.

Never holds more than one line and the piece that it is writing: pages come and go line by line. What makes it
quick in plain Python: equal lines are compared, not packed, and runs in the others are found by subtracting a line
from itself moved by a pixel, where they are zeros.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from itertools import groupby

from agent.drivers.printing.raster.page.request import HUNDREDTHS_OF_INCH, POINTS, Colours, Sheet

SYNC = b"RaS2"  # once, before the first page
HEADER_BYTES = 1796
PIECE_BYTES = 64 << 10  # of what is handed on at once
LINES_AT_ONCE = 256  # that one count byte can repeat
PIXELS_AT_ONCE = 128  # that one run or one row of literals can have
SHORTEST_RUN = 8  # pixels; shorter ones stay literals: a tenth more bytes for half the time

# Bits a colour, bits a pixel, colour space (18: sGray, 3: black, 19: sRGB), colours.
_FORMS = {Colours.SGRAY_8: (8, 8, 18, 1), Colours.BLACK_1: (1, 1, 3, 1), Colours.SRGB_8: (8, 24, 19, 3)}


def line_bytes(colours: Colours, columns: int) -> int:
    """How many bytes a line of so many pixels has before it is packed."""
    return -(-columns * _FORMS[colours][1] // 8)


def page(sheet: Sheet, colours: Colours, pages: int, lines: Iterable[bytes]) -> Iterator[bytes]:
    """A page in pieces: its header, then its lines, packed. `pages` is the whole document's number."""
    yield header(sheet, colours, pages)
    yield from _pieces(_packed(lines, max(1, _FORMS[colours][1] // 8)))


def header(sheet: Sheet, colours: Colours, pages: int) -> bytes:
    """The header of a page (PWG 5102.4, table 3): 1,796 bytes, big-endian; what is not named is 0."""
    bits, pixel_bits, space, number = _FORMS[colours]
    points = (round(side * POINTS / HUNDREDTHS_OF_INCH) for side in (sheet.width, sheet.height))
    fields: dict[int, tuple[int, ...]] = {
        276: (sheet.dpi, sheet.dpi),
        340: (0,),  # copies: as the job says
        352: tuple(points),
        372: (sheet.columns, sheet.rows),
        384: (bits, pixel_bits, line_bytes(colours, sheet.columns)),
        396: (0, space),  # the colours of a pixel stand together
        420: (number,),
        452: (pages, 1, 1),  # the back is not mirrored
        464: (0, 0, sheet.columns, sheet.rows),
        480: (0xFFFFFF,),
    }
    content = bytearray(HEADER_BYTES)
    content[:9] = b"PwgRaster"
    for offset, values in fields.items():
        struct.pack_into(f">{len(values)}I", content, offset, *values)
    name = sheet.name.encode("ascii", "replace")[:63]
    content[1732 : 1732 + len(name)] = name
    return bytes(content)


def _packed(lines: Iterable[bytes], pixel: int) -> Iterator[bytes]:
    for line, equal in groupby(lines):
        packed = _packed_line(line, pixel)
        left = sum(1 for _ in equal)
        while left > 0:
            yield bytes((min(left, LINES_AT_ONCE) - 1,)) + packed
            left -= LINES_AT_ONCE


def _packed_line(line: bytes, pixel: int) -> bytes:
    """Runs as count and pixel, the rest as literals; `pixel` is its size in bytes.

    Runs are where a line and itself moved by a pixel differ by zeros. This is the loop that all time goes into.
    """
    number = int.from_bytes(line, "big")
    changes = (number ^ number >> 8 * pixel).to_bytes(len(line), "big")
    packed: list[bytes] = []
    done = 0
    for zeros in _ZEROS[pixel].finditer(changes, pixel):
        start, end = zeros.span()
        start = -(-start // pixel) * pixel - pixel  # the pixel before is the first of them
        if start > done:
            packed += _literals(line[done:start], pixel)
        done = end // pixel * pixel
        packed += _run((done - start) // pixel, line[start : start + pixel])
    return b"".join(packed + _literals(line[done:], pixel))


def _run(count: int, pixel: bytes) -> tuple[bytes, ...]:
    if count <= PIXELS_AT_ONCE:
        return _RUN[count], pixel
    whole, rest = divmod(count, PIXELS_AT_ONCE)
    return ((_RUN[PIXELS_AT_ONCE] + pixel) * whole, *(_run(rest, pixel) if rest else ()))


def _literals(part: bytes, pixel: int) -> list[bytes]:
    count = len(part) // pixel
    if count <= PIXELS_AT_ONCE:
        return [_LITERALS[count], part]
    size = PIXELS_AT_ONCE * pixel
    return [_LITERALS[PIXELS_AT_ONCE], part[:size], *_literals(part[size:], pixel)]


def _pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    piece = bytearray()
    for part in parts:
        piece += part
        if len(piece) >= PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def _zeros(pixel: int) -> re.Pattern[bytes]:
    return re.compile(b"\0" * (pixel * (SHORTEST_RUN - 1)) + b"\0*")  # that spelling is the one re searches fast


_ZEROS = {pixel: _zeros(pixel) for pixel in (1, 3)}
_RUN = [b"", *(bytes((count - 1,)) for count in range(1, PIXELS_AT_ONCE + 1))]
_LITERALS = [b"", b"\0", *(bytes((257 - count,)) for count in range(2, PIXELS_AT_ONCE + 1))]  # one is a run of one
