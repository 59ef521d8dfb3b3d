"""A row of the bench's table, and how it is printed. Must never round a miss into a hit."""

import sys

import msgspec

_WIDTHS = (62, 18, 26)


class Row(msgspec.Struct, frozen=True):
    """One figure: what was measured against which goal, in words, and whether it was met."""

    figure: str
    goal: str
    measured: str
    is_met: bool

    @property
    def verdict(self) -> str:
        """The word in the last column."""
        return "met" if self.is_met else "MISSED"


def at_most(figure: str, value: float, limit: float, unit: str = "", *, note: str = "") -> Row:
    """A row whose value may not be above its limit."""
    return Row(figure, f"<= {limit:g}{unit}", f"{value:.4g}{unit}{note}", value <= limit)


def at_least(figure: str, value: float, limit: float, unit: str = "", *, note: str = "") -> Row:
    """A row whose value may not be below its limit."""
    return Row(figure, f">= {limit:g}{unit}", f"{value:.4g}{unit}{note}", value >= limit)


def write_head() -> None:
    """Print the table's head."""
    _write("figure", "goal", "measured", "verdict")
    _write(*("-" * width for width in _WIDTHS), "-------")


def write_row(row: Row) -> None:
    """Print one row as soon as it is known."""
    _write(row.figure, row.goal, row.measured, row.verdict)


def say(text: str) -> None:
    """Print a remark beside the table."""
    sys.stderr.write(f"bench: {text}\n")
    sys.stderr.flush()


def _write(*cells: str) -> None:
    padded = [cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=False)]
    sys.stdout.write("| " + " | ".join([*padded, cells[-1]]) + " |\n")
    sys.stdout.flush()
