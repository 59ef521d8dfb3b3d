"""A page of pixels as PNG (ISO/IEC 15948), by zlib alone.

Must never be clever: filter 0 on every line, one IDAT.
"""

import zlib
from struct import pack

from agent.simulators.printer.paper.pwg import Page

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES = {1: 0, 3: 2}  # gray, RGB


def png_of(page: Page) -> bytes:
    """The page as a file."""
    header = pack(">IIBBBBB", page.width, page.height, 8, _COLOUR_TYPES[page.channels], 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in page.rows), 6)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))
