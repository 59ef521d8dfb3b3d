"""What is wrong with a provisioning file, for a tired installer: where, what, and what to write instead.

No text in here may hold a secret: a problem is printed, logged and shown on the page.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate

import msgspec

QUOTED_CHARACTERS = 60  # characters; what is longer is described, not repeated
SHOWN = 100  # problems; people do not read on, and a broken file can have 40,000
_MORE_CHARACTERS = 20  # characters for "... and 40,000 more"


class Level(StrEnum):
    """An error stops the file from being used, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True):
    """`path` is a place as people count, like `coder_bridge.encoders, the 2nd ("Bar"), identifier`, or `column 7`.

    `wrong` goes on from the path ("is missing"), `write` is a sentence of its own without a full stop.
    `line_number` is None for the file as a whole; `file` names the site profile where that is what is wrong.
    """

    path: str
    wrong: str
    write: str
    level: Level = Level.ERROR
    line_number: int | None = None
    file: str = ""

    @property
    def line(self) -> str:
        """The problem on one line, as it is printed."""
        where = (self.file, f"line {self.line_number}" if self.line_number else "", self.path)
        return f"{self.level:<7}  {', '.join(filter(None, where))}: {self.wrong}. {self.write}"


class Wrong(Exception):
    """A rule's refusal of one value; the caller knows the path and makes a `Problem` of it."""

    def __init__(self, wrong: str, write: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.write = write

    @property
    def proposal(self) -> str | None:
        """The value that `write` quotes, None where it quotes none."""
        quotes = re.match(r'(?:Write(?: something like| it like)?|Did you mean) "([^"]*)"', self.write)
        return quotes[1] if quotes else None


def render(problems: Sequence[Problem], room: int | None = None) -> str:
    """One line for each problem, errors first, from the top of each file to its end; at most a hundred, and whole
    ones, as many as fit into `room` characters."""
    lines = [problem.line for problem in sorted(problems, key=_rank)]
    lengths = accumulate(len(line) + 1 for line in lines[:SHOWN])
    shown = sum(room is None or length + _MORE_CHARACTERS <= room for length in lengths)
    more = [f"... and {len(lines) - shown} more"] if len(lines) > shown else []
    return "\n".join(lines[:shown] + more)


def _rank(problem: Problem) -> tuple[Level, str, int]:
    return problem.level, problem.file, problem.line_number or 0


def quoted(text: str) -> str:
    """`text` in quotes, or its length in words where it is too long to be repeated."""
    return f'"{text}"' if len(text) <= QUOTED_CHARACTERS else f"a text of {len(text)} characters"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def kind(value: object) -> str:
    """The TOML kind of a value in plain words, with its article."""
    if isinstance(value, bool):
        return "true or false"
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (str, "text"),
        ((int, float), "a number"),
        (list, "a list"),
        (dict, "a section"),
    )
    return next((words for of, words in kinds if isinstance(value, of)), "a date or time")
