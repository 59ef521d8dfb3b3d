"""How a printer is, and what becomes of a document there, as a person is told it. No I/O."""

from agent.commands.driver import PdfGoes, PrinterNow
from agent.commands.model import Outcome
from agent.drivers.printing.documents.kinds import Kind
from agent.drivers.printing.documents.way import way
from agent.drivers.printing.ipp import reasons
from agent.drivers.printing.ipp.answers import PrinterFacts, PrinterState
from agent.drivers.printing.ipp.standing import stopped_by

UNCONFIRMED = "takes connections; more it never tells"  # of a printer that takes bytes alone
_STATES = {
    PrinterState.IDLE: "idle",
    PrinterState.PROCESSING: "prints",
    PrinterState.STOPPED: "stopped",
    PrinterState.UNKNOWN: "answers, and does not say how it is",
}


def printer_now(facts: PrinterFacts) -> PrinterNow:
    """What its answer means."""
    stopped, soon = stopped_by(facts), reasons.in_words(facts.reasons)
    return PrinterNow(
        _state(facts, stopped, soon),
        is_ready=not stopped and facts.is_accepting is not False,
        has_soon=bool(soon) and not stopped,
        model=facts.model or facts.name,
        formats=facts.formats,
        pdf=_pdf(facts),
        copies=facts.copies.most if facts.copies else None,
    )


def _state(facts: PrinterFacts, stopped: str, soon: str) -> str:
    state = "stopped" if stopped else _STATES[facts.state]
    words = f"{state}: {stopped or soon}" if stopped or soon else state
    return f"{words}; it takes no documents" if facts.is_accepting is False else words


def _pdf(facts: PrinterFacts) -> PdfGoes:
    chosen = way(Kind.PDF, facts, 1)
    if isinstance(chosen, Outcome):
        return PdfGoes.NOT
    return PdfGoes.AS_IT_IS if chosen.raster is None else PdfGoes.DRAWN
