"""What is known of a printer, put on the page and taken off again: what it said, or that it says nothing."""

from agent.drivers.printing.ipp import reasons
from agent.drivers.printing.ipp.answers import PrinterFacts
from agent.drivers.printing.ipp.notes import PrintCode
from agent.drivers.printing.ipp.standing import stopped_by
from agent.drivers.printing.talk import Refused, Turned
from agent.foundation.errors import CallFailed, CertificateRefused, NotSent, OtherSpeech
from agent.foundation.reading.text import opened
from agent.health import print_kinds
from agent.health.health import Health
from agent.health.kind import FaultKind

_ABOUT_ADDRESS = (PrintCode.ADDRESS, PrintCode.NO_QUEUE)


class PrinterFaults:
    """Those of one printer, at its hop."""

    def __init__(self, health: Health, hop: str) -> None:
        self._health, self._hop = health, hop

    @property
    def is_stopped(self) -> bool:
        """Whether it has said last that it does not print until somebody comes."""
        return self._health.holds(print_kinds.STOPPED, self._hop)

    @property
    def is_warned(self) -> bool:
        """Whether it has said last that it prints, and will not for long."""
        return self._health.holds(print_kinds.SOON, self._hop)

    def told(self, facts: PrinterFacts) -> None:
        """It has said how it is."""
        self._show(_standing(facts))

    def failed(self, error: CallFailed) -> None:
        """It has said nothing that can be used."""
        self._show((kind_of(error), opened(error.reason)))

    def _show(self, standing: tuple[FaultKind, str] | None) -> None:
        over = (kind for kind in print_kinds.KINDS if standing is None or kind is not standing[0])
        self._health.clear(self._hop, *over)
        if standing is not None:
            self._health.raise_fault(standing[0], self._hop, standing[1])


def _standing(facts: PrinterFacts) -> tuple[FaultKind, str] | None:
    if stopped := stopped_by(facts):
        return print_kinds.STOPPED, opened(f"it says: {stopped}")
    if soon := reasons.in_words(facts.reasons):
        return print_kinds.SOON, opened(f"it says: {soon}")
    return None


def kind_of(error: CallFailed) -> FaultKind:
    """The fault that a call without a usable answer means."""
    match error:
        case CertificateRefused():
            return print_kinds.CERTIFICATE
        case OtherSpeech():
            return print_kinds.ADDRESS
        case Turned():
            return print_kinds.ADDRESS if error.code in _ABOUT_ADDRESS else print_kinds.SILENT
        case Refused():
            return print_kinds.SILENT
        case NotSent():
            return print_kinds.UNREACHABLE
        case _:
            return print_kinds.SILENT
