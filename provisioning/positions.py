"""On which line of a TOML file a name or an element of a list stands: what tomllib does not tell.

Only for text that tomllib has read: nothing is checked in here, and no value is kept. TOML 1.0, https://toml.io/en/v1.0.0.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

Keys = tuple[str | int, ...]  # the names on the way to a value; a number is the place in a list, counted from 0

_PIECE = (  # compiled when a file is looked at: a good one needs it not
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[ \t\r]+"
    r"|[^\s\"'#=.,\[\]{}]+"
    r"|."
)
_OPENS, _CLOSES = ("[", "{"), ("]", "}")


class Positions:
    """The lines of one file. They are looked for when the first is asked for: a good file needs none."""

    def __init__(self, text: str) -> None:
        self._text = text

    def line(self, keys: Keys) -> int:
        """The line (from 1) of a name; where it is missing, of what it is missing in, or else the last one."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self._lines:
                return self._lines[keys[:length]]
        return self._text.rstrip().count("\n") + 1

    @cached_property
    def _lines(self) -> dict[Keys, int]:
        return _Scan(self._text).lines


class _Scan:
    """One pass over the pieces. `_open` holds the lists and braces that are not closed yet, with their keys."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Keys, int] = {}
        self._counts: Counter[Keys] = Counter()  # sections so far of each [[list of sections]]
        self._section: Keys = ()
        self._open: list[tuple[str, Keys]] = []
        self._pieces = _pieces(text)
        for piece, line in self._pieces:
            self._take(piece, line)

    def _take(self, piece: str, line: int) -> None:
        if piece in _CLOSES:
            self._open.pop()
        elif piece == ",":
            self._go_on()
        elif self._open and self._open[-1][0] == "[":
            self._value(piece, line, self._open[-1][1])
        elif piece == "[":
            self._header(line)
        elif piece != "\n":
            inside = self._open[-1][1] if self._open else self._section
            keys = (*inside, *self._names(piece, "="))
            self._note(keys, len(inside), line)
            self._value(*next(self._pieces), keys)

    def _value(self, piece: str, line: int, keys: Keys) -> None:
        """A value begins, at `keys`; of a scalar, the rest of its pieces is passed over."""
        if piece == "\n":
            return
        self.lines.setdefault(keys, line)
        if piece in _OPENS:
            self._open.append((piece, (*keys, 0) if piece == "[" else keys))
        else:
            self._pass_scalar()

    def _pass_scalar(self) -> None:
        piece, line = next(each for each in self._pieces if each[0] in ("\n", ",", *_CLOSES))
        if piece != "\n":
            self._take(piece, line)

    def _go_on(self) -> None:
        kind, keys = self._open[-1]
        if kind == "[":
            *before, at = keys
            assert isinstance(at, int)
            self._open[-1] = (kind, (*before, at + 1))

    def _header(self, line: int) -> None:
        piece, _ = next(self._pieces)
        is_list = piece == "["
        names = list(self._names(next(self._pieces)[0] if is_list else piece, "]"))
        keys = self._resolved(names[:-1])
        self._section = keys = (*keys, names[-1])
        if is_list:
            next(self._pieces)
            self._section = (*keys, self._counts[keys])
            self._counts[keys] += 1
        self._note(self._section, 0, line)

    def _resolved(self, names: list[str]) -> Keys:
        keys: Keys = ()
        for name in names:
            keys = (*keys, name)
            if self._counts[keys]:
                keys = (*keys, self._counts[keys] - 1)
        return keys

    def _names(self, piece: str, end: str) -> Iterator[str]:
        while piece != end:
            if piece != ".":
                yield _name(piece)
            piece, _ = next(self._pieces)

    def _note(self, keys: Keys, known: int, line: int) -> None:
        for length in range(known + 1, len(keys) + 1):
            self.lines.setdefault(keys[:length], line)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """The pieces with their lines, without blanks and comments."""
    line = 1
    for found in re.finditer(_PIECE, text + "\n", re.DOTALL):
        piece = found[0]
        if piece.strip(" \t\r") and not piece.startswith("#"):
            yield piece, line
        line += piece.count("\n")


def _name(piece: str) -> str:
    return str(tomllib.loads(f"name = {piece}")["name"]) if piece[0] in "\"'" else piece
