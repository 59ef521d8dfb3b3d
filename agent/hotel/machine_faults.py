"""What the machine around the agent knows, as faults on the page: notices of the box, its network, disk and clock.

One task looks every two seconds, raises and clears. It starts no process and writes nothing, for a box at rest is
to be at rest. It must never stop a key: what it finds is said, and nothing follows from it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import trio

from agent.foundation.reading.text import plain
from agent.foundation.timing import Clock, utc_now
from agent.handover import notices
from agent.handover.notices import NOTICES, Notice
from agent.health.catalogue import CATALOGUE
from agent.health.health import Health
from agent.hotel.log import log
from agent.status.snapshot.words import span
from board.base import Board, Network, NetworkState

LOOK_SECONDS = 2.0
CABLE_PATIENCE = 4.0  # s; so long a switch may take to see a cable
ADDRESS_PATIENCE = 20.0  # s; DHCP tries three times in that, and a switch's port may sleep through the first
CLOCK_PATIENCE = 60.0  # s; a laptop that wakes up asks Mews, and a clock that is wrong is set, within that
CLOCK_OFF = 300.0  # s that the box's clock and Mews' may differ
OLDEST_YEAR = 2024  # no box was made before it, and no certificate that holds now is as old
NEARLY_FULL = 0.1  # of the disk is free, and less than:
ROOMY = 300 * 1024 * 1024  # bytes; an update and years of the journal fit in
RELIEF = 1.25  # times as much must be free again before it is said to be enough
HOP = "box"
_MB = 1_000_000

Wall = Callable[[], datetime]
MewsNow = Callable[[], datetime | None]


class Surroundings:
    """Compares what is so with what Health says. `state` is the agent's directory, `mews_now` the time at Mews."""

    def __init__(
        self,
        board: Board,
        health: Health,
        state: Path,
        mews_now: MewsNow,
        *,
        folder: Path = NOTICES,
        wall: Wall = utc_now,
        clock: Clock = trio.current_time,
    ) -> None:
        self._board, self._health, self._state = board, health, state
        self._mews_now, self._folder, self._wall, self._clock = mews_now, folder, wall, clock
        self._network = Network()
        self._since: dict[str, float] = {}  # when what needs patience was first seen
        self._said: dict[str, str] = {}  # the faults that hold because of us, with their words
        self._unknown: frozenset[str] = frozenset()

    def text(self) -> str:
        """The box in a sentence, while nothing is wrong with it."""
        return _box_text(self._network)

    async def watch(self) -> None:
        """Look again and again."""
        while True:
            self.look()
            await trio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Look once."""
        standing = self._standing()
        self._network = self._board.network()
        words: dict[str, str] = {}
        for code, text in (*((notice.code, notice.text) for notice in standing), *self._found()):
            words[code] = f"{words[code]}\n{text}" if code in words else text
        self._state_all(words, {notice.code: notice for notice in standing})

    def _state_all(self, words: dict[str, str], standing: dict[str, Notice]) -> None:
        for code in self._said.keys() - words.keys():
            self._health.clear(HOP, code)
        for code, text in words.items():
            if self._said.get(code) != text:
                self._health.raise_fault(code, HOP, text, age=_age(standing.get(code)))
        self._said = words

    def _standing(self) -> tuple[Notice, ...]:
        """The notices that the catalogue knows; of others a line in the log."""
        standing = notices.standing(self._folder)
        unknown = frozenset(notice.code for notice in standing if notice.code not in CATALOGUE)
        for code in unknown - self._unknown:
            log.warning("the box has a notice that this version does not know: %s", plain(code, 60))
        self._unknown = unknown
        return tuple(notice for notice in standing if notice.code not in unknown) if unknown else standing

    def _found(self) -> Iterator[tuple[str, str]]:
        yield from self._network_trouble()
        yield from self._disk_trouble()
        yield from self._clock_trouble()

    def _network_trouble(self) -> Iterator[tuple[str, str]]:
        network = self._network
        is_out, is_silent = (network.state is state for state in (NetworkState.NO_CABLE, NetworkState.NO_ADDRESS))
        if self._lasts("cable", is_out, CABLE_PATIENCE):
            yield "E-BOX-CABLE", f"The box's socket {network.interface} has no link."
        if self._lasts("address", is_silent, ADDRESS_PATIENCE):
            yield "E-BOX-ADDRESS", _no_address(network)

    def _disk_trouble(self) -> Iterator[tuple[str, str]]:
        disk = self._board.storage(self._state)
        if disk is None:
            return
        if disk.is_read_only:
            yield "E-BOX-STORAGE", f"The file system of {self._state} is read-only: the journal cannot be written."
        enough = min(NEARLY_FULL * disk.total, ROOMY) * (RELIEF if "E-BOX-FULL" in self._said else 1)
        if disk.free < enough:
            yield "E-BOX-FULL", f"Less than {_tens(disk.free)} of {disk.total // _MB} MB are free."

    def _clock_trouble(self) -> Iterator[tuple[str, str]]:
        at_mews, wall = self._mews_now(), self._wall()
        ahead = 0.0 if at_mews is None else (wall - at_mews).total_seconds()
        if self._lasts("clock", abs(ahead) > CLOCK_OFF, CLOCK_PATIENCE):
            yield "E-BOX-CLOCK", _clock_off(ahead)
        elif at_mews is None and wall.year < OLDEST_YEAR:
            yield "E-BOX-CLOCK", _clock_unset(wall)

    def _lasts(self, name: str, is_so: bool, patience: float) -> bool:
        """Whether something has been so for as long as it may be."""
        if not is_so:
            self._since.pop(name, None)
            return False
        now = self._clock()
        return now - self._since.setdefault(name, now) >= patience


def _age(notice: Notice | None) -> float:
    """Seconds since a notice was written, 0 where nobody knows."""
    if notice is None or notice.since_boottime is None:
        return 0.0
    return max(0.0, notices.boottime() - notice.since_boottime)


def _box_text(network: Network) -> str:
    if network.state is NetworkState.READY and network.addresses:
        return f"The box works; its address is {' and '.join(network.addresses)} ({network.interface})."
    if network.state is NetworkState.NO_CABLE:
        return f"The box works; {network.interface} has no link yet."
    if network.state is NetworkState.NO_ADDRESS:
        return f"The box works; {network.interface} has no address yet."
    return "The box works."


def _no_address(network: Network) -> str:
    others = f" (only {', '.join(network.addresses)})" if network.addresses else ""
    return f"The cable is in, but {network.interface} has no address{others}: nobody in this network gives it one."


def _tens(count: int) -> int:
    """MB, up to the next ten, so that the words do not change with every row."""
    return (count // (10 * _MB) + 1) * 10


def _clock_off(ahead: float) -> str:
    by = f"{span(round(abs(ahead) / 60) * 60)} {'ahead of' if ahead > 0 else 'behind'}"
    return (
        f"The box's clock is {by} Mews'. Keys are cut in time all the same, for their age is measured by Mews' "
        "clock. Certificates may be refused, and times shown here are wrong."
    )


def _clock_unset(wall: datetime) -> str:
    return (
        f"The box's clock says {wall:%Y-%m-%d}, and Mews has not been reached yet: by such a clock no certificate "
        "is valid. Keys do not depend on it once Mews answers, for their age is measured by Mews' clock."
    )
