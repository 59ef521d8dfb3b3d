"""Makes the ledger's entries from what the simulators hold. Every command needs a room of its own."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import trio

from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.mews.commands import MEWS, STAFF, Command, State
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.ledger import Entry

STAY_SLACK = 61.0  # s; Mews' Date has whole seconds, and a card that was asked for may wait for its encoder


def entries(
    mews: MewsSimulator,
    bridge: CoderBridgeSimulator,
    visionline: VisionlineSimulator | None = None,
    *,
    key_age_seconds: float | None = None,
    queue_seconds: float = 0.05,
) -> list[Entry]:
    """All commands with a room, joined with the cards of both lock systems for it. None may be under way any more.

    `queue_seconds` is how long a card that was asked for may have to wait for its encoder before it is begun.
    """
    cuts = _cuts_by_room(bridge, visionline)
    return [
        _entry(mews, command, room, cuts[room], key_age_seconds, queue_seconds)
        for command in mews.commands
        if (room := room_of(command))
    ]


def room_of(command: Command) -> str:
    """The first room that a command names, or nothing."""
    data = command.data
    rooms = data.get("LockIds") if isinstance(data, dict) else None
    return str(rooms[0]) if isinstance(rooms, list | tuple) and rooms else ""


def _cuts_by_room(bridge: CoderBridgeSimulator, visionline: VisionlineSimulator | None) -> dict[str, list[float]]:
    cuts: defaultdict[str, list[float]] = defaultdict(list)
    for cut in bridge.cuts:
        cuts[cut.room].append(cut.began)
    for card in visionline.cards if visionline is not None else ():
        cuts[card.order.doors[0]].append(card.began)
    return cuts


def _entry(
    mews: MewsSimulator,
    command: Command,
    room: str,
    cuts: Iterable[float],
    key_age_seconds: float | None,
    queue_seconds: float,
) -> Entry:
    last = command.history[-1]
    ours = (step for step in command.history if step.by not in (MEWS, STAFF))
    claims = [step.at for step in ours if step.state is State.PROCESSING]
    created = _seconds(mews, command.created)
    return Entry(
        id=f"{room} ({command.id})",
        copies=_copies(command),
        state=command.state.value,
        notes=command.notes or "",
        by_us=command.is_final and last.by not in (MEWS, STAFF),
        ended=_seconds(mews, last.at) + queue_seconds if command.is_final else None,
        claimed=_seconds(mews, claims[0]) if claims else None,
        cuts=tuple(cuts),
        stay_ends=_stay_ends(mews, command),
        cut_by=None if key_age_seconds is None else created + key_age_seconds + queue_seconds,
    )


def _copies(command: Command) -> int:
    count = command.data.get("KeyCount") if isinstance(command.data, dict) else 0
    return int(count) if isinstance(count, int | float) else 0


def _stay_ends(mews: MewsSimulator, command: Command) -> float | None:
    ends = command.data.get("ValidityEndUtc") if isinstance(command.data, dict) else None
    return _seconds(mews, datetime.fromisoformat(ends)) + STAY_SLACK if isinstance(ends, str) else None


def _seconds(mews: MewsSimulator, at: datetime) -> float:
    """A time at Mews on trio's clock, which the encoders' times are told in."""
    return trio.current_time() - (mews.clock.now() - at).total_seconds()
