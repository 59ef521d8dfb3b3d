"""What the simulated printer tells of itself and of its jobs (RFC 8011 section 5, PWG 5100.14).

Must never decide anything: it words what the switches, the engine and the jobs say.
"""

from collections.abc import Iterable, Sequence
from uuid import NAMESPACE_URL, uuid5

import trio

from agent.simulators.base.control import CONTROL
from agent.simulators.printer.engine import Engine
from agent.simulators.printer.jobs import Job
from agent.simulators.printer.requests import CHARSETS, Ask
from agent.simulators.printer.switches import Impressions, PrinterSwitches
from agent.simulators.printer.wire.codes import JobState, Operation, Tag
from agent.simulators.printer.wire.message import Attribute, attribute

LANGUAGE = "en"
_A4 = "iso_a4_210x297mm"
_A4_SIZE = (attribute("x-dimension", Tag.INTEGER, 21000), attribute("y-dimension", Tag.INTEGER, 29700))
_DPI = 3  # unit of a resolution: dots per inch
_JOB_TEMPLATE = frozenset(  # RFC 8011 section 5.2
    f"{name}-{end}"
    for name in ("copies", "media", "sides", "print-quality", "orientation-requested", "finishings", "output-bin")
    for end in ("default", "supported", "ready")
)
_IN_JOB_TEMPLATE = frozenset({"copies"})


def chosen(
    attributes: Iterable[Attribute], ask: Ask, default: Sequence[str], lacking: Sequence[str]
) -> list[Attribute]:
    """Those that were asked for by `requested-attributes`, else by `default`, without those that are `lacking`."""
    wanted = ask.asked.get("requested-attributes")
    names = set(default if wanted is None else wanted.texts)
    return [each for each in attributes if each.name not in lacking and _is_wanted(each.name, names)]


def _is_wanted(name: str, names: set[str]) -> bool:
    is_template = name in _JOB_TEMPLATE or name in _IN_JOB_TEMPLATE
    group = "job-template" if is_template else "printer-description"
    return not names.isdisjoint({"all", name, group, *(() if is_template else ("job-description",))})


def of_printer(engine: Engine, switches: PrinterSwitches, base: str, since: float) -> list[Attribute]:
    """All of the printer. `base` is its address, ipp or ipps; `since` when it was switched on."""
    return [
        *_description(switches, base),
        *_state(engine, switches, since),
        *_abilities(switches),
        *_job_template(switches),
        *_raster(switches),
    ]


def operations(switches: PrinterSwitches) -> tuple[Operation, ...]:
    """What it may be asked for."""
    lacking = (*switches.without, *(() if switches.is_queue else (Operation.CUPS_GET_PRINTERS.word,)))
    return tuple(each for each in Operation if each.word not in lacking)


def of_job(job: Job, engine: Engine, switches: PrinterSwitches, base: str, since: float) -> list[Attribute]:
    """All of a job."""
    state, reasons = engine.state_of(job)
    return [
        *job_uri_and_id(job, base),
        attribute("job-printer-uri", Tag.URI, base),
        attribute("job-uuid", Tag.URI, uuid5(NAMESPACE_URL, f"{base}/{job.id}").urn),
        attribute("job-name", Tag.NAME, job.name),
        attribute("job-originating-user-name", Tag.NAME, job.user),
        *job_state(state, reasons),
        *_printer_reasons(engine, switches),
        attribute("number-of-documents", Tag.INTEGER, int(state is not JobState.HELD)),
        attribute("number-of-intervening-jobs", Tag.INTEGER, engine.jobs.intervening(job)),
        attribute("job-k-octets", Tag.INTEGER, (job.size + 1023) // 1024),
        attribute("job-printer-up-time", Tag.INTEGER, _up_time(trio.current_time(), since)),
        *_times(job, since),
        *_impressions(job, state, switches),
        attribute("copies", Tag.INTEGER, job.copies),
        attribute("attributes-charset", Tag.CHARSET, CHARSETS[0]),
        attribute("attributes-natural-language", Tag.LANGUAGE, LANGUAGE),
    ]


def job_uri_and_id(job: Job, base: str) -> list[Attribute]:
    """How a job is called."""
    return [attribute("job-uri", Tag.URI, f"{base}/{job.id}"), attribute("job-id", Tag.INTEGER, job.id)]


def job_state(state: JobState, reasons: Sequence[str]) -> list[Attribute]:
    """How far a job is."""
    return [
        attribute("job-state", Tag.ENUM, state),
        attribute("job-state-reasons", Tag.KEYWORD, *reasons),
        attribute("job-state-message", Tag.TEXT, f"{state.name.capitalize()}: {', '.join(reasons)}"),
    ]


def _description(switches: PrinterSwitches, base: str) -> list[Attribute]:
    is_secure = base.startswith("ipps:")
    log_in = "none" if switches.log_in is None else "basic"
    return [
        attribute("printer-uri-supported", Tag.URI, base),
        attribute("uri-security-supported", Tag.KEYWORD, "tls" if is_secure else "none"),
        attribute("uri-authentication-supported", Tag.KEYWORD, log_in),
        attribute("printer-name", Tag.NAME, switches.name),
        attribute("printer-info", Tag.TEXT, switches.name),
        attribute("printer-location", Tag.TEXT, ""),
        attribute("printer-make-and-model", Tag.TEXT, "Night Porter simulated printer"),
        attribute("printer-more-info", Tag.URI, f"{_web(base)}{CONTROL}/"),
        attribute("printer-uuid", Tag.URI, uuid5(NAMESPACE_URL, switches.name).urn),
        attribute("charset-configured", Tag.CHARSET, CHARSETS[0]),
        attribute("charset-supported", Tag.CHARSET, *CHARSETS),
        attribute("natural-language-configured", Tag.LANGUAGE, LANGUAGE),
        attribute("generated-natural-language-supported", Tag.LANGUAGE, LANGUAGE),
        attribute("color-supported", Tag.BOOLEAN, "srgb_8" in switches.raster_types),
    ]


def _web(base: str) -> str:
    scheme, _, rest = base.partition("://")
    return f"{'https' if scheme == 'ipps' else 'http'}://{rest.partition('/')[0]}"


def _state(engine: Engine, switches: PrinterSwitches, since: float) -> list[Attribute]:
    reasons = engine.all_reasons
    message = "" if reasons == ("none",) else ", ".join(reasons)
    return [
        attribute("printer-state", Tag.ENUM, engine.state),
        attribute("printer-state-reasons", Tag.KEYWORD, *reasons),
        attribute("printer-state-message", Tag.TEXT, message),
        attribute("printer-is-accepting-jobs", Tag.BOOLEAN, switches.accepting),
        attribute("queued-job-count", Tag.INTEGER, len(engine.jobs.unfinished)),
        attribute("printer-up-time", Tag.INTEGER, _up_time(trio.current_time(), since)),
    ]


def _abilities(switches: PrinterSwitches) -> list[Attribute]:
    speed = int(60 / max(switches.page_seconds or 1.0, 0.01))
    largest = 2_000_000 if switches.most_kilobytes is None else switches.most_kilobytes
    return [
        attribute("ipp-versions-supported", Tag.KEYWORD, *switches.versions),
        attribute("operations-supported", Tag.ENUM, *operations(switches)),
        attribute("document-format-default", Tag.MIME, switches.formats[0]),
        attribute("document-format-supported", Tag.MIME, *switches.formats),
        attribute("compression-supported", Tag.KEYWORD, "none"),
        attribute("pdl-override-supported", Tag.KEYWORD, "attempted"),
        attribute("job-k-octets-supported", Tag.RANGE, (0, largest)),
        attribute("multiple-document-jobs-supported", Tag.BOOLEAN, False),
        attribute("multiple-operation-time-out", Tag.INTEGER, max(int(switches.send_document_seconds), 1)),
        attribute("which-jobs-supported", Tag.KEYWORD, "completed", "not-completed", "all"),
        attribute("pages-per-minute", Tag.INTEGER, speed),
        attribute("pages-per-minute-color", Tag.INTEGER, speed),
    ]


def _job_template(switches: PrinterSwitches) -> list[Attribute]:
    return [
        attribute("copies-default", Tag.INTEGER, 1),
        attribute("copies-supported", Tag.RANGE, (1, switches.most_copies)),
        attribute("media-default", Tag.KEYWORD, _A4),
        attribute("media-supported", Tag.KEYWORD, _A4),
        attribute("media-ready", Tag.KEYWORD, _A4),
        attribute("media-col-default", Tag.COLLECTION, (attribute("media-size", Tag.COLLECTION, _A4_SIZE),)),
        attribute("sides-default", Tag.KEYWORD, "one-sided"),
        attribute("sides-supported", Tag.KEYWORD, "one-sided"),
        attribute("print-quality-default", Tag.ENUM, 4),
        attribute("print-quality-supported", Tag.ENUM, 4),
        attribute("orientation-requested-default", Tag.NO_VALUE, None),
        attribute("orientation-requested-supported", Tag.ENUM, 3),
        attribute("finishings-default", Tag.ENUM, 3),
        attribute("finishings-supported", Tag.ENUM, 3),
        attribute("output-bin-default", Tag.KEYWORD, "face-down"),
        attribute("output-bin-supported", Tag.KEYWORD, "face-down"),
    ]


def _raster(switches: PrinterSwitches) -> list[Attribute]:
    if not switches.raster_types or not switches.raster_dpi:
        return []
    resolutions = [(dpi, dpi, _DPI) for dpi in switches.raster_dpi]
    return [
        attribute("pwg-raster-document-type-supported", Tag.KEYWORD, *switches.raster_types),
        attribute("pwg-raster-document-resolution-supported", Tag.RESOLUTION, *resolutions),
        attribute("pwg-raster-document-sheet-back", Tag.KEYWORD, "normal"),
        attribute("printer-resolution-default", Tag.RESOLUTION, resolutions[0]),
        attribute("printer-resolution-supported", Tag.RESOLUTION, *resolutions),
    ]


def _printer_reasons(engine: Engine, switches: PrinterSwitches) -> list[Attribute]:
    if not switches.job_printer_reasons:
        return []
    return [attribute("job-printer-state-reasons", Tag.KEYWORD, *engine.all_reasons)]


def _times(job: Job, since: float) -> list[Attribute]:
    times = {"creation": job.created, "processing": job.started, "completed": job.ended}
    return [_time(f"time-at-{name}", time, since) for name, time in times.items()]


def _time(name: str, time: float | None, since: float) -> Attribute:
    if time is None:
        return attribute(name, Tag.NO_VALUE, None)
    return attribute(name, Tag.INTEGER, _up_time(time, since))


def _up_time(time: float, since: float) -> int:
    return int(time - since) + 1  # never 0: RFC 8011 section 5.4.29


def _impressions(job: Job, state: JobState, switches: PrinterSwitches) -> list[Attribute]:
    total = job.total if switches.total_with_copies else job.pages
    told = [attribute("job-impressions", Tag.INTEGER, total)] if job.pages else []
    is_told = switches.impressions is Impressions.LIVE or (
        switches.impressions is Impressions.AT_THE_END and state.is_final
    )
    return [*told, *([attribute("job-impressions-completed", Tag.INTEGER, job.sides)] if is_told else [])]
