"""Whether a printer prints just now, in words. No I/O.

A printer that has several trays may be out of paper and go on: what its state says comes first.
"""

from agent.drivers.printing.ipp import reasons
from agent.drivers.printing.ipp.answers import PrinterFacts, PrinterState
from agent.drivers.printing.ipp.reasons import Severity


def stopped_by(facts: PrinterFacts) -> str:
    """Why the printer does not print just now, in words; "" where it does, as far as it says."""
    words = reasons.in_words(facts.reasons)
    if facts.state is PrinterState.STOPPED:
        return words or "the printer has stopped"
    return words if reasons.severity(facts.reasons) is Severity.STOPS else ""
