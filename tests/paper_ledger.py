"""Judges documents by what Mews and the printers' trays hold at the end of a run: the promise as rules. Pure.

Like `ledger.py` it knows nothing of the agent: the heads of the notes are what a receptionist reads.
"""

from collections.abc import Callable, Iterable

import msgspec

from tests.ledger import Crime, Finding, asks, is_final

PERHAPS = "The document may have been printed"


class Paper(msgspec.Struct, frozen=True):
    """What came out of a printer for one job: `sides` of the `total` for all its copies, and when the first did
    (seconds). Paper of port 9100 is not `named`, and is one copy each."""

    began: float
    sides: int
    total: int
    is_named: bool = True


class Document(msgspec.Struct, frozen=True):
    """One print command at the end of a run. Times are seconds of one clock.

    `state`, `notes`, `by_us`, `claimed` and `ended` as in `ledger.Entry`. `print_by` is the latest moment at which
    its first side may come out (None: any). `is_known`: its printer can be asked for jobs, and forgot none.
    """

    id: str
    copies: int
    state: str
    notes: str
    by_us: bool
    ended: float | None
    claimed: float | None
    papers: tuple[Paper, ...]
    print_by: float | None = None
    is_known: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all copies are out to their last side."""
        named = any(paper.is_named for paper in self.papers)
        wanted = 1 if named else self.copies
        return len(self.papers) == wanted and all(paper.sides == paper.total for paper in self.papers)


def findings(documents: Iterable[Document]) -> list[Finding]:
    """Every breach of the promise in these commands."""
    return [
        Finding(crime, each.id, f"{crime}: {each}")
        for each in documents
        for crime, is_broken in _RULES.items()
        if is_broken(each)
    ]


def _is_double(each: Document) -> bool:
    named = sum(paper.is_named for paper in each.papers)
    too_many_sides = any(paper.sides > paper.total for paper in each.papers)
    return named > 1 or len(each.papers) > max(each.copies, 0) or too_many_sides


def _is_silent(each: Document) -> bool:
    return not is_final(each.state)


def _is_mute(each: Document) -> bool:
    return each.by_us and each.state == "Error" and not asks(each.notes)


def _is_untrue(each: Document) -> bool:
    if not each.by_us or not is_final(each.state):
        return False
    heads = _DONE if each.state == "Processed" else _NOT_DONE
    is_true = next((is_true for head, is_true in heads.items() if each.notes.startswith(head)), None)
    return is_true is None or not is_true(each)


def _is_late(each: Document) -> bool:
    is_said = each.by_us and each.state == "Processed" and each.ended is not None
    return is_said and any(paper.began > (each.ended or 0.0) for paper in each.papers)


def _is_stale(each: Document) -> bool:
    return each.print_by is not None and any(paper.began > each.print_by for paper in each.papers)


def _is_cancelled(each: Document) -> bool:
    return not each.by_us and is_final(each.state) and each.claimed is None and bool(each.papers)


def _is_blind(each: Document) -> bool:
    return each.by_us and each.is_known and each.is_whole and each.notes.startswith(PERHAPS)


# What must be true of the paper where a note begins like that; the first that fits.
_NOT_DONE: dict[str, Callable[[Document], bool]] = {
    "Not printed to the end": lambda each: not each.is_whole,  # not every printer tells whether any page is out
    "Not printed": lambda each: not each.papers,
    PERHAPS: lambda each: True,
}
_DONE: dict[str, Callable[[Document], bool]] = {
    "Printed, as far as can be told": lambda each: bool(each.papers),
    "Printed, with errors": lambda each: bool(each.papers),
    "Printed, perhaps in too few copies": lambda each: bool(each.papers),
    "Sent, not confirmed": lambda each: True,  # claims no paper
    "": lambda each: each.is_whole and not each.notes,
}
_RULES = {
    Crime.DOUBLE: _is_double,
    Crime.SILENT: _is_silent,
    Crime.MUTE: _is_mute,
    Crime.UNTRUE: _is_untrue,
    Crime.LATE: _is_late,
    Crime.STALE: _is_stale,
    Crime.CANCELLED: _is_cancelled,
    Crime.BLIND: _is_blind,
}
