"""Printers that tell of themselves in the box's networks, and lines for the provisioning file.

Changes nothing, here or there. Nothing that is found is used: a person reads it, and writes the file.
"""

from collections.abc import Sequence
from typing import Protocol

from agent.control.errands.errand import Tell
from agent.control.words.told import End, Line, Result, Table
from agent.drivers.printing.nearby import found
from agent.drivers.printing.nearby.found import Look, NearPrinter
from agent.foundation.reading.text import duration
from provisioning.model import Printer

COLUMNS = ("PRINTER", "MODEL", "PDF", "ADDRESS", "IN THE FILE")
MOST_SHOWN = 100  # printers


class Surroundings(Protocol):
    """What a search needs of a hotel, which may have no file yet."""

    @property
    def file_printers(self) -> Sequence[Printer]:
        """What the file lists under [[printers]]."""
        ...

    async def look_around(self) -> Look:
        """The printers that tell of themselves in the box's own networks. Takes some seconds."""
        ...


class PrinterSearchErrand:
    """One search."""

    def __init__(self, hotel: Surroundings, tell: Tell) -> None:
        self._hotel, self._tell = hotel, tell

    async def run(self) -> Result:
        """Ask, wait for answers, and show them."""
        self._tell(Line("Asks the network for printers, for some seconds."))
        look = await self._hotel.look_around()
        printers = found.printers(look.services)[:MOST_SHOWN]
        if not printers:
            return Result(End.FAILED, nothing(look))
        file = self._hotel.file_printers
        known = [found.name_in_file(printer, file) for printer in printers]
        self._tell(Table(COLUMNS, tuple(_row(*each) for each in zip(printers, known, strict=True))))
        new = [printer for printer, name in zip(printers, known, strict=True) if not name]
        self._propose(new)
        rest = f", {len(printers) - len(new)} of them in the file already" if len(new) < len(printers) else ""
        return Result(End.DONE, f"{_counted(len(printers))}{rest}.")

    def left_behind(self) -> Result:
        """Nothing: it only asked."""
        return Result(End.FAILED, "The search was broken off; it has changed nothing.")

    def _propose(self, printers: list[NearPrinter]) -> None:
        if not printers:
            return
        self._tell(Line("Lines for the provisioning file; name has to be what Mews calls the printer:"))
        names = found.names_for(printers, [each.name for each in self._hotel.file_printers])
        for printer, name in zip(printers, names, strict=True):
            for line in ("", *found.lines_for_file(printer, name)):
                self._tell(Line(line))


def nothing(look: Look) -> str:
    """What was done in vain, and what can be done now."""
    by_hand = 'write its address from its own panel: uri = "ipp://ADDRESS/ipp/print".'
    if not look.at:
        return f"The box has no network to ask in: connect it, or {by_hand}"
    types = " and ".join(found.TYPES)
    return (
        f"No printer told of itself: {types} were asked for by {look.by} at {', '.join(look.at)} for "
        f"{duration(look.seconds)}. Is the printer on, in the same network, and AirPrint or Bonjour on in its "
        f"settings? Else {by_hand}"
    )


def _row(printer: NearPrinter, name: str) -> tuple[str, ...]:
    return printer.name, printer.model, printer.has_pdf, found.uri_of(printer.main) or "none", name


def _counted(number: int) -> str:
    return "1 printer" if number == 1 else f"{number} printers"
