"""A hotel with a simulated printer beside its lock system: by IPP, and the same machine by its port 9100."""

from pathlib import Path

import msgspec
import trio
import trio.testing

from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.foundation.errors import NotSent
from agent.foundation.http import Peer
from agent.hotel.drivers import Means, Opened, open_drivers
from agent.simulators.printer.raw import converse_raw
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches
from provisioning.model import Provisioning
from tests.drivers.printing.bench import Drawn
from tests.in_process import SimulatorTransport
from tests.whole_hotel import Hotel

ADDRESS = "10.4.5.30"
PRINTERS = f"""
[limits]
print_wait_seconds = 120
[[printers]]
name = "Front Office"
uri = "ipp://{ADDRESS}/ipp/print"
[[printers]]
name = "Label"
uri = "socket://{ADDRESS}:9100"
"""


class PrintHouse(Hotel):
    """As `Hotel`, with `printer`."""

    def __init__(self, folder: Path, switches: PrinterSwitches | None = None) -> None:
        super().__init__(folder)
        self.printer = PrinterSimulator(switches)
        self.printer_line = SimulatorTransport(self.printer)
        self.drawn = Drawn()
        self.open_drivers = self._open_with_printer
        self.provision(more=PRINTERS)

    def _open_with_printer(self, file: Provisioning, profile: Profile | None, means: Means) -> Opened:
        def open_peer(base: str, pin: str | None) -> Peer:
            is_printer = base.startswith(f"http://{ADDRESS}")
            return Peer(base, transport=self.printer_line) if is_printer else means.open_peer(base, pin)

        changed = msgspec.structs.replace(
            means, open_peer=open_peer, open_stream=self._open_stream, rasters=self.drawn
        )
        return open_drivers(file, profile, changed)

    async def _open_stream(self, _host: str, _port: int) -> trio.abc.Stream:
        await trio.lowlevel.checkpoint()
        if self.printer.presence.is_refusing:
            raise NotSent("it refused the connection")
        here, there = trio.testing.memory_stream_pair()
        trio.lowlevel.spawn_system_task(converse_raw, self.printer, there)
        return here
