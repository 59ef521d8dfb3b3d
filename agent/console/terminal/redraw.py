r"""The one row of the screen in which a line is typed, and the fewest bytes that change it. Pure.

A line that is longer than the row is seen through a window, with `<` and `>` for what is hidden. So it takes no
more of a terminal than `\r`, `\b`, blanks and letters; one that knows ANSI's sequences is spared some of them.
Must never write into the last column: some terminals then go to the next row, some do not.
"""

import re

from agent.console.terminal.screen import spelled

NEW_ROW = "\r\n"
COLUMNS, LEAST_COLUMNS = 80, 10
_LEAST_WINDOW = 20  # cells that a prompt leaves for the line, where the row has twice as many
_ERASE = "\x1b[K"
_UNKNOWN = "\0"  # in the place of a cell of which nothing is known
_LINE_END = re.compile(r"\r?\n")


class Row:
    """`is_open` while a prompt stands there. Cells are letters of ASCII; columns are counted from 0."""

    def __init__(self, columns: int, *, is_dumb: bool) -> None:
        self.is_open = False
        self._columns = _usable(columns)
        self._is_dumb = is_dumb
        self._prompt = self._cells = ""
        self._cursor = 0  # the cell that it is on
        self._start = 0  # the cell that the window begins with
        self._drawn, self._column = "", 0  # what stands in the row, and where the terminal's cursor is

    def open(self, prompt: str) -> str:
        """Begin a row with this prompt, below the one that may be open."""
        below = self.close()
        self.is_open = True
        self._prompt = spelled(prompt)
        self._drawn, self._column = "", 0
        return below + self.show("", 0)

    def close(self) -> str:
        """Go on below, and leave the row as it is."""
        was_open, self.is_open = self.is_open, False
        return NEW_ROW if was_open else ""

    def show(self, cells: str, cursor: int) -> str:
        """The line reads `cells`, with the cursor on that cell or behind the last."""
        self._cells, self._cursor = cells, cursor
        prompt = _cut(self._prompt, self._columns - 1)
        window = self._window(self._columns - 1 - len(prompt))
        column = len(prompt) + cursor - self._start
        drawn, before = self._drawn, self._column
        self._drawn, self._column = prompt + window, column
        return changes(drawn, before, self._drawn, column, is_dumb=self._is_dumb)

    def again(self) -> str:
        """Draw the row once more, where it was or in an empty one."""
        return self._over(len(self._drawn))

    def resize(self, columns: int) -> str:
        """The terminal is so many columns wide now. A narrower dumb one keeps its last column as it is."""
        self._columns = _usable(columns)
        return self._over(min(len(self._drawn), self._columns - 1)) if self.is_open else ""

    def above(self, lines: str) -> str:
        """Whole lines in the place of the row, which goes on below them."""
        rows = _LINE_END.sub(NEW_ROW, lines.removesuffix("\n").removesuffix("\r")) + NEW_ROW
        if not self.is_open:
            return rows
        first, end, others = rows.partition(NEW_ROW)
        first += _blank(len(self._drawn) - len(first), is_dumb=self._is_dumb)
        self._drawn, self._column = "", 0
        return f"\r{first}{end}{others}{self.show(self._cells, self._cursor)}"

    def _over(self, cells: int) -> str:
        """Draw it over so many cells of which nothing is known."""
        self._drawn, self._column = _UNKNOWN * cells if self._is_dumb else "", 0
        return "\r" + ("" if self._is_dumb else _ERASE) + self.show(self._cells, self._cursor)

    def _window(self, width: int) -> str:
        """The part of the line that shows. It moves by half its width, so that most keys cost one letter."""
        cells, cursor = self._cells, self._cursor
        is_whole = len(cells) <= width
        if is_whole:
            self._start = 0
        elif not self._is_seen(width):
            self._start = max(0, cursor - width // 2)
        seen = cells[self._start : self._start + width]
        if self._start:
            seen = "<" + seen[1:]
        return seen[:-1] + ">" if self._start + width < len(cells) else seen

    def _is_seen(self, width: int) -> bool:
        """Whether the cursor is in the window, and on no mark."""
        at, end = self._cursor - self._start, len(self._cells) - self._start
        return (at > 0 or not self._start) and at <= (width if end <= width else width - 2)


def changes(old: str, at: int, new: str, to: int, *, is_dumb: bool) -> str:
    """What makes a row that reads `old` read `new`, and brings the cursor from column `at` to column `to`."""
    if old == new:
        return _moved(new, at, to, is_dumb=is_dumb)
    same = _alike(old, new)
    tail = _alike(old[same:][::-1], new[same:][::-1]) if len(old) == len(new) else 0
    end = len(new) - tail
    rest = _blank(len(old) - len(new), is_dumb=is_dumb)
    end_column = end + rest.count(" ")
    return (
        _moved(old, at, same, is_dumb=is_dumb)
        + new[same:end]
        + rest
        + _moved(new.ljust(end_column), end_column, to, is_dumb=is_dumb)
    )


def _usable(columns: int) -> int:
    """The columns to reckon with on a terminal that says it has so many; 0: it does not say."""
    return max(columns or COLUMNS, LEAST_COLUMNS)


def _cut(prompt: str, width: int) -> str:
    """A prompt that leaves room for a line: its beginning, and the two letters that make it one."""
    room = width - min(_LEAST_WINDOW, (width + 1) // 2)
    return prompt if len(prompt) <= room else prompt[: room - 2] + prompt[-2:]


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _blank(cells: int, *, is_dumb: bool) -> str:
    """What makes the last cells of a row blank, so many from the cursor on."""
    return _ERASE if cells > len(_ERASE) and not is_dumb else " " * cells


def _moved(row: str, at: int, to: int, *, is_dumb: bool) -> str:
    """The shortest way from one column to another of a row that reads so."""
    ways = [row[at:to]] if at <= to else ["\b" * (at - to), "\r" + row[:to]]
    if not is_dumb and at != to:
        ways.append(f"\x1b[{abs(at - to)}{'C' if at < to else 'D'}")
    return min(ways, key=len)
