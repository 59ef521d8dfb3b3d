r"""What a terminal at the serial line shows, row by row: `\r`, `\b`, letters that take the place of others. Pure.

What the kernel says in the middle of it is left out: the console neither hears of it nor draws itself again.
"""

import re
from collections.abc import Sequence

from agent.console.session import PROMPT

ESCAPES = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[ -/]*[0-Zc-z=>])"
_ESCAPES = re.compile(ESCAPES)
_KERNEL = re.compile(r"\[ *\d+\.\d{6}\][^\n]*\n?")
_WAITS = PROMPT.rstrip()
_OPEN = (">", "(yes/no)")  # how a row ends in which an answer is typed


def rows(raw: bytes) -> list[str]:
    """The rows, the one with the cursor last; each without blanks at its end."""
    text = _KERNEL.sub("", _ESCAPES.sub("", raw.decode(errors="replace")))
    return [_row(line) for line in text.split("\n")]


def told(shown: Sequence[str]) -> str:
    """The rows as one text: the console folds a sentence where the screen ends."""
    return " ".join(" ".join(shown).split())


def asks(shown: Sequence[str], question: str) -> bool:
    """Whether the console waits for the answer to this: in the open row, or above one that asks for it."""
    if question in shown[-1]:
        return True
    return question in told(shown) and shown[-1].endswith(_OPEN) and shown[-1] != _WAITS


def is_ready(shown: Sequence[str]) -> bool:
    """Whether the console waits for a verb."""
    return shown[-1] == _WAITS


def is_answered(shown: Sequence[str], verb: str) -> bool:
    """Whether the line was entered, and the console waits for the next one."""
    return is_ready(shown) and any(row.removeprefix(_WAITS).strip() == verb for row in shown[:-1])


def _row(line: str) -> str:
    cells: list[str] = []
    column = 0
    for letter in line:
        if letter == "\r":
            column = 0
        elif letter == "\b":
            column = max(0, column - 1)
        elif letter.isprintable():
            cells[column : column + 1] = letter
            column += 1
    return "".join(cells).rstrip()
