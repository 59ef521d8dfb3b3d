"""A document goes as it is where its kind is listed, else as raster, and with all its copies or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.commands.model import Outcome, Verdict
from agent.drivers.printing.documents.kinds import Kind
from agent.drivers.printing.documents.way import MOST_REPEATED, PWG_RASTER, Raster, RasterType, Way, way
from agent.drivers.printing.ipp.answers import PrinterFacts
from agent.drivers.printing.ipp.message import Range
from agent.drivers.printing.ipp.notes import PrintCode

BOTH = PrinterFacts(
    formats=("application/octet-stream", "application/pdf", "image/jpeg", PWG_RASTER),
    copies=Range(1, 99),
    raster_types=("black_1", "sgray_8", "srgb_8"),
    raster_resolutions=((300, 300), (600, 600)),
)
RASTER_ONLY = replace(BOTH, formats=("application/octet-stream", PWG_RASTER))
PDF_ONLY = replace(BOTH, formats=("application/pdf",))
CUPS = replace(BOTH, formats=(*BOTH.formats, "image/png", "text/plain"), operations=frozenset({0x4002}))
GREY = Raster(RasterType.GREY, (300, 300))


def refusal(kind: Kind, printer: PrinterFacts, copies: int = 1, *, can_rasterise: bool = True) -> tuple[str, str]:
    """Code and cause."""
    found = way(kind, printer, copies, can_rasterise=can_rasterise)
    assert isinstance(found, Outcome), found
    assert found.verdict is Verdict.FAILED
    return found.code, found.cause


@pytest.mark.parametrize("kind", [Kind.PDF, Kind.JPEG])
@pytest.mark.parametrize("copies", [1, 99])
def test_what_the_printer_lists_goes_as_it_is_with_its_copies(kind: Kind, copies: int) -> None:
    assert way(kind, BOTH, copies) == Way(kind.mime, copies)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_printer_of_raster_gets_raster(kind: Kind) -> None:
    assert way(kind, RASTER_ONLY, 2) == Way(PWG_RASTER, 2, raster=GREY)


@pytest.mark.parametrize("kind", [Kind.PNG, Kind.TEXT])
def test_pictures_and_texts_go_as_raster_even_where_they_are_listed(kind: Kind) -> None:
    assert way(kind, CUPS, 1) == Way(PWG_RASTER, 1, raster=GREY)
    assert way(kind, CUPS, 1, can_rasterise=False) == Way(kind.mime, 1)


@pytest.mark.parametrize("copies", [None, Range(1, 1), Range(1, 4)])
@pytest.mark.parametrize("kind", list(Kind))
def test_copies_that_the_printer_does_not_make_are_pages_repeated(kind: Kind, copies: Range | None) -> None:
    assert way(kind, replace(BOTH, copies=copies), 5) == Way(PWG_RASTER, 1, 5, GREY)


def test_copies_that_a_queue_of_cups_may_lose_are_pages_repeated() -> None:
    assert way(Kind.JPEG, CUPS, 2) == Way(PWG_RASTER, 1, 2, GREY)
    assert way(Kind.PDF, replace(CUPS, formats=(PWG_RASTER,)), 2) == Way(PWG_RASTER, 1, 2, GREY)
    assert way(Kind.JPEG, CUPS, 1) == Way("image/jpeg", 1)
    assert way(Kind.PDF, CUPS, 2) == Way("application/pdf", 2)
    cause = "the queue of this printer may lose copies of a JPEG picture"
    assert refusal(Kind.JPEG, CUPS, 2, can_rasterise=False) == (PrintCode.COPIES, cause)


@pytest.mark.parametrize("formats", [(), ("application/octet-stream",), ("application/postscript", "image/urf")])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_printer_that_lists_nothing_of_ours_is_sent_nothing(kind: Kind, formats: tuple[str, ...]) -> None:
    found = refusal(kind, replace(BOTH, formats=formats))
    assert found == (PrintCode.FORMAT, f"this printer does not print {kind.words}")


def test_a_box_without_a_rasteriser_refuses_what_is_not_listed() -> None:
    assert refusal(Kind.PDF, RASTER_ONLY, can_rasterise=False)[0] == PrintCode.FORMAT


@pytest.mark.parametrize(
    ("copies", "cause"),
    [
        (None, "this printer does not say whether it makes several copies"),
        (Range(1, 1), "this printer makes at most 1 of the 2 copies ordered"),
    ],
)
def test_copies_that_cannot_be_had_in_one_job_are_refused(copies: Range | None, cause: str) -> None:
    assert refusal(Kind.PDF, replace(PDF_ONLY, copies=copies), 2) == (PrintCode.COPIES, cause)
    assert way(Kind.PDF, replace(PDF_ONLY, copies=copies), 1) == Way("application/pdf", 1)


def test_pages_are_repeated_only_so_often() -> None:
    printer = replace(RASTER_ONLY, copies=None)
    assert way(Kind.PDF, printer, MOST_REPEATED) == Way(PWG_RASTER, 1, MOST_REPEATED, GREY)
    assert refusal(Kind.PDF, printer, MOST_REPEATED + 1)[0] == PrintCode.COPIES


@pytest.mark.parametrize(
    ("types", "best"),
    [
        (("srgb_8", "sgray_8", "black_1"), RasterType.GREY),
        (("black_1", "srgb_8"), RasterType.COLOUR),
        (("black_1",), RasterType.BLACK),
        ((), RasterType.GREY),
    ],
)
def test_the_best_raster_is_taken_and_grey_from_a_printer_that_does_not_say(
    types: tuple[str, ...], best: RasterType
) -> None:
    assert way(Kind.PDF, replace(RASTER_ONLY, raster_types=types), 1) == Way(
        PWG_RASTER, 1, raster=Raster(best, (300, 300))
    )


def test_a_printer_whose_rasters_the_box_does_not_make_is_sent_none() -> None:
    printer = replace(BOTH, raster_types=("cmyk_16",))
    assert refusal(Kind.PNG, printer)[0] == PrintCode.FORMAT
    assert way(Kind.PDF, printer, 1) == Way("application/pdf", 1)


@pytest.mark.parametrize(
    ("said", "dpi"),
    [
        ((), (300, 300)),
        (((600, 600), (300, 300)), (300, 300)),
        (((600, 600), (1200, 1200)), (600, 600)),
        (((300, 600), (600, 600)), (600, 600)),
        (((300, 1200), (300, 600)), (300, 600)),
        (((203, 203),), (203, 203)),
    ],
)
def test_the_resolution_is_the_usual_one_or_the_nearest_with_square_dots(
    said: tuple[tuple[int, int], ...], dpi: tuple[int, int]
) -> None:
    found = way(Kind.PDF, replace(RASTER_ONLY, raster_resolutions=said), 1)
    assert isinstance(found, Way)
    assert found.raster == Raster(RasterType.GREY, dpi)


_FORMATS = st.lists(st.sampled_from([*BOTH.formats, "image/png", "text/plain"])).map(tuple)
_COPIES = st.none() | st.integers(1, 200).map(lambda most: Range(1, most))


@given(st.sampled_from(Kind), _FORMATS, _COPIES, st.integers(1, 120), st.booleans(), st.booleans())
def test_whatever_is_sent_makes_exactly_the_copies_and_is_listed(
    kind: Kind, formats: tuple[str, ...], range_: Range | None, copies: int, is_cups: bool, can_rasterise: bool
) -> None:
    operations = frozenset({0x4002} if is_cups else ())
    printer = PrinterFacts(formats=formats, copies=range_, operations=operations)
    found = way(kind, printer, copies, can_rasterise=can_rasterise)
    if isinstance(found, Way):
        assert found.copies * found.repeats == copies
        assert found.format in formats
        assert found.copies == 1 or (range_ is not None and found.copies <= range_.most)
        assert found.copies == 1 or not is_cups or kind is Kind.PDF
        assert (found.raster is not None) is (found.format == PWG_RASTER)
    else:
        assert found.code in (PrintCode.FORMAT, PrintCode.COPIES)
