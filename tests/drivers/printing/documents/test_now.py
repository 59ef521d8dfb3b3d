"""How a printer is, in a person's words."""

import pytest

from agent.commands.driver import PdfGoes, PrinterNow
from agent.drivers.printing.documents.now import printer_now
from agent.drivers.printing.ipp.answers import PrinterFacts, PrinterState
from agent.drivers.printing.ipp.message import Range

PDF = ("application/pdf",)


@pytest.mark.parametrize(
    ("facts", "state", "is_ready", "has_soon"),
    [
        (PrinterFacts(state=PrinterState.IDLE, reasons=("none",)), "idle", True, False),
        (PrinterFacts(state=PrinterState.PROCESSING, is_accepting=True), "prints", True, False),
        (PrinterFacts(), "answers, and does not say how it is", True, False),
        (PrinterFacts(state=PrinterState.STOPPED), "stopped: the printer has stopped", False, False),
        (
            PrinterFacts(state=PrinterState.STOPPED, reasons=("media-empty-error",)),
            "stopped: out of paper",
            False,
            False,
        ),
        (
            PrinterFacts(state=PrinterState.IDLE, reasons=("cover-open",)),
            "stopped: a cover is open",
            False,
            False,
        ),
        (
            PrinterFacts(state=PrinterState.IDLE, reasons=("toner-low-warning",)),
            "idle: toner is low",
            True,
            True,
        ),
        (
            PrinterFacts(state=PrinterState.IDLE, is_accepting=False),
            "idle; it takes no documents",
            False,
            False,
        ),
        (
            PrinterFacts(state=PrinterState.STOPPED, reasons=("paused",), is_accepting=False),
            "stopped: the printer is paused; it takes no documents",
            False,
            False,
        ),
    ],
)
def test_its_state_is_said_with_what_holds_it_up(
    facts: PrinterFacts, state: str, is_ready: bool, has_soon: bool
) -> None:
    now = printer_now(facts)
    assert (now.state, now.is_ready, now.has_soon) == (state, is_ready, has_soon)


@pytest.mark.parametrize(
    ("formats", "pdf"),
    [
        (PDF, PdfGoes.AS_IT_IS),
        ((*PDF, "image/pwg-raster"), PdfGoes.AS_IT_IS),
        (("image/pwg-raster",), PdfGoes.DRAWN),
        (("image/urf",), PdfGoes.NOT),
        ((), PdfGoes.NOT),
    ],
)
def test_it_says_how_a_bill_gets_there(formats: tuple[str, ...], pdf: PdfGoes) -> None:
    assert printer_now(PrinterFacts(formats=formats)).pdf is pdf


def test_what_it_lists_is_handed_on() -> None:
    facts = PrinterFacts(name="lp", model="Laser 1", formats=PDF, copies=Range(1, 99))
    assert printer_now(facts) == PrinterNow(
        "answers, and does not say how it is", model="Laser 1", formats=PDF, pdf=PdfGoes.AS_IT_IS, copies=99
    )
    assert printer_now(PrinterFacts(name="lp")).model == "lp"
