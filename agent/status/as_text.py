"""The snapshot as text for a terminal: what `nightporter status` prints. Pure.

At most `columns` wide (40 or more). Each level is a word, which may be coloured as well: the text is also pasted
into tickets. The snapshot may have come from any machine, so every text is cleaned here.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from agent.foundation.reading.columns import columns_of, cut
from agent.foundation.reading.text import LONG_TEXT, plain, plain_lines
from agent.health.kind import Level
from agent.status.snapshot import words
from agent.status.snapshot.devices import Device
from agent.status.snapshot.snapshot import Box, Commands, FaultLine, Hop, Recent, Snapshot
from agent.status.snapshot.stations import stations, title
from agent.status.snapshot.surroundings import Age, Network
from agent.status.snapshot.work import Stage, UnderWay

COLUMNS = 100  # a ticket, a mail and a laptop's terminal show that many
COMMANDS = 20  # lines of orders; the page has them all
LEAST_OFFSET = 0.05  # s; less is no difference that a person can see
_TABLE = 72  # columns; on fewer, what stands beside a level in a table stands below it
_COLOURS = {Level.OK: "32", Level.WARNING: "33", Level.FAULT: "31"}  # SGR numbers
_LONGEST = LONG_TEXT  # characters of one text; longer ones are no box's


class _Cell(NamedTuple):
    """A text in a table; `light` colours it."""

    text: str
    width: int
    light: Level | None = None


class _Row(NamedTuple):
    """What begins on a line of its own: the first line after `cells`, where there are any, else after `indent`."""

    text: str
    indent: str = ""
    cells: tuple[_Cell, ...] = ()


def render(snapshot: Snapshot, columns: int = COLUMNS, *, is_coloured: bool = False) -> str:
    """The whole text, ending in a newline."""
    lines = (line for row in _rows(snapshot, columns) for line in _wrapped(row, columns, is_coloured))
    return "".join(f"{line}\n" for line in lines)


def as_json(snapshot: Snapshot, encoding: str) -> str:
    """The snapshot as the contract's JSON, with escapes where the encoding does not have every letter."""
    is_unicode = encoding.lower().startswith("utf")
    return json.dumps(msgspec.to_builtins(snapshot), indent=2, ensure_ascii=not is_unicode)


def _rows(snapshot: Snapshot, columns: int) -> Iterator[_Row]:
    is_table, summary = columns >= _TABLE, snapshot.summary
    yield from _box(snapshot.box)
    yield _Row("")
    yield _Row(summary.text, cells=(_Cell(f"{words.level_word(summary.level).upper()}:", 0, summary.level),))
    yield _Row("")
    for station in stations(snapshot.hops):
        yield from _station_hops(station.title, station.hops, snapshot.box.time, is_table)
    yield from _problems("Faults", (fault for fault in snapshot.faults if fault.is_fault), snapshot)
    yield from _problems("Warnings", (fault for fault in snapshot.faults if not fault.is_fault), snapshot)
    yield from _section("Under way", (_at_work(work, snapshot.box.time) for work in snapshot.under_way[:COMMANDS]))
    yield from _section(
        "Devices", (line for each in snapshot.devices for line in _device(each, snapshot.box.time))
    )
    yield from _section("Network", _network(snapshot.network))
    yield from _section("Certificates and tokens", (_age(each, snapshot.box.time) for each in snapshot.ages))
    yield from _upkeep(snapshot)
    yield _Row("")
    yield from _commands(snapshot.commands, snapshot.box.time, is_table)


def _box(box: Box) -> Iterator[_Row]:
    name = box.name or "a box without a name yet"
    uptime = words.span(max(0, box.uptime_seconds))
    yield _Row(f"Night Porter {box.version}: {name}, running for {uptime}")
    yield _Row(f"{words.moment(box.time, '')} {box.timezone}")


def _station_hops(heading: str, hops: Iterable[Hop], now: str, is_table: bool) -> Iterator[_Row]:
    mine = tuple(hops)
    if not mine:
        yield _Row("", cells=(_Cell(heading, 24), _Cell(words.level_word(None), 10)))
    for hop in mine:
        cells = (_Cell(title(hop.id), 24), _Cell(_shown(hop.level), 10, hop.level))
        about = ", ".join(filter(None, (hop.text.removesuffix("."), words.since(hop.since, now))))
        yield from (_Row(about, " " * 36, cells),) if is_table else (_Row("", cells=cells), _Row(about, "    "))


def _shown(level: Level) -> str:
    word = words.level_word(level)
    return word if level is Level.OK else word.upper()


def _problems(heading: str, faults: Iterable[FaultLine], snapshot: Snapshot) -> Iterator[_Row]:
    for number, fault in enumerate(faults):
        if number == 0:
            yield _Row("")
            yield _Row(heading)
        yield _Row(fault.title, "  ")
        yield from (_Row(line, "    ") for line in _about(fault, snapshot))


def _upkeep(snapshot: Snapshot) -> Iterator[_Row]:
    yield from _section("Upkeep", (f"{each.title}: {each.text}" for each in snapshot.upkeep))


def _section(heading: str, lines: Iterable[str]) -> Iterator[_Row]:
    """Nothing where there are no lines."""
    for number, line in enumerate(lines):
        if number == 0:
            yield _Row("")
            yield _Row(heading)
        yield _Row(line, "  ")


def _at_work(work: UnderWay, now: str) -> str:
    room = f" for {work.room}" if work.room else ""
    since = words.since(work.since, now)
    if work.state is Stage.WAITING:
        return f"{work.target}: {work.kind}{room} waits for {work.waits_for}, {since}"
    if work.kind != "key":
        return f"{work.target}: {work.kind}{room} is being made, {since}"
    limit = f"; a card is waited for up to {work.limit_seconds} s" if work.limit_seconds else ""
    return f"{work.target}: key {min(work.cut + 1, work.copies)} of {work.copies}{room}, {since}{limit}"


def _device(each: Device, now: str) -> Iterator[str]:
    parts = [f"of late {each.done} done, {each.failed} failed, {each.unknown} unknown"]
    if each.last_success:
        parts.append(f"last success {words.moment(each.last_success, now)}")
    if each.seconds is not None:
        parts.append(f"half of the orders within {each.seconds:.3g} s")
    yield f"{each.name}: {'; '.join(parts)}"
    if each.last_error:
        at = f" at {words.moment(each.last_error_at, now)}" if each.last_error_at else ""
        yield f"  last error{at}: {each.last_error}"


def _age(each: Age, now: str) -> str:
    if each.until:
        end = f"good until {words.moment(each.until, now)}"
    else:
        end = words.since(each.since, now) if each.since else "of unknown age"
    return f"{title(each.hop)}, {each.what}: {end}"


def _network(network: Network) -> Iterator[str]:
    if network.addresses:
        where = f" ({network.interface})" if network.interface else ""
        yield f"Addresses: {', '.join(network.addresses)}{where}"
    ways = (("gateway", network.gateway), ("DNS", ", ".join(network.dns)), ("NTP", ", ".join(network.ntp)))
    told = [f"{name} {value}" for name, value in ways if value]
    if told:
        yield "; ".join(told)
    clocks = (("Mews", network.clock_offset_mews), (network.clock or "NTP", network.clock_offset_ntp))
    offsets = [_offset(name, seconds) for name, seconds in clocks if seconds is not None]
    if offsets:
        yield f"Clock: {'; '.join(offsets)}"


def _offset(name: str, seconds: float) -> str:
    if abs(seconds) < LEAST_OFFSET:
        return f"agrees with {name}"
    return f"{abs(seconds):.1f} s {'ahead of' if seconds > 0 else 'behind'} {name}"


def _about(fault: FaultLine, snapshot: Snapshot) -> Iterator[str]:
    if fault.text != fault.title:
        yield from plain_lines(fault.text).splitlines()
    yield from words.advice(fault.front_desk, fault.hint, words.contact(snapshot.support))
    yield f"{fault.code} at {title(fault.hop)}, {words.since(fault.since, snapshot.box.time)}"


def _commands(commands: Commands, now: str, is_table: bool) -> Iterator[_Row]:
    yield _Row(
        f"Commands: {commands.waiting} waiting, {commands.running} running, {commands.done} done, "
        f"{commands.failed} failed, {commands.unknown} unknown"
    )
    for line in commands.recent[:COMMANDS]:
        yield from _recent(line, now, is_table)
    if (more := len(commands.recent) - COMMANDS) > 0:
        yield _Row(f"and {more} more, which the page shows", "  ")


def _recent(line: Recent, now: str, is_table: bool) -> Iterator[_Row]:
    state = _Cell(line.state.lower(), 10, words.state_light(line.state))
    cells = (_Cell("", 1), _Cell(words.moment(line.at, now), 17), state)
    if is_table:
        yield _Row(line.target, " " * 6, (*cells, _Cell(line.room, 10), _Cell(line.kind, 6)))
    else:
        yield _Row(f"{line.room} {line.kind} {line.target}", " " * 6, cells)
    if line.note:
        yield _Row(line.note, " " * 6)


def _beginning(cells: Iterable[_Cell], *, is_coloured: bool) -> str:
    return "".join(f"{_filled(cell, is_coloured)} " for cell in cells)


def _filled(cell: _Cell, is_coloured: bool) -> str:
    text = plain(cell.text, _LONGEST)
    text = cut(text, cell.width) if cell.width else text
    gap = " " * (cell.width - columns_of(text))
    return _painted(text, cell.light if is_coloured else None) + gap


def _painted(text: str, light: Level | None) -> str:
    return text if light is None else f"\x1b[{_COLOURS[light]}m{text}\x1b[0m"


def _wrapped(row: _Row, columns: int, is_coloured: bool) -> Iterator[str]:
    beginning = _beginning(row.cells, is_coloured=False)
    lines = _folded(row, beginning or row.indent, columns)
    if is_coloured and row.cells:
        yield (_beginning(row.cells, is_coloured=True) + next(lines)[len(beginning) :]).rstrip()
    yield from lines


def _folded(row: _Row, line: str, columns: int) -> Iterator[str]:
    """Lines of at most `columns`, of which `line` begins the first."""
    is_empty = True
    for word in _pieces(plain(row.text, _LONGEST), columns - columns_of(row.indent)):
        if columns_of(line) + columns_of(word) + (not is_empty) > columns:
            yield line.rstrip()
            line, is_empty = row.indent, True
        line, is_empty = line + ("" if is_empty else " ") + word, False
    yield line.rstrip()


def _pieces(text: str, width: int) -> Iterator[str]:
    """The words of a text, with those that fit on no line cut into pieces that do."""
    for word in text.split():
        while columns_of(word) > width:
            piece = _head(word, width)
            yield piece
            word = word[len(piece) :]
        yield word


def _head(word: str, width: int) -> str:
    while columns_of(word) > width:
        word = word[: max(1, min(len(word) - 1, width))]
    return word
