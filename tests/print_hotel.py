"""A whole hotel with printers: one that speaks IPP and one on port 9100, the same simulated machine behind both.

Drawing is done by a stand-in, for the real one is a process, which virtual time cannot see; `draws` takes another.
"""

from base64 import b64encode
from pathlib import Path
from typing import Any

import msgspec
import trio
from trio.testing import memory_stream_pair

from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.printing.rasters import Rasters
from agent.foundation.errors import NotSent
from agent.hotel.drivers import Means, Opened
from agent.simulators.mews.commands import Command
from agent.simulators.printer.raw import converse_raw
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches
from provisioning.model import Provisioning
from tests.drivers.printing.bench import Drawn
from tests.faults.desk import ended
from tests.in_process import SimulatorTransport
from tests.whole_hotel import Hotel

OFFICE, LABELS = "Office", "Labels"
HOP = f"printer:{OFFICE}"
PRINTERS = """
[[printers]]
name = "{office}"
uri = "ipp://{ipp}/ipp/print"
[[printers]]
name = "{labels}"
uri = "socket://{raw}"
[limits]
{limits}
"""
IPP, RAW = "10.4.5.30", "10.4.5.30:9100"


def printers_text(ipp: str = IPP, raw: str = RAW, **limits: int) -> str:
    """What a provisioning file has of the printers: what `more` takes in `provisioning_text`."""
    lines = "\n".join(f"{name} = {value}" for name, value in limits.items())
    return PRINTERS.format(office=OFFICE, labels=LABELS, ipp=ipp, raw=raw, limits=lines)


def pdf(number: int, pages: int = 1, padding: int = 0) -> bytes:
    """A document of its own, near enough to a PDF for a simulated printer; `padding` bytes bigger than needed."""
    leaves = b"".join(b"%d 0 obj<</Type/Page>>endobj\n" % (1 + leaf) for leaf in range(pages))
    return b"%%PDF-1.4\n%% document %d\n%b%% %b\ntrailer<<>>\n%%%%EOF\n" % (number, leaves, b"x" * padding)


def base64(document: bytes) -> str:
    """As Mews sends it."""
    return b64encode(document).decode()


class PrintHotel(Hotel):
    """`printer` is the machine behind both printers of the file."""

    def __init__(self, folder: Path, *, switches: PrinterSwitches | None = None, **values: Any) -> None:
        super().__init__(folder, **values)
        self.printer = PrinterSimulator(switches or PrinterSwitches())
        self.printer_line = SimulatorTransport(self.printer)
        self.draws: Rasters = Drawn()
        self._documents = 0

    def provision(self, **values: Any) -> None:
        """Write the provisioning file; the printers are in it unless it says what `more` there is."""
        super().provision(**({"more": printers_text()} | values))

    def order_document(
        self, document: bytes | None = None, copies: float = 1, *, printer: str = OFFICE, **members: object
    ) -> str:
        """Order a print as Mews does, by default of a document of its own; `members` of its Data instead."""
        self._documents += 1
        id = self.mews.add_print(printer, base64(document or pdf(self._documents)), copies)
        data = self.mews.command(id).data
        assert isinstance(data, dict)
        data.update(members)
        return id

    async def printed(self, id: str, within: float = 400.0) -> Command:
        """The command, as soon as Mews has its end."""
        return await ended(self, id, within)

    @property
    def counts(self) -> dict[str, int]:
        """Whole copies in the tray, by the command's id; "" is what port 9100 took."""
        return self.printer.tray.counts

    @property
    def codes(self) -> list[str]:
        """What the page shows of the printer that speaks IPP."""
        assert self.app is not None
        return [fault.kind.code for fault in self.app.health.active() if fault.hop == HOP]

    def _line(self, base: str) -> SimulatorTransport:
        return self.printer_line if base.startswith(f"http://{IPP}") else super()._line(base)

    def _open_drivers(self, file: Provisioning, profile: Profile | None, means: Means) -> Opened:
        means = msgspec.structs.replace(means, open_stream=self._open_stream, rasters=self.draws)
        return super()._open_drivers(file, profile, means)

    async def _is_open(self, host: str, port: int) -> bool:
        if host == IPP:
            await trio.lowlevel.checkpoint()
            return not self.printer.presence.is_refusing and not self.printer_line.is_silent
        return await super()._is_open(host, port)

    async def _open_stream(self, _host: str, _port: int) -> trio.abc.Stream:
        await trio.lowlevel.checkpoint()
        if self.printer.raw_presence.is_refusing:
            raise NotSent("it refused the connection")
        here, there = memory_stream_pair()
        trio.lowlevel.spawn_system_task(converse_raw, self.printer, there)
        return here
