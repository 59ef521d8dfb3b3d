"""What Tab may choose from: what is certain, and the list to look at. Pure. Case does not count."""

from collections.abc import Sequence
from itertools import takewhile

from agent.console.terminal.screen import spelled

MOST_LISTED = 100  # a hotel has hundreds of rooms, a screen has 24 rows
_GAP = 2  # blanks between two columns


def fitting(candidates: Sequence[str], begun: str) -> list[str]:
    """The candidates that begin so."""
    return [each for each in candidates if each.lower().startswith(begun.lower())]


def common(candidates: Sequence[str], begun: str) -> str:
    """The letters that follow `begun` in every candidate that begins so; empty without any."""
    found = fitting(candidates, begun)
    shared = takewhile(lambda letters: len(set("".join(letters).lower())) == 1, zip(*found, strict=False))
    return "".join(letters[0] for letters in shared)[len(begun) :]


def listing(candidates: Sequence[str], columns: int) -> str:
    """The candidates in columns, read downwards, each row with its end."""
    names = [spelled(each) for each in candidates[:MOST_LISTED]]
    width = max(map(len, names), default=0) + _GAP
    beside = max(1, (columns + _GAP) // width)
    rows = -(-len(names) // beside)
    text = "".join(f"{_row(names[row::rows], width)}\n" for row in range(rows))
    more = len(candidates) - len(names)
    return f"{text}(and {more} more)\n" if more else text


def _row(names: Sequence[str], width: int) -> str:
    return "".join(name.ljust(width) for name in names).rstrip()
