"""How the box is, in one frozen value: the page, the JSON, the metrics and the terminal text all show this.

The structs are exactly the JSON of the contract (design, section 3.3); `build` makes one from plain inputs
(`facts.py`). Pure: no I/O, no clock of its own. Carries no guest's name and no secret, because
none of its inputs has a place for one. Every text is cleaned here once more.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from agent.foundation.reading import moments
from agent.foundation.reading.text import plain, plain_lines
from agent.health.catalogue import level_of
from agent.health.health import TEXT_LENGTH, Fault
from agent.health.kind import ADVICE_LENGTH, SEVERITY, Level, worst
from agent.status.snapshot.facts import BoxFacts, CommandLine, Counts, HopFacts, HopState, UpkeepFacts
from agent.status.snapshot.summary import summarise
from provisioning.model import Support

NAME_LENGTH = 100  # characters; a name longer than that is not one that anybody reads
RECENT_COMMANDS = 50  # lines; bounds the page and the answer, whatever is handed in


class Box(msgspec.Struct, frozen=True):
    """The box itself; `time` is ISO 8601 in `timezone`."""

    name: str
    version: str
    uptime_seconds: int
    timezone: str
    time: str


class Summary(msgspec.Struct, frozen=True):
    """The worst level, and one sentence that a supporter can read aloud."""

    level: Level
    text: str


class Hop(msgspec.Struct, frozen=True):
    """One hop: `mews`, `box`, `lock-server:NAME`, `encoder:IDENTIFIER` or `printer:NAME`, and how it is.

    An older box does not tell the `state`.
    """

    id: str
    level: Level
    text: str
    since: str
    state: HopState = HopState.SEEN


class FaultLine(msgspec.Struct, frozen=True):
    """A fault that holds, with its stable code, what support does about it, and what the front desk does now.

    An older box tells neither `level` nor `front_desk`: the level is then the catalogue's for its code.
    """

    code: str
    hop: str
    title: str
    text: str
    hint: str
    since: str
    level: Level = Level.OK  # said of no fault: it stands for a level that was not told
    front_desk: str = ""

    def __post_init__(self) -> None:
        if self.level is Level.OK:
            msgspec.structs.force_setattr(self, "level", level_of(self.code))

    @property
    def is_fault(self) -> bool:
        """Whether keys stop for it; else it is a warning."""
        return self.level is Level.FAULT


class Recent(msgspec.Struct, frozen=True):
    """A command of late; `at` is empty where no time is known. `cut` of `copies` cards were surely made."""

    id: str
    device: str
    kind: str
    target: str
    room: str
    state: str
    note: str
    at: str
    copies: int = 0
    cut: int = 0


class Commands(msgspec.Struct, frozen=True):
    """How many commands are in which state, and the last ones: what is under way first, then the newest.

    `keys` are the cards that were cut since the start.
    """

    waiting: int
    running: int
    done: int
    failed: int
    unknown: int
    recent: tuple[Recent, ...]
    keys: int = 0


class Upkeep(msgspec.Struct, frozen=True):
    """What the box looks after beside the commands (`drill`, `audit`, `room-sync`), and how that stands."""

    id: str
    title: str
    text: str


class Snapshot(msgspec.Struct, frozen=True):
    """The whole of `/status.json`."""

    box: Box
    summary: Summary
    hops: tuple[Hop, ...]
    faults: tuple[FaultLine, ...]
    commands: Commands
    support: Support = Support()
    upkeep: tuple[Upkeep, ...] = ()


def build(
    box: BoxFacts,
    hops: Sequence[HopFacts],
    faults: Sequence[Fault],
    counts: Counts,
    recent: Sequence[CommandLine],
    upkeep: Sequence[UpkeepFacts] = (),
) -> Snapshot:
    """Join what the parts of the agent know into one snapshot.

    `counts` are since the agent's start; `recent` is newest first. A fault at a hop that is not among `hops` gets
    a hop of its own, so that none is lost. Times are in the box's zone, in UTC where that is not known.
    """
    clock = _WallClock(box)
    ranked = sorted(faults, key=lambda fault: (-SEVERITY[fault.kind.level], fault.since))
    lines = tuple(_hop(hop, ranked, clock) for hop in (*hops, *_unlisted(hops, ranked)))
    return Snapshot(
        box=_box(box, clock),
        summary=Summary(worst(line.level for line in lines), plain(summarise(hops, ranked, counts), TEXT_LENGTH)),
        hops=lines,
        faults=tuple(_fault_line(fault, clock) for fault in ranked),
        commands=_commands(counts, recent, clock),
        support=Support(plain(box.support.name, NAME_LENGTH), plain(box.support.phone, NAME_LENGTH)),
        upkeep=tuple(
            Upkeep(each.id, plain(each.title, NAME_LENGTH), plain(each.text, TEXT_LENGTH)) for each in upkeep
        ),
    )


class _WallClock:
    """Turns monotonic seconds into the hotel's time. When the wall clock is set, past times move along with it."""

    def __init__(self, box: BoxFacts) -> None:
        self._now, self._wall = box.now, box.wall
        self.zone = _zone(box.timezone)

    def at(self, monotonic: float) -> str:
        return self.local(moments.later(self._wall, -max(0.0, self._now - monotonic)))

    def local(self, moment: datetime) -> str:
        return moments.local(moment, self.zone).isoformat(timespec="seconds")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # unknown, not a name at all ("../x"), a folder ("Europe")
        return ZoneInfo("UTC")


def _box(box: BoxFacts, clock: _WallClock) -> Box:
    return Box(
        name=plain(box.name, NAME_LENGTH),
        version=plain(box.version, NAME_LENGTH),
        uptime_seconds=moments.elapsed(box.started, box.now),
        timezone=clock.zone.key,
        time=clock.local(box.wall),
    )


def _unlisted(hops: Iterable[HopFacts], faults: Iterable[Fault]) -> list[HopFacts]:
    known = {hop.id for hop in hops}
    extra = dict.fromkeys(fault.hop for fault in faults if fault.hop not in known)
    return [HopFacts(hop, "", 0.0) for hop in extra]


def _hop(hop: HopFacts, ranked: Iterable[Fault], clock: _WallClock) -> Hop:
    fault = next((fault for fault in ranked if fault.hop == hop.id), None)
    name = plain(hop.id, NAME_LENGTH)
    if fault is None:
        level = Level.OK if hop.state is HopState.SEEN else Level.WARNING
        return Hop(name, level, plain(hop.text, TEXT_LENGTH), clock.at(hop.since), hop.state)
    text = plain(fault.text or fault.kind.title, TEXT_LENGTH)
    return Hop(name, fault.kind.level, text, clock.at(fault.since))


def _fault_line(fault: Fault, clock: _WallClock) -> FaultLine:
    kind = fault.kind
    return FaultLine(
        code=kind.code,
        hop=plain(fault.hop, NAME_LENGTH),
        title=kind.title,
        text=(plain_lines(fault.text) if kind.is_long else plain(fault.text, TEXT_LENGTH)) or kind.title,
        hint=plain(fault.hint, ADVICE_LENGTH) or kind.hint,
        since=clock.at(fault.since),
        level=kind.level,
        front_desk=kind.front_desk,
    )


def _commands(counts: Counts, recent: Sequence[CommandLine], clock: _WallClock) -> Commands:
    return Commands(
        waiting=counts.waiting,
        running=counts.running,
        done=counts.done,
        failed=counts.failed,
        unknown=counts.unknown,
        keys=counts.keys,
        recent=tuple(_recent(line, clock) for line in recent[:RECENT_COMMANDS]),
    )


def _recent(line: CommandLine, clock: _WallClock) -> Recent:
    return Recent(
        id=plain(line.id, NAME_LENGTH),
        device=plain(line.device, NAME_LENGTH),
        kind=plain(line.kind, NAME_LENGTH),
        target=plain(line.target, NAME_LENGTH),
        room=plain(line.room, NAME_LENGTH),
        state=plain(line.state, NAME_LENGTH),
        note=plain(line.note, TEXT_LENGTH),
        at="" if line.at is None else clock.local(line.at),
        copies=line.copies,
        cut=line.cut,
    )
