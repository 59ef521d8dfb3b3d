"""What a terminal sends, as letters and keys. Pure.

Must never let a byte that is no letter become one, and never wait for the end of something that has none: each
control character ends an escape sequence and counts as itself, so an ESC alone swallows no Enter.
Sequences: ECMA-48 section 5.4 and 5.6, ECMA-35 section 13.2; keys: xterm's "Control Sequences".
"""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from enum import Enum, auto
from typing import TypeAlias


class Key(Enum):
    """What is pressed beside letters, by what it does."""

    ENTER = auto()
    INTERRUPT = auto()  # Ctrl-C, or a break of the line, which arrives as NUL
    LEFT = auto()
    RIGHT = auto()
    WORD_LEFT = auto()
    WORD_RIGHT = auto()
    START = auto()
    END = auto()
    BACKSPACE = auto()
    DELETE = auto()
    DELETE_OR_LEAVE = auto()  # Ctrl-D
    CUT_WORD = auto()
    CUT_WORD_AHEAD = auto()
    CUT_ALL_BEFORE = auto()
    CUT_ALL_AHEAD = auto()
    PUT_BACK = auto()  # Ctrl-Y
    OLDER = auto()
    NEWER = auto()
    COMPLETE = auto()
    HELP = auto()  # a ? that was typed and not pasted
    CLEAR_SCREEN = auto()
    PASTED_GAP = auto()  # a line end or a tab in pasted text
    STRAY = auto()  # something that means nothing here: noise, an unknown key, half a sequence


Pressed: TypeAlias = str | Key  # letters are printable, one or more

LONGEST_SEQUENCE = 32  # bytes; a terminal's longest are about 20
LONGEST_STRING = 4096  # bytes of an OSC or DCS; what is longer goes on as letters
_ESCAPE = "\x1b"
_LETTERS = re.compile("[^\x00-\x1f\x7f-\x9f?\ufffd]+")
_UNFINISHED = re.compile(r"\x1b(\[\[?[0-?]*[ -/]*|O[0-?]*|[ -/]*)")  # [[ is how Linux begins F1 to F5
_STRING = re.compile(r"\x1b[]PX^_]")
# What a terminal answers or tells by itself: its cursor, kind, state, size, modes, and whether it is looked at.
_REPLY = re.compile(r"\x1b\[([?>=0-9;]+[Rcntuy$]+|[IO])")
_MOVE = re.compile(r"\x1b(?:\[|O)(?:[0-9]*;)?([0-9]*)([A-DFH])")
_TILDE = re.compile(r"\x1b\[([0-9]+)(?:;[0-9]+)?~")
_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_PASTED_GAPS = frozenset("\r\n\t")

_CONTROLS = {
    "\r": Key.ENTER, "\n": Key.ENTER, "\0": Key.INTERRUPT, "\x03": Key.INTERRUPT,
    "\x01": Key.START, "\x02": Key.LEFT, "\x04": Key.DELETE_OR_LEAVE, "\x05": Key.END, "\x06": Key.RIGHT,
    "\b": Key.BACKSPACE, "\x7f": Key.BACKSPACE, "\t": Key.COMPLETE, "\x0b": Key.CUT_ALL_AHEAD,
    "\x0c": Key.CLEAR_SCREEN, "\x0e": Key.NEWER, "\x10": Key.OLDER, "\x15": Key.CUT_ALL_BEFORE,
    "\x17": Key.CUT_WORD, "\x19": Key.PUT_BACK, "?": Key.HELP,
}  # fmt: skip
_WITH_ALT = {
    "\x1bb": Key.WORD_LEFT, "\x1bf": Key.WORD_RIGHT, "\x1bd": Key.CUT_WORD_AHEAD,
    "\x1b\b": Key.CUT_WORD, "\x1b\x7f": Key.CUT_WORD,
}  # fmt: skip
_MOVES = {
    "A": Key.OLDER, "B": Key.NEWER, "C": Key.RIGHT, "D": Key.LEFT, "F": Key.END, "H": Key.START,
}  # fmt: skip
_BY_WORDS = {Key.LEFT: Key.WORD_LEFT, Key.RIGHT: Key.WORD_RIGHT}
_TILDES = {"1": Key.START, "7": Key.START, "4": Key.END, "8": Key.END, "3": Key.DELETE}
_ALT_OR_CONTROL = 0b110  # in the number of a modifier, less one


class Keyboard:
    """The terminal's side of a line: bytes in, in pieces of any size; letters and keys out."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._before = ""
        self._sequence = ""
        self._string_left = 0  # letters that may still be the terminal's string
        self._is_pasting = False

    def take(self, data: bytes) -> Iterator[Pressed]:
        """What these bytes are; what is begun and not ended waits for the next ones."""
        text, at = self._decoder.decode(data), 0
        while at < len(text):
            is_free = not self._sequence and not self._string_left
            if is_free and (run := _LETTERS.match(text, at)):
                self._before, at = text[run.end() - 1], run.end()
                yield from _printable(run[0])
            else:
                yield from self._one(text[at])
                at += 1

    def _one(self, char: str) -> Iterator[Pressed]:
        before, self._before = self._before, char
        if before == "\r" and char in "\n\0":
            return  # of the same Enter
        if char < " " or self._sequence + char == "\x1b\x7f":
            yield from self._control(char)
        elif self._string_left:
            self._string_left -= 1
        elif self._sequence:
            yield from self._go_on(char)
        else:
            yield self._meant(char)

    def _control(self, char: str) -> Iterator[Pressed]:
        """A control character: it ends whatever was begun."""
        sequence, self._sequence = self._sequence, ""
        self._string_left = 0
        if key := _WITH_ALT.get(sequence + char):
            yield Key.STRAY if self._is_pasting else key
            return
        if sequence:
            yield Key.STRAY
        if char == _ESCAPE:
            self._sequence = char
        else:
            yield self._meant(char)

    def _meant(self, char: str) -> Pressed:
        """A character that is no plain letter, outside of any sequence."""
        if not self._is_pasting:
            return _CONTROLS.get(char, Key.STRAY)
        if char == "\x03":  # the end of a paste may be lost, and there must be a way out
            self._is_pasting = False
            return Key.INTERRUPT
        return "?" if char == "?" else Key.PASTED_GAP if char in _PASTED_GAPS else Key.STRAY

    def _go_on(self, char: str) -> Iterator[Pressed]:
        sequence, self._sequence = self._sequence + char, ""
        if _STRING.fullmatch(sequence):
            self._string_left = LONGEST_STRING
            yield Key.STRAY
        elif _UNFINISHED.fullmatch(sequence) and len(sequence) < LONGEST_SEQUENCE:
            self._sequence = sequence
        elif not " " <= char <= "~":  # no part of any sequence: noise, or a letter
            yield Key.STRAY
            yield from _printable(char) if _LETTERS.match(char) else (self._meant(char),)
        elif sequence in (_PASTE_BEGINS, _PASTE_ENDS):
            self._is_pasting = sequence == _PASTE_BEGINS
        elif not _REPLY.fullmatch(sequence):
            yield Key.STRAY if self._is_pasting else _key(sequence)


def _printable(letters: str) -> Iterator[Pressed]:
    """Letters without those that only change how others look or where they stand."""
    if letters.isprintable():
        yield letters
        return
    for letter in letters:
        yield letter if letter.isprintable() else Key.STRAY


def _key(sequence: str) -> Key:
    if found := _MOVE.fullmatch(sequence):
        modifier, end = found.groups()
        key = _MOVES[end]
        is_by_word = modifier and (int(modifier) - 1) & _ALT_OR_CONTROL
        return _BY_WORDS.get(key, key) if is_by_word else key
    if found := _TILDE.fullmatch(sequence):
        return _TILDES.get(found[1], Key.STRAY)
    return _WITH_ALT.get(sequence, Key.STRAY)
