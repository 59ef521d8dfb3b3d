"""Where a page lies on the sheet of paper. No I/O.

A page keeps its shape, is never made larger, and never reaches into the edges that the printer leaves white. One
that lies across is turned.
"""

import msgspec

from agent.drivers.printing.raster.page.refusals import Refusal, Refused
from agent.drivers.printing.raster.page.request import POINTS, Sheet

SMALLEST, LARGEST = 1.0, 14_400.0  # points; the PDF standard's own limits (ISO 32000, annex C) are 3 and 14,400


class Place(msgspec.Struct, frozen=True):
    """A page on the sheet, in pixels. `quarter_turns` are clockwise, and come first."""

    left: int
    top: int
    width: int
    height: int
    quarter_turns: int


def place(width: float, height: float, sheet: Sheet) -> Place:
    """The middle of the printable part, for a page of this size in points. Raises `Refused` if none fits."""
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):  # which is false for NaN as well
        raise Refused(Refusal.PAGE_SIZE)
    is_across = width != height and (width > height) != (sheet.width > sheet.height)
    if is_across:
        width, height = height, width
    left, right = sheet.pixels(sheet.left), sheet.columns - sheet.pixels(sheet.right)
    top, bottom = sheet.pixels(sheet.top), sheet.rows - sheet.pixels(sheet.bottom)
    dots = sheet.dpi / POINTS
    scale = min(dots, (right - left) / width, (bottom - top) / height)
    columns, rows = max(1, int(width * scale)), max(1, int(height * scale))
    middle = (left + (right - left - columns) // 2, top + (bottom - top - rows) // 2)
    return Place(*middle, columns, rows, quarter_turns=1 if is_across else 0)
