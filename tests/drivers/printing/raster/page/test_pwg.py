"""PWG raster, read back by a decoder of the tests' own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.printing.raster.page import pwg
from agent.drivers.printing.raster.page.request import Colours, Sheet
from tests.drivers.printing.raster import decoding

PIXEL_BYTES = {Colours.BLACK_1: 1, Colours.SGRAY_8: 1, Colours.SRGB_8: 3}


def sheet_of(columns: int, rows: int) -> Sheet:
    """As many pixels: 254 dpi are ten a millimetre."""
    return Sheet(width=columns * 10, height=rows * 10, top=0, right=0, bottom=0, left=0, dpi=254)


def read_back(sheet: Sheet, colours: Colours, lines: list[bytes]) -> decoding.Page:
    (page,) = decoding.pages(pwg.SYNC + b"".join(pwg.page(sheet, colours, 1, lines)))
    return page


@st.composite
def pictures(draw: st.DrawFn) -> tuple[Sheet, Colours, list[bytes]]:
    """Runs of all lengths, noise, equal lines."""
    colours = draw(st.sampled_from(Colours))
    columns = draw(st.integers(1, 700))
    size = pwg.line_bytes(colours, columns)
    pixel = st.binary(min_size=PIXEL_BYTES[colours], max_size=PIXEL_BYTES[colours])
    parts = st.tuples(pixel, st.one_of(st.integers(1, 3), st.integers(1, 400))).map(lambda part: part[0] * part[1])
    line = st.one_of(st.lists(parts, min_size=1), st.lists(pixel, min_size=1)).map(
        lambda found: (b"".join(found) * size)[:size]
    )
    lines = draw(st.lists(st.tuples(line, st.sampled_from([1, 2, 300])), min_size=1, max_size=4))
    whole = [one for one, times in lines for _ in range(times)]
    return sheet_of(columns, len(whole)), colours, whole


@given(pictures())
def test_what_is_packed_reads_back_as_it_was(picture: tuple[Sheet, Colours, list[bytes]]) -> None:
    sheet, colours, lines = picture
    page = read_back(sheet, colours, lines)
    assert page.lines == lines
    assert page.size == (sheet.columns, sheet.rows)


@pytest.mark.parametrize(
    ("columns", "colour"), [(1, b"\0"), (128, b"\0"), (129, b"\xff"), (256, b"\0"), (385, b"7")]
)
def test_a_line_of_one_tone_takes_two_bytes_for_128_pixels(columns: int, colour: bytes) -> None:
    (_, packed) = pwg.page(sheet_of(columns, 1), Colours.SGRAY_8, 1, [colour * columns])
    assert len(packed) == 1 + 2 * -(-columns // 128)


def test_equal_lines_are_written_once_for_256_of_them() -> None:
    (_, packed) = pwg.page(sheet_of(1, 600), Colours.SGRAY_8, 1, [b"\0"] * 600)
    assert packed == b"\xff\0\0" * 2 + bytes([87, 0, 0])


def test_noise_costs_a_byte_for_128_pixels() -> None:
    noise = bytes(range(256)) * 4
    (_, packed) = pwg.page(sheet_of(1024, 1), Colours.SGRAY_8, 1, [noise])
    assert len(packed) == 1 + 8 + 1024


def test_a_page_comes_in_pieces() -> None:
    lines = (bytes([row % 256]) * 4 + bytes(range(256)) * 4 for row in range(400))
    pieces = list(pwg.page(sheet_of(1028, 400), Colours.SGRAY_8, 1, lines))
    assert len(pieces) > 5
    assert max(map(len, pieces)) < 2 * pwg.PIECE_BYTES


# Offsets and values by PWG 5102.4, table 3; the widths by its 4.3.3.1 for A4.
@pytest.mark.parametrize(
    ("colours", "dpi", "wanted"),
    [
        (
            Colours.SGRAY_8,
            300,
            {276: 300, 280: 300, 372: 2480, 376: 3508, 384: 8, 388: 8, 392: 2480, 400: 18, 420: 1},
        ),
        (Colours.SRGB_8, 300, {384: 8, 388: 24, 392: 7440, 396: 0, 400: 19, 420: 3}),
        (Colours.BLACK_1, 600, {276: 600, 372: 4961, 376: 7016, 384: 1, 388: 1, 392: 621, 400: 3, 420: 1}),
        (Colours.SGRAY_8, 300, {352: 595, 356: 842, 340: 0, 452: 7, 456: 1, 460: 1, 472: 2480, 476: 3508}),
    ],
)
def test_the_header_says_what_the_standard_wants(colours: Colours, dpi: int, wanted: dict[int, int]) -> None:
    header = pwg.header(Sheet(dpi=dpi), colours, 7)
    page = decoding.Page(header, b"")
    assert len(header) == 1796
    assert {offset: page.number(offset) for offset in wanted} == wanted
    assert header[:64] == b"PwgRaster".ljust(64, b"\0")
    assert header[1732:] == b"iso_a4_210x297mm".ljust(64, b"\0")
