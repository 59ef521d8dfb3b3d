"""PWG raster made by hand after PWG 5102.4, for the tests of the printer that shows it."""

from struct import pack_into

BLACK, SGRAY, SRGB = 3, 18, 19


def raster(*pages: bytes) -> bytes:
    """A file of pages."""
    return b"RaS2" + b"".join(pages)


def page(width: int, height: int, bits: int, space: int, packed: bytes, *, line: int | None = None) -> bytes:
    """A page: the header, then lines that are packed already."""
    header = bytearray(1796)
    header[:9] = b"PwgRaster"
    pack_into(">II", header, 276, 300, 300)  # HWResolution
    pack_into(">II", header, 372, width, height)
    line = (width * bits + 7) // 8 if line is None else line
    pack_into(">III", header, 384, bits if bits < 24 else 8, bits, line)
    pack_into(">I", header, 400, space)
    return bytes(header) + packed


def gray(*rows: bytes) -> bytes:
    """A page of gray pixels, each line literal."""
    width = len(rows[0])
    packed = b"".join(bytes((0, 257 - width if width > 1 else 0)) + row for row in rows)
    return page(width, len(rows), 8, SGRAY, packed)
