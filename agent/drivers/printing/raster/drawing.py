"""PDFium, as far as pages are drawn with it: the one file that knows it. Never reads a file, never writes one.

Only the drawing process (`child.py`) imports this: PDFium is a large C++ program that reads what strangers wrote.
Its functions are in https://pdfium.googlesource.com/pdfium/+/refs/heads/main/public/.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2_raw as pdfium

from agent.drivers.printing.raster.page import pwg, tones
from agent.drivers.printing.raster.page.refusals import Refusal, Refused
from agent.drivers.printing.raster.page.request import Bounds, Colours, Sheet
from agent.drivers.printing.raster.page.sheet import Place, place

BAND_BYTES = 10_000_000  # a sheet of A4 in gray at 300 dpi is one band; a page is drawn once more for each
NESTING = 12  # forms in forms that are looked through for pictures

_WHITE = 0xFFFFFFFF
_FLAGS = pdfium.FPDF_ANNOT | pdfium.FPDF_PRINTING
_SHARP = pdfium.FPDF_RENDER_NO_SMOOTHTEXT | pdfium.FPDF_RENDER_NO_SMOOTHPATH
# Of a bitmap: format, bytes a pixel, flags. Black dots are made of gray; red comes first in a printer's colours.
_FORMATS = {
    Colours.SGRAY_8: (pdfium.FPDFBitmap_Gray, 1, _FLAGS),
    Colours.BLACK_1: (pdfium.FPDFBitmap_Gray, 1, _FLAGS | _SHARP),
    Colours.SRGB_8: (pdfium.FPDFBitmap_BGR, 3, _FLAGS | pdfium.FPDF_REVERSE_BYTE_ORDER),
}


def start() -> None:
    """Once, before the first document."""
    pdfium.FPDF_InitLibrary()


def open_pdf(document: bytes, bounds: Bounds) -> tuple[Any, int]:
    """PDFium's own document and its number of pages. Raises `Refused`. The bytes must outlive it."""
    opened = pdfium.FPDF_LoadMemDocument64(document, len(document), None)
    if not opened:
        is_locked = pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise Refused(Refusal.ENCRYPTED if is_locked else Refusal.DAMAGED)
    pages = pdfium.FPDF_GetPageCount(opened)
    if pages < 1:
        raise Refused(Refusal.EMPTY)
    if pages > bounds.pages:
        raise Refused(Refusal.PAGES)
    return opened, pages


def examine(opened: Any, pages: int, bounds: Bounds) -> None:
    """Look at every page without drawing it. Raises `Refused` if one cannot be drawn."""
    for number in range(pages):
        with _page(opened, number, bounds) as loaded:
            place(*_size(loaded), Sheet())


def draw(opened: Any, pages: int, sheet: Sheet, colours: Colours, copies: int, bounds: Bounds) -> Iterator[bytes]:
    """All copies of the document as PWG raster, in pieces. Raises `Refused`, perhaps after some pages."""
    yield pwg.SYNC
    for number in list(range(pages)) * copies:
        with _page(opened, number, bounds) as loaded:
            lines = _lines(loaded, place(*_size(loaded), sheet), sheet, colours)
            if colours is Colours.BLACK_1:
                lines = tones.black(lines)
            yield from pwg.page(sheet, colours, pages * copies, lines)


@contextmanager
def _page(opened: Any, number: int, bounds: Bounds) -> Iterator[Any]:
    loaded = _loaded(opened, number)
    if (
        pdfium.FPDFPage_Flatten(loaded, pdfium.FLAT_PRINT) == pdfium.FLATTEN_SUCCESS
    ):  # what is filled in is ink now
        pdfium.FPDF_ClosePage(loaded)
        loaded = _loaded(opened, number)
    try:
        objects = pdfium.FPDFPage_CountObjects(loaded)
        _check_pictures((pdfium.FPDFPage_GetObject(loaded, index) for index in range(objects)), bounds, NESTING)
        yield loaded
    finally:
        pdfium.FPDF_ClosePage(loaded)


def _loaded(opened: Any, number: int) -> Any:
    loaded = pdfium.FPDF_LoadPage(opened, number)
    if not loaded:
        raise Refused(Refusal.DAMAGED)
    return loaded


def _size(loaded: Any) -> tuple[float, float]:
    return pdfium.FPDF_GetPageWidthF(loaded), pdfium.FPDF_GetPageHeightF(loaded)


def _check_pictures(objects: Iterator[Any], bounds: Bounds, depth: int) -> None:
    """PDFium leaves a picture out when there is no memory for it, and says nothing: refuse it beforehand."""
    for found in objects:
        kind = pdfium.FPDFPageObj_GetType(found)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            width, height = ctypes.c_uint(), ctypes.c_uint()
            pdfium.FPDFImageObj_GetImagePixelSize(found, width, height)
            if width.value * height.value > bounds.pixels:
                raise Refused(Refusal.PICTURE_SIZE)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
            inner = range(pdfium.FPDFFormObj_CountObjects(found))
            _check_pictures((pdfium.FPDFFormObj_GetObject(found, index) for index in inner), bounds, depth - 1)


def _lines(loaded: Any, at: Place, sheet: Sheet, colours: Colours) -> Iterator[bytes]:
    """The sheet from top to bottom, a line at a time, drawn a band at a time."""
    form, pixel, flags = _FORMATS[colours]
    line = sheet.columns * pixel
    rows = min(sheet.rows, max(1, BAND_BYTES // line))
    bitmap = pdfium.FPDFBitmap_CreateEx(sheet.columns, rows, form, None, 0)
    if not bitmap:
        raise Refused(Refusal.MEMORY)
    try:
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        pixels = (ctypes.c_ubyte * (stride * rows)).from_address(pdfium.FPDFBitmap_GetBuffer(bitmap))
        view = memoryview(pixels).cast("B")
        for top in range(0, sheet.rows, rows):
            _draw_band(bitmap, loaded, at, sheet.columns, top, rows, flags)
            for start in range(0, stride * min(rows, sheet.rows - top), stride):
                yield bytes(view[start : start + line])
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)


def _draw_band(bitmap: Any, loaded: Any, at: Place, columns: int, top: int, rows: int, flags: int) -> None:
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, _WHITE)
    pdfium.FPDF_RenderPageBitmap(
        bitmap, loaded, at.left, at.top - top, at.width, at.height, at.quarter_turns, flags
    )
