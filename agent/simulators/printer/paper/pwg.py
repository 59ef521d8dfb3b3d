"""PWG raster (PWG 5102.4-2012) as pages of pixels, for looking at.

Written for the simulator alone, so that the agent's encoder is judged by another reading of the standard than its
own. Must never take more memory than one page may have.
"""

from collections.abc import Iterator
from struct import Struct

import msgspec

MAGIC = b"RaS2"
HEADER = 1796  # bytes; section 4.3
_MOST_BYTES = 256 * 1024 * 1024  # of one page; A3 in colour at 600 dpi has 209 MB
_FIELDS = Struct(">10I")  # from Width on: Width Height - BitsPerColor BitsPerPixel BytesPerLine Order Space - -
_WIDTH_AT = 372
_BLACK, _SGRAY, _SRGB = 3, 18, 19  # cupsColorSpace
_KNOWN = {(_BLACK, 1), (_BLACK, 8), (_SGRAY, 8), (_SRGB, 24)}


class BadRaster(Exception):
    """The bytes are no PWG raster that can be shown; the text says why."""


class Page(msgspec.Struct, frozen=True):
    """One page: `rows` are lines of gray (`channels` 1) or RGB (3) bytes from the top, 0 is black."""

    width: int
    height: int
    channels: int
    rows: tuple[bytes, ...]


class _Header(msgspec.Struct, frozen=True):
    width: int
    height: int
    bits: int  # per pixel
    line: int  # bytes per line
    space: int

    @property
    def unit(self) -> int:
        """Bytes that are repeated or listed as one: a pixel, or eight of them (section 4.4)."""
        return max(self.bits // 8, 1)


def page_count(raster: bytes, most: int) -> int:
    """How many whole pages there are, none for what cannot be read; stops at `most`."""
    count, at = 0, len(MAGIC)
    try:
        while count < most and at < len(raster):
            at = _end_of(raster, at)
            count += 1
    except BadRaster:
        pass
    return count


def page(raster: bytes, number: int) -> Page:
    """Page `number`, from 1 on. Raises BadRaster, and IndexError when there are fewer."""
    if not raster.startswith(MAGIC):
        raise BadRaster("it does not begin as PWG raster does")
    at = len(MAGIC)
    for _ in range(number - 1):
        at = _end_of(raster, at)
    if at >= len(raster):
        raise IndexError(number)
    header = _header(raster, at)
    lines = (line for line, _ in _lines(raster, at, header))
    return Page(header.width, header.height, _channels(header), tuple(_shown(line, header) for line in lines))


def _end_of(raster: bytes, at: int) -> int:
    """Where the next page begins."""
    end = at + HEADER
    for _, end in _lines(raster, at, _header(raster, at)):  # noqa: B007 - the last one counts
        pass
    return end


def _header(raster: bytes, at: int) -> _Header:
    if len(raster) < at + HEADER:
        raise BadRaster("it ends within the header of a page")
    width, height, _, _, bits, line, _, space, _, _ = _FIELDS.unpack_from(raster, at + _WIDTH_AT)
    if (space, bits) not in _KNOWN:
        raise BadRaster(f"colour space {space} with {bits} bits a pixel is not known here")
    if line != (width * bits + 7) // 8 or not 0 < line * height <= _MOST_BYTES:
        raise BadRaster(f"a page of {width} by {height} with lines of {line} bytes cannot be")
    return _Header(width, height, bits, line, space)


def _lines(raster: bytes, at: int, header: _Header) -> Iterator[tuple[bytes, int]]:
    """Each line of a page, and where its bytes end."""
    at, done = at + HEADER, 0
    while done < header.height:
        if at >= len(raster):
            raise BadRaster("it ends within a page")
        times = min(raster[at] + 1, header.height - done)
        line, at = _line(raster, at + 1, header)
        for _ in range(times):
            yield line, at
        done += times


def _line(raster: bytes, at: int, header: _Header) -> tuple[bytes, int]:
    """One line unpacked, and where its bytes end (section 4.4: PackBits in units of pixels)."""
    line, unit, size = bytearray(), header.unit, header.line
    while len(line) < size:
        if at >= len(raster):
            raise BadRaster("it ends within a line")
        count, at = raster[at], at + 1
        if count > 128:
            length = (257 - count) * unit
            line += raster[at : at + length]
            at += length
        elif count < 128:
            line += raster[at : at + unit] * (count + 1)
            at += unit
        else:  # the rest is white
            line += _white(header) * (size - len(line))
    if len(line) > size or at > len(raster):
        raise BadRaster("a line is longer than its page is wide, or is cut off")
    return bytes(line), at


def _white(header: _Header) -> bytes:
    return b"\0" if header.space == _BLACK else b"\xff"


def _channels(header: _Header) -> int:
    return 3 if header.space == _SRGB else 1


def _shown(line: bytes, header: _Header) -> bytes:
    """A line as gray or RGB, a byte a channel."""
    if header.bits == 1:
        return b"".join(_EIGHT[byte] for byte in line)[: header.width]
    return line.translate(_INVERTED) if header.space == _BLACK else line


_INVERTED = bytes(255 - byte for byte in range(256))
_EIGHT = tuple(bytes(0 if byte & (128 >> bit) else 255 for bit in range(8)) for byte in range(256))
