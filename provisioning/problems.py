"""What is wrong with a provisioning file, for a tired installer: where, what, and what to write instead.

No text in here may hold a secret: a problem is printed, logged and shown on the page.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from enum import StrEnum

import msgspec

QUOTED_CHARACTERS = 60  # characters; what is longer is described, not repeated
SHOWN = 100  # problems; nobody reads on, and a broken file can have 40,000
LIKE = 0.6  # difflib's ratio from which two names pass for the same one mistyped


class Level(StrEnum):
    """An error stops the file from being used, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True):
    """`path` is a place like `coder_bridge.encoders[1].identifier`, or `line 3, column 7`.

    `wrong` goes on from the path ("is missing"), `write` is a sentence of its own without a full stop.
    """

    path: str
    wrong: str
    write: str
    level: Level = Level.ERROR

    @property
    def line(self) -> str:
        """The problem on one line, as it is printed."""
        return f"{self.level:<7}  {self.path}: {self.wrong}. {self.write}"


class Wrong(Exception):
    """A rule's refusal of one value; whoever asked the rule knows the path and makes a `Problem` of it."""

    def __init__(self, wrong: str, write: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.write = write


def render(problems: Sequence[Problem]) -> str:
    """One line for each problem, errors first, then in the order of reading; at most a hundred."""
    lines = [problem.line for problem in sorted(problems, key=lambda problem: problem.level)]
    more = [f"... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join(lines[:SHOWN] + more)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was probably meant to be; letter case does not count."""
    by_folded = {each.casefold(): each for each in known}
    found = get_close_matches(name.casefold()[:QUOTED_CHARACTERS], by_folded, n=1, cutoff=LIKE)
    return by_folded[found[0]] if found else None


def quoted(text: str) -> str:
    """`text` in quotes, or its length in words where it is too long to be repeated."""
    return f'"{text}"' if len(text) <= QUOTED_CHARACTERS else f"a text of {len(text)} characters"


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
