"""Plain text as pages."""

import pytest

from agent.drivers.printing.raster.page import text
from agent.drivers.printing.raster.page.refusals import Refusal, Refused


def shown(document: bytes) -> list[list[str]]:
    """Pages of lines, as the PDF has them."""
    pdf = text.as_pdf(document, 100)
    pages = [part for part in pdf.split(b"stream\n") if part.startswith(b"BT")]
    return [
        [
            bytes.fromhex(line[1:].split(b">")[0].decode()).decode("cp1252")
            for line in page.splitlines()
            if line.endswith(b"T*")
        ]
        for page in pages
    ]


def test_lines_stay_lines() -> None:
    assert shown(b"Dear guest,\r\n\r\n\twelcome\n") == [["Dear guest,", "", "        welcome"]]


def test_long_lines_go_on_in_the_next_one() -> None:
    assert shown(b"x" * 165) == [["x" * 80, "x" * 80, "x" * 5]]


def test_sixty_lines_are_a_page_and_a_form_feed_ends_one() -> None:
    assert [len(page) for page in shown(b"a\n" * 61 + b"\fb")] == [60, 1, 1]


def test_utf_8_and_windows_letters_are_both_read() -> None:
    assert shown("\ufeffGäste, 5 €".encode()) == shown("Gäste, 5 €".encode("cp1252")) == [["Gäste, 5 €"]]


def test_letters_that_the_font_has_not_lose_their_accents_or_become_question_marks() -> None:
    assert shown("Dvořák, Łódź, 東\u0007".encode()) == [["Dvorák, ?ódz, ? "]]


def test_letters_of_two_parts_become_one() -> None:
    assert shown("Ga\u0308ste".encode()) == [["Gäste"]]


@pytest.mark.parametrize("document", [b" \n\t\r\n", b"\f\f"])
def test_a_text_without_a_letter_is_empty(document: bytes) -> None:
    with pytest.raises(Refused) as caught:
        text.as_pdf(document, 3)
    assert caught.value.refusal is Refusal.EMPTY


def test_a_text_of_too_many_pages_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        text.as_pdf(b"a\n" * 181, 3)
    assert caught.value.refusal is Refusal.PAGES
