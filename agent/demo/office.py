"""The demo's printer, and what the reception has printed there: a registration card with a room and no guest."""

from base64 import b64encode

import trio

from agent.drivers.printing.raster.page import small_pdf
from agent.simulators.base.control import CONTROL
from agent.simulators.base.server import serve
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches

PRINTER = "Reception"
_A4 = (595, 842)  # points
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_LINES = ("Name", "Address", "Date of birth", "Arrival", "Departure", "Signature")


class Office:
    """`printer` is there before it is served, to be made worse; `url` is its own, `uri` the file's address."""

    def __init__(self) -> None:
        self.printer = PrinterSimulator(PrinterSwitches(name=PRINTER))
        self.url = self.uri = ""

    async def serve(self, nursery: trio.Nursery) -> None:
        """Serve it on a port of the loopback."""
        port = await nursery.start(serve, self.printer)
        self.url, self.uri = f"http://127.0.0.1:{port}", f"ipp://127.0.0.1:{port}/ipp/print"

    @property
    def printed(self) -> int:
        """How many papers have come out whole."""
        return sum(self.printer.tray.counts.values())

    def picture(self, job_name: str) -> str:
        """Where the first page of a document can be seen that came out; "" where none did."""
        prints = self.printer.tray.named(job_name)
        return f"{self.url}{CONTROL}/pages/{prints[-1].number}-1.png" if prints else ""


def registration_card(room: str) -> str:
    """One page for a guest to fill in, as a Base64 PDF."""
    ruled = "".join(f"50 {640 - 70 * row} m 545 {640 - 70 * row} l S\n" for row in range(len(_LINES)))
    texts = "".join(_text(50, 625 - 70 * row, 10, words) for row, words in enumerate(_LINES))
    head = _text(50, 760, 26, "Registration card") + _text(50, 725, 14, f"Room {room}")
    content = (head + texts + ruled).encode("ascii")
    return b64encode(small_pdf.document([content], *_A4, b"/Font<</F 3 0 R>>", [_FONT])).decode()


def _text(x: int, y: int, size: int, words: str) -> str:
    return f"BT /F {size} Tf {x} {y} Td ({words}) Tj ET\n"
