"""The control side of the simulated printer, beyond what `base/simulator.py` lists. All below `/_sim`, JSON:

    GET    /          for a browser a page with all prints to look at
    GET    /prints    every document that came out: number, job_id, job_name, user, format, copies, pages, size,
                      sides (that are out), began (seconds of one clock), ended, is_kept
    GET    /prints/NUMBER/document   its bytes, as long as they are kept
    GET    /pages/NUMBER-PAGE.png    one page of it to look at
    GET    /jobs      the jobs that the printer knows: id, name, user, state, reasons, sides
    POST   /reasons   {"reasons": ["cover-open-error"], "stops": true, false or null}: what is wrong with it now;
                      null: it stops for those that end neither in -warning nor in -report. [] ends it
    POST   /paper     {"sheets": 5}: sides in the tray; null: it never ends
    POST   /panel     {"press": "cancel", "pause" or "resume"}: what a person does at its panel
    POST   /abort     it gives up the job that it has
    POST   /turn-out  {"sides": 1}: so many come out at once -> {"sides"}
    POST   /slow      {"seconds"}: time that one side takes from now on; null: until /turn-out
    POST   /power     {"seconds"}: pull the plug, for so long or until POST /power/on

Must never say that a page came out which did not.
"""

import re
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from agent.foundation.errors import UserMistake
from agent.simulators.base.control import Asked, Route
from agent.simulators.base.forms import filled
from agent.simulators.base.replies import HTML, Reply
from agent.simulators.printer import viewing
from agent.simulators.printer.jobs import Job
from agent.simulators.printer.machine import PrinterMachine
from agent.simulators.printer.page import page
from agent.simulators.printer.switches import Count, Number, Seconds, Word

_PAGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})(\.png)?")


class Press(StrEnum):
    """What a person does at the panel."""

    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"


class _Reasons(msgspec.Struct, frozen=True):
    reasons: tuple[Word, ...]
    stops: bool | None = None


class _Paper(msgspec.Struct, frozen=True):
    sheets: Number | None


class _Panel(msgspec.Struct, frozen=True):
    press: Press


class _TurnOut(msgspec.Struct, frozen=True):
    sides: Count = 1


class _Slow(msgspec.Struct, frozen=True):
    seconds: Seconds | None


class _Power(msgspec.Struct, frozen=True):
    seconds: Annotated[float, Meta(gt=0, le=1e9)] | None = None


def routes(printer: PrinterMachine) -> list[Route]:
    """The entries of the control side that are the printer's own."""
    return [
        Route("GET", "/prints", "every document that came out", lambda _: [each.facts for each in printer.tray]),
        Route("GET", "/prints/{id}/document", "its bytes", lambda asked: _document(printer, asked.id)),
        Route(
            "GET", "/pages/{id}", "NUMBER-PAGE.png: one page to look at", lambda asked: _page(printer, asked.id)
        ),
        Route("GET", "/jobs", "the jobs that it knows", lambda _: [_job(printer, job) for job in printer.jobs]),
        Route("POST", "/reasons", 'what is wrong: {"reasons", "stops"}', lambda asked: _say(printer, asked)),
        Route("POST", "/paper", 'fill the tray: {"sheets"}', lambda asked: _fill(printer, asked)),
        Route(
            "POST", "/panel", 'at the panel: {"press"}: cancel|pause|resume', lambda asked: _press(printer, asked)
        ),
        Route("POST", "/abort", "it gives up the job that it has", lambda _: printer.abort()),
        Route("POST", "/turn-out", 'sides come out at once: {"sides"}', lambda asked: _turn_out(printer, asked)),
        Route("POST", "/slow", 'time that one side takes: {"seconds"}', lambda asked: _slow(printer, asked)),
        Route("POST", "/power", 'pull the plug: {"seconds"}', lambda asked: _pull(printer, asked)),
        Route("POST", "/power/on", "plug it in again", lambda _: printer.power_on()),
    ]


def shown_page(printer: PrinterMachine) -> Reply:
    """The page for people."""
    engine = printer.engine
    jobs = "".join(f", job {job.id} {engine.state_of(job)[0].name.lower()}" for job in engine.jobs.unfinished)
    state = f"{engine.state.name.capitalize()} ({', '.join(engine.all_reasons)}){jobs}"
    return Reply(200, page(printer.switches.name, state, list(printer.tray)).encode(), HTML)


def _document(printer: PrinterMachine, id: str) -> Reply:
    return viewing.document(printer.tray.find(int(id) if id.isdecimal() and len(id) < 10 else 0))


def _page(printer: PrinterMachine, id: str) -> Reply:
    found = _PAGE.fullmatch(id)
    if found is None:
        raise UserMistake(f"{id[:60]!r} is no page: write NUMBER-PAGE.png, for example 1-1.png")
    return viewing.picture(printer.tray.find(int(found[1])), int(found[2]))


def _job(printer: PrinterMachine, job: Job) -> dict[str, object]:
    state, reasons = printer.engine.state_of(job)
    names = {name: getattr(job, name) for name in ("id", "name", "user", "format", "copies", "pages", "sides")}
    return {**names, "state": state.name.lower(), "reasons": reasons}


def _say(printer: PrinterMachine, asked: Asked) -> None:
    form = filled(_Reasons, asked.body, what="field")
    printer.engine.say(form.reasons, form.stops)


def _fill(printer: PrinterMachine, asked: Asked) -> None:
    printer.engine.fill(filled(_Paper, asked.body, what="field").sheets)


def _press(printer: PrinterMachine, asked: Asked) -> None:
    press = filled(_Panel, asked.body, what="field").press
    if press is Press.CANCEL:
        printer.press_cancel()
    else:
        printer.engine.pause(press is Press.PAUSE)


def _turn_out(printer: PrinterMachine, asked: Asked) -> dict[str, int]:
    return {"sides": printer.engine.turn_out(filled(_TurnOut, asked.body, what="field").sides)}


def _slow(printer: PrinterMachine, asked: Asked) -> None:
    printer.switch(page_seconds=filled(_Slow, asked.body, what="field").seconds)


def _pull(printer: PrinterMachine, asked: Asked) -> None:
    printer.power_off(filled(_Power, asked.body, what="field").seconds)
