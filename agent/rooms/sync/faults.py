"""What of room sync is worth showing: told to the page as it holds, and over as it is."""

from collections.abc import Mapping

from agent.foundation.reading.text import opened, plain
from agent.health import room_kinds
from agent.health.health import Health
from agent.health.kind import FaultKind
from agent.rooms.sync.plan.plan import Plan

FIRST = 3  # rooms that a fault names
_NAME, _WORDS = 30, 120  # characters
_MEWS = "mews"


class SyncFaults:
    """The faults of one room management, at the lock server `hop`."""

    def __init__(self, health: Health, hop: str) -> None:
        self._health, self._hop = health, hop

    def tell(self, plan: Plan) -> None:
        """State what holds now."""
        self._state(room_kinds.ROOMS_REFUSED, self._hop, _listed(plan.refused))
        self._state(room_kinds.ROOMS_KEYS, self._hop, _listed(plan.keys_left))
        self._state(room_kinds.ROOMS_UNTOLD, self._hop, _sentence(plan.obstacle))
        self._state(room_kinds.ROOMS_UNMAPPED, "box", _listed(dict.fromkeys(plan.unmapped, "")))
        self._state(room_kinds.ROOMS_HELD, _MEWS, _listed(plan.held))

    def tell_mews(self, reason: str) -> None:
        """Why Mews does not tell who is in house; "" where it does."""
        self._state(room_kinds.ROOMS_MEWS, _MEWS, _sentence(reason))

    def clear(self) -> None:
        """Nothing is kept in step any more."""
        for kind in (room_kinds.ROOMS_REFUSED, room_kinds.ROOMS_KEYS, room_kinds.ROOMS_UNTOLD):
            self._health.clear(self._hop, kind)
        self._health.clear("box", room_kinds.ROOMS_UNMAPPED)
        self._health.clear(_MEWS, room_kinds.ROOMS_MEWS)
        self._health.clear(_MEWS, room_kinds.ROOMS_HELD)

    def _state(self, kind: FaultKind, hop: str, text: str) -> None:
        if text:
            self._health.raise_fault(kind, hop, text)
        else:
            self._health.clear(hop, kind)


def _sentence(reason: str) -> str:
    words = plain(reason, _WORDS)
    return opened(words) if words else ""


def _listed(rooms: Mapping[str, str]) -> str:
    """The first rooms with what was said of them, and how many more there are."""
    if not rooms:
        return ""
    count = "1 room" if len(rooms) == 1 else f"{len(rooms)} rooms"
    shown = [_room(name, words) for name, words in list(rooms.items())[:FIRST]]
    more = f" and {len(rooms) - FIRST} more" if len(rooms) > FIRST else ""
    return f"{count}: {', '.join(shown)}{more}."


def _room(name: str, words: str) -> str:
    said = plain(words, _WORDS // 2).rstrip(".")
    return f"{plain(name, _NAME)} ({said})" if said else plain(name, _NAME)
