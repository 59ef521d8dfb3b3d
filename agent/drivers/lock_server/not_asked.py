"""Why a lock server was surely not asked for a key, as the stable code that every vendor's notes have. No I/O."""

from enum import StrEnum

from agent.drivers.lock_server.log_in import LogInRefused, Unanswered, WebApiClosed
from agent.drivers.lock_server.redirects import Redirected
from agent.foundation.errors import CallFailed, CertificateRefused, NotSent, OtherSpeech


class NotAsked(StrEnum):
    """A code of the notes: `KeyCode(reason)` of the vendor's own table gives the words."""

    CERTIFICATE = "E-KEY-CERTIFICATE"
    ADDRESS = "E-KEY-ADDRESS"
    WEB_API = "E-KEY-WEB-API"  # of a server that has one beside its own interface
    UNREACHABLE = "E-KEY-UNREACHABLE"
    SILENT = "E-KEY-SILENT"
    LOG_IN = "E-KEY-LOG-IN"
    LOG_IN_ANSWER = "E-KEY-LOG-IN-ANSWER"


def not_asked(error: CallFailed) -> NotAsked:
    """The reason, from what a log-in or a call that never went out has raised."""
    if isinstance(error, CertificateRefused):
        return NotAsked.CERTIFICATE
    if isinstance(error, OtherSpeech | Redirected):
        return NotAsked.ADDRESS
    if isinstance(error, NotSent):
        return NotAsked.WEB_API if isinstance(error, WebApiClosed) else NotAsked.UNREACHABLE
    if isinstance(error, Unanswered) and not error.is_heard:
        return NotAsked.SILENT
    return NotAsked.LOG_IN if isinstance(error, LogInRefused) else NotAsked.LOG_IN_ANSWER
