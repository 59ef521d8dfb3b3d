"""A line of text with a cursor, and what keys do to it. Pure; knows no screen.

A word is what stands between spaces, as on the command line.
"""

from collections.abc import Callable, Mapping

from agent.console.terminal.keys import Key


class TypedLine:
    """`at` is how many letters stand before the cursor."""

    def __init__(self, longest: int) -> None:
        self.text = ""
        self.at = 0
        self._longest = longest

    @property
    def before(self) -> str:
        """The text before the cursor."""
        return self.text[: self.at]

    @property
    def behind(self) -> str:
        """The text from the cursor on."""
        return self.text[self.at :]

    def insert(self, letters: str) -> bool:
        """Put letters in at the cursor, as many as there is room for; whether that was all of them."""
        fitting = letters[: self._longest - len(self.text)]
        self.text = self.before + fitting + self.behind
        self.at += len(fitting)
        return fitting == letters

    def replace(self, text: str) -> None:
        """Another text altogether, the cursor at its end."""
        self.text = text
        self.at = len(text)

    def move(self, key: Key) -> None:
        """Move the cursor, one of `MOVES`."""
        self.at = self._within(MOVES[key](self))

    def cut(self, key: Key) -> str:
        """Take away what one of `CUTS` means; gives that."""
        start, end = sorted((self.at, self._within(CUTS[key](self))))
        taken = self.text[start:end]
        self.text, self.at = self.text[:start] + self.text[end:], start
        return taken

    def word_left(self) -> int:
        """Where the word before the cursor begins."""
        return self.before.rstrip(" ").rfind(" ") + 1

    def word_right(self) -> int:
        """Where the word from the cursor on ends."""
        start = len(self.text) - len(self.behind.lstrip(" "))
        end = self.text.find(" ", start)
        return len(self.text) if end < 0 else end

    def _within(self, at: int) -> int:
        return min(max(0, at), len(self.text))


# A move goes to a place, a cut takes away what lies between it and the cursor.
MOVES: Mapping[Key, Callable[[TypedLine], int]] = {
    Key.LEFT: lambda line: line.at - 1,
    Key.RIGHT: lambda line: line.at + 1,
    Key.WORD_LEFT: TypedLine.word_left,
    Key.WORD_RIGHT: TypedLine.word_right,
    Key.START: lambda line: 0,
    Key.END: lambda line: len(line.text),
}
CUTS: Mapping[Key, Callable[[TypedLine], int]] = {
    Key.BACKSPACE: MOVES[Key.LEFT],
    Key.DELETE: MOVES[Key.RIGHT],
    Key.CUT_WORD: TypedLine.word_left,
    Key.CUT_WORD_AHEAD: TypedLine.word_right,
    Key.CUT_ALL_BEFORE: MOVES[Key.START],
    Key.CUT_ALL_AHEAD: MOVES[Key.END],
}
