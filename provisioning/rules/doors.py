"""[doors]: what a Mews lock id opens, where it is not simply the room of that name."""

from provisioning.model import Door
from provisioning.table import Table, plain

LOCK_CHARACTERS = 80  # characters; a command that names a longer lock is refused as unreadable


def read_doors(table: Table) -> dict[str, Door]:
    """Lock id to door; mistakes go into the table's ledger."""
    return {lock_id: _door(table, lock_id) for lock_id in table.names()}


def _door(table: Table, lock_id: str) -> Door:
    _check_lock_id(table, lock_id)
    if _is_dotted(table.raw(lock_id)):
        table.error(lock_id, "has a dot after it, which needs quotes", 'Write it like "B.101" = { room = "101" }')
        return Door()
    inner = table.table(lock_id, Door, 'Write it like "101" = { room = "101" } or "POOL" = { area = "3" }')
    door = Door(inner.optional("room", plain, "101"), inner.optional("area", plain, "3"))
    if inner.has("room") and inner.has("area"):
        table.error(lock_id, "is both a room and an area", "Keep one of the two")
    if table.raw(lock_id) == {}:
        table.error(lock_id, "is neither a room nor an area", 'Write { room = "101" } or { area = "3" }')
    return door


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
