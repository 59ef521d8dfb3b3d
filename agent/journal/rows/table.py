"""The journal's one table: its columns, and how versions of the box that differ in them share a file.

An update can be rolled back, and then the older box must find its journal. So the rule is: a column is only ever
added, with a default; a box adds those that it knows and the file lacks, and leaves alone those that it does not
know; a word in a column keeps its meaning, and an unknown one is read as `Record.from_row` says. Pure: it makes
statements and reads rows, and the file is somebody else's.
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from agent.commands.record import Count, Record, Seconds
from agent.journal.rows.frames import Values

# What every version writes. Never change this: a file without one of these columns is damaged, not old.
FIRST_COLUMNS = (
    *("id", "device", "kind", "target", "room", "copies", "state", "copy", "cut"),
    *("verdict", "code", "note", "created", "claimed", "ended", "reported"),
)
# The number of the commit that wrote the row; 0 if that was a version which did not count.
REVISION = "revision"
MOST = 2**53  # for rows and revisions: far beyond any box's life, and far from where SQLite's numbers end


class Row(msgspec.Struct, frozen=True):
    """A row as it was found. `record` is what is left of it where it is damaged, None if nothing is."""

    place: int
    revision: int
    record: Record | None
    is_damaged: bool = False


class Table:
    """The table for records of one type: `Record`, or what a newer version makes of it."""

    def __init__(self, record: type[Record] = Record) -> None:
        self._record = record
        fields = {field.encode_name: field for field in msgspec.structs.fields(record)}
        self._names = tuple(fields)
        first = (f"{name} {_type(fields[name])} NOT NULL" for name in FIRST_COLUMNS)
        self.create = f"CREATE TABLE command (rowid INTEGER PRIMARY KEY, {', '.join(first)})"
        self._later = {
            name: f"{_type(field)} NOT NULL DEFAULT {_literal(field.default)}"
            for name, field in fields.items()
            if name not in FIRST_COLUMNS
        } | {REVISION: "INTEGER NOT NULL DEFAULT 0"}
        columns = (REVISION, *fields)
        # Not INSERT OR REPLACE, which would set a newer version's columns back to their defaults.
        self.put = (
            f"INSERT INTO command (rowid, {', '.join(columns)}) VALUES (?{', ?' * len(columns)}) "  # noqa: S608
            f"ON CONFLICT (rowid) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in columns)}"
        )
        self.get = f"SELECT rowid, {', '.join(columns)} FROM command ORDER BY rowid"  # noqa: S608

    def additions(self, columns: Collection[str]) -> list[str]:
        """The statements that add what a table with these columns lacks."""
        return [
            f"ALTER TABLE command ADD COLUMN {name} {words}"
            for name, words in self._later.items()
            if name not in columns
        ]

    def values(self, record: Record) -> Values:
        """The record's fields, as `put` wants them after row and revision."""
        return msgspec.structs.astuple(record)

    def row(self, found: Sequence[Any]) -> Row:
        """A row that `get` gave, or what is left of it. Another version's may have fewer or more values."""
        place, revision, *values = found
        if not isinstance(revision, int) or not 0 <= revision <= MOST:
            return msgspec.structs.replace(self.row((place, 0, *values)), is_damaged=True)
        named = dict(zip(self._names, values, strict=False))
        try:
            return Row(place, revision, self._record.from_row(named))
        except msgspec.ValidationError:
            return Row(place, revision, self._record.salvaged(named), is_damaged=True)


def _type(field: msgspec.structs.FieldInfo) -> str:
    return "INTEGER" if field.type in (int, Count, Seconds) else "TEXT"


def _literal(default: Any) -> str:
    return str(default) if isinstance(default, int) else "'{}'".format(str(default).replace("'", "''"))
