"""[doors]: what a Mews lock id opens, where it is not simply the room of that name."""

from provisioning.model import Door
from provisioning.problems import quoted
from provisioning.rules.choices import read_once_each
from provisioning.table import Table, plain

_EXTRAS = ("areas", "rms")  # what a room has beside itself
LOCK_CHARACTERS = 80  # characters; a command that names a longer lock is refused as unreadable


def read_doors(table: Table) -> dict[str, Door]:
    """Lock id to door; mistakes go into the table's ledger."""
    names = RmsNames()
    return {lock_id: _door(table, lock_id, names) for lock_id in table.names()}


class RmsNames:
    """What the room management calls each room: a room has one name there, by whatever lock it is opened."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def note(self, door: Door, inner: Table) -> None:
        """Note the door's name; an error where one of its rooms has another one already."""
        for room in rooms_of(door):
            first = self._names.setdefault(room, door.rms or "")
            if first != door.rms:
                wrong = f"is another name than {quoted(first)}, which room {quoted(room)} has already"
                inner.error("rms", wrong, "Write the same name at each door of the room")


def rooms_of(door: Door) -> tuple[str, ...]:
    """The rooms that it opens, however they are written."""
    return (door.room,) if door.room else door.rooms


def _door(table: Table, lock_id: str, names: RmsNames) -> Door:
    _check_lock_id(table, lock_id)
    if _is_dotted(table.raw(lock_id)):
        table.error(lock_id, "has a dot after it, which needs quotes", 'Write it like "B.101" = { room = "101" }')
        return Door()
    inner = table.table(lock_id, Door, 'Write it like "101" = { room = "101" } or "POOL" = { area = "3" }')
    door = Door(
        room=inner.optional("room", plain, "101"),
        area=inner.optional("area", plain, "3"),
        rooms=read_once_each(inner, "rooms", "101"),
        areas=read_once_each(inner, "areas", "3"),
        rms=inner.optional("rms", plain, "101"),
    )
    _check_kind(table, lock_id, inner)
    if door.rms:
        names.note(door, inner)
    return door


def _check_kind(table: Table, lock_id: str, inner: Table) -> None:
    """A door is a room, several rooms, or an area alone; common areas and a name go with rooms."""
    has_rooms, extras = inner.has("room") or inner.has("rooms"), [name for name in _EXTRAS if inner.has(name)]
    if table.raw(lock_id) == {}:
        table.error(lock_id, "is neither a room nor an area", 'Write { room = "101" } or { area = "3" }')
    elif has_rooms and inner.has("area"):
        table.error(lock_id, "is both a room and an area", 'Keep one of the two, or write areas = ["3"]')
    elif inner.has("room") and inner.has("rooms"):
        table.error(lock_id, "has both room and rooms", "Write all of its rooms into rooms")
    elif extras and not has_rooms:
        wrong = f"has {' and '.join(extras)}, which go with a room, and names none"
        table.error(
            lock_id,
            wrong,
            'Name its room too, as in { room = "101", areas = ["3"] }; an area alone is { area = "3" }',
        )
    elif inner.raw("rooms") == []:
        inner.error("rooms", "is empty", 'Write the names of the rooms: rooms = ["101", "102"]')


def _check_lock_id(table: Table, lock_id: str) -> None:
    """The box knows a lock only by an id that a command can hold: trimmed, with single blanks, not too long."""
    written = " ".join(lock_id.split())
    if not written or not written.isprintable():
        table.error(lock_id, "is not a lock id", "Write the lock id from Mews in quotes")
    elif len(written) > LOCK_CHARACTERS:
        wrong = f"is longer than {LOCK_CHARACTERS} characters, and no lock id of a command is"
        table.error(lock_id, wrong, "Copy the lock id again from Mews")
    elif written != lock_id:
        table.error(lock_id, "has blanks that no lock id of a command has", f'Write "{written}"')


def _is_dotted(value: object) -> bool:
    return isinstance(value, dict) and any(isinstance(each, dict) for each in value.values())
