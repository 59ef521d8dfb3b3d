"""[doors]: what a Mews lock id opens, where it is not simply the room of that name."""

from provisioning.model import Door
from provisioning.table import TEXT_CHARACTERS, Table, plain


def read_doors(table: Table) -> dict[str, Door]:
    """Lock id to door; mistakes go into the table's ledger."""
    return {lock_id: _door(table, lock_id) for lock_id in table.names()}


def _door(table: Table, lock_id: str) -> Door:
    if not _is_lock_id(lock_id):
        table.error(lock_id, "is not a lock id", "Write the lock id from Mews in quotes, without blanks around it")
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


def _is_lock_id(text: str) -> bool:
    return text.isprintable() and text == text.strip() and 0 < len(text) <= TEXT_CHARACTERS


def _is_dotted(value: object) -> bool:
    return isinstance(value, dict) and any(isinstance(each, dict) for each in value.values())
