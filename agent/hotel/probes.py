"""The tests of a hotel's hops, joined from what each room knows: the way there, then what its own steps are."""

from collections.abc import Callable, Mapping, Sequence

from agent.commands.driver import Driver, Lane
from agent.commands.model import Kind
from agent.commands.probe import CanBeTested, Finding, Mark, Probe, Step
from agent.control.reach_steps import IsNear, ReachSteps
from agent.drivers.printing.ipp.address import http_address
from agent.drivers.visionline.driver import hop_of
from agent.foundation.reach import Server, server_at
from provisioning.model import Printer, Provisioning

MEWS = "mews"


class ServerProbe:
    """The way to a server, then its own steps."""

    behind = ""

    def __init__(self, reach: Callable[[], ReachSteps], own_steps: Callable[[], Sequence[Step]]) -> None:
        self._reach, self._own_steps = reach, own_steps

    def steps(self) -> Sequence[Step]:
        """The steps in their order; each test begins with nothing found."""
        return [*self._reach().steps(), *self._own_steps()]


class LaneProbe:
    """An encoder, or a printer that is no server of its own: what lies before it can be tested, and no more."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self.behind = lane.driver

    def steps(self) -> Sequence[Step]:
        """One, which says so."""
        return [Step("device", self._say)]

    async def _say(self) -> Finding:
        if self._lane.kind is Kind.KEY:
            how = f"nightporter key {self._lane.identifier} ROOM"
            return Finding(Mark.OPEN, f"An encoder can only be tested with a key: {how}.")
        return Finding(Mark.OPEN, "What it makes of a document only a document shows.")


def probes(
    file: Provisioning,
    drivers: Sequence[Driver],
    mews_steps: Callable[[], Sequence[Step]],
    is_near: IsNear,
) -> Mapping[str, Probe]:
    """Those of this file's hops but the box; a driver that cannot be tested has none."""
    platform = server_at(file.mews.platform)
    found: dict[str, Probe] = {
        MEWS: ServerProbe(lambda: ReachSteps(platform, "E-MEWS-UNREACHABLE", "E-MEWS-CERTIFICATE"), mews_steps)
    }
    places, printers = _servers(file, drivers), {f"printer:{each.name}": _place(each) for each in file.printers}
    for driver in drivers:
        if isinstance(driver, CanBeTested) and driver.hop in places:
            found[driver.hop] = _lock_server(places[driver.hop], driver.own_steps, is_near)
        elif isinstance(driver, CanBeTested) and driver.hop in printers:
            found[driver.hop] = _printer(printers[driver.hop], driver.own_steps)
        found |= {lane.id: LaneProbe(lane) for lane in driver.lanes if lane.id != driver.hop}
    return found


def _lock_server(where: Server, own_steps: Callable[[], Sequence[Step]], is_near: IsNear) -> Probe:
    return ServerProbe(lambda: ReachSteps(where, "E-LOCK-UNREACHABLE", "E-LOCK-CERTIFICATE", is_near), own_steps)


def _printer(where: Server, own_steps: Callable[[], Sequence[Step]]) -> Probe:
    return ServerProbe(lambda: ReachSteps(where, "E-PRINTER-UNREACHABLE", "E-PRINTER-CERTIFICATE"), own_steps)


def _place(printer: Printer) -> Server:
    """Where a printer is reached: by HTTP, or by its bare port."""
    if printer.uri.startswith("socket:"):
        return server_at(printer.uri)
    return server_at(http_address(printer.uri).base, printer.certificate_sha256)


def _servers(file: Provisioning, drivers: Sequence[Driver]) -> dict[str, Server]:
    """Where each driver's server is, by its hop."""
    servers = {hop_of(each.server): server_at(each.server, each.certificate_sha256) for each in file.visionline}
    bridge = file.coder_bridge
    if bridge is None:
        return servers
    encoders = {encoder.identifier for encoder in bridge.encoders}
    where = server_at(bridge.server, bridge.certificate_sha256)
    bridges = (driver.hop for driver in drivers if encoders & {lane.identifier for lane in driver.lanes})
    return servers | dict.fromkeys(bridges, where)
