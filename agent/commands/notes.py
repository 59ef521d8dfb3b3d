"""Why a command ended without its key or document: stable codes, and the words that a receptionist reads. No I/O.

A note says what became of the card or the paper first, then why, and what to do last; each kind of command has
its own words for that. Codes of the lock system's own answers are with its driver.
"""

from enum import StrEnum

import msgspec

from agent.commands.model import Kind, Outcome, Verdict
from agent.foundation.reading.text import opened, plain, quoted, sentence

NOTE_LIMIT = 400  # characters; Mews publishes no limit, its screen shows about two lines
CAUSE_LIMIT = 260  # characters; with what happened and what to do it still fits
WORDS_LIMIT = 200  # characters of somebody else's words inside a note


class Code(StrEnum):
    """Stable codes, shared by page, log, metrics and manual. A print's have PRINT in the place of KEY."""

    STALE = "E-KEY-STALE"
    OVER = "E-KEY-OVER"
    BACKWARDS = "E-KEY-BACKWARDS"
    UNREADABLE = "E-KEY-UNREADABLE"
    NO_DEVICE = "E-KEY-NO-DEVICE"
    NO_CUTTER = "E-KEY-NO-CUTTER"
    COUNT = "E-KEY-COUNT"
    CANCELLED = "E-KEY-CANCELLED"
    TAKEN_BACK = "E-KEY-TAKEN-BACK"
    NO_PRINT = "E-PRINT-UNSUPPORTED"
    NO_PRINTER = "E-PRINT-NO-PRINTER"
    RESTART = "E-BOX-RESTART"
    RESTART_CUTTING = "E-BOX-RESTART-CUTTING"
    STOPPED = "E-BOX-STOPPED"
    STOPPED_CUTTING = "E-BOX-STOPPED-CUTTING"
    JOURNAL = "E-KEY-JOURNAL"
    CLAIM = "E-MEWS-CLAIM"
    BALANCE = "E-KEY-BALANCE"


UNWANTED = "E-KEY-UNWANTED"  # of a card that was cut, when Mews does not take that result


class Words(msgspec.Struct, frozen=True):
    """What a kind of command calls its things, and what to do when it came to nothing."""

    device: str
    not_made: str
    may_be: str
    many: str
    made: str
    perhaps: str
    again: str
    by_hand: str
    look: str


AGAIN = "Please order the key again."
TRY_AGAIN = "Try once more, then cut it at the lock system's own PC and call support."
WORDS = {
    Kind.KEY: Words(
        device="the encoder",
        not_made="Key not cut",
        may_be="The key may have been cut",
        many="keys",
        made="cut",
        perhaps="perhaps cut",
        again=AGAIN,
        by_hand="Cut the key at the lock system's own PC and call support.",
        look="Look at the encoder: if there is a card, test it at the door first; if there is none, order the key "
        "again.",
    ),
    Kind.PRINT: Words(
        device="the printer",
        not_made="Not printed",
        may_be="The document may have been printed",
        many="copies",
        made="printed",
        perhaps="perhaps printed",
        again="Please print the document again.",
        by_hand="Print the document from another device and call support.",
        look="Look at the printer: if the document is there, all is well; if it is not, print it again.",
    ),
    Kind.OTHER: Words(
        device="the device",
        not_made="Not done",
        may_be="It may have been done",
        many="parts",
        made="done",
        perhaps="perhaps done",
        again="Please order it again.",
        by_hand="Order it again later, and call support.",
        look="Look whether it was done; if it was not, order it again.",
    ),
}

# Cause and advice; {words} are the case's own, the others those of the kind.
_TEXTS: dict[Code, tuple[str, str]] = {
    Code.STALE: ("the order had waited longer than {words}", "{again}"),
    Code.OVER: ("the stay ended on {words}", "Check the departure in Mews, then order the key again."),
    Code.BACKWARDS: (
        "the stay ends before it begins ({words})",
        "Check the dates in Mews, then order the key again.",
    ),
    Code.UNREADABLE: (
        "the order from Mews cannot be read ({words})",
        "Order it again; if it happens again, call support.",
    ),
    Code.NO_DEVICE: (
        "this box does not know what to do for a device of the type {words}",
        "Check the device in Mews.",
    ),
    Code.NO_CUTTER: (
        "the key cutter {words} is not set up on this box",
        "Choose another encoder, or have it added to the box.",
    ),
    Code.COUNT: ("{words}", "Order a number of {many} that the box can make."),
    Code.CANCELLED: ("Mews has closed the order meanwhile", "If it is still wanted, order it again."),
    Code.TAKEN_BACK: ("the order was taken back before {device} was asked", "{again}"),
    Code.NO_PRINT: ("this box has no printing", "Print the document from another device."),
    Code.NO_PRINTER: (
        "the printer {words}",
        "Choose another printer, or have it added to the box.",
    ),
    Code.RESTART: ("the box restarted before {device} was asked", "{again}"),
    Code.RESTART_CUTTING: ("the box restarted while {device} was at work", "{look}"),
    Code.STOPPED: ("the box was being switched off or set up again", "{again}"),
    Code.STOPPED_CUTTING: ("the box was switched off while {device} was at work", "{look}"),
    Code.JOURNAL: ("the box cannot write to its disk ({words})", "{by_hand}"),
    Code.CLAIM: ("Mews did not let the box take the order", "{again}"),
    # Discreet: the screen may be seen by the guest.
    Code.BALANCE: (
        "the reservation has to be looked at in Mews first",
        "Look at its bill, then order the key again.",
    ),
}

_PERHAPS_MADE = frozenset({Code.RESTART_CUTTING, Code.STOPPED_CUTTING})
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ended(code: Code, kind: Kind, words: str = "", *, said: str = "") -> Outcome:
    """The outcome for `code`, with the few words that its cause has a place for, and Mews' own."""
    names = msgspec.structs.asdict(WORDS[kind])
    cause, advice = _TEXTS[code]
    verdict, head = Verdict.FAILED, WORDS[kind].not_made
    if code in _PERHAPS_MADE:
        verdict, head = Verdict.UNKNOWN, WORDS[kind].may_be
    cause = plain(cause.format(words=plain(words, WORDS_LIMIT), **names), CAUSE_LIMIT)
    return Outcome(verdict, _of(kind, code), head, cause, advice.format(**names), plain(said, WORDS_LIMIT))


def note(outcome: Outcome, made: int, copies: int, kind: Kind = Kind.KEY) -> str:
    """The note of a command of which `made` of `copies` were made; empty when all went well."""
    is_half_way = outcome.verdict is not Verdict.DONE and 0 < made < copies
    return plain(_half_way(outcome, made, copies, WORDS[kind]) if is_half_way else outcome.note, NOTE_LIMIT)


def unwanted(cut: int, *, is_sure: bool = True) -> str:
    """The note of cards whose result Mews does not take: they exist, and Mews does not know of them."""
    cards = "A card was" if cut <= 1 else f"{cut} cards were"
    perhaps = "" if is_sure else " perhaps"
    return (
        f"{cards}{perhaps} cut, and Mews does not take the result: the order was closed meanwhile. "
        "Look for it at the encoder and make it useless."
    )


def with_words(text: str, said: str) -> str:
    """A note for Mews alone, with the words that Mews itself has said about the command."""
    return plain(f"{text} Mews says: {quoted(said)}.", NOTE_LIMIT) if text and said else text


def _of(kind: Kind, code: Code) -> str:
    return code.replace("E-KEY-", "E-PRINT-") if kind is Kind.PRINT else str(code)


def _half_way(outcome: Outcome, made: int, copies: int, words: Words) -> str:
    ordinal = _ORDINALS[made] if made < len(_ORDINALS) else f"{made + 1}th"
    so_far = f"{made} of {copies} {words.many} {words.made}, the {ordinal}"
    if outcome.verdict is Verdict.UNKNOWN:
        return f"{so_far} {words.perhaps}: {sentence(outcome.cause)} {outcome.advice}"
    missing = f"order {copies - made} more"
    if outcome.advice not in (words.again, TRY_AGAIN):
        return (
            f"{so_far} was not: {sentence(outcome.cause)} {outcome.advice.replace('order the key again', missing)}"
        )
    return f"{so_far} was not: {missing}. {opened(outcome.cause)}"
