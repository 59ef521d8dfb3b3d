"""What waits and what is being made now, for the page: no wait without a reason."""

from collections.abc import Iterable, Sequence

from agent.commands.driver import Driver, Lane, WaitsForCard
from agent.commands.lifecycle import State
from agent.commands.model import Kind, WaitsFor
from agent.pipeline.orders import Order
from agent.status.snapshot.work import Stage, WorkFacts


def work_facts(orders: Iterable[Order], lanes: Sequence[Lane], drivers: Sequence[Driver]) -> tuple[WorkFacts, ...]:
    """The orders that have no end yet, in the order that is given."""
    names = {lane.id: lane.name for lane in lanes}
    limits = card_seconds(lanes, drivers)
    return tuple(_work(order, names, limits) for order in orders if not order.record.verdict)


def card_seconds(lanes: Sequence[Lane], drivers: Sequence[Driver]) -> dict[str, float]:
    """How long the encoder of each lane waits for a card (s); none where cards are not presented."""
    by_hop = {driver.hop: driver.card_seconds for driver in drivers if isinstance(driver, WaitsForCard)}
    mine = (lane for lane in lanes if lane.kind is Kind.KEY and not lane.is_mobile and lane.driver in by_hop)
    return {lane.id: by_hop[lane.driver] for lane in mine}


def _work(order: Order, names: dict[str, str], limits: dict[str, float]) -> WorkFacts:
    record = order.record
    is_made = record.state is State.DISPATCHED
    return WorkFacts(
        id=record.id,
        kind=record.kind,
        target=names.get(record.target, record.target),
        room=record.room,
        state=Stage.MAKING if is_made else Stage.WAITING,
        copies=record.copies,
        cut=record.made,
        since=order.since,
        waits_for="" if is_made else str(order.waits_for or WaitsFor.TURN),
        limit=limits.get(record.target, 0.0) if is_made else 0.0,
        ordered=order.created,
    )
