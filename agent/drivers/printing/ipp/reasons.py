"""The reasons that a printer gives for its state and for a job's, in words for staff. No I/O.

Keywords: RFC 8011, sections 5.3.8 and 5.4.12, with what CUPS and PWG 5100.x add. How grave one is stands here and
not in its suffix: a printer that was out of paper called that a warning (reference/printing.md, section 5). Only
of a keyword that is not here the suffix is believed.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum

import msgspec

from agent.foundation.reading.text import plain, quoted

_MOST_TOLD = 4  # reasons in one sentence
_KEYWORD_LIMIT = 60  # characters of a keyword that is not here
_SUFFIXES = ("-report", "-warning", "-error")


class Severity(IntEnum):
    """What a reason means for printing. Whether a printer with several trays goes on, its state tells."""

    NOTHING = 0
    SOON = 1  # it will stop printing unless a person does something
    STOPS = 2


class Reason(msgspec.Struct, frozen=True):
    """A reason in a few words, without a verb where it needs none: "out of paper", "a cover is open"."""

    words: str
    severity: Severity


_STOPS = {
    "media-empty": "out of paper",
    "media-needed": "out of paper",
    "media-jam": "paper jam",
    "cover-open": "a cover is open",
    "door-open": "a door is open",
    "interlock-open": "a cover is open",
    "input-tray-missing": "a paper tray is missing",
    "output-tray-missing": "the output tray is missing",
    "output-area-full": "the output tray is full",
    "toner-empty": "toner is empty",
    "marker-supply-empty": "toner or ink is empty",
    "marker-supply-missing": "a toner or ink cartridge is missing",
    "developer-empty": "the developer is empty",
    "marker-waste-full": "the waste container is full",
    "marker-waste-missing": "the waste container is missing",
    "opc-life-over": "the drum is worn out",
    "fuser-over-temp": "the fuser is too hot",
    "spool-area-full": "the printer's memory is full",
    "interpreter-resource-unavailable": "the printer lacks a font or a form",
    "paused": "the printer is paused",
    "stopped-partly": "the printer is partly stopped",
    "shutdown": "the printer is switched off or starting",
    "offline": "the printer is offline",
    "timed-out": "the printer does not answer its queue",
    "deactivated": "the printer is deactivated",
    "hold-new-jobs": "the printer holds new jobs back",
    "cups-missing-filter": "a program for this printer is missing",
    "cups-insecure-filter": "a program for this printer is not trusted",
    # Of a job.
    "job-canceled-by-user": "cancelled by its sender",
    "job-canceled-by-operator": "cancelled by an operator",
    "job-canceled-at-device": "cancelled at the printer",
    "canceled-at-device": "cancelled at the printer",  # CUPS, whose printer may have given up as well
    "unsupported-document-format": "the printer does not know this kind of document",
    "unsupported-attributes-or-values": "the printer cannot print it as ordered",
    "conflicting-attributes": "the printer cannot print it as ordered",
    "document-format-error": "the printer found the document damaged",
    "document-unprintable-error": "the printer cannot print the document",
    "document-password-error": "the document has a password",
    "document-permission-error": "the document may not be printed",
    "document-security-error": "the printer does not trust the document",
    "document-access-error": "the printer could not fetch the document",
    "compression-error": "the printer could not unpack the document",
    "submission-interrupted": "the document did not arrive whole",
    "job-data-insufficient": "the document has not arrived",
    "job-completed-with-errors": "errors while printing",
    "job-hold-until-specified": "the job is held back at the printer",
    "job-password-wait": "the printer waits for a code at its panel",
    "job-release-wait": "the printer waits for a person at its panel",
    "job-suspended": "the job is suspended at the printer",
    "printer-stopped": "the printer is stopped",
    "printer-stopped-partly": "the printer is partly stopped",
    "service-off-line": "the printer is offline",
    "resources-are-not-ready": "the paper that it needs is not loaded",
    "account-info-needed": "the printer wants an account",
    "account-closed": "the account at the printer is closed",
    "account-limit-reached": "the account at the printer is used up",
    "account-authorization-failed": "the printer refused the account",
}
_SOON = {
    "media-low": "paper is low",
    "toner-low": "toner is low",
    "marker-supply-low": "toner or ink is low",
    "developer-low": "the developer is low",
    "marker-waste-almost-full": "the waste container is almost full",
    "output-area-almost-full": "the output tray is almost full",
    "opc-near-eol": "the drum is nearly worn out",
    "fuser-under-temp": "the fuser is warming up",
    "moving-to-paused": "the printer is being paused",
    "stopping": "the printer is stopping",
    "job-completed-with-warnings": "warnings while printing",
    "errors-detected": "errors while printing",
    "warnings-detected": "warnings while printing",
}
_NOTHING = frozenset(
    {
        "none",
        "aborted-by-system",
        "connecting-to-device",
        "configuration-change",
        "cups-waiting-for-job-completed",
        "identify-printer-requested",
        "job-completed-successfully",
        "job-fetchable",
        "job-incoming",
        "job-interpreting",
        "job-outgoing",
        "job-printing",
        "job-queued",
        "job-queued-for-marker",
        "job-restartable",
        "job-spooling",
        "job-streaming",
        "job-transforming",
        "processing-to-stop-point",
        "queued-in-device",
        "resuming",
        "standby",
    }
)
_KNOWN: Mapping[str, Reason] = (
    {keyword: Reason(words, Severity.STOPS) for keyword, words in _STOPS.items()}
    | {keyword: Reason(words, Severity.SOON) for keyword, words in _SOON.items()}
    | {keyword: Reason("", Severity.NOTHING) for keyword in _NOTHING}
)
_BELIEVED = {"-report": Severity.NOTHING, "-error": Severity.STOPS}


def read(keywords: Iterable[str]) -> tuple[Reason, ...]:
    """What keywords mean, the worst first; each once, and without those that mean nothing."""
    found = dict.fromkeys(_reason(keyword.strip().lower()) for keyword in keywords if keyword.strip())
    told = (reason for reason in found if reason.severity)
    return tuple(sorted(told, key=lambda reason: -reason.severity))


def severity(keywords: Iterable[str]) -> Severity:
    """How grave the worst of them is."""
    return next((reason.severity for reason in read(keywords)), Severity.NOTHING)


def in_words(keywords: Iterable[str]) -> str:
    """All of them as one enumeration, the worst first: "out of paper, a cover is open and toner is low"; "" for
    nothing."""
    words = [reason.words for reason in read(keywords)]
    if len(words) > _MOST_TOLD:
        words = [*words[: _MOST_TOLD - 1], f"{len(words) - _MOST_TOLD + 1} things more"]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def bare(keyword: str) -> str:
    """A keyword without what it says of its own severity."""
    suffix = next((suffix for suffix in _SUFFIXES if keyword.endswith(suffix)), "")
    return keyword.removesuffix(suffix)


def _reason(keyword: str) -> Reason:
    known = _KNOWN.get(keyword) or _KNOWN.get(bare(keyword))  # some keywords end in -error by themselves
    if known is not None:
        return known
    suffix = keyword.removeprefix(bare(keyword))
    words = plain(bare(keyword).replace("-", " "), _KEYWORD_LIMIT)
    return Reason(quoted(words), _BELIEVED.get(suffix, Severity.SOON)) if words else _KNOWN["none"]
