"""What a webhook is told: a message of titles and codes, without a text that could hold a name. Pure."""

import msgspec

from agent.health.kind import Level
from agent.status.snapshot.snapshot import Snapshot
from agent.status.telemetry.red_and_green import Light


class MessageFault(msgspec.Struct, frozen=True):
    """A fault that holds, in the catalogue's words; `since` is ISO 8601."""

    code: str
    hop: str
    title: str
    since: str


class Message(msgspec.Struct, frozen=True):
    """The body, as JSON. `id` stays the same however often the message is sent again; times are ISO 8601."""

    box: str
    version: str
    level: Level
    text: str
    faults: tuple[MessageFault, ...]
    at: str
    since: str
    id: str


def message(light: Light, since: str, snapshot: Snapshot, id: str) -> Message:
    """What to tell of a box that is `light` since then; `snapshot` is of now."""
    faults = tuple(
        MessageFault(fault.code, fault.hop, fault.title, fault.since)
        for fault in snapshot.faults
        if fault.is_fault
    )
    level = Level.FAULT if light is Light.RED else _calm(snapshot)
    box = snapshot.box
    return Message(box.name, box.version, level, _text(light, faults), faults, box.time, since, id)


def _calm(snapshot: Snapshot) -> Level:
    return Level.WARNING if snapshot.faults else Level.OK


def _text(light: Light, faults: tuple[MessageFault, ...]) -> str:
    if light is Light.GREEN:
        return "No fault holds any more."
    if not faults:
        return "There was a fault that went and came."
    more = len(faults) - 1
    others = f", and {more} more {'fault' if more == 1 else 'faults'}" if more else ""
    return f"{faults[0].title}{others}."
