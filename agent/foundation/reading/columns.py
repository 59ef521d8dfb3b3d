"""How wide text is on a terminal, and a table of texts that fits one. No I/O."""

from collections.abc import Sequence
from itertools import accumulate, takewhile
from unicodedata import category, east_asian_width

_NARROWEST = 4  # columns that a cell keeps
_BETWEEN = "  "


def columns_of(text: str) -> int:
    """The columns that a text takes."""
    return len(text) if text.isascii() else sum(_of_character(character) for character in text)


def cut(text: str, columns: int) -> str:
    """The text, or its beginning with an ellipsis, in at most `columns`."""
    if columns_of(text) <= columns:
        return text
    kept = takewhile(lambda so_far: so_far < columns, accumulate(map(_of_character, text)))
    return text[: len(list(kept))] + "…"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], columns: int) -> list[str]:
    """Lines of at most `columns`, the first one with the names of the table's columns; the widest give way."""
    widths = [max(columns_of(row[at]) for row in (head, *rows)) for at in range(len(head))]
    most = columns - len(_BETWEEN) * (len(head) - 1)
    while sum(widths) > most and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return [_line(row, widths) for row in (head, *rows)]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (_filled(text, size) for text, size in zip(row, widths, strict=True))
    return _BETWEEN.join(cells).rstrip()


def _filled(text: str, columns: int) -> str:
    text = cut(text, columns)
    return text + " " * (columns - columns_of(text))


def _of_character(character: str) -> int:
    # Combining marks take no column, the wide letters of East Asia two (Unicode Standard Annex 11).
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1
