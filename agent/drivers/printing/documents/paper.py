"""The sheet of paper that a printer has loaded, by the name that IPP has for its size. No I/O.

Names: PWG 5101.1, section 5 (`iso_a4_210x297mm`, `na_letter_8.5x11in`): the size stands at their end.
"""

import re

from agent.drivers.printing.ipp.answers import PrinterFacts
from agent.drivers.printing.raster.page.request import HUNDREDTHS_OF_INCH, Sheet

_SIZE = re.compile(r"_(\d{1,4}(?:\.\d{1,4})?)x(\d{1,4}(?:\.\d{1,4})?)(mm|in)\Z")
_UNITS = {"mm": 100.0, "in": float(HUNDREDTHS_OF_INCH)}  # hundredths of a millimetre
_SMALLEST, _LARGEST = 5_000, 130_000  # hundredths of a millimetre: a card, and a poster


def sheet(printer: PrinterFacts, dpi: int) -> Sheet:
    """The default size of the printer, else the first that is loaded, else A4."""
    for name in (printer.media, *printer.media_ready):
        found = _SIZE.search(name)
        if found is None:
            continue
        width, height = (round(float(found[at]) * _UNITS[found[3]]) for at in (1, 2))
        if _SMALLEST <= width <= _LARGEST and _SMALLEST <= height <= _LARGEST:
            return Sheet(width=width, height=height, dpi=dpi, name=name)
    return Sheet(dpi=dpi)
