"""A table beside the orders: acts, keys that were issued. Pure; no secret, no guest.

The rule of `table.py` holds here as well: a column is only ever added, with a default; an older box leaves the
table alone, a newer one's columns stay as they are, and a damaged row spoils only itself.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from msgspec.structs import FieldInfo, fields

from agent.commands.record import Seconds
from agent.journal.rows.frames import Values


class SideRow(Protocol):
    """A frozen struct with an id; every other field has a default."""

    @property
    def id(self) -> str:
        """Its own among the rows of all tables."""
        ...


T = TypeVar("T", bound=msgspec.Struct)


class SideTable(Generic[T]):
    """The table `name` of structs of `type_`: of them the newest `keep` stay, without those that `is_over`."""

    def __init__(self, name: str, type_: type[T], keep: int) -> None:
        self.name, self.type, self.keep = name, type_, keep
        self._fields: tuple[FieldInfo, ...] = fields(type_)
        self.columns = {field.name: _column(field) for field in self._fields}
        # The names are those of this version's own structs: nothing from outside gets into a statement.
        names = ", ".join(self.columns)
        self.create = f"CREATE TABLE IF NOT EXISTS {name} (rowid INTEGER PRIMARY KEY)"
        self.get = f"SELECT rowid, {names} FROM {name} ORDER BY rowid"  # noqa: S608
        updates = ", ".join(f"{each} = excluded.{each}" for each in self.columns)
        self.put = (
            f"INSERT INTO {name} (rowid, {names}) VALUES (?{', ?' * len(self.columns)}) "  # noqa: S608
            f"ON CONFLICT (rowid) DO UPDATE SET {updates}"
        )
        self.remove = f"DELETE FROM {name} WHERE rowid = ?"  # noqa: S608

    def additions(self, columns: Collection[str]) -> list[str]:
        """The statements that make of a table with these columns (none: there is no table) the one of this
        version."""
        missing = [each for each in self.columns if each not in columns]
        added = [f"ALTER TABLE {self.name} ADD COLUMN {each} {self.columns[each]}" for each in missing]
        return [self.create, *added] if added else []

    def values(self, row: T) -> Values:
        """The fields, as `put` wants them after the row's place."""
        return msgspec.structs.astuple(row)

    def read(self, found: Sequence[Any]) -> tuple[int, T | None]:
        """A row that `get` gave: its place, and what it holds."""
        place, *rest = found
        return place, self.from_row(dict(zip(self.columns, rest, strict=True)))

    def from_row(self, row: Mapping[str, Any]) -> T | None:
        """What a row holds, or what is left of a damaged one; None if not even its id is."""
        left = {field.name: row[field.name] for field in self._fields if _fits(row.get(field.name), field.type)}
        return msgspec.convert(left, self.type) if "id" in left else None


def _column(field: FieldInfo) -> str:
    return "INTEGER NOT NULL DEFAULT 0" if field.type == Seconds else "TEXT NOT NULL DEFAULT ''"


def _fits(value: Any, type_: Any) -> bool:
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError:
        return False
    return True
