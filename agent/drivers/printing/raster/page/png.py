"""A PNG (RFC 2083 and W3C's later text) as a PDF page that shows it on white. No I/O.

Its data are what PDF's own Flate filter with a PNG predictor reads, so that no pixel passes through Python; what
shines through is a colour of its own kind, whose function in the PDF says how it looks on white paper.
"""

import struct
import zlib
from collections.abc import Iterator

import msgspec

from agent.drivers.printing.raster.page import small_pdf
from agent.drivers.printing.raster.page.picture import Picture, as_page
from agent.drivers.printing.raster.page.refusals import Refusal, Refused

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_GRAY, _COLOUR, _PALETTE, _GRAY_ALPHA, _COLOUR_ALPHA = _CHANNELS
_AT_ONCE = 1 << 20  # bytes

# PostScript calculators: a colour c and its alpha a on white paper is c * a + 1 - a.
_ON_WHITE = {
    _GRAY_ALPHA: b"{1 1 index sub 3 1 roll mul add}",
    _COLOUR_ALPHA: b"{1 1 index sub 4 index 2 index mul 1 index add 4 index 3 index mul 2 index add "
    b"4 index 4 index mul 3 index add 8 3 roll pop pop pop pop pop}",
}


class _Head(msgspec.Struct, frozen=True):
    width: int
    height: int
    depth: int
    colour: int
    is_interlaced: bool


def as_pdf(document: bytes, pixel_limit: int) -> bytes:
    """The picture on a page of its own. Raises `Refused`: damaged, too large, or interlaced, which is rare."""
    chunks: dict[bytes, bytes] = {}
    data = bytearray()
    for kind, content in _chunks(document):
        if kind == b"IDAT":
            data += content
        else:
            chunks.setdefault(kind, content)
    head = _head(chunks.get(b"IHDR", b""))
    if head.width * head.height > pixel_limit:
        raise Refused(Refusal.PICTURE_SIZE)
    if head.is_interlaced:
        raise Refused(Refusal.PICTURE)
    _check_whole(data, head)
    look, more = _look(head, chunks.get(b"PLTE", b""), chunks.get(b"tRNS", b""))
    predictor = b"/Predictor 15/Colors %d/BitsPerComponent %d/Columns %d" % (
        _CHANNELS[head.colour],
        head.depth,
        head.width,
    )
    entries = b"/BitsPerComponent %d/Filter/FlateDecode/DecodeParms<<%b>>%b" % (head.depth, predictor, look)
    return as_page(Picture(head.width, head.height, entries, bytes(data), more=more), pixel_limit)


def _chunks(document: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each, up to the end chunk. Raises `Refused` if one is cut or has a wrong sum."""
    if not document.startswith(SIGNATURE):
        raise Refused(Refusal.DAMAGED)
    at = len(SIGNATURE)
    while True:
        length = int.from_bytes(document[at : at + 4], "big")
        kind, content = document[at + 4 : at + 8], document[at + 8 : at + 8 + length]
        at += 12 + length
        if at > len(document) or zlib.crc32(content, zlib.crc32(kind)) != int.from_bytes(
            document[at - 4 : at], "big"
        ):
            raise Refused(Refusal.DAMAGED)
        if kind == b"IEND":
            return
        yield kind, content


def _head(content: bytes) -> _Head:
    if len(content) != 13:
        raise Refused(Refusal.DAMAGED)
    width, height, depth, colour, packing, filtering, interlacing = struct.unpack(">IIBBBBB", content)
    if depth not in _DEPTHS.get(colour, ()) or packing or filtering or interlacing > 1:
        raise Refused(Refusal.DAMAGED)
    return _Head(width, height, depth, colour, is_interlaced=interlacing == 1)


def _check_whole(data: bytearray, head: _Head) -> None:
    """PDFium draws as much as there is: find out beforehand whether that is all. Keeps none of it."""
    row = 1 + -(-head.width * head.depth * _CHANNELS[head.colour] // 8)
    lacking = row * head.height
    inflater = zlib.decompressobj()
    left: bytes | bytearray = data
    try:
        while lacking > 0 and (piece := inflater.decompress(left, min(_AT_ONCE, lacking))):
            lacking -= len(piece)
            left = inflater.unconsumed_tail
    except zlib.error:
        raise Refused(Refusal.DAMAGED) from None
    if lacking:
        raise Refused(Refusal.DAMAGED)


def _look(head: _Head, palette: bytes, see_through: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """The entries that say what a pixel means, and the objects that they refer to."""
    if head.colour == _PALETTE:
        return b"/ColorSpace[/Indexed/DeviceRGB %d<%b>]" % _indexed(palette, see_through), ()
    if head.colour in _ON_WHITE:
        names, plain = (b"/R/G/B", b"/DeviceRGB") if head.colour == _COLOUR_ALPHA else (b"/W", b"/DeviceGray")
        return b"/ColorSpace[/DeviceN[%b/A]%b 4 0 R]" % (names, plain), (_on_white(head.colour),)
    space = b"/ColorSpace/DeviceRGB" if head.colour == _COLOUR else b"/ColorSpace/DeviceGray"
    if len(see_through) != 2 * _CHANNELS[head.colour]:
        return space, ()
    masked = b" ".join(b"%d %d" % (level, level) for (level,) in struct.iter_unpack(">H", see_through))
    return space + b"/Mask[%b]" % masked, ()


def _on_white(colour: int) -> bytes:
    channels = _CHANNELS[colour]
    ranges = b"/FunctionType 4/Domain[%b]/Range[%b]" % (b"0 1 " * channels, b"0 1 " * (channels - 1))
    return small_pdf.stream(ranges, _ON_WHITE[colour])


def _indexed(palette: bytes, see_through: bytes) -> tuple[int, bytes]:
    """The palette's last index, and its colours as they look on white paper."""
    colours = [palette[start : start + 3] for start in range(0, len(palette) - 2, 3)][:256]
    if not colours:
        raise Refused(Refusal.DAMAGED)
    alphas = see_through.ljust(len(colours), b"\xff")
    on_white = (
        bytes((level * alpha + 255 * (255 - alpha)) // 255 for level in colour)
        for colour, alpha in zip(colours, alphas, strict=False)
    )
    return len(colours) - 1, b"".join(on_white).hex().encode()
