"""JPEG and PNG as pages: what is refused, and what the page says. Their looks are in `test_pictures_drawn.py`."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from agent.drivers.printing.raster.page import documents, jpeg, png
from agent.drivers.printing.raster.page.picture import Picture, as_page
from agent.drivers.printing.raster.page.refusals import Refusal, Refused
from agent.drivers.printing.raster.page.request import Bounds, Kind
from tests.drivers.printing.raster import documents as made

LIMIT = 1_000_000  # pixels


def as_file(image: Image.Image, form: str, **settings: object) -> bytes:
    file = BytesIO()
    image.save(file, form, **settings)
    return file.getvalue()


def refusal(read: Callable[[bytes, int], bytes], document: bytes, limit: int = LIMIT) -> Refusal:
    with pytest.raises(Refused) as caught:
        read(document, limit)
    return caught.value.refusal


JPEG = as_file(Image.effect_noise((40, 30), 90), "jpeg")
PNG = made.png(4, 2, (b"\0" + bytes(4)) * 2)


@pytest.mark.parametrize(
    ("mode", "space"), [("L", b"/DeviceGray"), ("RGB", b"/DeviceRGB"), ("CMYK", b"/DeviceCMYK")]
)
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_goes_into_the_page_as_it_is(mode: str, space: bytes, *, progressive: bool) -> None:
    document = as_file(Image.new(mode, (40, 30)), "jpeg", progressive=progressive)
    pdf = jpeg.as_pdf(document, LIMIT)
    assert document in pdf
    assert space in pdf
    assert b"/MediaBox[0 0 40 30]" in pdf
    assert (b"/Decode" in pdf) is (mode == "CMYK"), "Pillow writes CMYK as Adobe does"


def test_cmyk_that_is_not_adobes_is_not_turned_over() -> None:
    document = as_file(Image.new("CMYK", (8, 8)), "jpeg").replace(b"Adobe", b"Other")
    assert b"/Decode" not in jpeg.as_pdf(document, LIMIT)


@pytest.mark.parametrize(("orientation", "turn"), [(1, 0), (3, 180), (6, 90), (8, 270), (2, 0), (99, 0)])
def test_a_photo_is_turned_as_its_camera_was_held(orientation: int, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    document = as_file(Image.new("L", (8, 8)), "jpeg", exif=exif)
    assert b"/Rotate %d/" % turn in jpeg.as_pdf(document, LIMIT)
    other_order = exif_segment(b"II*\0" + struct.pack("<IHHHIHH", 8, 1, 0x0112, 3, 1, orientation, 0))
    assert b"/Rotate %d/" % turn in jpeg.as_pdf(JPEG[:2] + other_order + JPEG[2:], LIMIT)


@pytest.mark.parametrize("tiff", [b"", b"XX", b"II*\0" + b"\xff" * 4, b"MM\0*\0\0\0\x08\0\x03" + bytes(40)])
def test_a_photo_that_says_nothing_of_it_stays_upright(tiff: bytes) -> None:
    assert b"/Rotate 0/" in jpeg.as_pdf(JPEG[:2] + exif_segment(tiff) + JPEG[2:], LIMIT)


def exif_segment(tiff: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\0\0" + tiff


def test_other_marks_and_filling_are_passed_over() -> None:
    strange = b"\xff\xe1\0\x05xyz" + b"\xff\xd0" + b"\xff\xff\xee\0\x04ab"
    assert JPEG[2:] in jpeg.as_pdf(JPEG[:2] + strange + JPEG[2:], LIMIT)


def test_rare_kinds_of_jpeg_are_refused() -> None:
    assert refusal(jpeg.as_pdf, JPEG.replace(b"\xff\xc0", b"\xff\xc3")) is Refusal.PICTURE
    at = JPEG.index(b"\xff\xc0")
    assert refusal(jpeg.as_pdf, JPEG[: at + 9] + b"\x02" + JPEG[at + 10 :]) is Refusal.PICTURE


@pytest.mark.parametrize(
    "document",
    [
        b"GIF89a",
        JPEG[:20],
        JPEG[:-2],
        b"\xff\xd8" + JPEG[JPEG.index(b"\xff\xda") :],
        b"\xff\xd8\xff\xe0\0\x01" + JPEG,
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xc0\0\x02" + JPEG[JPEG.index(b"\xff\xda") :],
        JPEG.replace(struct.pack(">HH", 30, 40), bytes(4)),
    ],
)
def test_a_damaged_jpeg_is_refused(document: bytes) -> None:
    assert refusal(jpeg.as_pdf, document) is Refusal.DAMAGED


@pytest.mark.parametrize("percent", range(100))
def test_a_jpeg_that_is_cut_off_anywhere_is_refused(percent: int) -> None:
    assert refusal(jpeg.as_pdf, JPEG[: len(JPEG) * percent // 100]) is Refusal.DAMAGED


@pytest.mark.parametrize("read", [jpeg.as_pdf, png.as_pdf])
def test_a_picture_of_too_many_pixels_is_refused(read: Callable[[bytes, int], bytes]) -> None:
    assert refusal(read, JPEG if read is jpeg.as_pdf else PNG, 7) is Refusal.PICTURE_SIZE


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_refused(noise: bytes) -> None:
    for read, whole in ((jpeg.as_pdf, JPEG), (png.as_pdf, PNG)):
        for document in (noise, whole[:33] + noise, whole[:2] + noise + whole[2:]):
            assert outcome(read, document) in {None, Refusal.DAMAGED, Refusal.PICTURE, Refusal.PICTURE_SIZE}


def outcome(read: Callable[[bytes, int], bytes], document: bytes) -> Refusal | None:
    """None for a page."""
    try:
        return None if read(document, LIMIT).startswith(b"%PDF-") else Refusal.BROKEN
    except Refused as refused:
        return refused.refusal


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "LA", "RGBA", "I;16"])
def test_every_kind_of_png_is_a_page(mode: str) -> None:
    document = as_file(Image.new(mode, (9, 5)), "png")
    assert b"/MediaBox[0 0 9 5]" in png.as_pdf(document, LIMIT)


def test_a_palette_is_shown_on_white() -> None:
    chunks = [(b"PLTE", bytes([255, 0, 0, 0, 0, 255])), (b"tRNS", bytes([0]))]
    pdf = png.as_pdf(made.png(1, 1, b"\0\0", colour=3, chunks=chunks), LIMIT)
    assert b"/Indexed/DeviceRGB 1<ffffff0000ff>" in pdf


def test_a_colour_that_shines_through_is_masked() -> None:
    gray = made.png(1, 1, b"\0\0", chunks=[(b"tRNS", b"\0\x07")])
    assert b"/Mask[7 7]" in png.as_pdf(gray, LIMIT)
    colour = made.png(1, 1, bytes(4), colour=2, chunks=[(b"tRNS", b"\0\x01\0\x02\0\x03")])
    assert b"/Mask[1 1 2 2 3 3]" in png.as_pdf(colour, LIMIT)


def test_an_interlaced_png_is_refused_in_words() -> None:
    assert refusal(png.as_pdf, made.png(4, 2, bytes(20), interlaced=1)) is Refusal.PICTURE


def test_data_in_several_chunks_are_one_picture() -> None:
    packed = zlib.compress((b"\0" + bytes(4)) * 2)
    parts = [(b"IDAT", packed[:3]), (b"IDAT", packed[3:])]
    document = made.png(4, 2, b"", chunks=parts)
    assert packed in png.as_pdf(document, LIMIT)


@pytest.mark.parametrize(
    "document",
    [
        b"\xff\xd8",
        PNG[:-5],
        PNG[:20] + b"\xff" + PNG[21:],
        made.png(4, 2, (b"\0" + bytes(4))),
        made.png(4, 2, (b"\0" + bytes(4)) * 2, depth=3),
        made.png(4, 2, (b"\0" + bytes(4)) * 2, colour=5),
        made.png(4, 2, (b"\0" + bytes(4)) * 2, interlaced=2),
        made.png(1, 1, b"\0\0", colour=3),
        made.png(0, 0, b""),
        made.png(1, 1, b"", chunks=[(b"IDAT", b"no zlib")]),
        b"\x89PNG\r\n\x1a\n" + PNG[-12:],
    ],
)
def test_a_damaged_png_is_refused(document: bytes) -> None:
    assert refusal(png.as_pdf, document) is Refusal.DAMAGED


def test_more_data_than_the_picture_takes_are_no_matter() -> None:
    assert png.as_pdf(made.png(4, 2, (b"\0" + bytes(4)) * 2 + bytes(1 << 22)), LIMIT)


def test_a_very_long_picture_stays_within_what_a_page_may_measure() -> None:
    assert b"/MediaBox[0 0 14000 1]" in as_page(Picture(100_000, 1, b"", b""), LIMIT)


def test_a_document_goes_the_way_of_its_kind() -> None:
    bounds = Bounds()
    whole = made.text_page()
    assert documents.as_pdf(whole, Kind.PDF, bounds) is whole
    assert b"/DCTDecode" in documents.as_pdf(JPEG, Kind.JPEG, bounds)
    assert b"/Predictor" in documents.as_pdf(PNG, Kind.PNG, bounds)
    assert b"/Courier" in documents.as_pdf(b"Hello", Kind.TEXT, bounds)


@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_no_document_of_any_kind(kind: Kind) -> None:
    with pytest.raises(Refused) as caught:
        documents.as_pdf(b"", kind, Bounds())
    assert caught.value.refusal is Refusal.EMPTY


def test_a_pdf_without_its_end_is_damaged() -> None:
    with pytest.raises(Refused) as caught:
        documents.as_pdf(made.text_page()[:-8], Kind.PDF, Bounds())
    assert caught.value.refusal is Refusal.DAMAGED
