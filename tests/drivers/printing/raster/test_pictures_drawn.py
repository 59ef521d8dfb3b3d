"""Pictures and texts on paper: what PDFium makes of the pages that we write around them."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from agent.drivers.printing.raster.page.request import Colours, Kind, Sheet
from tests.drivers.printing.raster.asking import page

# A sheet of 254 x 127 mm with a pixel a point, so that a picture's pixels are the sheet's.
SHEET = Sheet(width=10_160, height=5_080, top=0, right=0, bottom=0, left=0, dpi=72)
COLUMNS, ROWS = SHEET.columns, SHEET.rows


def slopes(mode: str) -> Image.Image:
    """Colours that grow to the right and downwards, and shine through towards the left."""
    across = Image.linear_gradient("L").rotate(90).resize((COLUMNS, ROWS))
    down = Image.linear_gradient("L").resize((COLUMNS, ROWS))
    parts = {
        "L": [across],
        "LA": [down, across],
        "RGB": [across, down, across],
        "RGBA": [down, down, across, across],
    }
    return Image.merge(mode, parts[mode]) if mode in parts else Image.merge("RGB", parts["RGB"]).convert(mode)


def as_file(image: Image.Image, form: str, **settings: object) -> bytes:
    file = BytesIO()
    image.save(file, form, **settings)
    return file.getvalue()


def on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


async def drawn(document: bytes, kind: Kind) -> Image.Image:
    found = await page(document, kind, SHEET, Colours.SRGB_8)
    return Image.frombytes("RGB", found.size, found.pixels)


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA"])
async def test_a_png_looks_on_paper_as_it_does_on_white(mode: str) -> None:
    image = slopes(mode)
    seen = await drawn(as_file(image, "png"), Kind.PNG)
    assert mean_difference(seen, on_white(image)) < 2


async def test_a_palette_that_shines_through_looks_as_it_does_on_white() -> None:
    image = slopes("P")
    document = as_file(image, "png", transparency=bytes(range(0, 256, 2)))
    with Image.open(BytesIO(document)) as opened:
        wanted = on_white(opened)
    assert mean_difference(await drawn(document, Kind.PNG), wanted) < 2


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
async def test_a_jpeg_looks_as_it_is(mode: str) -> None:
    document = as_file(slopes(mode), "jpeg", quality=95)
    with Image.open(BytesIO(document)) as opened:
        wanted = opened.convert("RGB")
    limit = 45 if mode == "CMYK" else 3  # PDFium mixes inks as they look on paper, Pillow as numbers
    assert mean_difference(await drawn(document, Kind.JPEG), wanted) < limit


async def test_a_photo_taken_on_its_side_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    seen = await drawn(as_file(slopes("RGB").rotate(90, expand=True), "jpeg", exif=exif, quality=95), Kind.JPEG)
    assert mean_difference(seen, slopes("RGB")) < 3


async def test_a_text_has_ink_where_its_lines_are() -> None:
    found = await page(b"Welcome\n\n\n\nand goodbye", Kind.TEXT)
    inked = [any(pixel < 128 for pixel in line) for line in found.lines]
    blocks = sum(now and not before for before, now in zip([False, *inked], inked, strict=False))
    assert blocks == 2
