"""The snapshot as text for a terminal: what `nightporter status` prints. Pure but for the fault catalogue.

At most `columns` wide, no colour and no control character: it is also pasted into tickets. The snapshot may have
come from any machine, so every text is cleaned here whatever the other side did.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from unicodedata import category, east_asian_width

from agent.commands.text import LONG_TEXT, plain, plain_lines
from agent.status import words
from agent.status.light import Light
from agent.status.snapshot import Box, Commands, FaultLine, Hop, Recent, Snapshot
from agent.status.stations import stations, title
from agent.status.weight import is_fault

COLUMNS = 100  # a ticket, a mail and a laptop's terminal show that many
_LONGEST = LONG_TEXT  # characters of one text; longer ones are no box's


class _Row(NamedTuple):
    """What begins on a line of its own: its first line comes after `start`, the others after `indent`."""

    text: str
    indent: str = ""
    start: str | None = None


def render(snapshot: Snapshot, columns: int = COLUMNS) -> str:
    """The whole text, ending in a newline."""
    return "".join(f"{line}\n" for row in _rows(snapshot) for line in _wrapped(row, columns))


def _rows(snapshot: Snapshot) -> Iterator[_Row]:
    yield from _box(snapshot.box)
    yield _Row("")
    yield _Row(f"{words.level_word(snapshot.summary.level).upper()}: {snapshot.summary.text}")
    yield _Row("")
    for station in stations(snapshot.hops):
        yield from _station_hops(station.title, station.hops, snapshot.box.time)
    yield from _problems("Faults", (fault for fault in snapshot.faults if is_fault(fault)), snapshot.box.time)
    yield from _problems(
        "Warnings", (fault for fault in snapshot.faults if not is_fault(fault)), snapshot.box.time
    )
    yield _Row("")
    yield from _commands(snapshot.commands, snapshot.box.time)


def _box(box: Box) -> Iterator[_Row]:
    name = box.name or "a box without a name yet"
    uptime = words.span(max(0, box.uptime_seconds))
    yield _Row(f"Night Porter {box.version}: {name}, running for {uptime}")
    yield _Row(f"{words.moment(box.time, '')} {box.timezone}")


def _station_hops(heading: str, hops: Iterable[Hop], now: str) -> Iterator[_Row]:
    mine = tuple(hops)
    if not mine:
        yield _Row("", start=_cells((heading, 24), (words.level_word(None), 10)))
    for hop in mine:
        start = _cells((title(hop.id), 24), (_shown(hop.level), 10))
        about = ", ".join(filter(None, (hop.text.removesuffix("."), words.since(hop.since, now))))
        yield _Row(about, " " * 36, start)


def _shown(level: Light) -> str:
    word = words.level_word(level)
    return word if level is Light.OK else word.upper()


def _problems(heading: str, faults: Iterable[FaultLine], now: str) -> Iterator[_Row]:
    for number, fault in enumerate(faults):
        if number == 0:
            yield _Row("")
            yield _Row(heading)
        yield _Row(fault.title, "  ")
        if fault.text != fault.title:
            for line in plain_lines(fault.text).splitlines():
                yield _Row(line, "    ")
        yield _Row(f"What to do: {fault.hint}", "    ")
        yield _Row(f"{fault.code} at {title(fault.hop)}, {words.since(fault.since, now)}", "    ")


def _commands(commands: Commands, now: str) -> Iterator[_Row]:
    yield _Row(
        f"Commands: {commands.waiting} waiting, {commands.running} running, {commands.done} done, "
        f"{commands.failed} failed, {commands.unknown} unknown"
    )
    for line in commands.recent:
        yield from _recent(line, now)


def _recent(line: Recent, now: str) -> Iterator[_Row]:
    columns = _cells(
        (words.moment(line.at, now), 17),
        (line.state.lower(), 10),
        (line.room, 10),
        (line.kind, 6),
        (line.target, 50),
    )
    yield _Row("", start=f"  {columns}")
    if line.note:
        yield _Row(line.note, "      ")


def _cells(*cells: tuple[str, int]) -> str:
    return " ".join(_filled(_cut(plain(text, _LONGEST), width), width) for text, width in cells)


def _filled(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while text and _width(text) > width - 1:
        text = text[:-1]
    return text + "…"


def _wrapped(row: _Row, columns: int) -> Iterator[str]:
    """Lines of at most `columns`."""
    line = row.indent if row.start is None else row.start + " "
    is_empty = True
    for word in _pieces(plain(row.text, _LONGEST), columns - _width(row.indent)):
        if _width(line) + _width(word) + (not is_empty) > columns:
            yield line.rstrip()
            line, is_empty = row.indent, True
        line, is_empty = line + ("" if is_empty else " ") + word, False
    yield line.rstrip()


def _pieces(text: str, width: int) -> Iterator[str]:
    """The words of a text, with those that fit on no line cut into pieces that do."""
    for word in text.split():
        while _width(word) > width:
            piece = _head(word, width)
            yield piece
            word = word[len(piece) :]
        yield word


def _head(word: str, width: int) -> str:
    while _width(word) > width:
        word = word[: max(1, min(len(word) - 1, width))]
    return word


def _width(text: str) -> int:
    return sum(_cells_of(character) for character in text)


def _cells_of(character: str) -> int:
    # Combining marks take no column, the wide letters of East Asia two (Unicode Standard Annex 11).
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1
