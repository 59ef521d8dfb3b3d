"""What a document is, by its first bytes, and how many pages it has, near enough for a simulated printer.

Must never look further into a document than it takes for that: a damaged one is as good as a whole one here.
"""

import re
import zlib
from enum import StrEnum

from agent.simulators.printer.paper.pwg import MAGIC, page_count


class Format(StrEnum):
    """The kinds that are known here, as IPP names them."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    PWG = "image/pwg-raster"
    POSTSCRIPT = "application/postscript"
    ANY = "application/octet-stream"  # a printer finds out by itself


_BEGINS = {
    b"%PDF-": Format.PDF,
    b"\xff\xd8\xff": Format.JPEG,
    b"\x89PNG\r\n\x1a\n": Format.PNG,
    MAGIC: Format.PWG,
    b"%!": Format.POSTSCRIPT,
}
MOST_PAGES = 10_000
_LEAF = re.compile(rb"/Type\s*/Page(?![A-Za-z])")  # no /Pages; PDF 32000-1 7.7.3.3
_PACKED = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)  # objects in a compressed stream, 7.5.7
_INFLATED = 4 * 1024 * 1024  # bytes; of one such stream, more is not looked at


def format_of(document: bytes) -> Format:
    """What the first bytes say; ANY for anything unknown."""
    return next((format for begin, format in _BEGINS.items() if document.startswith(begin)), Format.ANY)


def pages_of(document: bytes) -> int:
    """How many pages come out of a document once, at least 1."""
    match format_of(document):
        case Format.PDF:
            count = _leaves(document)
        case Format.PWG:
            count = page_count(document, MOST_PAGES)
        case _:
            count = 1
    return min(max(count, 1), MOST_PAGES)


def _leaves(document: bytes) -> int:
    packed = sum(_leaves_in(document, found.end()) for found in _PACKED.finditer(document))
    return packed + sum(1 for _ in _LEAF.finditer(document))


def _leaves_in(document: bytes, at: int) -> int:
    try:
        objects = zlib.decompressobj().decompress(memoryview(document)[at:], _INFLATED)
    except zlib.error:
        return 0
    return sum(1 for _ in _LEAF.finditer(objects))
