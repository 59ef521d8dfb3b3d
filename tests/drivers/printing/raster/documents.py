"""Documents made by hand, byte by byte: what a hotel prints, and what a printer should never meet."""

import struct
import zlib
from collections.abc import Sequence

HELVETICA = b"/Font<</F 3 0 R>>"
_HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
A4 = b"[0 0 595 842]"
FLATE = b"/Filter/FlateDecode"
RGB = b"/Type/XObject/Subtype/Image/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(content), content)


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Objects from number 1 on, the first of them the catalogue."""
    content, offsets = bytearray(b"%PDF-1.7\n"), list[int]()
    for number, one in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    end = b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        len(content),
    )
    return bytes(content) + head + end


def pdf(
    *contents: bytes,
    box: bytes = A4,
    resources: bytes = HELVETICA,
    more: Sequence[bytes] = (),
    filters: bytes = b"",
    page: bytes = b"",
) -> bytes:
    """Pages with these content streams. The font is object 3, `more` follow from 4 on."""
    first = 4 + len(more)
    kids = b" ".join(b"%d 0 R" % number for number in range(first, first + 2 * len(contents), 2))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(contents), kids),
        _HELVETICA,
        *more,
    ]
    for content in contents:
        own = b"/MediaBox%b/Resources<<%b>>/Contents %d 0 R%b" % (box, resources, len(objects) + 2, page)
        objects += [b"<</Type/Page/Parent 2 0 R%b>>" % own, stream(content, filters)]
    return pdf_of(objects)


def words(lines: Sequence[str], size: int = 11, top: int = 780) -> bytes:
    shown = b"".join(
        b"<%b> Tj 0 -%d Td\n" % (line.encode("cp1252").hex().encode(), size * 14 // 10) for line in lines
    )
    return b"BT /F %d Tf 60 %d Td\n%bET\n" % (size, top, shown)


def text_page() -> bytes:
    """A letter: large and small print, a grey line, accents."""
    body = ["Sehr geehrte Gäste, wir wünschen Ihnen einen schönen Aufenthalt in unserem Hause."] * 30
    head = words(["Hotel Aurora, Innsbruck"], 26)
    return pdf(
        head
        + b"0.5 g\n"
        + words(["Rechnung 4711: 3 Nächte, 345,60 EUR"], 11, 730)
        + b"0 g\n"
        + words(body, 9, 700)
    )


def table_page() -> bytes:
    """A bill: lines of hair width, fields of grey and colour, figures."""
    rows = []
    for row in range(24):
        bottom = 720 - 24 * row
        shade = b"0.9 0.95 1" if row % 2 else b"1 1 1"
        rows.append(b"%b rg 60 %d 475 24 re f 0 g 0.25 w 60 %d 475 24 re S\n" % (shade, bottom, bottom))
        rows += [b"%d %d m %d %d l S\n" % (column, bottom, column, bottom + 24) for column in (120, 350, 440)]
        rows.append(
            b"BT /F 10 Tf 66 %d Td (%d) Tj 60 0 Td (Room and breakfast) Tj 320 0 Td (%d.00 EUR) Tj ET\n"
            % (bottom + 8, row + 1, 100 + row)
        )
    return pdf(b"".join(rows) + b"0.8 0.1 0.1 rg 60 60 475 30 re f 1 g " + words(["Total 2,676.00 EUR"], 14, 70))


def picture_page() -> bytes:
    """A picture of slopes and colours, one that shines through, and a shading."""
    side = 256
    pixels = bytes(
        level
        for row in range(side)
        for column in range(side)
        for level in (column, row, (column * row) >> 8 if (column // 32 + row // 32) % 2 else 255 - column)
    )
    image = stream(
        zlib.compress(pixels),
        RGB + b"/Width 256/Height 256",
    )
    shading = (
        b"/Shading<</S<</ShadingType 2/ColorSpace/DeviceRGB/Coords[60 0 535 0]"
        b"/Function<</FunctionType 2/Domain[0 1]/C0[0 0 0]/C1[1 1 1]/N 1>>>>>>"
    )
    states = b"/ExtGState<</H<</ca 0.5>>>>"
    content = (
        b"q 400 0 0 400 90 400 cm /I Do Q q 60 100 475 120 re W n /S sh Q "
        b"q /H gs 0.1 0.2 0.9 rg 150 150 300 400 re f Q " + words(["A picture"], 20, 350)
    )
    return pdf(content, resources=HELVETICA + b"/XObject<</I 4 0 R>>" + shading + states, more=[image])


def many_pages(count: int) -> bytes:
    return pdf(*[b"0 g 100 100 50 50 re f"] * count)


def inflating(size: int) -> bytes:
    """A content stream that inflates to so many bytes of spaces (whole megabytes), in a thousandth of them."""
    packer = zlib.compressobj(wbits=-15)
    unit = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return pdf(b"\x78\x9c" + unit * (size >> 20), filters=FLATE)


def deep_tree(depth: int) -> bytes:
    """One page below so many nodes."""
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 3) for number in range(depth)]
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", *nodes, b"<</Type/Page/MediaBox%b>>" % A4])


def circular_tree() -> bytes:
    """Pages that are their own parents."""
    node = b"<</Type/Pages/Count 3/Kids[2 0 R 3 0 R]>>"
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", node, node])


def circular_form() -> bytes:
    """A form that shows itself, twice each time."""
    form = stream(
        b"0 0 10 10 re f /X Do /X Do",
        b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X 4 0 R>>>>",
    )
    return pdf(b"/X Do", resources=b"/XObject<</X 4 0 R>>", more=[form])


def doubling_forms(depth: int) -> bytes:
    """Forms that each show the next one ten times: a ten to the power of `depth` of rectangles."""
    forms = [
        stream(
            b"/X Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X %d 0 R>>>>" % (at + 5),
        )
        for at in range(depth)
    ]
    last = stream(b"0 0 50 50 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]")
    return pdf(b"/X Do", resources=b"/XObject<</X 4 0 R>>", more=[*forms, last])


def dense_pattern() -> bytes:
    """A sheet tiled with a pattern whose step is as small as numbers go."""
    pattern = stream(
        b"0 0 1 1 re f",
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]"
        b"/XStep 0.0001/YStep 0.0001/Resources<<>>",
    )
    return pdf(b"/Pattern cs /P scn 0 0 595 842 re f", resources=b"/Pattern<</P 4 0 R>>", more=[pattern])


def wild_font(program: bytes) -> bytes:
    """Words in a TrueType font whose program is these bytes."""
    descriptor = (
        b"<</Type/FontDescriptor/FontName/X/Flags 32/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 900/Descent -200"
        b"/CapHeight 700/StemV 80/FontFile2 5 0 R>>"
    )
    font = (
        b"<</Type/Font/Subtype/TrueType/BaseFont/X/FirstChar 32/LastChar 126/Widths[%b]/FontDescriptor 4 0 R"
        b"/Encoding/WinAnsiEncoding>>" % (b"600 " * 95)
    )
    return pdf(
        words(["Words in a wild font"]), resources=b"/Font<</F 6 0 R>>", more=[descriptor, stream(program), font]
    )


def large_image(width: int, height: int) -> bytes:
    image = stream(
        zlib.compress(b"\0" * 1000),
        RGB + b"/Width %d/Height %d" % (width, height),
    )
    return pdf(b"500 0 0 500 0 0 cm /I Do", resources=b"/XObject<</I 4 0 R>>", more=[image])


def locked() -> bytes:
    """Protected by a password that is not empty: its sums are of nothing."""
    lock = b"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%b>/U<%b>>>" % (b"5a" * 32, b"a5" * 32)
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>", lock]
    return pdf_of(objects, b"/Encrypt 3 0 R/ID[<00><00>]")


def png(
    width: int,
    height: int,
    rows: bytes,
    *,
    depth: int = 8,
    colour: int = 0,
    interlaced: int = 0,
    chunks: Sequence[tuple[bytes, bytes]] = (),
) -> bytes:
    """A PNG of these rows, each with its filter byte."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
