"""What came out, to look at: kinds of documents, their pages, PWG raster and PNG."""

import zlib
from struct import unpack_from

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.simulators.printer.paper.formats import MOST_PAGES, Format, format_of, pages_of
from agent.simulators.printer.paper.png import png_of
from agent.simulators.printer.paper.pwg import BadRaster, Page, page, page_count
from tests.simulators.printer import rasters
from tests.simulators.printer.callers import PDF, THREE_PAGES
from tests.simulators.printer.rasters import BLACK, SGRAY, SRGB, gray, raster

TWO_GRAY = raster(gray(b"\x00\x80\xff", b"\x01\x02\x03"), gray(b"\x10\x20"))
OBJECTS = zlib.compress(b"<</Type/Page/Parent 1 0 R>> <</Type/Pages>> <</Type /Page>>")


@pytest.mark.parametrize(
    ("begin", "format"),
    [
        (b"%PDF-1.7", Format.PDF),
        (b"\xff\xd8\xff\xe0", Format.JPEG),
        (b"\x89PNG\r\n\x1a\n", Format.PNG),
        (b"RaS2", Format.PWG),
        (b"%!PS", Format.POSTSCRIPT),
        (b"hello", Format.ANY),
        (b"", Format.ANY),
    ],
)
def test_a_document_is_known_by_its_first_bytes(begin: bytes, format: Format) -> None:
    assert format_of(begin) is format


@pytest.mark.parametrize(
    ("document", "pages"),
    [
        (PDF, 1),
        (THREE_PAGES, 3),
        (b"%PDF-1.5 <</Type/ObjStm/N 3>>stream\r\n" + OBJECTS, 2),
        (b"%PDF-1.5 <</Type/ObjStm/N 3>>stream\r\nrubbish", 1),
        (b"%PDF-1.4 no pages", 1),
        (b"%PDF-1.4" + b"<</Type/Page>>" * (MOST_PAGES + 1), MOST_PAGES),
        (b"\xff\xd8\xff", 1),
        (TWO_GRAY, 2),
        (b"RaS2", 1),
    ],
)
def test_pages_are_counted(document: bytes, pages: int) -> None:
    assert pages_of(document) == pages


def test_gray_pixels_are_shown_as_they_are() -> None:
    assert page(TWO_GRAY, 1) == Page(3, 2, 1, (b"\x00\x80\xff", b"\x01\x02\x03"))
    assert page(TWO_GRAY, 2) == Page(2, 1, 1, (b"\x10\x20",))


def test_a_pixel_that_repeats_and_a_line_that_repeats_are_unpacked() -> None:
    packed = bytes((1, 2)) + b"\x40" + bytes((0, 0)) + b"\x50" + bytes((1,)) + b"\x60"
    shown = page(raster(rasters.page(3, 3, 8, SGRAY, packed)), 1)
    assert shown.rows == (b"\x40\x40\x40", b"\x40\x40\x40", b"\x50\x60\x60")


def test_the_rest_of_a_line_may_be_left_white() -> None:
    packed = bytes((0, 0)) + b"\x40" + b"\x80"
    assert page(raster(rasters.page(3, 1, 8, SGRAY, packed)), 1).rows == (b"\x40\xff\xff",)
    assert page(raster(rasters.page(9, 1, 1, BLACK, bytes((0, 0)) + b"\xff" + b"\x80")), 1).rows == (
        b"\0" * 8 + b"\xff",
    )


def test_a_bit_of_ink_is_black_and_a_line_ends_within_a_byte() -> None:
    shown = page(raster(rasters.page(10, 1, 1, BLACK, bytes((0, 255)) + b"\xa0\x40")), 1)
    assert shown.rows == (b"\x00\xff\x00" + b"\xff" * 6 + b"\x00",)


def test_a_byte_of_ink_is_the_darker_the_larger_it_is() -> None:
    assert page(raster(rasters.page(2, 1, 8, BLACK, bytes((0, 255)) + b"\x00\xff")), 1).rows == (b"\xff\x00",)


def test_colour_is_repeated_pixel_by_pixel() -> None:
    shown = page(raster(rasters.page(2, 1, 24, SRGB, bytes((0, 1)) + b"\x01\x02\x03")), 1)
    assert shown == Page(2, 1, 3, (b"\x01\x02\x03" * 2,))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"UNIRAST", "does not begin"),
        (raster(b"x"), "ends within the header"),
        (raster(rasters.page(1, 1, 32, 6, b"")), "colour space 6 with 32 bits"),
        (raster(rasters.page(8, 1, 8, SGRAY, b"", line=9)), "cannot be"),
        (raster(rasters.page(0, 1, 8, SGRAY, b"")), "cannot be"),
        (raster(rasters.page(60000, 60000, 8, SGRAY, b"")), "cannot be"),
        (raster(rasters.page(1, 2, 8, SGRAY, b"\0\0\x40")), "ends within a page"),
        (raster(rasters.page(2, 1, 8, SGRAY, b"\0\0\x40")), "ends within a line"),
        (raster(rasters.page(2, 1, 8, SGRAY, b"\0\x05\x40")), "longer than its page"),
        (raster(rasters.page(2, 1, 8, SGRAY, b"\0\xff\x40")), "ends within a line"),
    ],
)
def test_what_is_no_raster_is_named(document: bytes, words: str) -> None:
    with pytest.raises(BadRaster, match=words):
        page(document, 1)
    assert page_count(document, 10) == 0


def test_there_is_no_page_after_the_last_one() -> None:
    with pytest.raises(IndexError):
        page(TWO_GRAY, 3)


def test_no_more_pages_are_counted_than_were_asked_for() -> None:
    assert page_count(TWO_GRAY, 1) == 1


@given(st.binary(max_size=60), st.sampled_from([(8, SGRAY), (1, BLACK), (24, SRGB)]))
def test_any_bytes_of_lines_are_a_page_or_named(packed: bytes, kind: tuple[int, int]) -> None:
    try:
        shown = page(raster(rasters.page(5, 3, *kind, packed)), 1)
    except BadRaster:
        return
    assert [len(row) for row in shown.rows] == [5 * shown.channels] * 3


@pytest.mark.parametrize(("channels", "colour"), [(1, 0), (3, 2)])
def test_a_page_becomes_a_png(channels: int, colour: int) -> None:
    rows = (b"\x10" * 2 * channels, b"\x20" * 2 * channels)
    png = png_of(Page(2, 2, channels, rows))
    chunks = _chunks(png)
    assert unpack_from(">IIBB", chunks[b"IHDR"]) == (2, 2, 8, colour)
    assert zlib.decompress(chunks[b"IDAT"]) == b"\0" + rows[0] + b"\0" + rows[1]
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]


def _chunks(png: bytes) -> dict[bytes, bytes]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(png):
        length, kind = unpack_from(">I4s", png, at)
        content = png[at + 8 : at + 8 + length]
        assert unpack_from(">I", png, at + 8 + length)[0] == zlib.crc32(kind + content)
        chunks[kind] = content
        at += 12 + length
    return chunks
