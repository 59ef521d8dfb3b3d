"""Any document as a PDF, which is what PDFium draws. No I/O."""

from agent.drivers.printing.raster.page import jpeg, png, text
from agent.drivers.printing.raster.page.refusals import Refusal, Refused
from agent.drivers.printing.raster.page.request import Bounds, Kind

TAIL_BYTES = 4096  # behind the end mark; Acrobat allows 1,024


def as_pdf(document: bytes, kind: Kind, bounds: Bounds) -> bytes:
    """The document itself if it is one. Raises `Refused` for what is empty, damaged or too large.

    A PDF without an end is cut off, and PDFium would draw what is left of it as if that were all.
    """
    if not document:
        raise Refused(Refusal.EMPTY)
    if kind is Kind.JPEG:
        return jpeg.as_pdf(document, bounds.pixels)
    if kind is Kind.PNG:
        return png.as_pdf(document, bounds.pixels)
    if kind is Kind.TEXT:
        return text.as_pdf(document, bounds.pages)
    return _whole(document)


def _whole(document: bytes) -> bytes:
    if b"%%EOF" not in document[-TAIL_BYTES:]:
        raise Refused(Refusal.DAMAGED)
    return document
