"""Text fit for a terminal of which nothing is known: ASCII, at most `COLUMNS` wide. Pure.

The one way out: whatever comes in, no control character leaves, so nobody's text can steer the terminal.
"""

import re
from collections.abc import Iterator

COLUMNS = 79  # of 80: some terminals break the line behind the last one by themselves
MOST_LINES = 400  # a status with everything in it has under 200
_FAR = 40  # columns; a gap beyond is none of a table's
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_START = re.compile(r"\d\d:\d\d:\d\d | *")
# What Unicode's own decomposition leaves over or makes worse.
_PAIRS = "ä:ae ö:oe ü:ue Ä:Ae Ö:Oe Ü:Ue ß:ss æ:ae ø:oe –:- —:- ·:- →:-> ’:' ‘:' “:\" ”:\" ✓:+ €:EUR"
_SPELLED = str.maketrans(dict(pair.split(":") for pair in _PAIRS.split()))
_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))


def shown(text: str) -> str:
    """`text` as it may be printed: each line in ASCII and folded below its own beginning, each with its end."""
    lines = [piece for line in text.split("\n") for piece in _folded(_ascii(line).rstrip())]
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = ["(and so on)"]
    return "".join(f"{line}\n" for line in lines)


def _ascii(text: str) -> str:
    text = text.expandtabs(4).translate(_SPELLED)
    if not text.isascii():
        from unicodedata import normalize  # for a guest of the alphabet; most boxes never need its tables

        text = "".join(letter for letter in normalize("NFKD", text) if letter not in _ACCENTS)
    return re.sub(r"[^\x20-\x7e]", "?", text)


def _folded(line: str) -> Iterator[str]:
    margin = " " * _margin(line)
    while len(line) > COLUMNS:
        cut = line.rfind(" ", len(margin) + 1, COLUMNS + 1)
        if cut < 0:
            cut = COLUMNS
        yield line[:cut].rstrip()
        line = margin + line[cut:].lstrip()
    yield line


def _margin(line: str) -> int:
    """How far the rest of a line is put in: below the last column of a table, or behind a time or a margin."""
    gaps = [gap.end() for gap in _GAP.finditer(line) if gap.end() <= _FAR]
    start = _START.match(line)
    return gaps[-1] if gaps else min(start.end() if start else 0, _FAR)
