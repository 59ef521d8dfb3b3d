"""The judge of documents must see each kind of breach, and nothing where there is none."""

import pytest
from msgspec.structs import replace

from agent.commands.model import Kind, Verdict
from agent.commands.notes import Code
from agent.commands.notes import ended as over
from agent.drivers.printing.ipp import notes
from agent.drivers.printing.ipp.notes import PrintCode, ended
from tests.ledger import Crime
from tests.paper_ledger import Document, Paper, findings

GOOD = Document("Office", 2, "Processed", "", True, 20.0, 10.0, (Paper(11.0, 4, 4),))
HALF = (Paper(11.0, 1, 4),)
NOT_PRINTED = over(Code.RESTART, Kind.PRINT).note
PERHAPS = ended(PrintCode.NO_ANSWER).note
STOPPED = ended(PrintCode.PANEL, pages=1).note
FORGOTTEN = ended(PrintCode.FORGOTTEN).note
SENT = ended(PrintCode.SENT).note
RAW = (Paper(11.0, 2, 2, is_named=False), Paper(12.0, 2, 2, is_named=False))


def crimes(document: Document) -> set[Crime]:
    return {finding.crime for finding in findings([document])}


@pytest.mark.parametrize(
    "document",
    [
        GOOD,
        replace(GOOD, state="Error", notes=NOT_PRINTED, papers=()),
        replace(GOOD, state="Error", notes=STOPPED, papers=HALF),
        replace(GOOD, state="Error", notes=PERHAPS, papers=()),
        replace(GOOD, state="Error", notes=PERHAPS, papers=HALF),
        replace(GOOD, state="Error", notes=PERHAPS),
        replace(GOOD, state="Error", notes=PERHAPS, papers=HALF, is_known=True),
        replace(GOOD, notes=FORGOTTEN, papers=HALF),
        replace(GOOD, notes=SENT, papers=RAW),
        replace(GOOD, notes=SENT, papers=()),
        replace(GOOD, state="Cancelled", by_us=False, claimed=None, papers=()),
        replace(GOOD, state="Cancelled", by_us=False, papers=HALF),
        replace(GOOD, print_by=11.5),
    ],
)
def test_nothing_is_found_in_a_run_that_kept_the_promise(document: Document) -> None:
    assert crimes(document) == set()


@pytest.mark.parametrize(
    ("document", "crime"),
    [
        (replace(GOOD, papers=GOOD.papers * 2), Crime.DOUBLE),
        (replace(GOOD, papers=(*GOOD.papers, *HALF)), Crime.DOUBLE),
        (replace(GOOD, papers=(Paper(11.0, 5, 4),)), Crime.DOUBLE),
        (replace(GOOD, notes=SENT, papers=RAW + RAW), Crime.DOUBLE),
        (replace(GOOD, state="Processing", by_us=False, ended=None), Crime.SILENT),
        (replace(GOOD, state="Error", notes="Not printed: E-42.", papers=()), Crime.MUTE),
        (replace(GOOD, papers=()), Crime.UNTRUE),
        (replace(GOOD, papers=HALF), Crime.UNTRUE),
        (replace(GOOD, notes="All is well."), Crime.UNTRUE),
        (replace(GOOD, notes=FORGOTTEN, papers=()), Crime.UNTRUE),
        (replace(GOOD, state="Error", notes=NOT_PRINTED), Crime.UNTRUE),
        (replace(GOOD, state="Error", notes=NOT_PRINTED, papers=HALF), Crime.UNTRUE),
        (replace(GOOD, state="Error", notes=STOPPED), Crime.UNTRUE),
        (replace(GOOD, state="Error", notes="Please print it again.", papers=()), Crime.UNTRUE),
        (replace(GOOD, ended=10.5), Crime.LATE),
        (replace(GOOD, print_by=10.5), Crime.STALE),
        (replace(GOOD, state="Cancelled", by_us=False, claimed=None), Crime.CANCELLED),
        (replace(GOOD, state="Error", notes=PERHAPS, is_known=True), Crime.BLIND),
    ],
)
def test_each_kind_of_breach_is_found(document: Document, crime: Crime) -> None:
    assert crime in crimes(document)


@pytest.mark.parametrize("code", PrintCode)
def test_every_note_of_a_printer_has_a_head_that_the_ledger_knows_and_says_what_to_do(code: PrintCode) -> None:
    outcome = ended(code, "some words")
    state = "Processed" if outcome.verdict is Verdict.DONE else "Error"
    papers = () if outcome.note.startswith("Not printed:") else HALF
    assert crimes(replace(GOOD, state=state, notes=outcome.note, papers=papers)) == set()
    if code not in notes.BEFORE and outcome.verdict is Verdict.FAILED:
        assert crimes(replace(GOOD, state="Error", notes=ended(code, "words", 1).note, papers=HALF)) == set()
