"""The events that Mews tells over its WebSocket, as the docs' page "WebSockets" writes them. Pure.

Must never carry what an event does not say there: no Data, no guest.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

import msgspec

from agent.simulators.base.presence import utc_text
from agent.simulators.mews.commands import Command
from agent.simulators.mews.store.records import Reservation, Room

Event = Mapping[str, object]

# What is no message of Mews: each comes in turn before a message, while that is switched on.
GARBAGE = (
    "",
    "pong",
    "{",
    "null",
    "[]",
    '{"Events":null}',
    '{"Events":[null,1,{}]}',
    '{"Events":[{"Type":"DeviceCommand"}]}',
    '{"Events":[{"Type":"Teleport","Id":"1"}]}',
    "[" * 10_000,
    '{"Events":"' + "x" * 100_000 + '"}',
)


def command_event(command: Command) -> Event:
    """A command was made or updated."""
    return {"Type": "DeviceCommand", "Id": command.id, "State": command.state}


def reservation_event(stay: Reservation) -> Event:
    """A reservation was made or changed."""
    event = {
        "Type": "Reservation",
        "Id": stay.id,
        "State": stay.state,
        "StartUtc": utc_text(stay.begins),
        "EndUtc": utc_text(stay.ends),
    }
    return event if stay.room is None else {**event, "AssignedResourceId": stay.room}


def resource_event(room: Room) -> Event:
    """A resource was made, renamed, or is in another state."""
    return {"Type": "Resource", "Id": room.id, "State": room.state}


def price_update(now: datetime) -> Event:
    """A price has changed, which is no concern of a box at the front desk."""
    return {
        "Type": "PriceUpdate",
        "Id": str(uuid4()),
        "StartUtc": utc_text(now),
        "EndUtc": utc_text(now),
        "RateId": "9c6c0556-42bb-409a-86ca-6ca430773b99",
        "ResourceCategoryId": None,
    }


def message(events: Sequence[Event]) -> str:
    """A message with these events."""
    return msgspec.json.encode({"Events": events}).decode()
