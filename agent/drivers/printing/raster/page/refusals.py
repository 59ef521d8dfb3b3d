"""Why a document did not become pages: a fixed table of codes and words, which tell nothing of it. No I/O.

The drawing process ends with the exit code, its parent says the words.
"""

from enum import StrEnum
from signal import SIGXCPU

import msgspec


class Refusal(StrEnum):
    """Stable codes."""

    ENCRYPTED = "E-PRINT-ENCRYPTED"
    DAMAGED = "E-PRINT-DAMAGED"
    EMPTY = "E-PRINT-EMPTY"
    PAGES = "E-PRINT-PAGES"
    PAGE_SIZE = "E-PRINT-PAGE-SIZE"
    PICTURE = "E-PRINT-PICTURE"
    PICTURE_SIZE = "E-PRINT-PICTURE-SIZE"
    MEMORY = "E-PRINT-MEMORY"
    TIME = "E-PRINT-TIME"
    OUTPUT = "E-PRINT-OUTPUT"
    CRASHED = "E-PRINT-CRASHED"
    UNBOUNDED = "E-PRINT-UNBOUNDED"
    BROKEN = "E-PRINT-BROKEN"


class Row(msgspec.Struct, frozen=True):
    """`exit_code` is the drawing process' own; `words` go on a sentence, and fit behind "Not printed: "."""

    exit_code: int
    words: str


TABLE = {
    Refusal.ENCRYPTED: Row(11, "the document is protected by a password"),
    Refusal.DAMAGED: Row(12, "the document is damaged"),
    Refusal.EMPTY: Row(13, "the document has no page"),
    Refusal.PAGES: Row(14, "the document has more pages than this box prints at once"),
    Refusal.PAGE_SIZE: Row(15, "a page of the document has a size that fits no paper"),
    Refusal.PICTURE: Row(16, "the picture is of a kind that this box cannot draw; save it as a JPEG or a PDF"),
    Refusal.PICTURE_SIZE: Row(17, "the document has a picture too large for this box; make it smaller"),
    Refusal.MEMORY: Row(18, "the document takes more memory to draw than this box may give it"),
    Refusal.TIME: Row(19, "the document takes too long to draw"),
    Refusal.OUTPUT: Row(20, "the document's pages come to more data than this box sends to a printer"),
    Refusal.CRASHED: Row(21, "the document cannot be drawn: it is damaged, or takes too much memory"),
    Refusal.UNBOUNDED: Row(22, "this box cannot draw documents safely, and draws none"),
    Refusal.BROKEN: Row(23, "the part of this box that draws documents failed"),
}
_BY_CODE = {row.exit_code: refusal for refusal, row in TABLE.items()}


class Refused(Exception):
    """Why a document did not become pages, where that is found out."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(TABLE[refusal].words)
        self.refusal = refusal


def refusal_of(exit_code: int) -> Refusal:
    """Why the drawing process ended with a code that is not 0; a negative one is a signal."""
    if exit_code == -SIGXCPU:
        return Refusal.TIME
    if exit_code < 0:  # PDFium ends itself where it gets no memory, and where it finds itself confused
        return Refusal.CRASHED
    return _BY_CODE.get(exit_code, Refusal.BROKEN)
