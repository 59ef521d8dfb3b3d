"""What the box asks of a printer, as messages. No I/O; no guest's data in any of them.

The operation group begins in the order that RFC 8011 wants (section 4.1.4: charset, language, target), and every
request has the same user name: CUPS hides a job's name from all but its owner (reference/printing.md, section
4.2). Only Print-Job makes a job: Create-Job without its document blocks a printer for minutes (the same section).
"""

from enum import IntEnum, StrEnum

import msgspec

from agent.drivers.printing.ipp.attributes import attribute
from agent.drivers.printing.ipp.message import Attribute, CannotBeSaid, Group, GroupTag, Message, ValueTag

IPP_2_0 = (2, 0)
IPP_1_1 = (1, 1)  # once, when a printer refuses 2.0
USER = "nightporter"

PRINTER_ATTRIBUTES = (
    "printer-name",
    "printer-make-and-model",
    "printer-state",
    "printer-state-reasons",
    "printer-state-message",
    "printer-up-time",
    "printer-is-accepting-jobs",
    "queued-job-count",
    "ipp-versions-supported",
    "operations-supported",
    "which-jobs-supported",
    "document-format-supported",
    "copies-supported",
    "color-supported",
    "media-default",
    "media-ready",
    "media-supported",
    "pwg-raster-document-type-supported",
    "pwg-raster-document-resolution-supported",
)
JOB_ATTRIBUTES = (
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-state-message",
    "job-impressions",
    "job-impressions-completed",
    "job-printer-state-reasons",  # CUPS: what the printer behind the queue says
    "job-printer-state-message",
)


class Operation(IntEnum):
    """The operations that are used here (reference/printing.md, section 2.1; the last three are CUPS' own)."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B
    RESUME_PRINTER = 0x0011
    CUPS_GET_PRINTERS = 0x4002
    CUPS_ADD_MODIFY_PRINTER = 0x4003
    CUPS_DELETE_PRINTER = 0x4004


class WhichJobs(StrEnum):
    """Which jobs a printer is to list. `ALL` is of PWG 5100.11, and not of every printer."""

    ALL = "all"
    COMPLETED = "completed"
    NOT_COMPLETED = "not-completed"


class Asked(msgspec.Struct, frozen=True):
    """The printer or queue that is asked, by the ipp address of the file, and the version it is spoken to in."""

    uri: str
    version: tuple[int, int] = IPP_2_0


class Ticket(msgspec.Struct, frozen=True):
    """What a printer is told of a document: `name` is the command's id, `format` its MIME type.

    `copies` is said only where it is more than 1: not every printer knows the attribute.
    """

    name: str
    format: str
    copies: int = 1


def print_job(asked: Asked, number: int, ticket: Ticket) -> Message:
    """Have the document printed that follows the message."""
    return _of_document(Operation.PRINT_JOB, asked, number, ticket)


def validate_job(asked: Asked, number: int, ticket: Ticket) -> Message:
    """Would such a document be taken? None follows."""
    return _of_document(Operation.VALIDATE_JOB, asked, number, ticket)


def get_printer_attributes(asked: Asked, number: int) -> Message:
    """How the printer is, and what it can."""
    return _message(Operation.GET_PRINTER_ATTRIBUTES, asked, number, _requested(PRINTER_ATTRIBUTES))


def get_job_attributes(asked: Asked, number: int, job: int) -> Message:
    """How a job is. Raises `CannotBeSaid` for a number that no job has."""
    return _message(Operation.GET_JOB_ATTRIBUTES, asked, number, _requested(JOB_ATTRIBUTES), job=job)


def get_jobs(asked: Asked, number: int, which: WhichJobs = WhichJobs.ALL) -> Message:
    """The box's own jobs, not those of strangers."""
    mine = attribute(ValueTag.BOOLEAN, "my-jobs", True)
    jobs = attribute(ValueTag.KEYWORD, "which-jobs", which.value)
    return _message(Operation.GET_JOBS, asked, number, jobs, mine, _requested(JOB_ATTRIBUTES))


def cancel_job(asked: Asked, number: int, job: int) -> Message:
    """No more of this job. Raises `CannotBeSaid` for a number that no job has: it might be a stranger's."""
    return _message(Operation.CANCEL_JOB, asked, number, job=job)


def resume_printer(asked: Asked, number: int) -> Message:
    """Go on: for a queue that CUPS has stopped after an error."""
    return _message(Operation.RESUME_PRINTER, asked, number)


def cups_get_printers(number: int, version: tuple[int, int] = IPP_2_0) -> Message:
    """The queues of a CUPS server."""
    wanted = _requested((*PRINTER_ATTRIBUTES, "device-uri"))
    return Message(version, Operation.CUPS_GET_PRINTERS, number, (_operation((), (_user(), wanted)),))


def cups_add_modify_printer(asked: Asked, number: int, device: str) -> Message:
    """A queue that is ready, for the driverless printer at the address `device`. Goes to /admin/."""
    settings = (
        attribute(ValueTag.NAME, "ppd-name", "everywhere"),
        attribute(ValueTag.URI, "device-uri", device),
        attribute(ValueTag.BOOLEAN, "printer-is-accepting-jobs", True),
        attribute(ValueTag.ENUM, "printer-state", 3),
        attribute(ValueTag.NAME, "printer-error-policy", "abort-job"),
    )
    asking = _message(Operation.CUPS_ADD_MODIFY_PRINTER, asked, number)
    return msgspec.structs.replace(asking, groups=(*asking.groups, Group(GroupTag.PRINTER, settings)))


def cups_delete_printer(asked: Asked, number: int) -> Message:
    """The queue no more. Goes to /admin/."""
    return _message(Operation.CUPS_DELETE_PRINTER, asked, number)


def _of_document(operation: Operation, asked: Asked, number: int, ticket: Ticket) -> Message:
    name = attribute(ValueTag.NAME, "job-name", ticket.name)
    format_ = attribute(ValueTag.MIME_TYPE, "document-format", ticket.format)
    asking = _message(operation, asked, number, name, format_)
    if ticket.copies == 1:
        return asking
    copies = attribute(ValueTag.INTEGER, "copies", ticket.copies)
    return msgspec.structs.replace(asking, groups=(*asking.groups, Group(GroupTag.JOB, (copies,))))


def _message(operation: Operation, asked: Asked, number: int, *more: Attribute, job: int | None = None) -> Message:
    target = [attribute(ValueTag.URI, "printer-uri", asked.uri)]
    if job is not None:
        if job < 1:
            raise CannotBeSaid("a job has a number from 1 on; CUPS takes 0 for the one that it prints now")
        target.append(attribute(ValueTag.INTEGER, "job-id", job))
    return Message(asked.version, operation, number, (_operation(tuple(target), (_user(), *more)),))


def _operation(target: tuple[Attribute, ...], more: tuple[Attribute, ...]) -> Group:
    charset = attribute(ValueTag.CHARSET, "attributes-charset", "utf-8")
    language = attribute(ValueTag.LANGUAGE, "attributes-natural-language", "en")
    return Group(GroupTag.OPERATION, (charset, language, *target, *more))


def _user() -> Attribute:
    return attribute(ValueTag.NAME, "requesting-user-name", USER)


def _requested(names: tuple[str, ...]) -> Attribute:
    return attribute(ValueTag.KEYWORD, "requested-attributes", *names)
