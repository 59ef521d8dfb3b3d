"""Judges a run by what Mews and the encoders hold at its end: the promise of design section 1, as rules.

Knows nothing of the agent: a receptionist who reads the notes and counts the cards could do it by hand. Pure.
This is about keys; documents are judged in `paper_ledger.py`, by the same list of crimes.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

import msgspec

_ASKS = re.compile(
    r"(order|try|cut|print|call|look|test|choose|check|put|restart|cancel|take|ask|give)\b", re.IGNORECASE
)  # what a note asks a receptionist to do
_SO_FAR = re.compile(r"^(\d+) of (\d+) keys cut, the \w+ ")
_SURELY, _PERHAPS = ("not cut", "was not: "), ("may have been cut", "perhaps cut")


class Crime(StrEnum):
    """How the promise can be broken."""

    DOUBLE = "made more often than ordered"
    SILENT = "no final state in Mews"
    MUTE = "an Error without a note that says what to do"
    UNTRUE = "what Mews was told is not what was made"
    LATE = "made after the command had ended"
    STALE = "made although it had waited too long"
    CANCELLED = "made although it had been ended at Mews before it was claimed"
    OVER = "cut although the stay was over"
    BLIND = "called perhaps printed although the printer knew that it was"


class Entry(msgspec.Struct, frozen=True):
    """One command at the end of a run. Times are seconds of one clock; `cuts` when each of its cards was begun.

    `state` and `notes` as Mews has them, `by_us` whether the box said the final word, `claimed` when Mews took
    `Processing` first, `ended` the moment after which no card of it may begin, `cut_by` (seconds, None: any) the
    latest moment at which its first card may begin, `stay_ends` the latest for any card.
    """

    id: str
    copies: int
    state: str
    notes: str
    by_us: bool
    ended: float | None
    claimed: float | None
    cuts: tuple[float, ...]
    cut_by: float | None = None
    stay_ends: float | None = None


class Finding(msgspec.Struct, frozen=True):
    """One breach of the promise."""

    crime: Crime
    id: str
    text: str


def findings(entries: Iterable[Entry]) -> list[Finding]:
    """Every breach of the promise in these commands."""
    return [
        Finding(crime, entry.id, f"{crime}: {entry}")
        for entry in entries
        for crime, is_broken in _RULES.items()
        if is_broken(entry)
    ]


def note_kind(notes: str) -> str:
    """A note without its numbers and its quoted words, to count notes by."""
    return re.sub(r"\d+", "N", re.sub(r"\(.*?\)|“.*?”", "…", notes))


def _is_double(entry: Entry) -> bool:
    return len(entry.cuts) > max(entry.copies, 0)


def is_final(state: str) -> bool:
    """Whether a command in that state of Mews' is over."""
    return state in ("Processed", "Cancelled", "Error")


def asks(notes: str) -> bool:
    """Whether a note tells a receptionist what to do."""
    sentences = [part for part in re.split(r"(?<=[.;:!?]) ", notes) if part]
    return any(_ASKS.match(part.removeprefix("Please ")) or ", order" in part for part in sentences)


def _is_silent(entry: Entry) -> bool:
    return not is_final(entry.state)


def _is_mute(entry: Entry) -> bool:
    return entry.by_us and entry.state == "Error" and not asks(entry.notes)


def _is_untrue(entry: Entry) -> bool:
    if not entry.by_us or _is_silent(entry):
        return False
    if entry.state == "Processed":
        return len(entry.cuts) != entry.copies
    return len(entry.cuts) not in _claimed_cuts(entry.notes)


def _claimed_cuts(notes: str) -> range:
    """How many cards there may be, going by the note; nothing for a note that does not tell."""
    match = _SO_FAR.match(notes)
    cut = int(match[1]) if match else 0
    if any(words in notes for words in _PERHAPS):
        return range(cut, cut + 2)
    is_sure = any(words in notes for words in _SURELY) or notes.startswith("Not done")
    return range(cut, cut + 1) if is_sure else range(0)


def _is_late(entry: Entry) -> bool:
    return entry.by_us and entry.ended is not None and any(cut > entry.ended for cut in entry.cuts)


def _is_stale(entry: Entry) -> bool:
    # The further copies of an order that was begun in time take their time at the encoder.
    return entry.cut_by is not None and min(entry.cuts, default=entry.cut_by) > entry.cut_by


def _is_cancelled(entry: Entry) -> bool:
    is_others = entry.ended is not None and not entry.by_us and not _is_silent(entry)
    return is_others and entry.claimed is None and bool(entry.cuts)


def _is_over(entry: Entry) -> bool:
    return entry.stay_ends is not None and any(cut > entry.stay_ends for cut in entry.cuts)


_RULES = {
    Crime.DOUBLE: _is_double,
    Crime.SILENT: _is_silent,
    Crime.MUTE: _is_mute,
    Crime.UNTRUE: _is_untrue,
    Crime.LATE: _is_late,
    Crime.STALE: _is_stale,
    Crime.CANCELLED: _is_cancelled,
    Crime.OVER: _is_over,
}
