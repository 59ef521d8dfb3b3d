"""Puts what the parts know side by side for the status page: one frozen snapshot.

Says only what was seen: a hop that has not answered yet, or lies behind one that cannot be reached, is not known.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Protocol

import msgspec

from agent.commands.driver import Driver, Lane, MayBeLate, Prints, TriesAgain
from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.record import Record
from agent.foundation.reading.moments import elapsed, from_unix
from agent.foundation.timing import utc_now
from agent.health.health import Fault, Health
from agent.health.kind import BOX, Level
from agent.hotel.device_facts import device_facts
from agent.hotel.work_facts import work_facts
from agent.pipeline.orders import Order, Orders
from agent.status.snapshot.act_lines import ActFacts
from agent.status.snapshot.facts import BoxFacts, CommandLine, Counts, HopFacts, HopState, UpkeepFacts
from agent.status.snapshot.history import SlotFacts
from agent.status.snapshot.lengths import RECENT_COMMANDS
from agent.status.snapshot.more import MoreFacts
from agent.status.snapshot.snapshot import Snapshot, build
from agent.status.snapshot.stations import title
from agent.status.snapshot.surroundings import AgeFacts, Network
from agent.status.snapshot.words import span
from provisioning.model import Support

BOX_WORKS = "The box works."  # said while nothing is wrong with it, and more is not known
SHOWN_SECONDS = 48 * 3600  # s; of two nights, so that on a Monday the weekend's first can still be asked for
ALWAYS_SHOWN = 20  # orders, however old: a quiet house wants to see its last ones too
QUIET_SECONDS = 1.5  # s beyond the pace of the polls, from which the age of the last answer is worth a word


class Mews(Protocol):
    """What is read of a connector; times are monotonic seconds."""

    @property
    def is_reached(self) -> bool: ...
    @property
    def last_answer(self) -> float | None: ...
    @property
    def reached_since(self) -> float: ...
    @property
    def polls_every(self) -> float: ...
    @property
    def hears_news(self) -> bool: ...
    @property
    def next_try(self) -> float | None: ...
    @property
    def late_since(self) -> float | None: ...


class Surroundings(msgspec.Struct, frozen=True):
    """What is around the pass: `now` is the time at Mews, None where it is not known; all else may be absent."""

    now: datetime | None = None
    history: tuple[SlotFacts, ...] = ()
    network: Network = Network()
    ages: tuple[AgeFacts, ...] = ()
    acts: tuple[ActFacts, ...] = ()
    restart: str = ""
    update: str = ""
    fingerprint: str = ""
    acting: str = ""


NOTHING_AROUND = Surroundings()


class HotelFacts(msgspec.Struct, frozen=True):
    """What the box is, as far as its file has been read: names, zone, and the hops that the file asks for."""

    name: str
    timezone: str = ""
    mews: Mews | None = None  # None without a file
    servers: Sequence[Driver] = ()
    lanes: Sequence[Lane] = ()
    box: str = BOX_WORKS
    support: Support = Support()
    upkeep: Sequence[UpkeepFacts] = ()
    addresses: Mapping[str, str] = {}  # by hop, fit to be shown


def snapshot_of(
    place: HotelFacts,
    health: Health,
    orders: Orders,
    *,
    perhaps: int,
    started: float,
    now: float,
    surroundings: Surroundings = NOTHING_AROUND,
) -> Snapshot:
    """The snapshot of this moment; `started` and `now` are monotonic seconds, `perhaps` counts loose cards."""
    about = surroundings
    box = BoxFacts(
        *(place.name, _version(), place.timezone, started, now, utc_now(), place.support),
        restart=about.restart,
        update=about.update,
        fingerprint=about.fingerprint,
        acting=about.acting,
    )
    counts = Counts(**orders.counts(), perhaps=perhaps)
    records = list(orders.recent(RECENT_COMMANDS))
    names = {lane.id: lane.name for lane in place.lanes}
    shown = recent_records(records, int((about.now or box.wall).timestamp()))
    lines = [_line(record, orders.get(record.id), names, now) for record in shown]
    hops = _Hops(place, health, orders, started, now).all()
    more = MoreFacts(
        under_way=work_facts(orders.under_way(), place.lanes, place.servers),
        devices=device_facts(place.lanes, records, place.addresses),
        history=about.history,
        network=about.network,
        ages=about.ages,
        acts=about.acts,
    )
    return build(box, hops, health.active(), counts, lines, place.upkeep, more)


def recent_records(records: Sequence[Record], now: int) -> list[Record]:
    """Those of the last 48 hours before `now` (Unix seconds), and the newest whatever their age."""
    return [
        record
        for place, record in enumerate(records)
        if place < ALWAYS_SHOWN or not _time_of(record) or now - _time_of(record) <= SHOWN_SECONDS
    ]


def _time_of(record: Record) -> int:
    return record.reported or record.ended or record.claimed or record.created


class _Hops:
    """What is known of each hop, in the order in which a command passes them."""

    def __init__(self, place: HotelFacts, health: Health, orders: Orders, started: float, now: float) -> None:
        self._place, self._health, self._orders = place, health, orders
        self._started, self._now = started, now

    def all(self) -> list[HopFacts]:
        mews = [] if self._place.mews is None else [self._mews(self._place.mews)]
        drivers = {driver.hop: self._server(driver) for driver in self._place.servers}
        lanes = [self._lane(lane, drivers[lane.driver]) for lane in self._place.lanes]
        own = {lane.id for lane in self._place.lanes}  # a printer is its own driver
        servers = {hop: facts for hop, facts in drivers.items() if hop not in own}
        hops = (*mews, HopFacts(BOX, self._place.box, self._since(BOX)), *servers.values(), *lanes)
        return [self._placed(hop) for hop in hops]

    def _placed(self, hop: HopFacts) -> HopFacts:
        """With its name, its address, and when it answered last."""
        names = {lane.id: lane.name for lane in self._place.lanes}
        servers = {driver.hop: driver for driver in self._place.servers}
        mews = self._place.mews
        if hop.id == "mews" and mews is not None:
            hop = msgspec.structs.replace(hop, last_answer=mews.last_answer, next_try=mews.next_try)
        elif hop.id in servers:
            driver = servers[hop.id]
            next_try = driver.next_try if isinstance(driver, TriesAgain) else None
            hop = msgspec.structs.replace(hop, last_answer=driver.last_answer, next_try=next_try)
        name = self._place.name if hop.id == BOX else names.get(hop.id) or title(hop.id)
        return msgspec.structs.replace(hop, name=name, address=self._place.addresses.get(hop.id, ""))

    def _mews(self, mews: Mews) -> HopFacts:
        pace = f"asked every {mews.polls_every:.3g} s"
        if mews.last_answer is None:
            return HopFacts("mews", f"Mews has not answered yet; {pace}.", self._started, HopState.UNHEARD)
        if obstacle := self._health.obstacle("mews"):
            return _behind("mews", "Mews", obstacle)
        if mews.late_since is not None:
            text = (
                f"Mews was asked {_ago(mews.late_since, self._now)} ago and has not answered yet; its last answer "
                f"came {_ago(mews.last_answer, self._now)} ago."
            )
            return HopFacts("mews", text, self._since("mews", mews.reached_since), is_late=True)
        is_quiet = self._now - mews.last_answer > mews.polls_every + QUIET_SECONDS
        last = f", last answer {span(elapsed(mews.last_answer, self._now))} ago" if is_quiet else ""
        told = " and tells of news" if mews.hears_news else ""
        return HopFacts("mews", f"Mews answers{told}; {pace}{last}.", self._since("mews", mews.reached_since))

    def _server(self, driver: Driver) -> HopFacts:
        if driver.last_answer is None:
            return HopFacts(driver.hop, "The lock server has not answered yet.", self._started, HopState.UNHEARD)
        if obstacle := self._health.obstacle(driver.hop):
            return _behind(driver.hop, "The lock server", obstacle)
        if isinstance(driver, MayBeLate) and driver.late_since is not None:
            text = f"The lock server was asked {_ago(driver.late_since, self._now)} ago and has not answered yet."
            return HopFacts(driver.hop, text, self._since(driver.hop), is_late=True)
        return HopFacts(driver.hop, "The lock server answers.", self._since(driver.hop))

    def _lane(self, lane: Lane, server: HopFacts) -> HopFacts:
        order = self._orders.on_lane(lane.id)
        if order is not None and order.record.state is State.DISPATCHED:
            return HopFacts(lane.id, f"{lane.name}: {self._work(lane, order.record)}.", order.since)
        stopped = self._stopped_since(server.id)
        if server.state is not HopState.SEEN or stopped is not None:
            words = f"cannot be told before {'it' if server.id == lane.id else 'the lock server'} answers"
            since = server.since if stopped is None else max(server.since, stopped)
            return HopFacts(lane.id, f"{lane.name}: {words}.", since, HopState.BEHIND)
        if order is not None and order.waits_for is not None:
            return HopFacts(lane.id, f"{lane.name}: an order waits for {order.waits_for}.", order.since)
        since = max(server.since, self._since(lane.id, self._orders.idle_since(lane.id)))
        return HopFacts(lane.id, f"{lane.name}: ready.", since)

    def _work(self, lane: Lane, record: Record) -> str:
        """What a device is doing."""
        if lane.kind is Kind.KEY:
            room = f" for {record.room}" if record.room else ""
            return f"present a card, key {record.copy} of {record.copies}{room}"
        of_lane = (driver for driver in self._place.servers if driver.hop == lane.driver)
        said = (driver.at_work for driver in of_lane if isinstance(driver, Prints))
        return next(filter(None, said), "at work")

    def _stopped_since(self, hop: str) -> float | None:
        """Since when it has a fault that stops keys; None where it has none."""
        faults = (each for each in self._health.active() if each.hop == hop and each.kind.level is Level.FAULT)
        return min((fault.since for fault in faults), default=None)

    def _since(self, hop: str, since: float = float("-inf")) -> float:
        return max(self._started, since, self._health.calm_since(hop))


def _ago(at: float, now: float) -> str:
    return span(max(1, elapsed(at, now)))


def _behind(hop: str, name: str, obstacle: Fault) -> HopFacts:
    text = f"{name} cannot be told before {title(obstacle.hop).lower()} is well again."
    return HopFacts(hop, text, obstacle.since, HopState.BEHIND)


def _line(record: Record, order: Order | None, names: Mapping[str, str], now: float) -> CommandLine:
    at = _time_of(record)
    return CommandLine(
        id=record.id,
        device=record.device,
        kind=record.kind,
        target=names.get(record.target, record.target),
        room=record.room,
        state=record.verdict if record.state == "reported" else record.state,
        note=record.note or _waits(order, now),
        at=from_unix(at) if at else None,
        copies=record.copies,
        cut=record.made,
    )


def _waits(order: Order | None, now: float) -> str:
    """No wait without a reason."""
    if order is None or order.waits_for is None:
        return ""
    return f"Waits for {order.waits_for}, since {span(elapsed(order.since, now))}."


@cache
def _version() -> str:
    from importlib.metadata import version  # 7 ms of a start that has a poll to make first

    return version("nightporter")
