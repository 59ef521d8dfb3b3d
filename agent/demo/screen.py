"""Where the demo's lines go: a terminal that rewrites the keys under way, or plain lines for a pipe or a file.

Must never leave the terminal in another state than it was, nor fail because no one reads any more.
"""

import shutil
import textwrap
import time
from collections.abc import Callable, Mapping
from typing import Protocol, TextIO

from agent.commands.lifecycle import State
from agent.commands.origin import OriginName
from agent.commands.record import Record
from agent.control.words.events import Event, OrderChanged
from agent.control.words.sentences import sentence
from agent.demo import lines
from agent.demo.lines import Line, Mood
from agent.demo.reception import Ordered
from agent.foundation import streams

_COLOURS = {Mood.QUIET: "2", Mood.BUSY: "36", Mood.GOOD: "32", Mood.DOUBT: "33", Mood.BAD: "31"}  # SGR numbers
_MOST_LINES = 12  # keys under way that are shown at a time; further ones are counted
_MARGIN = " " * 10  # below the time
_ERASE_BELOW = "\x1b[J"


class Output(Protocol):
    """What shows the lines."""

    def say(self, text: str) -> None:
        """Show a line that stays."""
        ...

    def show(self, id: str, line: Line) -> None:
        """Show a key's line, new or changed."""
        ...

    def close(self) -> None:
        """Nothing changes any more."""
        ...


class Screen:
    """Turns orders and records into lines, and hands them to the output."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._lines: dict[str, Line] = {}

    def ordered(self, order: Ordered) -> None:
        """A key was ordered."""
        self._put(order.id, lines.ordered(order, _now()))

    def heard(self, event: Event) -> None:
        """Something happened in the agent."""
        if isinstance(event, OrderChanged):
            self.step(event.record)
        else:
            self.say(sentence(event))

    def step(self, record: Record) -> None:
        """The agent took a step with a command, of Mews or of the desk."""
        if record.origin == OriginName.DESK and record.state is State.WAITING:
            self._put(record.id, lines.ordered_at_desk(record, _now()))
        line = self._lines.get(record.id)
        if line is not None:
            self._put(record.id, lines.stepped(line, record))

    def say(self, text: str) -> None:
        """Something that is not about one key."""
        self._output.say(text)

    def close(self) -> None:
        """The last lines stay as they are."""
        self._output.close()

    def _put(self, id: str, line: Line) -> None:
        if line == self._lines.get(id):  # between two copies the record changes, and what it means does not
            return
        self._lines[id] = line
        if line.is_final:
            del self._lines[id]
        self._output.show(id, line)


class PlainLines:
    """One line for each step, as it happens."""

    def __init__(self, out: TextIO, on_gone: Callable[[], None]) -> None:
        self._pen = _Pen(out, on_gone)

    def say(self, text: str) -> None:
        """Write it."""
        self._pen.write(text + "\n")

    def show(self, id: str, line: Line) -> None:
        """Write the step, with its note the first time."""
        if not line.is_brief:
            note = f": {line.note}" if line.note and not line.is_final else ""
            self.say(f"{_now()}  {line.head}  {line.step}{note}")

    def close(self) -> None:
        """Nothing is kept back."""


class LiveLines:
    """A terminal: what is over scrolls up, the keys under way are rewritten below it."""

    def __init__(self, out: TextIO, on_gone: Callable[[], None], *, is_coloured: bool = True) -> None:
        self._pen, self._is_coloured = _Pen(out, on_gone), is_coloured
        self._lines: dict[str, Line] = {}
        self._drawn = 0

    def say(self, text: str) -> None:
        """Put it above the keys under way."""
        self._draw(text)

    def show(self, id: str, line: Line) -> None:
        """Rewrite the key's line, or let it scroll up when it is over."""
        if not line.is_final:
            self._lines[id] = line
            self._draw()
            return
        self._lines.pop(id, None)
        self._draw(self._whole(line))

    def close(self) -> None:
        """Leave the keys that are still under way where they stand."""
        self._draw()
        self._drawn = 0

    def _draw(self, above: str = "") -> None:
        """Erase the lines below, write what stays, and the lines below again, each exactly one row high."""
        back = f"\r\x1b[{self._drawn}A" if self._drawn else "\r"
        columns, rows = shutil.get_terminal_size()
        below = self._below(columns - 1, max(1, min(_MOST_LINES, rows - 3)))
        self._drawn = len(below)
        stays = [above] if above else []
        self._pen.write(back + _ERASE_BELOW + "".join(f"{row}\n" for row in stays + below))

    def _below(self, width: int, most: int) -> list[str]:
        rows = [self._row(line, width) for line in list(self._lines.values())[:most]]
        more = len(self._lines) - len(rows)
        return [*rows, f"and {more} more"[:width]] if more else rows

    def _row(self, line: Line, width: int) -> str:
        head, step = f"{line.since}  {line.head}  "[:width], line.step
        return head + self._coloured(step[: max(0, width - len(head))], line.mood)

    def _whole(self, line: Line) -> str:
        width = max(30, shutil.get_terminal_size().columns - len(_MARGIN) - 1)
        note = "".join(f"\n{_MARGIN}{row}" for row in textwrap.wrap(line.note, width))
        return f"{line.since}  {line.head}  {self._coloured(line.step, line.mood)}{note}"

    def _coloured(self, text: str, mood: Mood) -> str:
        return f"\x1b[{_COLOURS[mood]}m{text}\x1b[0m" if self._is_coloured and text else text


class _Pen:
    """Writes at once. Where no one reads any more it says so, once, and goes on without."""

    def __init__(self, out: TextIO, on_gone: Callable[[], None]) -> None:
        self._out: TextIO | None = out
        self._on_gone = on_gone

    def write(self, text: str) -> None:
        if self._out is None:
            return
        self._out.write(text)
        if streams.loss(self._out):
            self._out = None
            self._on_gone()


def _now() -> str:
    return time.strftime("%H:%M:%S")


def output_for(out: TextIO, on_gone: Callable[[], None], environment: Mapping[str, str]) -> Output:
    """What suits `out`: live lines on a terminal that can move its cursor, else plain ones."""
    if streams.is_screen(out, environment):
        return LiveLines(out, on_gone, is_coloured=streams.has_colours(out, environment))
    return PlainLines(out, on_gone)
