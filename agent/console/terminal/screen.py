"""Text fit for a terminal of which nothing is known but perhaps its width: ASCII. Pure.

The one way out: whatever comes in, no control character leaves, so no text can steer the terminal.
"""

import re
from collections.abc import Iterator

COLUMNS = 79  # of 80: some terminals break the line behind the last one by themselves
LEAST_COLUMNS = 40  # a narrower terminal breaks the lines itself
MOST_LINES = 400  # a status with everything in it has under 200
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_START = re.compile(r"\d\d:\d\d:\d\d (UTC )?| *")
# What Unicode's own decomposition leaves over or makes worse.
_PAIRS = "ä:ae ö:oe ü:ue Ä:Ae Ö:Oe Ü:Ue ß:ss æ:ae ø:oe –:- —:- ·:- →:-> ’:' ‘:' “:\" ”:\" ✓:+ €:EUR"
_SPELLED = str.maketrans(dict(pair.split(":") for pair in _PAIRS.split()))
_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))


def fitting(terminal: int) -> int:
    """How long lines may be on a terminal that says it has so many columns; 0: it does not say."""
    return max(LEAST_COLUMNS, terminal - 1) if terminal else COLUMNS


def shown(text: str, columns: int = COLUMNS) -> str:
    """`text` as it may be printed: each line in ASCII and folded below its own beginning, each with its end."""
    lines = [piece for line in text.split("\n") for piece in _folded(spelled(line).rstrip(), columns)]
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = ["(and so on)"]
    return "".join(f"{line}\n" for line in lines)


def spelled(text: str) -> str:
    """One line in printable ASCII: letters as they are spelled without marks, `?` for any other."""
    text = text.expandtabs(4).translate(_SPELLED)
    if not text.isascii():
        from unicodedata import normalize  # for a guest of the alphabet; most boxes never need its tables

        text = "".join(letter for letter in normalize("NFKD", text) if letter not in _ACCENTS)
    return re.sub(r"[^\x20-\x7e]", "?", text)


def _folded(line: str, columns: int) -> Iterator[str]:
    margin = " " * _margin(line, columns // 2)
    while len(line) > columns:
        cut = line.rfind(" ", len(margin) + 1, columns + 1)
        if cut < 0:
            cut = columns
        yield line[:cut].rstrip()
        line = margin + line[cut:].lstrip()
    yield line


def _margin(line: str, far: int) -> int:
    """How far the rest of a line is put in: below the last column of a table, or behind a time or a margin.

    A gap beyond `far` is none of a table's.
    """
    gaps = [gap.end() for gap in _GAP.finditer(line) if gap.end() <= far]
    start = _START.match(line)
    return gaps[-1] if gaps else min(start.end() if start else 0, far)
