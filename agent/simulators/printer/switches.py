"""The switches of the simulated printer: what printers do differently, and what tests turn.

Must never hold behaviour. Source of the list: reference/printing.md; further ones are our own.
"""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from agent.simulators.base.simulator import CommonSwitches
from agent.simulators.printer.paper.formats import Format


class BadFormat(StrEnum):
    """What a document of a type that is not listed gets."""

    FORMAT = "040a"  # as RFC 8011 has it
    VALUES = "040b"  # as ippeveprinter answers


class BadDocument(StrEnum):
    """What a document gets that is not what its type says."""

    PRINT = "print"  # not noticed: rubbish comes out, as of ippeveprinter
    REFUSE = "refuse"  # 0411
    ABORT = "abort"  # taken, and aborted when its turn comes
    STOP = "stop"  # taken, and stopped until it is cancelled, as in CUPS


class BadCopies(StrEnum):
    """What a number of copies out of the range gets."""

    REFUSE = "refuse"  # 040b
    SUBSTITUTE = "substitute"  # 0001, and one copy


class PowerOff(StrEnum):
    """What becomes of the jobs when the power goes."""

    LOST = "lost"  # all are forgotten, and numbers begin at 1 again
    FINISHED = "finished"  # they go on when it comes back


class PlainHttp(StrEnum):
    """What a request without TLS gets."""

    ACCEPT = "accept"
    REDIRECT = "redirect"  # 301 to https
    UPGRADE = "upgrade"  # 426, as of CUPS


class Impressions(StrEnum):
    """When a job says how many sides have come out."""

    LIVE = "live"
    AT_THE_END = "at-the-end"
    NEVER = "never"


class Suffix(StrEnum):
    """What follows `media-empty` when the tray is empty."""

    ERROR = "-error"
    WARNING = "-warning"  # as of ippeveprinter
    REPORT = "-report"
    NONE = "none"


class RawPort(StrEnum):
    """How port 9100 behaves."""

    NORMAL = "normal"  # takes bytes until the other side has said all, prints, hangs up
    CLOSES_EARLY = "closes-early"  # hangs up after `raw_kilobytes`
    NEVER_CLOSES = "never-closes"  # prints, and does not hang up
    REFUSES = "refuses"  # the port is closed
    RESETS = "resets"  # RST after `raw_kilobytes`
    STALLS = "stalls"  # reads no further after `raw_kilobytes`


Seconds = Annotated[float, Meta(ge=0, le=1e9)]
Count = Annotated[int, Meta(ge=1, le=1_000_000)]
Number = Annotated[int, Meta(ge=0, le=1_000_000)]
VersionText = Annotated[str, Meta(pattern=r"^[0-9]\.[0-9]$")]
Account = Annotated[str, Meta(pattern="^[^:]+:.+$")]
Word = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.+/-]+$")]
FORMATS = (Format.PDF, Format.JPEG, Format.PWG, Format.ANY)


class PrinterSwitches(CommonSwitches, frozen=True):
    """The switches with their defaults: a good printer of today that prints a page a second."""

    name: Annotated[str, Meta(description="what the printer calls itself")] = "Simulated Printer"
    is_queue: Annotated[bool, Meta(description="lists an operation of CUPS, as its queues do")] = False
    queues: Annotated[tuple[str, ...], Meta(description="names below /printers/ that exist, none: any")] = ()
    versions: Annotated[tuple[VersionText, ...], Meta(min_length=1, description="versions of IPP it speaks")] = (
        "1.1",
        "2.0",
    )
    without: Annotated[
        tuple[Word, ...], Meta(description="operations that it does not have, like create-job")
    ] = ()
    leaves_out: Annotated[tuple[Word, ...], Meta(description="attributes of printer and jobs that it lacks")] = ()
    formats: Annotated[tuple[Word, ...], Meta(min_length=1, description="document types that it takes")] = FORMATS
    refused_formats: Annotated[tuple[Word, ...], Meta(description="types that it lists and does not take")] = ()
    bad_format: Annotated[BadFormat, Meta(description="status for any other type")] = BadFormat.FORMAT
    bad_document: Annotated[BadDocument, Meta(description="a document that is not of its type")] = (
        BadDocument.PRINT
    )
    most_kilobytes: Annotated[Count | None, Meta(description="the largest document, beyond it 0408")] = None
    most_copies: Annotated[Count, Meta(description="copies that it makes")] = 99
    bad_copies: Annotated[BadCopies, Meta(description="more copies than that")] = BadCopies.REFUSE
    single_formats: Annotated[
        tuple[Word, ...], Meta(description="types that come out once, whatever copies say, as JPEG of CUPS")
    ] = ()
    raster_types: Annotated[tuple[Word, ...], Meta(description="kinds of PWG raster")] = (
        "black_1",
        "sgray_8",
        "srgb_8",
    )
    raster_dpi: Annotated[tuple[Count, ...], Meta(description="resolutions of PWG raster")] = (300, 600)
    accepting: Annotated[bool, Meta(description="takes jobs; off: 0506")] = True
    queue: Annotated[Count, Meta(description="unfinished jobs at a time, beyond it 0507")] = 1
    history: Annotated[Number, Meta(description="finished jobs that it remembers, others are 0406")] = 20
    history_seconds: Annotated[Seconds | None, Meta(description="for how long it remembers them")] = None
    lists_jobs: Annotated[bool, Meta(description="Get-Jobs names the jobs; off: it lists none")] = True
    job_names_hidden: Annotated[
        bool, Meta(description="names of jobs and users are for who sent them, as of CUPS")
    ] = False
    pending_seconds: Annotated[Seconds, Meta(description="before a job begins (warming up)")] = 0.0
    page_seconds: Annotated[
        Seconds | None, Meta(description="for one side; null: it comes out by POST /_sim/turn-out")
    ] = 1.0
    cancel_seconds: Annotated[Seconds, Meta(description="until a job that is cancelled has ended")] = 0.0
    send_document_seconds: Annotated[
        Seconds, Meta(description="how long a job of Create-Job waits for its document")
    ] = 60.0
    sheets: Annotated[Number | None, Meta(description="sides in the tray at the start, null: it never ends")] = (
        None
    )
    empty_suffix: Annotated[Suffix, Meta(description="what follows media-empty")] = Suffix.ERROR
    tells_stop: Annotated[
        bool, Meta(description="says stopped (printer 5, job 6) when it cannot go on; off: as ippeveprinter")
    ] = True
    impressions: Annotated[Impressions, Meta(description="when jobs tell the sides that are out")] = (
        Impressions.LIVE
    )
    total_with_copies: Annotated[
        bool, Meta(description="job-impressions counts all copies, which RFC 8011 forbids")
    ] = False
    job_printer_reasons: Annotated[bool, Meta(description="jobs carry job-printer-state-reasons, as of CUPS")] = (
        False
    )
    aborts_as: Annotated[Literal[8, 7], Meta(description="state of an aborted job; 7 as CUPS shows it")] = 8
    power_off: Annotated[PowerOff, Meta(description="what becomes of the jobs then")] = PowerOff.LOST
    log_in: Annotated[Account | None, Meta(description="NAME:PASSWORD that every request must bring")] = None
    plain_http: Annotated[PlainHttp, Meta(description="what a request without TLS gets")] = PlainHttp.ACCEPT
    closes_after_kilobytes: Annotated[
        Number | None, Meta(description="hangs up when so much of a request's body has come")
    ] = None
    raw_port: Annotated[RawPort, Meta(description="how port 9100 behaves")] = RawPort.NORMAL
    raw_kilobytes: Annotated[Number, Meta(description="when port 9100 closes early, resets or stalls")] = 0
    raw_kilobytes_per_second: Annotated[
        Annotated[float, Meta(gt=0, le=1e9)] | None, Meta(description="how slow port 9100 is")
    ] = None
