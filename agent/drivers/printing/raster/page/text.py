"""Plain text as a PDF: Courier, 80 letters a line, 60 lines a page. No I/O.

PDFium brings the letters of Western Europe alone (it may read no fonts of the system): others lose their accents,
or become a question mark.
"""

import unicodedata
from collections.abc import Iterator
from itertools import islice

from agent.drivers.printing.raster.page import small_pdf
from agent.drivers.printing.raster.page.refusals import Refusal, Refused

WIDTH, HEIGHT = 595, 842  # points; A4
COLUMNS, ROWS = 80, 60
SIZE, LEADING = 10, 12  # points; a letter of Courier is 0.6 of its size wide
LEFT, TOP = 57, 60  # points; 80 letters of 6 points stand in the middle of the sheet
_FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>>>"


def as_pdf(document: bytes, page_limit: int) -> bytes:
    """The text (UTF-8, else Windows' Western European) as a PDF. Raises `Refused`: empty, or too many pages."""
    text = _decoded(document).rstrip()
    if not text:
        raise Refused(Refusal.EMPTY)
    pages = list(islice(_pages(text), page_limit + 1))
    if len(pages) > page_limit:
        raise Refused(Refusal.PAGES)
    return small_pdf.document([_content(page) for page in pages], WIDTH, HEIGHT, _FONT)


def _decoded(document: bytes) -> str:
    try:
        return document.decode("utf-8-sig")
    except UnicodeDecodeError:
        return document.decode("cp1252", "replace")


def _pages(text: str) -> Iterator[list[str]]:
    for sheet in text.split("\f"):
        lines = _lines(sheet)
        yield list(islice(lines, ROWS))
        while page := list(islice(lines, ROWS)):
            yield page


def _lines(text: str) -> Iterator[str]:
    for part in text.splitlines():
        line = part.expandtabs(8)
        for start in range(0, max(1, len(line)), COLUMNS):
            yield line[start : start + COLUMNS]


def _content(lines: list[str]) -> bytes:
    shown = b"".join(b"<%b> Tj T*\n" % in_font(line).hex().encode() for line in lines)
    return b"BT /F %d Tf %d TL %d %d Td\n%bET" % (SIZE, LEADING, LEFT, HEIGHT - TOP, shown)


def in_font(line: str) -> bytes:
    """A line in the letters that WinAnsiEncoding has."""
    return b"".join(_letter(letter) for letter in unicodedata.normalize("NFC", line))


def _letter(letter: str) -> bytes:
    if not letter.isprintable():
        return b" "
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore")
        return plain[:1] or b"?"
