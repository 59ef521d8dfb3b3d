"""Gray as black dots: ordered dither, eight by eight, so that pictures stay recognisable. No I/O.

Pure black and pure white stay what they are: text that was drawn without smoothing keeps its edges.
Each of the eight columns of the pattern is one table over every eighth pixel, because a loop over pixels takes
Python 30 times as long.
"""

from collections.abc import Iterable, Iterator

WHITE = 255


def black(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of gray (0 black, 255 white) as `black_1`: eight pixels a byte, the first the highest bit, 1 black."""
    for row, line in enumerate(lines):
        yield _dots(line, row)


def _dots(line: bytes, row: int) -> bytes:
    length = -(-len(line) // 8)
    line = line.ljust(length * 8, bytes((WHITE,)))
    dots = 0
    for column, table in enumerate(_TABLES[row % 8]):
        dots |= int.from_bytes(line[column::8].translate(table), "big")
    return dots.to_bytes(length, "big")


def _bayer(row: int, column: int) -> int:
    """The place of a pixel in the order in which a square of 8 by 8 turns black, 0 to 63."""
    order = 0
    for bit in range(3):
        across, down = column >> bit & 1, row >> bit & 1
        order = order << 2 | (across ^ down) << 1 | down
    return order


def _table(row: int, column: int) -> bytes:
    threshold = 1 + (_bayer(row, column) * 254 + 31) // 63  # 1 to 255: 0 is always below, 255 never
    return bytes(0x80 >> column if value < threshold else 0 for value in range(256))


_TABLES = [[_table(row, column) for column in range(8)] for row in range(8)]
