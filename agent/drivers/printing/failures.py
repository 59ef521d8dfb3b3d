"""What a call that failed means for a document: an outcome in words. No I/O."""

from agent.commands.model import Outcome
from agent.drivers.printing.ipp.notes import PrintCode, ended
from agent.drivers.printing.talk import Refused, Turned
from agent.foundation.errors import CallFailed, CertificateRefused, NotSent, OtherSpeech


def not_taken(error: CallFailed) -> Outcome:
    """The outcome of a document that surely was not sent, for that reason."""
    match error:
        case Turned():
            return ended(error.code, error.reason)
        case CertificateRefused():
            return ended(PrintCode.CERTIFICATE, error.reason)
        case OtherSpeech():
            return ended(PrintCode.ADDRESS, error.reason)
        case NotSent():
            return ended(PrintCode.UNREACHABLE, error.reason)
        case Refused():
            return ended(PrintCode.REFUSED, error.reason)
        case _:
            return ended(PrintCode.SILENT, error.reason)
