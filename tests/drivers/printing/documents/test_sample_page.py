"""The test page: what it says, and that it is a PDF whose text and frames are where they are said to be."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.printing.documents.kinds import Document, Kind, document
from agent.drivers.printing.documents.sample_page import FILE_TYPE, PageFacts, rows, sample_page

VIENNA = ZoneInfo("Europe/Vienna")
FACTS = PageFacts(
    box="aurora-desk",
    version="0.2.0",
    at=datetime(2026, 11, 27, 7, 23, 11, tzinfo=UTC).astimezone(VIENNA),
    zone="Europe/Vienna",
    addresses=("10.4.5.20", "fd00::5"),
    printer="Süd (Büro)",
    uri="ipps://10.4.5.30/ipp/print",
)
MM = 72 / 25.4


def text_of(page: bytes) -> str:
    opened = pypdfium2.PdfDocument(page)
    assert len(opened) == 1
    words: str = opened[0].get_textpage().get_text_bounded()
    return words


def test_it_says_box_time_addresses_and_printer() -> None:
    words = text_of(sample_page(FACTS))
    for told in (
        "Test page",
        "aurora-desk",
        "10.4.5.20",
        "fd00::5",
        "27 November 2026, 08:23:11 (Europe/Vienna, UTC+01:00)",
        "Süd (Büro)",
        "ipps://10.4.5.30/ipp/print",
        "version 0.2.0",
        "100",
        "15 mm",
    ):
        assert told in words


def test_a_box_without_an_address_says_so_and_one_with_many_names_four() -> None:
    def addresses(*told: str) -> list[str]:
        found = rows(msgspec.structs.replace(FACTS, addresses=told))
        return [words for label, words in found[1:6] if label in ("", "Its addresses")]

    assert addresses() == ["none that is known"]
    assert addresses(*(f"10.4.5.{number}" for number in range(9))) == [f"10.4.5.{number}" for number in range(4)]


@pytest.mark.parametrize(("hours", "said"), [(-3.5, "UTC-03:30"), (0, "UTC+00:00"), (5.75, "UTC+05:45")])
def test_the_offset_of_the_zone_is_said(hours: float, said: str) -> None:
    at = FACTS.at.astimezone(timezone(timedelta(hours=hours)))
    assert said in dict(rows(msgspec.structs.replace(FACTS, at=at)))["Printed at"]


def test_the_drivers_take_it_for_a_pdf() -> None:
    found = document(FILE_TYPE, sample_page(FACTS))
    assert isinstance(found, Document)
    assert (found.kind, found.may_be_encrypted, len(found.data) < 10_000) == (Kind.PDF, False, True)


def test_the_frames_are_five_ten_and_fifteen_millimetres_from_the_edge() -> None:
    dots = 10  # a millimetre
    drawn = pypdfium2.PdfDocument(sample_page(FACTS))[0].render(scale=dots / MM, grayscale=True).to_pil()
    middle = drawn.height // 3
    dark = [x / dots for x in range(20 * dots) if drawn.getpixel((x, middle)) < 128]
    assert {round(x) for x in dark} == {5, 10, 15}
    right = [(drawn.width - 1 - x) / dots for x in range(drawn.width) if drawn.getpixel((x, middle)) < 128]
    assert {5, 10, 15} <= {round(x) for x in right}


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_a_box_and_a_printer_are_called_it_is_one_page(box: str, printer: str) -> None:
    page = sample_page(msgspec.structs.replace(FACTS, box=box, printer=printer))
    assert "Test page" in text_of(page)
