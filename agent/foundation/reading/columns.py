"""How wide text is on a terminal, and a table of texts that fits one. No I/O."""

from collections.abc import Iterator, Sequence
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
    return _beginning(text, columns - 1) + "…"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], columns: int) -> list[str]:
    """Lines of at most `columns`, the first one with the names of the table's columns; the widest give way.

    The last column, which has the sentences, goes on in further lines; the others are cut.
    """
    widths = [max(columns_of(row[at]) for row in (head, *rows)) for at in range(len(head))]
    most = columns - len(_BETWEEN) * (len(head) - 1)
    while sum(widths) > most and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return [line for row in (head, *rows) for line in _lines(row, widths)]


def _lines(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    *first, last = row
    for piece in wrapped(last, widths[-1]):
        cells = (_filled(text, size) for text, size in zip((*first, piece), widths, strict=True))
        yield _BETWEEN.join(cells).rstrip()
        first = [""] * len(first)


def wrapped(text: str, columns: int) -> list[str]:
    """The text in pieces of at most so many columns, parted between words where there is a word to part at; at
    least one piece."""
    pieces = [""]
    for word in text.split(" "):
        longer = f"{pieces[-1]} {word}" if pieces[-1] else word
        if columns_of(longer) <= columns:
            pieces[-1] = longer
            continue
        while columns_of(word) > columns:  # no line has room for it: one a letter too wide gets it alone
            begun = max(1, len(_beginning(word, columns)))
            pieces, word = [*pieces, word[:begun]], word[begun:]
        pieces.append(word)
    return [piece for piece in pieces if piece] or [""]


def _beginning(text: str, columns: int) -> str:
    kept = takewhile(lambda so_far: so_far <= columns, accumulate(map(_of_character, text)))
    return text[: len(list(kept))]


def _filled(text: str, columns: int) -> str:
    text = cut(text, columns)
    return text + " " * (columns - columns_of(text))


def _of_character(character: str) -> int:
    # Combining marks take no column, the wide letters of East Asia two (Unicode Standard Annex 11).
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1
