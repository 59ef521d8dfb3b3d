"""The line that is being typed on a serial line: echo, backspace, Ctrl-U and Ctrl-W, and no more. Pure.

The kernel's own line editing keeps what is typed to itself until Enter: no event could put it back on the screen.
"""

ENTER = "\r\n"
LONGEST = 200  # characters of a line; no question has more than 20
_ESCAPE, _BELL = "\x1b", "\x07"
_ERASED = "\b \b"
# What follows ESC: a sequence of parameters, a key of the keypad, a text up to BEL or ESC \ (ECMA-48, section 5).
_BEGINNINGS = {"[": "[", "O": "O", "]": "]", "P": "]", "X": "]", "^": "]", "_": "]"}


class TypedLine:
    """`text` is what the line shows, plain ASCII."""

    def __init__(self) -> None:
        self.text = ""
        self._sequence = ""

    def take(self, key: str) -> str:
        """Take one character, Enter aside; gives what makes the terminal show it.

        What a terminal sends by itself, or for a key that means nothing here, changes nothing.
        """
        if self._sequence or key == _ESCAPE:
            self._sequence = _after(self._sequence, key)
            return ""
        match key:
            case "\x7f" | "\b":
                return self._cut(1)
            case "\x15":  # Ctrl-U
                return self._cut(len(self.text))
            case "\x17":  # Ctrl-W
                return self._cut(len(self.text) - (self.text.rstrip().rfind(" ") + 1))
        return self._put(" " if key == "\t" else key)

    def end(self) -> str:
        """The whole line, at Enter or Ctrl-C; the next one begins."""
        text, self.text, self._sequence = self.text, "", ""
        return text

    def _put(self, key: str) -> str:
        if not " " <= key <= "~" or len(self.text) == LONGEST:
            return ""
        self.text += key
        return key

    def _cut(self, count: int) -> str:
        count = min(count, len(self.text))
        self.text = self.text[: len(self.text) - count]
        return _ERASED * count


def _after(sequence: str, key: str) -> str:
    """Where an escape sequence is after one more character: empty at its end."""
    match sequence:
        case "":
            return _ESCAPE
        case "\x1b":
            return _BEGINNINGS.get(key, "")
        case "[":
            return "" if "@" <= key <= "~" else "["
        case "]":
            return {_BELL: "", _ESCAPE: _ESCAPE}.get(key, "]")
    return ""
