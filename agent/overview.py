"""Puts what the parts know side by side for the status page: one frozen snapshot."""

from collections.abc import Sequence
from functools import cache

import msgspec

from agent.commands.moments import from_unix
from agent.commands.record import Record
from agent.commands.routing import Lane
from agent.health import Health
from agent.orders import Orders
from agent.status.facts import BoxFacts, CommandLine, Counts, HopFacts
from agent.status.snapshot import Snapshot, build
from agent.timing import utc_now

BOX_WORKS = "The box works."  # said while nothing is wrong with it, and more is not known


class Place(msgspec.Struct, frozen=True):
    """What the box is, as far as its file has been read: names, zone, and the hops that the file asks for."""

    name: str
    timezone: str = ""
    polls_every: float | None = None  # s; None without a site
    is_mews_reached: bool = False
    servers: Sequence[str] = ()
    lanes: Sequence[Lane] = ()
    box: str = BOX_WORKS


def overview(place: Place, health: Health, orders: Orders, *, started: float, now: float) -> Snapshot:
    """The snapshot of this moment; `started` and `now` are monotonic seconds."""
    box = BoxFacts(place.name, _version(), place.timezone, started, now, utc_now())
    records = list(orders.recent())
    hops = _hops(place, records, started)
    return build(
        box, hops, health.active(), Counts(**orders.counts()), [_line(record, place.lanes) for record in records]
    )


def _hops(place: Place, records: Sequence[Record], started: float) -> list[HopFacts]:
    hops = [HopFacts("box", place.box, started)]
    if place.polls_every is not None:
        answers = "Mews answers" if place.is_mews_reached else "Mews has not answered yet"
        text = f"{answers}; asked every {place.polls_every:g} s."
        hops.insert(0, HopFacts("mews", text, started))
    hops += [HopFacts(server, "The lock server answers.", started) for server in place.servers]
    hops += [HopFacts(lane.id, _lane_text(lane, records), started) for lane in place.lanes]
    return hops


def _lane_text(lane: Lane, records: Sequence[Record]) -> str:
    for record in records:
        if record.target == lane.id and record.state == "dispatched":
            return f"{lane.name}: present a card, key {record.copy} of {record.copies} for {record.room}."
    return f"{lane.name}: ready."


def _line(record: Record, lanes: Sequence[Lane]) -> CommandLine:
    names = {lane.id: lane.name for lane in lanes}
    at = record.reported or record.ended or record.claimed or record.created
    return CommandLine(
        id=record.id,
        device=record.device,
        kind=record.kind,
        target=names.get(record.target, record.target),
        room=record.room,
        state=record.verdict if record.state == "reported" else record.state,
        note=record.note,
        at=from_unix(at) if at else None,
    )


@cache
def _version() -> str:
    from importlib.metadata import version  # 7 ms of a start that has a poll to make first

    return version("nightporter")
