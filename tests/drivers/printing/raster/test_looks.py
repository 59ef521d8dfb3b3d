"""Three documents on paper: drawn by us, decoded by CUPS, and held against other pictures of the page.

The one is PDFium's own, the other Poppler's, which shares nothing with us: seen from where its finer edges do not
matter, with a bound that no page keeps which is blank, moved, mirrored or turned.

With NIGHTPORTER_PAGES=FOLDER the decoded pages are kept there as PNG, to look at.
"""

import ctypes
import os
import subprocess
from pathlib import Path

import pypdfium2_raw as pdfium
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from agent.drivers.printing.raster.page.request import Colours, Sheet
from tests.drivers.printing.raster import decoding, documents
from tests.drivers.printing.raster.asking import raster

FILTER = "/usr/lib/cups/filter/rastertopdf"
FOLDER = os.environ.get("NIGHTPORTER_PAGES")
SHEET = Sheet(dpi=300 if FOLDER else 150)  # a quarter of the pixels takes a quarter of the time
EDGE = SHEET.dpi // 6  # pixels; the printer's own, 4.23 mm
# That filter bends grays by a profile of its own.
TOLERANCE = {Colours.BLACK_1: 0, Colours.SGRAY_8: 9, Colours.SRGB_8: 0}
BOUNDS = {"text": 0.15, "table": 0.15, "picture": 0.02}  # of a page's ink; measured 0.09, 0.11, 0.005
PAGES = {"text": documents.text_page, "table": documents.table_page, "picture": documents.picture_page}


@pytest.fixture(params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.needs(FILTER, "pdfimages")
@pytest.mark.parametrize("colours", Colours)
async def test_cups_reads_the_pixels_that_our_own_decoder_reads_and_they_look_like_the_page(
    name: str, colours: Colours, tmp_path: Path
) -> None:
    document = PAGES[name]()
    drawn = await raster(document, sheet=SHEET, colours=colours)
    seen = _decoded_by_cups(drawn, tmp_path)
    _keep(seen, f"{name}-{colours}")
    tones = set(zip(_as_image(drawn, colours).tobytes(), seen.tobytes(), strict=True))
    assert len(tones) == len(dict(tones)), "each tone is one tone there"
    assert all(abs(ours - theirs) <= TOLERANCE[colours] for ours, theirs in tones)
    wanted, seen = _by_pdfium(document), _as_image(drawn, colours).convert("RGB")
    if colours is not Colours.SRGB_8:
        wanted, seen = wanted.convert("L"), seen.convert("L")
    if colours is Colours.BLACK_1:  # seen from where dots are tones
        wanted, seen = (image.filter(ImageFilter.BoxBlur(SHEET.dpi // 25)) for image in (wanted, seen))
    difference = ImageChops.difference(wanted, seen)
    assert max(ImageStat.Stat(difference).mean) < 4
    assert _share_over(difference, 40) < 0.02, "the edges of letters, which have less of a gray in gray"
    assert _ink(wanted) > 8, "not an empty page"


@pytest.mark.needs(FILTER, "pdfimages", "pdftoppm")
async def test_the_page_is_the_one_that_poppler_draws(name: str, tmp_path: Path) -> None:
    document = PAGES[name]()
    drawn = await raster(document, sheet=SHEET, colours=Colours.SRGB_8)  # the filter leaves colours as they are
    seen = _decoded_by_cups(drawn, tmp_path).convert("L")
    wanted = _by_poppler(document, tmp_path)
    _keep(wanted, f"{name}-poppler")
    assert _unlike(wanted, seen) < BOUNDS[name]
    spoilt = {
        "blank": Image.new("L", seen.size, "white"),
        "moved": ImageChops.offset(seen, SHEET.dpi // 12, 0),  # 2 mm
        "raised": ImageChops.offset(seen, 0, SHEET.dpi // 12),
        "mirrored": ImageOps.mirror(seen),
        "upside down": ImageOps.flip(seen),
        "turned": seen.rotate(180),
        "smaller": _shrunk(seen),
        "inverted": ImageOps.invert(seen),
    }
    found = {how: _unlike(wanted, page) for how, page in spoilt.items()}
    assert {how for how, unlike in found.items() if unlike < 2 * BOUNDS[name]} == set()


@pytest.mark.needs("ippevepcl")
async def test_cups_own_printer_language_takes_the_pages(tmp_path: Path) -> None:
    file = tmp_path / "page.pwg"
    file.write_bytes(await raster(documents.table_page(), sheet=SHEET, copies=2))
    printed = _as_pcl(file)
    assert printed.count(b"\x1b*r1A") == 2, "each copy of the page begins its graphics"


def _as_pcl(file: Path) -> bytes:
    environment = os.environ | {"CONTENT_TYPE": "image/pwg-raster"}
    return subprocess.run(["ippevepcl", file], env=environment, capture_output=True, check=True).stdout


def _decoded_by_cups(drawn: bytes, folder: Path) -> Image.Image:
    (folder / "page.pwg").write_bytes(drawn)
    words = [FILTER, "1", "guest", "bill", "1", "", str(folder / "page.pwg")]
    made = subprocess.run(words, capture_output=True, check=True)
    (folder / "page.pdf").write_bytes(made.stdout)
    subprocess.run(["pdfimages", "-all", folder / "page.pdf", folder / "seen"], capture_output=True, check=True)
    (picture,) = folder.glob("seen-*")
    with Image.open(picture) as image:
        image.load()
        return image


def _as_image(drawn: bytes, colours: Colours) -> Image.Image:
    (page,) = decoding.pages(drawn)
    if colours is Colours.BLACK_1:
        return Image.frombytes("1", page.size, page.pixels, "raw", "1;I")
    return Image.frombytes("L" if colours is Colours.SGRAY_8 else "RGB", page.size, page.pixels)


def _by_pdfium(document: bytes) -> Image.Image:
    """The whole page at once in colour, with none of our bands, flags and forms; in the middle of the sheet."""
    sheet = Image.new("RGB", (SHEET.columns, SHEET.rows), "white")
    height = round((sheet.width - 2 * EDGE) * 842 / 595)
    size = sheet.width - 2 * EDGE, height
    pdfium.FPDF_InitLibrary()
    opened = pdfium.FPDF_LoadMemDocument64(document, len(document), None)
    page = pdfium.FPDF_LoadPage(opened, 0)
    bitmap = pdfium.FPDFBitmap_Create(*size, 0)
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, *size, 0xFFFFFFFF)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, *size, 0, 0)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    sheet.paste(Image.frombytes("RGB", size, pixels, "raw", "BGRX", stride), (EDGE, (sheet.height - height) // 2))
    pdfium.FPDFBitmap_Destroy(bitmap)
    pdfium.FPDF_ClosePage(page)
    pdfium.FPDF_CloseDocument(opened)
    return sheet


def _by_poppler(document: bytes, folder: Path) -> Image.Image:
    """The page by a program that has nothing of ours in it, in the middle of the sheet."""
    (folder / "asked.pdf").write_bytes(document)
    width = SHEET.columns - 2 * EDGE
    height = round(width * 842 / 595)
    words = ["pdftoppm", "-gray", "-singlefile", "-scale-to-x", str(width), "-scale-to-y", str(height)]
    subprocess.run([*words, folder / "asked.pdf", folder / "wanted"], check=True)
    sheet = Image.new("L", (SHEET.columns, SHEET.rows), "white")
    with Image.open(folder / "wanted.pgm") as drawn:
        sheet.paste(drawn, (EDGE, (sheet.height - height) // 2))
    return sheet


def _shrunk(page: Image.Image) -> Image.Image:
    sheet = Image.new("L", page.size, "white")
    sheet.paste(page.resize((page.width * 97 // 100, page.height * 97 // 100)))
    return sheet


def _unlike(one: Image.Image, other: Image.Image) -> float:
    """How far two pages differ in grey, as a share of the ink of the first."""
    one, other = (page.filter(ImageFilter.BoxBlur(SHEET.dpi // 75)) for page in (one, other))
    return float(ImageStat.Stat(ImageChops.difference(one, other)).mean[0] / _ink(one))


def _share_over(difference: Image.Image, level: int) -> float:
    counts = difference.convert("L").histogram()
    return sum(counts[level + 1 :]) / sum(counts)


def _ink(image: Image.Image) -> float:
    return 255 - ImageStat.Stat(image.convert("L")).mean[0]


def _keep(image: Image.Image, name: str) -> None:
    if FOLDER is not None:
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
        image.save(Path(FOLDER) / f"{name}.png")
