"""What follows from the status of an answer. No I/O.

Names: the registry of IPP status codes, compared with libcups. What follows: reference/printing.md, section 2.3;
of a code that no list has, its class tells. What may have taken the document is never called refused.
"""

from collections.abc import Mapping, Set
from enum import StrEnum


class Next(StrEnum):
    """What follows from an answer to Print-Job."""

    GO_ON = "go on"
    OTHER_VERSION = "other version"  # once more in IPP 1.1
    OTHER_FORMAT = "other format"  # as raster, or not at all
    OTHER_COPIES = "other copies"  # as pages repeated, or not at all
    TRY_LATER = "try later"  # surely not taken: until the order is too old
    TROUBLE = "trouble"  # the device itself: show what it says, try slowly
    NOT_THERE = "not there"  # no such job, no such queue
    TOO_LARGE = "too large"
    DAMAGED = "damaged"  # the printer cannot read this document
    LOG_IN = "log in"  # a log-in or an account is wanted
    CANCELLED = "cancelled"  # at the printer, while the document was coming in
    REFUSED = "refused"  # for good
    DOUBT = "doubt"  # perhaps taken: look the job up, never send it again


_UNSUPPORTED = 0x040B  # ippeveprinter's answer to a format and to a number of copies that it does not take
_CODES: Mapping[int, tuple[str, Next]] = {
    0x0000: ("ok", Next.GO_ON),
    0x0001: ("ok, some attributes ignored or substituted", Next.GO_ON),
    0x0002: ("ok, conflicting attributes", Next.GO_ON),
    0x0400: ("bad request", Next.REFUSED),
    0x0401: ("forbidden", Next.LOG_IN),
    0x0402: ("not authenticated", Next.LOG_IN),
    0x0403: ("not authorised", Next.LOG_IN),
    0x0404: ("not possible", Next.REFUSED),
    0x0405: ("timeout", Next.DOUBT),
    0x0406: ("not found", Next.NOT_THERE),
    0x0407: ("gone", Next.NOT_THERE),
    0x0408: ("request entity too large", Next.TOO_LARGE),
    0x0409: ("request value too long", Next.REFUSED),
    0x040A: ("document format not supported", Next.OTHER_FORMAT),
    _UNSUPPORTED: ("attributes or values not supported", Next.OTHER_FORMAT),
    0x040C: ("URI scheme not supported", Next.REFUSED),
    0x040D: ("charset not supported", Next.REFUSED),
    0x040E: ("conflicting attributes", Next.REFUSED),
    0x040F: ("compression not supported", Next.REFUSED),
    0x0410: ("compression error", Next.REFUSED),
    0x0411: ("document format error", Next.DAMAGED),
    0x0412: ("document access error", Next.REFUSED),
    0x0413: ("attributes not settable", Next.REFUSED),
    0x0418: ("document password error", Next.DAMAGED),
    0x0419: ("document permission error", Next.DAMAGED),
    0x041A: ("document security error", Next.DAMAGED),
    0x041B: ("document unprintable", Next.DAMAGED),
    0x041C: ("account info needed", Next.LOG_IN),
    0x041D: ("account closed", Next.LOG_IN),
    0x041E: ("account limit reached", Next.LOG_IN),
    0x041F: ("account authorisation failed", Next.LOG_IN),
    0x0500: ("internal error", Next.DOUBT),
    0x0501: ("operation not supported", Next.REFUSED),
    0x0502: ("service unavailable", Next.TRY_LATER),
    0x0503: ("version not supported", Next.OTHER_VERSION),
    0x0504: ("device error", Next.TROUBLE),
    0x0505: ("temporary error", Next.TRY_LATER),
    0x0506: ("not accepting jobs", Next.TRY_LATER),
    0x0507: ("busy", Next.TRY_LATER),
    0x0508: ("job cancelled", Next.CANCELLED),
    0x0509: ("multiple documents not supported", Next.REFUSED),
    0x050A: ("printer is deactivated", Next.TRY_LATER),
    0x050B: ("too many jobs", Next.TRY_LATER),
    0x050C: ("too many documents", Next.REFUSED),
}
_CLASSES = {0x00: Next.GO_ON, 0x02: Next.REFUSED, 0x04: Next.REFUSED}  # success, redirection, the request's fault


def next_of(status: int, ignored: Set[str] = frozenset()) -> Next:
    """What follows from it; `ignored` are the attributes that the answer names as unsupported."""
    if status == _UNSUPPORTED and ignored and "document-format" not in ignored:
        return Next.OTHER_COPIES if "copies" in ignored else Next.REFUSED
    return _CODES[status][1] if status in _CODES else _CLASSES.get(status >> 8, Next.DOUBT)


def name_of(status: int) -> str:
    """Its name in a few words, and its number."""
    name = _CODES[status][0] if status in _CODES else "unknown status"
    return f"{name}, {status:04x}"
