"""How a document ended, from what was seen of its job. No I/O.

The table of reference/printing.md, section 8, and stricter in one thing. Printed is what the printer has
completed, or was at work on before it forgot it; but one that was silent in between may have been switched off in
the middle, so that is perhaps printed, as is what was sent and never seen again. No outcome here may lead to a
second sending.
"""

from collections.abc import Set
from enum import StrEnum

from agent.commands.model import Outcome, Verdict
from agent.drivers.printing.ipp import reasons
from agent.drivers.printing.ipp.answers import JobFacts, JobState
from agent.drivers.printing.ipp.notes import PrintCode, ended
from agent.drivers.printing.ipp.reasons import Severity
from agent.drivers.printing.ipp.statuses import Next, name_of, next_of

_BY_HAND = frozenset({"job-canceled-by-user", "job-canceled-by-operator", "job-canceled-at-device"})
_NOT_GIVEN = "Unable to add document"  # CUPS 2.4, which calls a job completed whose document the printer refused
_BAD_END = "job-completed-with-errors"


class Cancelled(StrEnum):
    """Why the box itself has cancelled the job at the printer."""

    NO = "not"
    ORDER = "the order was closed"
    WAIT = "the printer did not go on"


def of_job(
    job: JobFacts,
    cancelled: Cancelled = Cancelled.NO,
    *,
    trouble: tuple[str, ...] = (),
    held_up: str = "",
    has_ignored_copies: bool = False,
) -> Outcome | None:
    """The outcome of a job, None while it goes on. `trouble` are the printer's state reasons, seen last, `held_up`
    our words for what held it up where it has none."""
    match job.state:
        case JobState.COMPLETED:
            return _completed(job, has_ignored_copies)
        case JobState.CANCELED | JobState.ABORTED:
            return _stopped(job, cancelled, trouble, held_up)
        case _:
            return None


def of_vanished(
    last: JobFacts,
    cancelled: Cancelled = Cancelled.NO,
    *,
    trouble: tuple[str, ...] = (),
    was_away: bool = False,
) -> Outcome:
    """The outcome of a job that the printer no longer knows; `last` is how it was seen last, if ever.

    `cancelled` only where the printer said yes to that; `was_away`: it did not answer when it was asked before, or
    has restarted since, and has perhaps printed half of it.
    A printer that stood still forgets its jobs when a person switches it off and on.
    """
    if cancelled is not Cancelled.NO:
        return _by_us(last, cancelled, trouble)
    waited_for = (*trouble, *last.printer_reasons)
    if last.state is JobState.STOPPED or reasons.severity(waited_for) is Severity.STOPS:
        return ended(PrintCode.VANISHED, f"seen last: {reasons.in_words(waited_for) or 'it stood still'}")
    if was_away:
        return ended(PrintCode.VANISHED, "it was away or was restarted meanwhile")
    was_at_work = last.state is JobState.PROCESSING or bool(last.impressions)
    return (
        ended(PrintCode.FORGOTTEN) if was_at_work else ended(PrintCode.VANISHED, "it was not seen at work on it")
    )


def of_lost_answer() -> Outcome:
    """The outcome of a document whose answer was lost, and whose job the printer does not list."""
    return ended(PrintCode.NO_ANSWER)


def of_sent() -> Outcome:
    """The outcome of bytes that a printer took that tells nothing."""
    return ended(PrintCode.SENT)


def of_refusal(status: int, words: str = "", ignored: Set[str] = frozenset()) -> Outcome | None:
    """The outcome of a Print-Job that was answered with this status and is not tried again; `words` are the
    printer's own, `ignored` what it names as unsupported. None where it was taken, or perhaps was."""
    code = _REFUSALS.get(next_of(status, ignored))
    return ended(code, words or name_of(status)) if code else None


_REFUSALS = {
    Next.OTHER_VERSION: PrintCode.REFUSED,
    Next.OTHER_FORMAT: PrintCode.REFUSED,
    Next.OTHER_COPIES: PrintCode.REFUSED,
    Next.TRY_LATER: PrintCode.BUSY,
    Next.TROUBLE: PrintCode.TROUBLE,
    Next.NOT_THERE: PrintCode.NO_QUEUE,
    Next.TOO_LARGE: PrintCode.TOO_LARGE,
    Next.DAMAGED: PrintCode.NOT_READ,
    Next.LOG_IN: PrintCode.LOG_IN,
    Next.CANCELLED: PrintCode.PANEL,
    Next.REFUSED: PrintCode.REFUSED,
}


def _completed(job: JobFacts, has_ignored_copies: bool) -> Outcome:
    if job.printer_message.startswith(_NOT_GIVEN):
        return ended(PrintCode.ABORTED, "the printer behind the queue refused the document")
    if _BAD_END in job.reasons:
        return ended(PrintCode.WITH_ERRORS, reasons.in_words(job.reasons))
    return ended(PrintCode.COPIES_IGNORED) if has_ignored_copies else Outcome(Verdict.DONE)


def _stopped(job: JobFacts, cancelled: Cancelled, trouble: tuple[str, ...], held_up: str) -> Outcome:
    if cancelled is not Cancelled.NO:
        return _by_us(job, cancelled, trouble, held_up)
    if job.state is JobState.CANCELED and _BY_HAND.intersection(job.reasons):
        return ended(PrintCode.PANEL, pages=job.impressions)
    return ended(PrintCode.ABORTED, _why(job, trouble), job.impressions)  # CUPS calls an abort canceled


def _by_us(job: JobFacts, cancelled: Cancelled, trouble: tuple[str, ...], held_up: str = "") -> Outcome:
    if cancelled is Cancelled.ORDER:
        return ended(PrintCode.WITHDRAWN, pages=job.impressions)
    return ended(PrintCode.WAITED, reasons.in_words((*trouble, *job.printer_reasons)) or held_up, job.impressions)


def _why(job: JobFacts, trouble: tuple[str, ...]) -> str:
    return reasons.in_words((*job.reasons, *job.printer_reasons, *trouble))
