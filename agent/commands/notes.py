"""Why a command ended without its key: stable codes, and the words that a receptionist reads in Mews. No I/O.

Each note says what happened to the card first and what to do last. Codes of the lock system's own answers are
with its driver.
"""

from enum import StrEnum

from agent.commands.model import Outcome, Verdict
from agent.commands.text import plain

NOTE_LIMIT = 400  # characters; Mews publishes no limit, its screen shows about two lines
WORDS_LIMIT = 200  # characters of somebody else's words inside a note


class Code(StrEnum):
    """Stable codes, shared by page, log, metrics and manual."""

    STALE = "E-KEY-STALE"
    UNREADABLE = "E-KEY-UNREADABLE"
    NO_DEVICE = "E-KEY-NO-DEVICE"
    NO_CUTTER = "E-KEY-NO-CUTTER"
    COUNT = "E-KEY-COUNT"
    NO_PRINT = "E-PRINT-UNSUPPORTED"
    RESTART = "E-BOX-RESTART"
    RESTART_CUTTING = "E-BOX-RESTART-CUTTING"
    STOPPED = "E-BOX-STOPPED"
    STOPPED_CUTTING = "E-BOX-STOPPED-CUTTING"
    JOURNAL = "E-BOX-JOURNAL"
    CLAIM = "E-MEWS-CLAIM"


_AGAIN = "Please order the key again."
_LOOK = "Look at the encoder and test the card at the door; if there is none, order the key again."

_NOTES: dict[Code, str] = {
    Code.STALE: f"Key not cut: the order had waited longer than {{words}}. {_AGAIN}",
    Code.UNREADABLE: "Key not cut: the order from Mews cannot be read ({words}). Order the key again; "
    "if it happens again, call support.",
    Code.NO_DEVICE: "Not done: this box does not know what to do for a device of the type {words}. "
    "Check the device in Mews.",
    Code.NO_CUTTER: "Key not cut: the key cutter {words} is not set up on this box. "
    "Choose another encoder, or have it added to the box.",
    Code.COUNT: "Key not cut: {words}. Order a number of keys that the box can cut.",
    Code.NO_PRINT: "Not printed: this box has no printing. Print the document from another device.",
    Code.RESTART: f"Key not cut: the box restarted before the encoder was asked. {_AGAIN}",
    Code.RESTART_CUTTING: f"The key may have been cut: the box restarted while the encoder was at work. {_LOOK}",
    Code.STOPPED: f"Key not cut: the box was being switched off or set up anew. {_AGAIN}",
    Code.STOPPED_CUTTING: "The key may have been cut: the box was switched off or set up anew while "
    f"the encoder was at work. {_LOOK}",
    Code.JOURNAL: "Key not cut: the box cannot write to its disk ({words}). "
    "Cut the key at the lock system's own PC and call support.",
    Code.CLAIM: f"Key not cut: Mews did not let the box take the order ({{words}}). {_AGAIN}",
}

_PERHAPS_CUT = frozenset({Code.RESTART_CUTTING, Code.STOPPED_CUTTING})


def ended(code: Code, words: str = "") -> Outcome:
    """The outcome for `code`, with the few words that its note has a place for."""
    verdict = Verdict.UNKNOWN if code in _PERHAPS_CUT else Verdict.FAILED
    note = _NOTES[code].format(words=plain(words, WORDS_LIMIT))
    return Outcome(verdict, code, plain(note, NOTE_LIMIT))
