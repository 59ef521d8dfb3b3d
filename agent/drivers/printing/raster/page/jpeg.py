"""A JPEG (ITU T.81) as a PDF page that shows it, a point a pixel, turned as its camera was held. No I/O."""

import struct
from collections.abc import Iterator

from agent.drivers.printing.raster.page.picture import Picture, as_page
from agent.drivers.printing.raster.page.refusals import Refusal, Refused

_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive: what there is outside laboratories
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_SCAN, _EXIF, _ADOBE = 0xDA, 0xE1, 0xEE
_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers that no length follows
_SPACES = {1: b"/DeviceGray", 3: b"/DeviceRGB", 4: b"/DeviceCMYK"}
_TURNS = {3: 180, 6: 90, 8: 270}  # Exif's orientation: degrees, clockwise; mirrored ones are shown as they are


def as_pdf(document: bytes, pixel_limit: int) -> bytes:
    """The picture on a page of its own. Raises `Refused`: damaged, too large, or of a rare kind."""
    frame, turn, is_inverted = b"", 0, False
    for marker, content in _segments(document):
        if marker in _OTHER_FRAMES:
            raise Refused(Refusal.PICTURE)
        if marker in _FRAMES:
            frame = content
        elif marker == _EXIF and content.startswith(b"Exif\0\0"):
            turn = _TURNS.get(_orientation(content[6:]), 0)
        elif marker == _ADOBE and content.startswith(b"Adobe"):
            is_inverted = True  # Adobe's programs write CMYK upside down
    return _page(document, frame, turn, is_inverted=is_inverted, pixel_limit=pixel_limit)


def _page(document: bytes, frame: bytes, turn: int, *, is_inverted: bool, pixel_limit: int) -> bytes:
    if len(frame) < 6:
        raise Refused(Refusal.DAMAGED)
    height, width, colours = struct.unpack(">xHHB", frame[:6])
    if colours not in _SPACES:
        raise Refused(Refusal.PICTURE)
    decode = b"/Decode[1 0 1 0 1 0 1 0]" if colours == 4 and is_inverted else b""
    entries = b"/BitsPerComponent 8/Filter/DCTDecode/ColorSpace%b%b" % (_SPACES[colours], decode)
    return as_page(Picture(width, height, entries, document, turn=turn), pixel_limit)


def _segments(document: bytes) -> Iterator[tuple[int, bytes]]:
    """The markers before the first scan, each with its content. Raises `Refused` unless an end follows as well."""
    if document[:2] != b"\xff\xd8":
        raise Refused(Refusal.DAMAGED)
    at = 2
    while True:
        marker, at = _marker(document, at)
        if marker == _SCAN and document.find(b"\xff\xd9", at) > 0:
            return
        if marker in _ALONE:
            continue
        length = int.from_bytes(document[at : at + 2], "big")
        if marker == _SCAN or length < 2 or at + length > len(document):
            raise Refused(Refusal.DAMAGED)
        yield marker, document[at + 2 : at + length]
        at += length


def _marker(document: bytes, at: int) -> tuple[int, int]:
    """The marker at this place, which any number of bytes 0xFF may precede, and the place behind it."""
    start = at
    while document[at : at + 1] == b"\xff":
        at += 1
    if at == start or at >= len(document):
        raise Refused(Refusal.DAMAGED)
    return document[at], at + 1


def _orientation(tiff: bytes) -> int:
    """Tag 0x0112 of the first directory (Exif 2.3, 4.6.4); 1, which is upright, where there is none."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    start = _number(order + "I", tiff, 4)
    for entry in range(start + 2, start + 2 + 12 * _number(order + "H", tiff, start), 12):
        if _number(order + "H", tiff, entry) == 0x0112:
            return _number(order + "H", tiff, entry + 8)
    return 1


def _number(form: str, content: bytes, offset: int) -> int:
    """A number in there, 0 behind its end."""
    size = struct.calcsize(form)
    part = content[offset : offset + size]
    number: int = struct.unpack(form, part.ljust(size, b"\0"))[0]
    return number
