"""Rooms as the lock system's room management was told of them. Ids, names of rooms and states alone; no guest."""

import msgspec

from agent.commands.record import Id, Text

OUT = "out"  # the one state with a meaning here: a room that no row tells of is in it


class KeptRoom(msgspec.Struct, frozen=True):
    """One room, `id` by its name at the room management.

    `state` is a word of `agent/rooms/sync/plan/states.py`; `stays` are the ids of those who are in it as far as
    the lock system knows, also of those whose keys have still to be cancelled: a JSON array.
    """

    id: Id
    state: Text = OUT
    stays: Text = "[]"

    @property
    def is_over(self) -> bool:
        """Whether it says no more than no row would."""
        return self.state == OUT and not self.stay_ids

    @property
    def stay_ids(self) -> tuple[str, ...]:
        """The stays; none for a damaged row."""
        try:
            return msgspec.json.decode(self.stays, type=tuple[str, ...])
        except msgspec.DecodeError:
            return ()


def kept_room(room: str, state: str, stays: tuple[str, ...]) -> KeptRoom:
    """The row of a room."""
    return KeptRoom(room, state, msgspec.json.encode(stays).decode())
