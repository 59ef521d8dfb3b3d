"""Which lane a command belongs to, or why it belongs to none. Decisions only, no I/O."""

from collections.abc import Mapping

import msgspec

from agent.commands.driver import Lane
from agent.commands.model import KeyRequest, Kind, Listed, Outcome
from agent.commands.notes import Code, ended
from agent.foundation.reading.text import quoted
from provisioning.ids import same_id

# Device types of the 2016 page and of today's (reference/mews.md 6.4 and 7).
_KINDS = {"VisiOnlineKeyCutter": Kind.KEY, "KeyCutter": Kind.KEY, "Printer": Kind.PRINT}


class Door(msgspec.Struct, frozen=True):
    """What a Mews lock id stands for in the lock system: a room or a special area (exactly one is set)."""

    room: str = ""
    area: str = ""


class Routes(msgspec.Struct, frozen=True):
    """The provisioning file's answer to "where does this go?".

    `cutters` maps Mews' KeyCutterId or Device.Id, as `same_id` spells it, to a lane; `doors` a lock id to a door;
    a lock id that is not in it is the room of that name.
    """

    cutters: Mapping[str, Lane]
    doors: Mapping[str, Door]
    keys_per_command: int

    def kind(self, listed: Listed) -> Kind:
        """What the command asks for, by its device's type; without a type, a known key cutter means a key."""
        if not listed.device_type:
            return Kind.KEY if same_id(listed.device_id) in self.cutters else Kind.OTHER
        return _KINDS.get(listed.device_type, Kind.OTHER)

    def unsupported(self, listed: Listed) -> Outcome:
        """The end of a command that asks for anything but a key."""
        if self.kind(listed) is Kind.PRINT:
            return ended(Code.NO_PRINT)
        return ended(Code.NO_DEVICE, quoted(listed.device_type or "unknown"))

    def lane(self, listed: Listed, request: KeyRequest) -> Lane | Outcome:
        """The lane for a key, or the refusal. The request's own key cutter comes before the device's id."""
        for cutter in (request.key_cutter, listed.device_id):
            lane = self.cutters.get(same_id(cutter))
            if lane is not None:
                return self._counted(lane, request.copies)
        return ended(Code.NO_CUTTER, quoted(request.key_cutter or listed.device_name or listed.device_id))

    def rooms(self, request: KeyRequest) -> tuple[str, ...]:
        """The rooms that the key shall open, in the order given, each once."""
        return tuple(dict.fromkeys(door.room for door in self._doors(request) if door.room))

    def areas(self, request: KeyRequest) -> tuple[str, ...]:
        """The special areas that the key shall open, in the order given, each once."""
        return tuple(dict.fromkeys(door.area for door in self._doors(request) if door.area))

    def _doors(self, request: KeyRequest) -> tuple[Door, ...]:
        return tuple(self.doors.get(lock, Door(room=lock)) for lock in request.lock_ids)

    def _counted(self, lane: Lane, copies: int) -> Lane | Outcome:
        if copies < 1:
            return ended(Code.COUNT, f"{copies} keys were ordered")
        if copies > self.keys_per_command:
            return ended(
                Code.COUNT, f"{copies} keys were ordered, and {self.keys_per_command} is the most at once"
            )
        return lane
