"""What a card says, out of the bridge's answer to its reading. No I/O.

The names are the site profile's, all of them placeholders (reference/coder-bridge.md section 2.2, row 12); dates
stay the lock system's own words. Never raises.
"""

from collections.abc import Sequence
from typing import Any

from agent.commands.driver import CardRead
from agent.drivers.coder_bridge.protocol.named import members
from agent.drivers.coder_bridge.protocol.profile import REFUSE, Profile
from agent.drivers.lock_server.json_body import first, identifier, parsed


def card(body: bytes, profile: Profile) -> CardRead | None:
    """The card, below `data` or at the top; None where the answer says nothing of a card."""
    whole = members(parsed(body), profile.answers)
    if whole is None:
        return None
    names, data = profile.card, members(first(whole("data")), profile.answers) or whole
    separator = profile.several_rooms.separator.value
    read = CardRead(
        rooms=_several(data(names.room.value), separator if separator != REFUSE else ""),
        areas=_several(data(names.areas.value), profile.areas.separator.value),
        start=identifier(data(names.start.value)),
        end=identifier(data(names.end.value)),
        key=identifier(data(names.tid.value)),
        card=identifier(data(names.cid.value)),
    )
    return read if any((read.rooms, read.areas, read.start, read.end, read.key, read.card)) else None


def _several(values: Sequence[Any], separator: str) -> tuple[str, ...]:
    """One text or number, several with the separator between them, or a list of them."""
    value = first(list(values))
    if isinstance(value, list):
        return tuple(filter(None, (identifier([each]) for each in value)))
    text = identifier([value])
    parts = text.split(separator) if separator else [text]
    return tuple(filter(None, (part.strip() for part in parts)))
