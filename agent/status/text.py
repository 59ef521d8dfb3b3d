"""The snapshot as text for a terminal: what `nightporter status` prints. Pure but for the fault catalogue.

At most `COLUMNS` wide, no colour and no control character: it is also pasted into tickets. The snapshot may have
come from any machine, so every text is cleaned here whatever the other side did.
"""

from collections.abc import Iterable, Iterator
from unicodedata import category, east_asian_width

from agent.commands.text import plain
from agent.status import words
from agent.status.light import Light
from agent.status.snapshot import Box, Commands, FaultLine, Hop, Recent, Snapshot
from agent.status.stations import stations, title
from agent.status.weight import is_fault

COLUMNS = 100  # a ticket, a mail and a laptop's terminal show that many
_LONGEST = 1000  # characters of one text; longer ones are no box's


def render(snapshot: Snapshot) -> str:
    """The whole text, ending in a newline."""
    return "".join(f"{line}\n" for line in _lines(snapshot))


def _lines(snapshot: Snapshot) -> Iterator[str]:
    yield from _box(snapshot.box)
    yield ""
    yield from _wrapped(f"{words.level_word(snapshot.summary.level).upper()}: {snapshot.summary.text}", "")
    yield ""
    for station in stations(snapshot.hops):
        yield from _station_hops(station.title, station.hops, snapshot.box.time)
    yield from _problems("Faults", (fault for fault in snapshot.faults if is_fault(fault)), snapshot.box.time)
    yield from _problems(
        "Warnings", (fault for fault in snapshot.faults if not is_fault(fault)), snapshot.box.time
    )
    yield ""
    yield from _commands(snapshot.commands, snapshot.box.time)


def _box(box: Box) -> Iterator[str]:
    name = box.name or "a box without a name yet"
    uptime = words.span(max(0, box.uptime_seconds))
    yield from _wrapped(f"Night Porter {box.version}: {name}, running for {uptime}", "")
    yield from _wrapped(f"{words.moment(box.time, '')} {box.timezone}", "")


def _station_hops(heading: str, hops: Iterable[Hop], now: str) -> Iterator[str]:
    mine = tuple(hops)
    if not mine:
        yield _cells((heading, 24), (words.level_word(None), 10)).rstrip()
    for hop in mine:
        start = _cells((title(hop.id), 24), (_shown(hop.level), 10))
        about = ", ".join(filter(None, (hop.text.removesuffix("."), words.since(hop.since, now))))
        yield from _wrapped(about, " " * 36, start)


def _shown(level: Light) -> str:
    word = words.level_word(level)
    return word if level is Light.OK else word.upper()


def _problems(heading: str, faults: Iterable[FaultLine], now: str) -> Iterator[str]:
    for number, fault in enumerate(faults):
        if number == 0:
            yield ""
            yield heading
        yield from _wrapped(fault.title, "  ")
        if fault.text != fault.title:
            yield from _wrapped(fault.text, "    ")
        yield from _wrapped(f"What to do: {fault.hint}", "    ")
        yield from _wrapped(f"{fault.code} at {title(fault.hop)}, {words.since(fault.since, now)}", "    ")


def _commands(commands: Commands, now: str) -> Iterator[str]:
    yield from _wrapped(
        f"Commands: {commands.waiting} waiting, {commands.running} running, {commands.done} done, "
        f"{commands.failed} failed, {commands.unknown} unknown",
        "",
    )
    for line in commands.recent:
        yield from _recent(line, now)


def _recent(line: Recent, now: str) -> Iterator[str]:
    columns = _cells(
        (words.moment(line.at, now), 17),
        (line.state.lower(), 10),
        (line.room, 10),
        (line.kind, 6),
        (line.target, 50),
    )
    yield f"  {columns}".rstrip()
    if line.note:
        yield from _wrapped(line.note, "      ")


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


def _wrapped(text: str, indent: str, start: str | None = None) -> Iterator[str]:
    """Lines of at most `COLUMNS`, the first after `start`, the others after `indent`."""
    line = indent if start is None else start + " "
    is_empty = True
    for word in _pieces(plain(text, _LONGEST), COLUMNS - _width(indent)):
        if _width(line) + _width(word) + (not is_empty) > COLUMNS:
            yield line.rstrip()
            line, is_empty = indent, True
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
