"""PWG raster read back, written from the standard (PWG 5102.4) and not from our encoder."""

import struct
from dataclasses import dataclass
from io import BytesIO

PIXEL_BYTES = {18: 1, 3: 1, 19: 3}  # by colour space; black has eight pixels in one


@dataclass(frozen=True)
class Page:
    """`pixels` are all lines, unpacked."""

    header: bytes
    pixels: bytes

    def number(self, offset: int) -> int:
        return int(struct.unpack_from(">I", self.header, offset)[0])

    @property
    def size(self) -> tuple[int, int]:
        return self.number(372), self.number(376)

    @property
    def line_bytes(self) -> int:
        return self.number(392)

    @property
    def lines(self) -> list[bytes]:
        return [self.pixels[at : at + self.line_bytes] for at in range(0, len(self.pixels), self.line_bytes)]


def pages(raster: bytes) -> list[Page]:
    """Every page; an AssertionError where it breaks the standard."""
    source = BytesIO(raster)
    assert source.read(4) == b"RaS2"
    found = []
    while header := source.read(1796):
        assert len(header) == 1796
        found.append(_page(header, source))
    return found


def _page(header: bytes, source: BytesIO) -> Page:
    empty = Page(header, b"")
    pixel, height = PIXEL_BYTES[empty.number(400)], empty.size[1]
    lines: list[bytes] = []
    while len(lines) < height:
        repeated = source.read(1)[0] + 1
        lines += [_line(source, empty.line_bytes, pixel)] * repeated
    assert len(lines) == height
    return Page(header, b"".join(lines))


def _line(source: BytesIO, size: int, pixel: int) -> bytes:
    line = b""
    while len(line) < size:
        count = source.read(1)[0]
        assert count != 128, "reserved"
        part = source.read(pixel * (257 - count)) if count > 128 else source.read(pixel) * (count + 1)
        assert part
        line += part
    assert len(line) == size
    return line
