"""The simulated printer, whole: IPP, and its control side under `/_sim`. Its port 9100 is in `raw.py`."""

from agent.simulators.base.control import Asked, Route
from agent.simulators.printer import control
from agent.simulators.printer.operations import PrinterOperations


class PrinterSimulator(PrinterOperations):
    """What `nightporter simulate` serves, and tests talk to."""

    def _routes(self) -> list[Route]:
        return [
            Route("GET", "/", "this list, or a page", self._front),
            *super()._routes()[1:],
            *control.routes(self),
        ]

    def _front(self, asked: Asked) -> object:
        return control.shown_page(self) if asked.is_by_browser else self._documentation()
