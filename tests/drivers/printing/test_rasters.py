"""What no printer should get, found out by the drawing process itself where the bytes give a hint."""

import pytest

from agent.drivers.printing.documents.kinds import Document, Kind, document
from agent.drivers.printing.raster.page.request import Bounds
from agent.drivers.printing.raster.rasteriser import Rasteriser
from agent.drivers.printing.rasters import Rasters
from tests.drivers.printing.raster import documents


def pdf(data: bytes) -> Document:
    found = document("application/pdf", data)
    assert isinstance(found, Document)
    return found


@pytest.mark.parametrize(
    ("data", "code"),
    [(documents.locked(), "E-PRINT-ENCRYPTED"), (documents.many_pages(10_000), "E-PRINT-PAGES")],
)
async def test_a_locked_pdf_and_one_of_ten_thousand_pages_are_for_no_printer(data: bytes, code: str) -> None:
    outcome = await Rasters(Rasteriser()).objection(pdf(data))
    assert outcome is not None
    assert outcome.code == code


@pytest.mark.parametrize(
    "data",
    [
        documents.many_pages(150),
        b"%PDF-1.7 with /Encrypt 5 0 R and damaged",  # what PDFium cannot read a printer perhaps can
    ],
)
async def test_what_only_looks_like_that_goes_to_a_printer(data: bytes) -> None:
    assert await Rasters(Rasteriser()).objection(pdf(data)) is None


@pytest.mark.parametrize("found", [pdf(documents.many_pages(2)), Document(Kind.TEXT, b"/Encrypt 5 0 R")])
async def test_without_a_hint_no_process_is_started(found: Document) -> None:
    rasteriser = Rasteriser(Bounds(pages=0))  # which would refuse any
    assert await Rasters(rasteriser).objection(found) is None
