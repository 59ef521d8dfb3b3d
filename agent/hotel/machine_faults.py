"""What the machine around the agent knows, as faults on the page: notices of the box, network, disk, clock, parts.

One task looks every two seconds, raises and clears. It starts no process and writes nothing, for a box at rest is
to be at rest: what is slow to read, the board reads once a minute. It must never stop a key: what it finds is
said, and nothing follows from it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import trio

from agent.foundation.reading.text import plain
from agent.foundation.timing import utc_now
from agent.handover import notices
from agent.handover.notices import NOTICES, Notice
from agent.health import box_kinds
from agent.health.catalogue import CATALOGUE
from agent.health.health import Health
from agent.health.kind import BOX, FaultKind
from agent.hotel.log import log
from agent.status.snapshot.words import span
from board.base import Board, Network, NetworkState
from board.wear import SPARE_LOW, WORN_STEPS, Card

LOOK_SECONDS = 2.0
CLOCK_OFF = 300.0  # s that the box's clock and Mews' may differ
OLDEST_YEAR = 2024  # no box was made before it, and no certificate that holds now is as old
NEARLY_FULL = 0.1  # of the disk is free, and less than:
ROOMY = 300 * 1024 * 1024  # bytes; an update and years of the journal fit in
RELIEF = 1.25  # times as much must be free again before it is said to be enough
HOT = 80.0  # degrees Celsius; a Pi slows down from here on, a PC soon after
COOLER = 5.0  # degrees below that, and it is said to have cooled down
_TEN_PER_CENT_STEPS = 10  # of a card's life; the step behind them is "over"
_MB = 1_000_000

Wall = Callable[[], datetime]
MewsNow = Callable[[], datetime | None]


class _Finding(NamedTuple):
    """A fault that holds. `age` is in seconds; `at_once`: patience would change nothing."""

    kind: FaultKind
    text: str
    age: float = 0.0
    at_once: bool = False


class MachineFaults:
    """Tells Health what is so. `state` is the agent's directory, `mews_now` the time at Mews."""

    def __init__(
        self,
        board: Board,
        health: Health,
        state: Path,
        mews_now: MewsNow,
        *,
        folder: Path = NOTICES,
        wall: Wall = utc_now,
    ) -> None:
        self._board, self._health, self._state = board, health, state
        self._mews_now, self._folder, self._wall = mews_now, folder, wall
        self._network = Network()
        self._said: set[FaultKind] = set()  # the faults that hold because of us
        self._unknown: frozenset[str] = frozenset()

    def box_text(self) -> str:
        """The box in a sentence, while nothing is wrong with it."""
        return _box_text(self._network)

    async def watch(self) -> None:
        """Look again and again."""
        while True:
            self.look()
            await trio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Look once."""
        self._network = self._board.network()
        found: dict[FaultKind, _Finding] = {}
        for finding in (*self._standing(), *self._found()):
            other = found.get(finding.kind)
            found[finding.kind] = _joined(other, finding) if other else finding
        for kind, text, age, at_once in found.values():
            self._health.raise_fault(kind, BOX, text, age=age, at_once=at_once)
        self._health.clear(BOX, *(self._said - found.keys()))
        self._said = set(found)
        self._health.look()

    def _standing(self) -> Iterator[_Finding]:
        """The notices that the catalogue knows, each certain from its beginning; of others a line in the log."""
        standing = notices.standing(self._folder)
        unknown = frozenset(notice.code for notice in standing if notice.code not in CATALOGUE)
        for code in unknown - self._unknown:
            log.warning("the box has a notice that this version does not know: %s", plain(code, 60))
        self._unknown = unknown
        for notice in standing:
            if notice.code not in unknown:
                yield _Finding(CATALOGUE[notice.code], notice.text, _age(notice), at_once=True)

    def _found(self) -> Iterator[_Finding]:
        yield from self._network_trouble()
        yield from self._disk_trouble()
        yield from self._clock_trouble()
        yield from self._trouble_of_parts()

    def _network_trouble(self) -> Iterator[_Finding]:
        network = self._network
        if network.state is NetworkState.NO_CABLE:
            yield _Finding(box_kinds.CABLE, f"The box's socket {network.interface} has no link.")
        if network.state is NetworkState.NO_ADDRESS:
            yield _Finding(box_kinds.ADDRESS, _no_address(network))

    def _disk_trouble(self) -> Iterator[_Finding]:
        disk = self._board.storage(self._state)
        if disk is None:
            return
        if disk.is_read_only:
            text = f"The file system of {self._state} is read-only: the journal cannot be written."
            yield _Finding(box_kinds.STORAGE, text)
        relief = RELIEF if self._health.holds(box_kinds.FULL, BOX) else 1
        if disk.free < min(NEARLY_FULL * disk.total, ROOMY) * relief:
            yield _Finding(box_kinds.FULL, f"Less than {_tens(disk.free)} of {disk.total // _MB} MB are free.")

    def _clock_trouble(self) -> Iterator[_Finding]:
        at_mews, wall = self._mews_now(), self._wall()
        ahead = 0.0 if at_mews is None else (wall - at_mews).total_seconds()
        if abs(ahead) > CLOCK_OFF:
            yield _Finding(box_kinds.CLOCK, _clock_off(ahead))
        elif at_mews is None and wall.year < OLDEST_YEAR:
            yield _Finding(box_kinds.CLOCK, _clock_unset(wall), at_once=True)

    def _trouble_of_parts(self) -> Iterator[_Finding]:
        conditions = self._board.conditions()
        if conditions.is_power_weak:
            yield _Finding(box_kinds.POWER, "The voltage is too low right now.")
        least = HOT - (COOLER if self._health.holds(box_kinds.HOT, BOX) else 0)
        if conditions.degrees is not None and conditions.degrees >= least:
            yield _Finding(box_kinds.HOT, f"Its processor is at {_fives(conditions.degrees)} °C or more.")
        for card in self._board.wear().cards:
            for text in _worn(card):
                yield _Finding(box_kinds.WEAR, text)


def _joined(one: _Finding, other: _Finding) -> _Finding:
    """Two findings of one kind, one below the other."""
    return one._replace(text=f"{one.text}\n{other.text}", age=max(one.age, other.age))


def _age(notice: Notice) -> float:
    """Seconds since a notice was written, 0 where it does not tell."""
    if notice.since_boottime is None:
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
    return (
        f"The cable is in, but {network.interface} has no address{others}: nothing in this network gives it one."
    )


def _tens(count: int) -> int:
    """MB, up to the next ten, so that the words do not change with every row."""
    return (count // (10 * _MB) + 1) * 10


def _fives(degrees: float) -> int:
    """Degrees, down to the last five, so that the words do not change with every reading."""
    return int(degrees // 5) * 5


def _worn(card: Card) -> Iterator[str]:
    """What is worn of a card, in sentences."""
    name = f"The memory {plain(card.name, 40)}" if card.name else "The built-in memory"
    steps = card.life_steps or 0
    if steps > _TEN_PER_CENT_STEPS:
        yield f"{name} is beyond the life that it was made for."
    elif steps >= WORN_STEPS:
        yield f"{name} has used up {steps * 10 - 10} to {steps * 10} % of its life."
    if (card.spare_state or 0) >= SPARE_LOW:
        yield f"{name} has used up most of its spare blocks."


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
