"""What can be tested of the box itself: cable, address, gateway, DNS, clock, disk. It only reads."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from agent.commands.probe import Finding, Mark, Step
from agent.foundation.reading.text import duration
from agent.foundation.timing import utc_now
from board.base import Board, NetworkState
from board.interfaces import read_interfaces
from board.report import Report

HOP = "box"
RESOLVERS = Path("/etc/resolv.conf")
CLOCK_SECONDS = 60.0  # s that the box's clock and Mews' may differ
_MB = 1_000_000
_UNTOLD = "This machine does not tell: no systemd-networkd looks after its network."


class BoxProbe:
    """The steps on this machine. `mews_now` is the time at Mews, None where it is not known."""

    behind = ""

    def __init__(
        self,
        board: Board,
        state: Path,
        mews_now: Callable[[], datetime | None],
        *,
        wall: Callable[[], datetime] = utc_now,
        report: Callable[[], Report] = read_interfaces,
        resolvers: Path = RESOLVERS,
    ) -> None:
        self._board, self._state, self._mews_now, self._wall = board, state, mews_now, wall
        self._report, self._resolvers = report, resolvers

    def steps(self) -> Sequence[Step]:
        """The steps in their order."""
        return [
            Step("cable", self._cable),
            Step("address", self._address),
            Step("gateway", self._gateway),
            Step("DNS", self._dns),
            Step("clock", self._clock),
            Step("disk", self._disk),
        ]

    async def _cable(self) -> Finding:
        found = self._board.network()
        if found.state is NetworkState.UNKNOWN:
            return Finding(Mark.OPEN, _UNTOLD)
        if found.state is NetworkState.NO_CABLE:
            return Finding(Mark.BAD, f"The box's socket {found.interface} has no link.", "E-BOX-CABLE")
        return Finding(Mark.GOOD, f"{found.interface} has a link.")

    async def _address(self) -> Finding:
        found = self._board.network()
        if found.state is NetworkState.UNKNOWN:
            return Finding(Mark.OPEN, _UNTOLD)
        if found.state is NetworkState.NO_ADDRESS:
            return Finding(Mark.BAD, f"{found.interface} has no address.", "E-BOX-ADDRESS")
        return Finding(Mark.GOOD, f"{found.interface} has the address {' and '.join(found.addresses)}.")

    async def _gateway(self) -> Finding:
        gateways = self._report().gateways
        if not gateways:
            return Finding(Mark.DOUBT, "There is no gateway: only the box's own network is reached.")
        return Finding(Mark.GOOD, f"The way out is {' or '.join(gateways)}.")

    async def _dns(self) -> Finding:
        servers = {server for interface in self._report().interfaces for server in interface.dns}
        servers = servers or set(_resolvers(self._resolvers))
        if not servers:
            return Finding(Mark.DOUBT, "No DNS server is set: servers are reached by their IP address alone.")
        return Finding(Mark.GOOD, f"Names are looked up at {', '.join(sorted(servers))}.")

    async def _clock(self) -> Finding:
        at_mews, wall = self._mews_now(), self._wall()
        if at_mews is None:
            return Finding(Mark.OPEN, f"It says {wall:%Y-%m-%d %H:%M} UTC; Mews has not told its time yet.")
        ahead = (wall - at_mews).total_seconds()
        if abs(ahead) < 2:  # Mews tells whole seconds
            return Finding(Mark.GOOD, "The box's clock and Mews' clock agree.")
        by = f"{duration(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} Mews' clock"
        return Finding(Mark.DOUBT if abs(ahead) > CLOCK_SECONDS else Mark.GOOD, f"The box's clock is {by}.")

    async def _disk(self) -> Finding:
        disk = self._board.storage(self._state)
        if disk is None:
            return Finding(Mark.OPEN, "The disk does not tell its size.")
        if disk.is_read_only:
            return Finding(Mark.BAD, f"The file system of {self._state} is read-only.", "E-BOX-STORAGE")
        return Finding(Mark.GOOD, f"{disk.free // _MB} of {disk.total // _MB} MB are free.")


def _resolvers(path: Path) -> list[str]:
    """The servers that resolv.conf(5) names; none where it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [words[1] for words in map(str.split, lines) if len(words) > 1 and words[0] == "nameserver"]
