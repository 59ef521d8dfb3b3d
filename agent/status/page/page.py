"""The status page as HTML, from the snapshot alone. Read-only; no script, nothing from another host.

Nothing from outside gets in unescaped: the template escapes every value and marks none as safe.
The style sheet is a file of its own, so that the page's policy needs no exception for inline styles.
"""

from hashlib import sha256
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent.health.kind import Level
from agent.status.snapshot import words
from agent.status.snapshot.snapshot import Snapshot
from agent.status.snapshot.stations import stations, title

REFRESH_SECONDS = 5  # s; a supporter on the phone sees a repair at once, and a page costs under 2 ms of processor

_TEMPLATES = Path(__file__).parent / "templates"

STYLE = (_TEMPLATES / "style.css").read_bytes()
STYLE_VERSION = sha256(STYLE).hexdigest()[:12]  # in its address, so that a new box's page never meets an old style


class Tally(msgspec.Struct, frozen=True):
    """One of the numbers above the table of commands."""

    label: str
    count: int
    light: Level | None


def render(snapshot: Snapshot) -> str:
    """The whole page."""
    now = snapshot.box.time
    return _PAGE.render(
        snapshot=snapshot,
        stations=stations(snapshot.hops),
        faults=[fault for fault in snapshot.faults if fault.is_fault],
        warnings=[fault for fault in snapshot.faults if not fault.is_fault],
        contact=words.contact(snapshot.support),
        tallies=_tallies(snapshot),
        refresh=REFRESH_SECONDS,
        style_version=STYLE_VERSION,
        moment=lambda at: words.moment(at, now),
        since=lambda at: words.since(at, now),
    )


def _tallies(snapshot: Snapshot) -> tuple[Tally, ...]:
    commands = snapshot.commands
    return (
        Tally("waiting", commands.waiting, None),
        Tally("running", commands.running, None),
        Tally("done", commands.done, Level.OK if commands.done else None),
        Tally("failed", commands.failed, Level.FAULT if commands.failed else None),
        Tally("unknown", commands.unknown, Level.WARNING if commands.unknown else None),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        level_word=words.level_word, span=words.span, state_light=words.state_light, title=title
    )
    return environment


_PAGE = _environment().get_template("page.html")
