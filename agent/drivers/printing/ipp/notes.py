"""What a receptionist reads in Mews of a document that was not, or perhaps not, printed: one text a stable code.

No text may hold a secret, a guest's name or anything of the document; a printer's own words are put on one line
first. No I/O. A code is shared by log, page, metrics and manual: never rename one.
"""

from enum import StrEnum

from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.notes import CAUSE_LIMIT, WORDS
from agent.foundation.reading.text import plain

_WORDS_LIMIT = 160  # characters of a case's own words; with head and advice it still fits into a note


class PrintCode(StrEnum):
    """How a document ended that was not surely printed as ordered."""

    # Refused before anything was sent.
    FILE_TYPE = "E-PRINT-FILE-TYPE"
    EMPTY = "E-PRINT-EMPTY"
    SIZE = "E-PRINT-SIZE"
    ENCRYPTED = "E-PRINT-ENCRYPTED"
    PAGES = "E-PRINT-PAGES"
    DAMAGED = "E-PRINT-DAMAGED"
    FORMAT = "E-PRINT-FORMAT"
    COPIES = "E-PRINT-COPIES"
    # Not taken by the printer.
    UNREACHABLE = "E-PRINT-UNREACHABLE"
    CERTIFICATE = "E-PRINT-CERTIFICATE"
    ADDRESS = "E-PRINT-ADDRESS"
    SILENT = "E-PRINT-SILENT"
    BUSY = "E-PRINT-BUSY"
    TROUBLE = "E-PRINT-TROUBLE"
    LOG_IN = "E-PRINT-LOG-IN"
    NO_QUEUE = "E-PRINT-NO-QUEUE"
    TOO_LARGE = "E-PRINT-TOO-LARGE"
    NOT_READ = "E-PRINT-NOT-READ"
    REFUSED = "E-PRINT-REFUSED"
    # Taken, and not printed to the end.
    PANEL = "E-PRINT-PANEL"
    ABORTED = "E-PRINT-ABORTED"
    WAITED = "E-PRINT-WAITED"
    WITHDRAWN = "E-PRINT-WITHDRAWN"
    BROKEN_OFF = "E-PRINT-BROKEN-OFF"
    # Perhaps printed.
    NO_ANSWER = "E-PRINT-NO-ANSWER"
    VANISHED = "E-PRINT-VANISHED"
    # Printed, with something to say about it.
    FORGOTTEN = "E-PRINT-FORGOTTEN"
    SENT = "E-PRINT-SENT"
    WITH_ERRORS = "E-PRINT-WITH-ERRORS"
    COPIES_IGNORED = "E-PRINT-COPIES-IGNORED"


BEFORE = frozenset(  # what is told before any printer is asked
    {
        PrintCode.FILE_TYPE,
        PrintCode.EMPTY,
        PrintCode.SIZE,
        PrintCode.ENCRYPTED,
        PrintCode.PAGES,
        PrintCode.DAMAGED,
        PrintCode.FORMAT,
        PrintCode.COPIES,
    }
)
PERHAPS = frozenset({PrintCode.NO_ANSWER, PrintCode.VANISHED})
# What counts as printed all the same: its head says how sure that is.
PRINTED = {
    PrintCode.FORGOTTEN: "Printed, as far as can be told",
    PrintCode.SENT: "Sent, not confirmed",
    PrintCode.WITH_ERRORS: "Printed, with errors",
    PrintCode.COPIES_IGNORED: "Printed, perhaps in too few copies",
}
BEGUN = "Not printed to the end"  # the head of what stopped after some pages, or perhaps some

_AGAIN = WORDS[Kind.PRINT].again
_BY_HAND = WORDS[Kind.PRINT].by_hand
_LOOK = WORDS[Kind.PRINT].look
_BY_SUPPORT = "Call support, then print the document again."
_ONCE_MORE = "Print it again; if it happens again, print it from another device."
_PAGES = "Take away what has come out, then print the document again."

# The cause, a clause with a place for the case's own words, and what to do.
TEXTS: dict[PrintCode, tuple[str, str]] = {
    PrintCode.FILE_TYPE: ("{words}", _ONCE_MORE),
    PrintCode.EMPTY: ("the document is empty", _AGAIN),
    PrintCode.SIZE: ("{words}", "Print it in parts, or from another device."),
    PrintCode.ENCRYPTED: (
        "the document is protected by a password",
        "Take the password off, then print it again.",
    ),
    PrintCode.PAGES: ("{words}", "Print it in parts, or from another device."),
    PrintCode.DAMAGED: ("the document is damaged ({words})", _ONCE_MORE),
    PrintCode.FORMAT: ("{words}", _BY_HAND),
    PrintCode.COPIES: ("{words}", "Print fewer copies at once."),
    PrintCode.UNREACHABLE: (
        "the printer cannot be reached ({words})",
        "Check that the printer is on and connected, then print the document again.",
    ),
    PrintCode.CERTIFICATE: ("the printer's certificate is refused ({words})", _BY_SUPPORT),
    PrintCode.ADDRESS: ("the printer's address on this box does not fit ({words})", _BY_SUPPORT),
    PrintCode.SILENT: (
        "the printer does not answer ({words})",
        "Restart the printer, then print the document again.",
    ),
    PrintCode.BUSY: ("the printer took no document for too long ({words})", _AGAIN),
    PrintCode.TROUBLE: (
        "the printer reports trouble ({words})",
        "Look after the printer, then print the document again.",
    ),
    PrintCode.LOG_IN: ("the printer wants a log-in or an account, and this box has none ({words})", _BY_HAND),
    PrintCode.NO_QUEUE: ("there is no printer at the path of its address ({words})", _BY_SUPPORT),
    PrintCode.TOO_LARGE: (
        "the document is too large for the printer",
        "Print it in parts, or from another device.",
    ),
    PrintCode.NOT_READ: ("the printer cannot read the document ({words})", _ONCE_MORE),
    PrintCode.REFUSED: ("the printer did not take the document ({words})", _BY_HAND),
    PrintCode.PANEL: ("the job was cancelled at the printer", "Print it again if it is still wanted."),
    PrintCode.ABORTED: ("the printer gave the job up ({words})", _PAGES),
    PrintCode.WAITED: (
        "the printer did not go on for too long ({words}), so the job was cancelled",
        "Look after the printer, then print the document again.",
    ),
    PrintCode.WITHDRAWN: (
        "the order was closed while it was printed",
        "Order it again if it is still wanted.",
    ),
    PrintCode.BROKEN_OFF: ("the document could not be drawn to its end ({words})", _BY_HAND),
    PrintCode.NO_ANSWER: ("the printer was sent the document and did not say how it ended", _LOOK),
    PrintCode.VANISHED: ("the printer no longer has the job ({words})", _LOOK),
    PrintCode.FORGOTTEN: (
        "the printer was at work on the document, and forgot the job before it said how it ended",
        "If it is not at the printer, print it again.",
    ),
    PrintCode.SENT: ("this printer does not say what it prints", "Look for the document at the printer."),
    PrintCode.WITH_ERRORS: ("the printer reports {words}", "Look at the pages, and print them again if need be."),
    PrintCode.COPIES_IGNORED: ("the printer did not take the number of copies", "Count them at the printer."),
}


def ended(code: PrintCode, words: str = "", pages: int | None = 0) -> Outcome:
    """The outcome of that code. `words` are the case's own, `pages` how many sides had come out; None: no one
    knows."""
    cause, advice = TEXTS[code]
    cause = cause.format(words=plain(words, _WORDS_LIMIT) or "no reason given")
    if pages and code not in PERHAPS and code not in PRINTED:
        cause = f"{cause}, after {pages} page{'' if pages == 1 else 's'}"
    return Outcome(
        _verdict(code),
        code.value,
        _head(code, pages),
        plain(cause, CAUSE_LIMIT),
        advice,
        is_asked=code not in BEFORE,
    )


def _verdict(code: PrintCode) -> Verdict:
    if code in PERHAPS:
        return Verdict.UNKNOWN
    return Verdict.DONE if code in PRINTED else Verdict.FAILED


def _head(code: PrintCode, pages: int | None) -> str:
    if code in PERHAPS:
        return WORDS[Kind.PRINT].may_be
    is_begun = pages is None or pages > 0 or code is PrintCode.BROKEN_OFF
    return PRINTED.get(code) or (BEGUN if is_begun else WORDS[Kind.PRINT].not_made)
