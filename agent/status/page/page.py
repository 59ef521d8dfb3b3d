"""The status page as HTML, from the snapshot alone: panels in a frame. Looking only.

It loads nothing from elsewhere. The page a browser loads and the panels that it is sent afterwards are the same
templates, so the two cannot differ.
Nothing from outside gets in unescaped: the templates escape every value and mark none as safe, but for the panels,
which are templates of ours.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import sha256

import msgspec
from jinja2 import Environment
from markupsafe import Markup

from agent.health.kind import Level
from agent.languages.phrasebook import phrasebook
from agent.languages.reader import Reader
from agent.status.page import assets, view
from agent.status.page.rows import DAY, picture, row
from agent.status.page.templating import TEMPLATES, environment
from agent.status.snapshot import words
from agent.status.snapshot.snapshot import Snapshot
from agent.status.snapshot.stations import stations, title

REFRESH_SECONDS = 15  # s, without a script; time to type a room before what is typed is lost
ROWS = 10  # of a table that are drawn in one go
PANELS = (
    *("clock", "summary", "problems", "work", "way", "tallies", "orders", "earlier", "devices", "chart"),
    *("upkeep", "network", "acts", "box", "foot"),
)


class Tally(msgspec.Struct, frozen=True):
    """One of the numbers above the orders."""

    label: str
    count: int
    light: Level | None


@cache
def build() -> str:
    """What a page must have been made by to go on: it loads itself again when this has changed."""
    digest = sha256(b"".join(each.content for each in (assets.STYLE, *assets.OF_PAGE)))
    for each in sorted(TEMPLATES.rglob("*.html")):
        digest.update(each.read_bytes())
    return digest.hexdigest()[:12]


def render(snapshot: Snapshot, language: str = "en", room: str = "", reader: Reader | None = None) -> str:
    """The whole page, with the orders of one room alone if that is asked for. `reader` comes before `language`."""
    reader = reader or Reader(language)
    return framed(snapshot, panels(snapshot, reader.language, room, reader.keep), reader, room)


def framed(snapshot: Snapshot, made: Mapping[str, str], reader: Reader, room: str = "") -> str:
    """The whole page around panels that `panels` made of the same snapshot."""
    page = environment(reader.language).get_template("page.html")
    return page.render(
        snapshot=snapshot,
        panel={name: Markup(html) for name, html in made.items()},  # noqa: S704 - made by templates that escape
        build=build(),
        refresh=REFRESH_SECONDS,
        room=room[: view.ROOM_LENGTH],
        level=snapshot.summary.level.value,
        scripts=assets.OF_PAGE,
        keep=reader.keep,
        others=reader.others,
        units="|".join(word for pair in view.units(phrasebook(reader.language).gettext) for word in pair),
    )


def panels(snapshot: Snapshot, language: str, room: str = "", keep: str = "") -> Mapping[str, str]:
    """Each panel's id and its HTML, "" for one that has nothing to say. `keep` is that of `Reader`."""
    return {name: html for bit in bits(snapshot, language, room, keep) for name, html in bit.items()}


def bits(snapshot: Snapshot, language: str, room: str = "", keep: str = "") -> Iterator[Mapping[str, str]]:
    """The same in bits of few milliseconds each; of none or one of them each, for rows come first."""
    templates, draw = environment(language), row(language, snapshot.box.time)
    for place, order in enumerate(snapshot.commands.recent, 1):
        draw(order)
        if place % ROWS == 0:
            yield {}
    values = _values(snapshot, language, room) | {"keep": keep, "row": draw}
    for name in PANELS:
        yield {name: _panel(templates, name, values)}


def _panel(templates: Environment, name: str, values: Mapping[str, object]) -> str:
    return templates.get_template(f"panels/{name}.html").render(values).strip()


def _values(snapshot: Snapshot, language: str, room: str) -> dict[str, object]:
    say = phrasebook(language).gettext
    done_with = [order for order in snapshot.commands.recent if not view.is_under_way(order, snapshot.under_way)]
    newest, earlier = view.folded(view.of_room(done_with, room))
    return {
        "snapshot": snapshot,
        "box": snapshot.box,
        "stations": stations(snapshot.hops),
        "hop_title": _hop_title(snapshot, phrasebook(language).say),
        "faults": [fault for fault in snapshot.faults if fault.is_fault],
        "warnings": [fault for fault in snapshot.faults if not fault.is_fault],
        "contact": words.contact(snapshot.support),
        "dialled": view.dialled(snapshot.support.phone),
        "tallies": _tallies(snapshot),
        "newest": newest,
        "earlier": earlier,
        "room": room,
        "picture": picture(snapshot.history, language, snapshot.box.time[:DAY]),
        "times": view.Times(snapshot.box.time, say),
        "decimal": lambda value: view.decimal(value, say),
        "offset": lambda value: view.offset(value, say),
        "acting": "/acting" if snapshot.box.acting else "",
        "refresh": REFRESH_SECONDS,
    }


def _hop_title(snapshot: Snapshot, say: view.Say) -> Callable[[str], str]:
    """A person's own name for a hop as it is, what the box calls it in the reader's language."""
    names = {hop.id: hop.name for hop in snapshot.hops if hop.name not in ("", title(hop.id))}
    return lambda hop: names.get(hop) or say(title(hop))


def _tallies(snapshot: Snapshot) -> tuple[Tally, ...]:
    commands = snapshot.commands
    return (
        Tally("waiting", commands.waiting, None),
        Tally("running", commands.running, None),
        Tally("done", commands.done, Level.OK if commands.done else None),
        Tally("failed", commands.failed, Level.FAULT if commands.failed else None),
        Tally("unknown", commands.unknown, Level.WARNING if commands.unknown else None),
    )
