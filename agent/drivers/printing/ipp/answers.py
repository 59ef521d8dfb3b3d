"""What a printer says of itself and of a job, read leniently. No I/O.

What is missing, of another type or absurd is unknown, and never an error; the words that a printer has for its
state are kept as they came. Source: RFC 8011, sections 5.3 and 5.4; PWG 5102.4; reference/printing.md, 2.2.
"""

from enum import IntEnum

import msgspec

from agent.drivers.printing.ipp import attributes as look
from agent.drivers.printing.ipp.attributes import Named
from agent.drivers.printing.ipp.message import GroupTag, Message, Range, Resolution
from agent.drivers.printing.ipp.requests import Operation, WhichJobs

_MOST = 2**31 - 1  # the largest number that IPP has
_MOST_PAGES = 10_000_000  # a count beyond it is none
# How CUPS' backends say that they cannot reach the printer, in English, which is what is asked for: the state goes
# on to be processing, and the reasons none.
_OUT_OF_REACH = ("unavailable at this time", "unreachable at this time", "is not responding")
_OFFLINE = "offline-report"
_PLAUSIBLE_DPI = range(50, 4801)  # fax machines have 100, film recorders 4800


class PrinterState(IntEnum):
    """`printer-state`. UNKNOWN is none of IPP's."""

    UNKNOWN = 0
    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class JobState(IntEnum):
    """`job-state`. UNKNOWN is none of IPP's."""

    UNKNOWN = 0
    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6  # it waits in the middle: paper is out, a cover open
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9

    @property
    def is_over(self) -> bool:
        """Whether it stays like that."""
        return self in (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED)


class PrinterFacts(msgspec.Struct, frozen=True):
    """How a printer is and what it can; None, "" and () are "it does not say".

    `formats` are MIME types in lower case without parameters, `resolutions` in dots per inch across and along,
    `reasons` the printer's own words with their suffixes, `versions` as "2.0", `queued` a number of jobs,
    `up_seconds` how long it runs (CUPS tells the time of day instead).
    """

    name: str = ""
    model: str = ""
    state: PrinterState = PrinterState.UNKNOWN
    reasons: tuple[str, ...] = ()
    message: str = ""
    up_seconds: int | None = None
    is_accepting: bool | None = None
    queued: int | None = None
    versions: tuple[str, ...] = ()
    operations: frozenset[int] = frozenset()
    which_jobs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    copies: Range | None = None
    has_colour: bool | None = None
    media: str = ""
    media_ready: tuple[str, ...] = ()
    media_supported: tuple[str, ...] = ()
    raster_types: tuple[str, ...] = ()
    raster_resolutions: tuple[tuple[int, int], ...] = ()
    device: str = ""

    @property
    def is_cups(self) -> bool:
        """Whether it is a queue of CUPS."""
        return Operation.CUPS_GET_PRINTERS in self.operations

    @property
    def lists(self) -> tuple[WhichJobs, ...]:
        """What to ask for until a job is found, in this order: the two lists of RFC 8011 every printer has."""
        all_known = WhichJobs.ALL in self.which_jobs
        return (WhichJobs.ALL,) if all_known else (WhichJobs.NOT_COMPLETED, WhichJobs.COMPLETED)


class JobFacts(msgspec.Struct, frozen=True):
    """How a job is; `id` 0 and `state` UNKNOWN are "it does not say", so are None, "" and ().

    `printer_reasons` and `printer_message` are CUPS' of the printer behind a queue; `impressions` sides of paper
    that are done, of `total`. The name of a stranger's job may be a guest's: it is in no `repr`.
    """

    id: int = 0
    name: str = ""
    state: JobState = JobState.UNKNOWN
    reasons: tuple[str, ...] = ()
    printer_reasons: tuple[str, ...] = ()
    printer_message: str = ""
    message: str = ""
    impressions: int | None = None
    total: int | None = None

    def __repr__(self) -> str:
        return f"JobFacts({self.id}, {self.state.name}, {self.reasons!r})"


def printer_facts(answer: Message) -> PrinterFacts:
    """What the answer to Get-Printer-Attributes says; of several printers the first."""
    return next(iter(queues(answer)), PrinterFacts())


def queues(answer: Message) -> tuple[PrinterFacts, ...]:
    """What the answer to CUPS-Get-Printers says, a queue each."""
    return tuple(_printer(found) for found in look.of_groups(answer, GroupTag.PRINTER))


def job_facts(answer: Message) -> JobFacts:
    """What the answer to Print-Job or Get-Job-Attributes says."""
    return next(iter(jobs(answer)), JobFacts())


def jobs(answer: Message) -> tuple[JobFacts, ...]:
    """What the answer to Get-Jobs says."""
    return tuple(_job(found) for found in look.of_groups(answer, GroupTag.JOB))


def job_named(answer: Message, name: str) -> JobFacts | None:
    """The job with this name in an answer to Get-Jobs: of several the one with the highest number. One without a
    number cannot be asked about."""
    found = [job for job in jobs(answer) if job.name == name and job.id]
    return max(found, key=lambda job: job.id, default=None)


def ignored(answer: Message) -> frozenset[str]:
    """The names of the attributes that the printer did not take as they were, whatever it took the rest for."""
    return frozenset(name for group in look.of_groups(answer, GroupTag.UNSUPPORTED) for name in group)


def status_message(answer: Message) -> str:
    """The printer's own words for the status, on one line; "" where it has none."""
    groups = look.of_groups(answer, GroupTag.OPERATION)
    return next((words for group in groups if (words := look.words(group, "status-message"))), "")


def _printer(found: Named) -> PrinterFacts:
    said = _said(found)
    if (
        said.is_cups
        and said.state is PrinterState.PROCESSING
        and any(each in said.message for each in _OUT_OF_REACH)
    ):
        return msgspec.structs.replace(said, reasons=(*said.reasons, _OFFLINE))
    return said


def _said(found: Named) -> PrinterFacts:
    return PrinterFacts(
        name=look.words(found, "printer-name"),
        model=look.words(found, "printer-make-and-model"),
        state=_printer_state(found),
        reasons=look.texts(found, "printer-state-reasons"),
        message=look.words(found, "printer-state-message"),
        up_seconds=look.whole(found, "printer-up-time", 0, _MOST),
        is_accepting=look.truth(found, "printer-is-accepting-jobs"),
        queued=look.whole(found, "queued-job-count", 0, _MOST),
        versions=look.texts(found, "ipp-versions-supported"),
        operations=frozenset(look.wholes(found, "operations-supported")),
        which_jobs=look.texts(found, "which-jobs-supported"),
        formats=_formats(found),
        copies=_copies(found),
        has_colour=look.truth(found, "color-supported"),
        media=look.words(found, "media-default"),
        media_ready=look.texts(found, "media-ready"),
        media_supported=look.texts(found, "media-supported"),
        raster_types=look.texts(found, "pwg-raster-document-type-supported"),
        raster_resolutions=_resolutions(found),
        device=_without_account(look.words(found, "device-uri")),
    )


def _job(found: Named) -> JobFacts:
    return JobFacts(
        id=look.whole(found, "job-id", 1, _MOST) or 0,
        name=look.words(found, "job-name"),
        state=_job_state(found),
        reasons=look.texts(found, "job-state-reasons"),
        printer_reasons=look.texts(found, "job-printer-state-reasons"),
        printer_message=look.words(found, "job-printer-state-message"),
        message=look.words(found, "job-state-message"),
        impressions=look.whole(found, "job-impressions-completed", 0, _MOST_PAGES),
        total=look.whole(found, "job-impressions", 1, _MOST_PAGES),
    )


def _printer_state(found: Named) -> PrinterState:
    number = look.whole(found, "printer-state", PrinterState.IDLE, PrinterState.STOPPED)
    return PrinterState(number or 0)


def _job_state(found: Named) -> JobState:
    number = look.whole(found, "job-state", JobState.PENDING, JobState.COMPLETED)
    return JobState(number or 0)


def _formats(found: Named) -> tuple[str, ...]:
    listed = look.texts(found, "document-format-supported")
    return tuple(dict.fromkeys(text.partition(";")[0].strip().lower() for text in listed))


def _copies(found: Named) -> Range | None:
    """The range that begins at 1. What a printer says beside it has no meaning."""
    said = look.ranges(found, "copies-supported")
    return next((Range(1, each.most) for each in said if each.least <= 1 <= each.most), None)


def _resolutions(found: Named) -> tuple[tuple[int, int], ...]:
    said = look.resolutions(found, "pwg-raster-document-resolution-supported")
    pairs = ((_dots_per_inch(each.across, each), _dots_per_inch(each.along, each)) for each in said)
    return tuple(dict.fromkeys((x, y) for x, y in pairs if x in _PLAUSIBLE_DPI and y in _PLAUSIBLE_DPI))


def _dots_per_inch(dots: int, said: Resolution) -> int:
    match said.unit:
        case 3:  # per inch
            return dots
        case 4:  # per centimetre
            return round(dots * 2.54)
        case _:
            return 0


def _without_account(uri: str) -> str:
    """An address without the user and password that CUPS keeps in it."""
    scheme, colon, rest = uri.partition("://")
    return scheme + colon + rest.rpartition("@")[2]
