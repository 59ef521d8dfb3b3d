"""The line editor of the serial console: bytes in, what to write and what was meant out. Pure.

It draws in one row (`redraw.py`), so it works on a dumb terminal, and an event can print at any time. Must never
give a line without an Enter that was typed, nor let any part of a secret show, be kept, completed or put back.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from agent.console.terminal.history import History, Walk
from agent.console.terminal.keys import Key, Keyboard, Pressed
from agent.console.terminal.redraw import Row
from agent.console.terminal.screen import spelled
from agent.console.terminal.typed_line import CUTS, MOVES, TypedLine

LONGEST = 400  # letters of a line
MOST_AHEAD = 200  # letters and keys that are kept while no line is asked for
SPOILED = "\x1a"  # SUB, in a secret: here was something that is no letter. No secret may have it, so it is refused
_BELL = "\a"


# No named tuples: two that hold the same would be equal, and one that holds nothing would count as false.


@dataclass(frozen=True)
class Show:
    """To be written to the terminal as it is: ASCII, with the editor's own sequences, rows ended by CR LF."""

    text: str


@dataclass(frozen=True)
class Entered:
    """A whole line, at Enter; the cursor is below it already."""

    text: str = field(repr=False)  # it may be a secret


@dataclass(frozen=True)
class Interrupted:
    """Ctrl-C, or a break of the line: what was being typed counts no more, the cursor is below it."""


@dataclass(frozen=True)
class Ended:
    """Ctrl-D on an empty line; the cursor is below it."""


@dataclass(frozen=True)
class WantsCompletion:
    """Tab, with the text before the cursor. `is_again`: the key before was Tab as well."""

    text: str
    is_again: bool


@dataclass(frozen=True)
class WantsHelp:
    """`?` at the end of a word or after a space, outside quotes, with the text before it; it is not entered."""

    text: str


@dataclass(frozen=True)
class WantsScreenCleared:
    """Ctrl-L: `redraw()` belongs below what clears the screen."""


Meant: TypeAlias = Show | Entered | Interrupted | Ended | WantsCompletion | WantsHelp | WantsScreenCleared


class _Asked(NamedTuple):
    line: TypedLine
    is_secret: bool
    walk: Walk | None


class Editor:
    """One terminal.

    While no line is asked for, what is typed waits for the next one: at most 200 letters. A line that does not fit
    any more is dropped whole, so that no part of one is ever taken for a line; if another is asked for before its
    Enter, that counts as Ctrl-C. Ctrl-C while no line is asked for drops all that waits.
    """

    def __init__(
        self, *, columns: int = 80, is_dumb: bool = False, history: History | None = None, longest: int = LONGEST
    ) -> None:
        self._row = Row(columns, is_dumb=is_dumb)
        self._history = History() if history is None else history
        self._longest = longest
        self._keyboard = Keyboard()
        self._waiting: deque[Pressed] = deque()
        self._is_skipping = False  # up to the Enter of a line that did not fit
        self._asked: _Asked | None = None
        self._last_cut = ""
        self._was_tab = self._is_full = False
        self._out = ""  # what is to be written beside the line

    @property
    def text(self) -> str:
        """The line that is being typed, secret or not; empty without one."""
        return self._asked.line.text if self._asked else ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been typed."""
        return not self.text

    def ask(self, prompt: str, *, is_secret: bool = False, has_history: bool = True) -> str:
        """Begin a new line; gives what to write.

        What was typed ahead comes with the next `type`, if need be of nothing.
        """
        walk = self._history.walk() if has_history and not is_secret else None
        self._asked = _Asked(TypedLine(self._longest), is_secret, walk)
        self._was_tab = self._is_full = False
        return self._row.open(prompt)

    def stop(self) -> str:
        """No line is asked for any more, what was begun is forgotten; gives the line end, if there was a line."""
        self._asked = None
        return self._row.close()

    def type(self, data: bytes) -> Iterator[Meant]:
        """What comes of these bytes, one after another.

        Between two of them all other methods may be called: what is left is typed into the line that then is asked
        for. It is not lost either when the iterator is given up after anything but a `Show`.
        """
        for key in self._keyboard.take(data):
            for piece in key if isinstance(key, str) and not self._asked else (key,):
                self._arrive(piece)
        while self._waiting and (self._asked or self._is_interrupted_ahead()):
            meant = self._press(self._waiting.popleft())
            if (meant or not self._waiting) and (text := self._drawn()):
                yield Show(text)
            if meant:
                yield meant

    def announce(self, text: str) -> str:
        """Whole lines that are fit for the screen, printed above the line that is being typed."""
        return self._row.above(text) if text else ""

    def put(self, text: str, instead_of: int = 0) -> str:
        """Letters at the cursor, in the place of so many before it: a completion."""
        if self._asked and not self._asked.is_secret:
            for _ in range(instead_of):
                self._asked.line.cut(Key.BACKSPACE)
            self._insert(self._asked.line, "".join(letter for letter in text if letter.isprintable()))
        return self._drawn()

    def redraw(self) -> str:
        """Prompt and line once more, in an empty row or the one where they are."""
        return self._row.again() if self._asked else ""

    def resize(self, columns: int) -> str:
        """The terminal is so many columns wide now."""
        return self._row.resize(columns)

    def forget_history(self) -> None:
        """The next person has not entered these lines, nor cut out what may be put back."""
        self._history.forget()
        self._last_cut = ""

    def drop_waiting(self) -> None:
        """Before a question whose answer must not have been typed before it was seen."""
        self._waiting.clear()

    def _arrive(self, key: Pressed) -> None:
        """Have a key wait for its turn."""
        if self._is_skipping and key is not Key.INTERRUPT:
            self._is_skipping = key is not Key.ENTER
            if self._asked and not self._is_skipping:
                self._waiting.append(Key.INTERRUPT)
        elif self._asked or key is Key.INTERRUPT or len(self._waiting) < MOST_AHEAD:
            self._is_skipping = False
            self._waiting.append(key)
        else:
            while self._waiting and self._waiting[-1] is not Key.ENTER:
                self._waiting.pop()
            self._is_skipping = key is not Key.ENTER

    def _is_interrupted_ahead(self) -> bool:
        """Whether Ctrl-C was pressed while no line is asked for; all before it is dropped."""
        if Key.INTERRUPT not in self._waiting:
            return False
        while self._waiting[0] is not Key.INTERRUPT:
            self._waiting.popleft()
        return True

    def _press(self, key: Pressed) -> Meant | None:
        was_tab, self._was_tab = self._was_tab, key is Key.COMPLETE
        asked = self._asked
        if not asked or key is Key.INTERRUPT:
            return self._end(Interrupted())
        match key:
            case Key.ENTER:
                if asked.walk:
                    self._history.keep(asked.line.text)
                return self._end(Entered(asked.line.text))
            case Key.DELETE_OR_LEAVE if self.is_empty:
                return self._end(Ended())
            case Key.CLEAR_SCREEN:
                return WantsScreenCleared()
        if not asked.is_secret:
            return self._edit(asked, key, is_again=was_tab)
        self._edit_secret(asked.line, key)
        return None

    def _end(self, meant: Meant) -> Meant:
        self._out += self._painted() + self._row.close()
        self._asked = None
        return meant

    def _edit(self, asked: _Asked, key: Pressed, *, is_again: bool) -> Meant | None:
        line = asked.line
        match key:
            case str():
                self._insert(line, key)
            case Key.HELP:
                if _is_between_words(line):
                    return WantsHelp(line.before)
                self._insert(line, "?")
            case Key.COMPLETE:
                return WantsCompletion(line.before, is_again)
            case Key.PASTED_GAP:
                self._insert(line, " ")
            case Key.PUT_BACK:
                self._insert(line, self._last_cut)
            case Key.BACKSPACE | Key.DELETE:
                line.cut(key)
            case Key.DELETE_OR_LEAVE:
                line.cut(Key.DELETE)
            case Key.OLDER | Key.NEWER if asked.walk:
                _recall(line, asked.walk, key)
            case _ if key in MOVES:
                line.move(key)
            case _ if key in CUTS:
                self._last_cut = line.cut(key) or self._last_cut
        return None

    def _edit_secret(self, line: TypedLine, key: Pressed) -> None:
        """What is no letter would be missing in the secret without a sign: it is marked, and so refused."""
        match key:
            case str() if line.insert(key):
                pass
            case Key.HELP if line.insert("?"):
                pass
            case Key.BACKSPACE:
                line.cut(key)
            case Key.CUT_WORD | Key.CUT_ALL_BEFORE:
                line.replace("")
            case _:
                line.replace(line.text.rstrip(SPOILED)[: self._longest - 1] + SPOILED)
                self._out = _BELL

    def _insert(self, line: TypedLine, letters: str) -> None:
        was_full, self._is_full = self._is_full, not line.insert(letters)
        if self._is_full and not was_full:
            self._out = _BELL

    def _drawn(self) -> str:
        """What there is to write by now."""
        text = self._painted() + self._out
        self._out = ""
        return text

    def _painted(self) -> str:
        if not self._asked or self._asked.is_secret:
            return ""
        line = self._asked.line
        if line.text.isascii():
            return self._row.show(line.text, line.at)
        return self._row.show(_cells(line.text), len(_cells(line.before)))


def _is_between_words(line: TypedLine) -> bool:
    is_quoted = line.before.count('"') % 2
    return not is_quoted and (line.before[-1:] in ("", " ") or line.behind[:1] in ("", " "))


def _recall(line: TypedLine, walk: Walk, key: Pressed) -> None:
    text = walk.older(line.text) if key is Key.OLDER else walk.newer(line.text)
    if text is not None:
        line.replace(text)


def _cells(text: str) -> str:
    """What a text looks like: one cell or more for each letter, so that the cursor never stands still."""
    return "".join(map(_cells_of_letter, text))


@lru_cache(256)
def _cells_of_letter(letter: str) -> str:
    return spelled(letter) or "?"
