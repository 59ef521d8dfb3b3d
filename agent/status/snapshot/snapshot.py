"""How the box is, in one frozen value: the page, the JSON, the metrics and the terminal text all show this.

The structs are exactly the JSON of the contract (design, section 3.3); `build` makes one from plain inputs
(`facts.py`). Pure: no I/O, no clock of its own. Carries no guest's name and no secret, because
none of its inputs has a place for one. Every text is cleaned here once more.
"""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from functools import lru_cache

import msgspec

from agent.foundation.reading import moments
from agent.foundation.reading.text import plain, plain_lines
from agent.health.catalogue import level_of
from agent.health.health import TEXT_LENGTH, Fault
from agent.health.kind import ADVICE_LENGTH, SEVERITY, Level, worst
from agent.status.snapshot.act_lines import ActLine, act_line
from agent.status.snapshot.devices import Device, device
from agent.status.snapshot.facts import BoxFacts, CommandLine, Counts, HopFacts, HopState, UpkeepFacts
from agent.status.snapshot.history import SLOTS, Slot, slot
from agent.status.snapshot.lengths import (
    HOP_LENGTH,
    MOST_ACTS,
    MOST_LISTED,
    MOST_UNDER_WAY,
    NAME_LENGTH,
    RECENT_COMMANDS,
)
from agent.status.snapshot.more import NO_MORE, MoreFacts
from agent.status.snapshot.summary import summarise
from agent.status.snapshot.support_until import SUPPORTED_UNTIL
from agent.status.snapshot.surroundings import Age, Network, age, network
from agent.status.snapshot.wall_clock import WallClock, iso
from agent.status.snapshot.work import UnderWay, under_way
from provisioning.model import Support


class Box(msgspec.Struct, frozen=True):
    """The box itself; `time` is ISO 8601 in `timezone`.

    `restart` is why it last started and `update` how an update stands, each a sentence or "". `supported_until` is
    a date (ISO 8601), `fingerprint` the acting certificate's, `acting` where that page listens
    (HOST:PORT); "" where there is none, or an older box tells none.
    """

    name: str
    version: str
    uptime_seconds: int
    timezone: str
    time: str
    restart: str = ""
    update: str = ""
    supported_until: str = ""
    fingerprint: str = ""
    acting: str = ""


class Summary(msgspec.Struct, frozen=True):
    """The worst level, and one sentence that a supporter can read aloud."""

    level: Level
    text: str


class Hop(msgspec.Struct, frozen=True):
    """One hop: `mews`, `box`, `lock-server:NAME`, `encoder:IDENTIFIER` or `printer:NAME`, and how it is.

    `name` is what people call it, `address` where it is reached, without user or password. `last_answer` and
    `next_try` are ISO 8601, "" where there is none or it is not known. An older box tells none of these, nor the
    `state`.
    """

    id: str
    level: Level
    text: str
    since: str
    state: HopState = HopState.SEEN
    name: str = ""
    address: str = ""
    last_answer: str = ""
    next_try: str = ""


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
    under_way: tuple[UnderWay, ...] = ()
    devices: tuple[Device, ...] = ()
    history: tuple[Slot, ...] = ()
    network: Network = Network()
    ages: tuple[Age, ...] = ()
    acts: tuple[ActLine, ...] = ()


def build(
    box: BoxFacts,
    hops: Sequence[HopFacts],
    faults: Sequence[Fault],
    counts: Counts,
    recent: Sequence[CommandLine],
    upkeep: Sequence[UpkeepFacts] = (),
    more: MoreFacts = NO_MORE,
) -> Snapshot:
    """Join what the parts of the agent know into one snapshot.

    `counts` are since the agent's start; `recent` is newest first. A fault at a hop that is not among `hops` gets
    a hop of its own, so that none is lost. Times are in the box's zone, in UTC where that is not known.
    """
    clock = WallClock(box)
    ranked = sorted(faults, key=lambda fault: (-SEVERITY[fault.kind.level], fault.since))
    lines = tuple(_hop(hop, ranked, clock) for hop in (*hops, *_unlisted(hops, ranked)))
    levels = {line.id: line.level for line in lines}
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
        under_way=tuple(under_way(work, clock) for work in more.under_way[:MOST_UNDER_WAY]),
        devices=tuple(device(each, levels.get(each.hop, Level.OK), clock) for each in more.devices),
        history=tuple(slot(each, clock) for each in more.history[-SLOTS:]),
        network=network(more.network),
        ages=tuple(age(each, clock) for each in more.ages[:MOST_LISTED]),
        acts=tuple(act_line(act, clock) for act in more.acts[:MOST_ACTS]),
    )


def _box(box: BoxFacts, clock: WallClock) -> Box:
    return Box(
        name=plain(box.name, NAME_LENGTH),
        version=plain(box.version, NAME_LENGTH),
        uptime_seconds=moments.elapsed(box.started, box.now),
        timezone=clock.zone.key,
        time=clock.local(box.wall),
        restart=plain(box.restart, TEXT_LENGTH),
        update=plain(box.update, TEXT_LENGTH),
        supported_until=SUPPORTED_UNTIL,
        fingerprint=plain(box.fingerprint, NAME_LENGTH),
        acting=plain(box.acting, NAME_LENGTH),
    )


def _unlisted(hops: Iterable[HopFacts], faults: Iterable[Fault]) -> list[HopFacts]:
    known = {hop.id for hop in hops}
    extra = dict.fromkeys(fault.hop for fault in faults if fault.hop not in known)
    return [HopFacts(hop, "", 0.0) for hop in extra]


def _hop(hop: HopFacts, ranked: Iterable[Fault], clock: WallClock) -> Hop:
    fault = next((fault for fault in ranked if fault.hop == hop.id), None)
    if fault is None:
        level = Level.OK if hop.state is HopState.SEEN else Level.WARNING
        text, since, state = hop.text, hop.since, hop.state
    else:
        level, state = fault.kind.level, HopState.SEEN
        is_newer = hop.is_late and level is Level.WARNING
        text, since = hop.text if is_newer else fault.text or fault.kind.title, fault.since
    return Hop(
        id=plain(hop.id, HOP_LENGTH),
        level=level,
        text=plain(text, TEXT_LENGTH),
        since=clock.at(since),
        state=state,
        name=plain(hop.name, NAME_LENGTH),
        address=plain(hop.address, NAME_LENGTH),
        last_answer="" if hop.last_answer is None else clock.at(hop.last_answer),
        next_try="" if hop.next_try is None else clock.ahead(hop.next_try),
    )


def _fault_line(fault: Fault, clock: WallClock) -> FaultLine:
    kind = fault.kind
    return FaultLine(
        code=kind.code,
        hop=plain(fault.hop, HOP_LENGTH),
        title=kind.title,
        text=(plain_lines(fault.text) if kind.is_long else plain(fault.text, TEXT_LENGTH)) or kind.title,
        hint=plain(fault.hint, ADVICE_LENGTH) or kind.hint,
        since=clock.at(fault.since),
        level=kind.level,
        front_desk=kind.front_desk,
    )


def _commands(counts: Counts, recent: Sequence[CommandLine], clock: WallClock) -> Commands:
    return Commands(
        waiting=counts.waiting,
        running=counts.running,
        done=counts.done,
        failed=counts.failed,
        unknown=counts.unknown,
        keys=counts.keys,
        recent=tuple(_recent(line, clock.zone) for line in recent[:RECENT_COMMANDS]),
    )


@lru_cache(maxsize=RECENT_COMMANDS + 20)  # most lines are as they were at the last look, which is a moment ago
def _recent(line: CommandLine, zone: tzinfo) -> Recent:
    return Recent(
        id=plain(line.id, NAME_LENGTH),
        device=plain(line.device, NAME_LENGTH),
        kind=plain(line.kind, NAME_LENGTH),
        target=plain(line.target, NAME_LENGTH),
        room=plain(line.room, NAME_LENGTH),
        state=plain(line.state, NAME_LENGTH),
        note=plain(line.note, TEXT_LENGTH),
        at="" if line.at is None else iso(line.at, zone),
        copies=line.copies,
        cut=line.cut,
    )
