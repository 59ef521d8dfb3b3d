"""What can be tested of a printer behind its connection: how it says that it is, and whether it takes bills.

Prints nothing, and makes no job.
"""

from collections.abc import Awaitable, Callable, Sequence

from agent.commands.driver import PdfGoes, PrinterNow
from agent.commands.probe import Finding, Mark, Step
from agent.drivers.printing.faults import kind_of
from agent.foundation.errors import CallFailed
from agent.foundation.reading.text import opened
from agent.health import print_kinds

_FORMATS = {
    PdfGoes.AS_IT_IS: Finding(Mark.GOOD, "It takes PDF as it is."),
    PdfGoes.DRAWN: Finding(Mark.GOOD, "It takes no PDF, so the box draws each page for it."),
    PdfGoes.UNTOLD: Finding(Mark.OPEN, "It does not say what it takes."),
}


class PrinterSteps:
    """The steps of one test; `ask` asks the printer how it is."""

    def __init__(self, ask: Callable[[], Awaitable[PrinterNow]]) -> None:
        self._ask_how_it_is = ask
        self._now = PrinterNow("")

    def steps(self) -> Sequence[Step]:
        """Asked how it is, then what it takes."""
        return [Step("printer", self._ask), Step("formats", self._compare)]

    async def _ask(self) -> Finding:
        try:
            self._now = await self._ask_how_it_is()
        except CallFailed as error:
            return Finding(Mark.BAD, opened(error.reason), kind_of(error).code)
        return standing(self._now)

    async def _compare(self) -> Finding:
        return formats(self._now)


def standing(now: PrinterNow) -> Finding:
    """What its state means for a document that comes now."""
    said = f"{now.model or 'It'} says: {now.state}."
    if not now.is_ready:
        return Finding(Mark.BAD, said, print_kinds.STOPPED.code)
    return Finding(Mark.DOUBT, said, print_kinds.SOON.code) if now.has_soon else Finding(Mark.GOOD, said)


def formats(now: PrinterNow) -> Finding:
    """How a PDF gets there."""
    listed = ", ".join(now.formats)
    if now.pdf is PdfGoes.NOT:
        has = f"it lists {listed}" if listed else "it lists nothing at all"
        return Finding(Mark.BAD, f"It takes neither PDF nor a raster that the box makes: {has}.")
    return _FORMATS[now.pdf]


def raw_steps(name: str) -> Sequence[Step]:
    """The one step at a printer that takes bytes alone: it says so."""

    async def say() -> Finding:
        how = f'nightporter print test "{name}"'
        return Finding(Mark.OPEN, f"It takes bytes and says nothing, so more cannot be told; a page tells: {how}.")

    return [Step("printer", say)]
