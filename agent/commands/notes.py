"""Why a command ended without its key: stable codes, and the words that a receptionist reads in Mews. No I/O.

A note says what happened to the card first, then why, and what to do last. Codes of the lock system's own answers
are with its driver.
"""

from enum import StrEnum

from agent.commands.model import Outcome, Verdict
from agent.foundation.reading.text import plain, quoted

NOTE_LIMIT = 400  # characters; Mews publishes no limit, its screen shows about two lines
CAUSE_LIMIT = 260  # characters; with what happened and what to do it still fits
WORDS_LIMIT = 200  # characters of somebody else's words inside a note


class Code(StrEnum):
    """Stable codes, shared by page, log, metrics and manual."""

    STALE = "E-KEY-STALE"
    OVER = "E-KEY-OVER"
    BACKWARDS = "E-KEY-BACKWARDS"
    UNREADABLE = "E-KEY-UNREADABLE"
    NO_DEVICE = "E-KEY-NO-DEVICE"
    NO_CUTTER = "E-KEY-NO-CUTTER"
    COUNT = "E-KEY-COUNT"
    CANCELLED = "E-KEY-CANCELLED"
    NO_PRINT = "E-PRINT-UNSUPPORTED"
    RESTART = "E-BOX-RESTART"
    RESTART_CUTTING = "E-BOX-RESTART-CUTTING"
    STOPPED = "E-BOX-STOPPED"
    STOPPED_CUTTING = "E-BOX-STOPPED-CUTTING"
    JOURNAL = "E-BOX-JOURNAL"
    CLAIM = "E-MEWS-CLAIM"


UNWANTED = "E-KEY-UNWANTED"  # of a card that was cut, when Mews does not take that result
NOT_CUT, PERHAPS, MAY_BE = "Key not cut", "Key perhaps cut", "The key may have been cut"
AGAIN = "Please order the key again."
TRY_AGAIN = "Try once more, then cut it at the lock system's own PC and call support."
BY_HAND = "Cut the key at the lock system's own PC and call support."
LOOK = "Look at the encoder: if there is a card, test it at the door first; if there is none, order the key again."

_TEXTS: dict[Code, tuple[str, str]] = {
    Code.STALE: ("the order had waited longer than {words}", AGAIN),
    Code.OVER: ("the stay ended on {words}", "Check the departure in Mews, then order the key again."),
    Code.BACKWARDS: (
        "the stay ends before it begins ({words})",
        "Check the dates in Mews, then order the key again.",
    ),
    Code.UNREADABLE: (
        "the order from Mews cannot be read ({words})",
        "Order the key again; if it happens again, call support.",
    ),
    Code.NO_DEVICE: (
        "this box does not know what to do for a device of the type {words}",
        "Check the device in Mews.",
    ),
    Code.NO_CUTTER: (
        "the key cutter {words} is not set up on this box",
        "Choose another encoder, or have it added to the box.",
    ),
    Code.COUNT: ("{words}", "Order a number of keys that the box can cut."),
    Code.CANCELLED: ("Mews has closed the order meanwhile", "If the key is still wanted, order it again."),
    Code.NO_PRINT: ("this box has no printing", "Print the document from another device."),
    Code.RESTART: ("the box restarted before the encoder was asked", AGAIN),
    Code.RESTART_CUTTING: ("the box restarted while the encoder was at work", LOOK),
    Code.STOPPED: ("the box was being switched off or set up again", AGAIN),
    Code.STOPPED_CUTTING: ("the box was switched off while the encoder was at work", LOOK),
    Code.JOURNAL: ("the box cannot write to its disk ({words})", BY_HAND),
    Code.CLAIM: ("Mews did not let the box take the order", AGAIN),
}

_PERHAPS_CUT = frozenset({Code.RESTART_CUTTING, Code.STOPPED_CUTTING})
_HEADS = {
    Code.NO_DEVICE: "Not done",
    Code.NO_PRINT: "Not printed",
    Code.RESTART_CUTTING: MAY_BE,
    Code.STOPPED_CUTTING: MAY_BE,
}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ended(code: Code, words: str = "", *, said: str = "") -> Outcome:
    """The outcome for `code`, with the few words that its cause has a place for, and Mews' own."""
    cause, advice = _TEXTS[code]
    verdict = Verdict.UNKNOWN if code in _PERHAPS_CUT else Verdict.FAILED
    cause = plain(cause.format(words=plain(words, WORDS_LIMIT)), CAUSE_LIMIT)
    return Outcome(verdict, code, _HEADS.get(code, NOT_CUT), cause, advice, plain(said, WORDS_LIMIT))


def note(outcome: Outcome, cut: int, copies: int) -> str:
    """The note of a command of which `cut` of `copies` cards were made; empty when all went well."""
    is_half_way = outcome.verdict is not Verdict.DONE and 0 < cut < copies
    return plain(_half_way(outcome, cut, copies) if is_half_way else outcome.note, NOTE_LIMIT)


def unwanted(cut: int, *, is_sure: bool = True) -> str:
    """The note of cards whose result Mews does not take: they exist, and nobody in Mews knows of them."""
    cards = "A card was" if cut <= 1 else f"{cut} cards were"
    perhaps = "" if is_sure else " perhaps"
    return (
        f"{cards}{perhaps} cut, and Mews does not take the result: the order was closed meanwhile. "
        "Look for it at the encoder and make it useless."
    )


def with_words(text: str, said: str) -> str:
    """A note for Mews alone, with the words that Mews itself has said about the command."""
    return plain(f"{text} Mews says: {quoted(said)}.", NOTE_LIMIT) if text and said else text


def _half_way(outcome: Outcome, cut: int, copies: int) -> str:
    ordinal = _ORDINALS[cut] if cut < len(_ORDINALS) else f"{cut + 1}th"
    so_far = f"{cut} of {copies} keys cut, the {ordinal}"
    if outcome.verdict is Verdict.UNKNOWN:
        return f"{so_far} perhaps cut: {outcome.cause}. {outcome.advice}"
    missing = f"order {copies - cut} more"
    if outcome.advice not in (AGAIN, TRY_AGAIN):
        return f"{so_far} was not: {outcome.cause}. {outcome.advice.replace('order the key again', missing)}"
    return f"{so_far} was not: {missing}. {outcome.cause[:1].upper()}{outcome.cause[1:]}."
