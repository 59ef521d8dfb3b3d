"""The chapter of faults: an entry for each kind of the catalogue. Pure."""

from collections.abc import Iterator

from agent.health.about import ABOUT
from agent.health.catalogue import CATALOGUE
from agent.health.kind import FaultKind
from agent.status.manual.sections import Entry, Fact, Section
from agent.status.snapshot.words import level_word

AT_THE_DESK = "At the front desk"
FOR_SUPPORT = "For support"
MEANS = "What it means"


def faults() -> Section:
    """All of them, by their codes."""
    return Section(
        "faults",
        "Faults and warnings",
        (
            "Each has a code that stays the same in every version: on the page, in the log, in the metrics, "
            "and here. "
            "nightporter manual CODE shows one.",
        ),
        tuple(fault(CATALOGUE[code]) for code in sorted(CATALOGUE)),
    )


def fault(kind: FaultKind) -> Entry:
    """One kind."""
    return Entry(kind.code, kind.title, tuple(_facts(kind)))


def _facts(kind: FaultKind) -> Iterator[Fact]:
    yield Fact(MEANS, ABOUT[kind.code])
    yield Fact(AT_THE_DESK, kind.front_desk)
    yield Fact(FOR_SUPPORT, kind.hint)
    yield Fact("How bad it is", f"{level_word(kind.level)}{'; ' + kind.follows if kind.follows else ''}.")
    if kind.patience:
        yield Fact("Shown after", f"{kind.patience:g} s")
    if kind.depends_on:
        yield Fact(
            "Not shown while one of these explains it", typed=", ".join(each.code for each in kind.depends_on)
        )
