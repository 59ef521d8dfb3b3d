"""The journal's one table: its columns, and how versions of the box that differ in them share a file.

An update can be rolled back, and then the older box must find its journal. So the rule is: a column is only ever
added, with a default; a box adds those that it knows and the file lacks, and leaves alone those that it does not
know; a word in a column keeps its meaning, and an unknown one is read as `Record.from_row` says. Pure: it makes
statements and reads rows, and the file is somebody else's.
"""

from collections.abc import Collection
from typing import Any

import msgspec

from agent.commands.record import Record

# What every version writes. Never change this: a file without one of these columns is damaged, not old.
FIRST_COLUMNS = (
    *("id", "device", "kind", "target", "room", "copies", "state", "copy", "cut"),
    *("verdict", "code", "note", "created", "claimed", "ended", "reported"),
)


class Table:
    """The table for records of one type: `Record`, or what a newer version makes of it."""

    def __init__(self, record: type[Record] = Record) -> None:
        self._record = record
        fields = {field.name: field for field in msgspec.structs.fields(record)}
        self._names = tuple(fields)
        first = (f"{name} {_type(fields[name])} NOT NULL" for name in FIRST_COLUMNS)
        self.create = f"CREATE TABLE command (rowid INTEGER PRIMARY KEY, {', '.join(first)})"
        self._later = {name: field for name, field in fields.items() if name not in FIRST_COLUMNS}
        # Not INSERT OR REPLACE, which would set a newer version's columns back to their defaults.
        self.put = (
            f"INSERT INTO command (rowid, {', '.join(fields)}) VALUES (?{', ?' * len(fields)}) "  # noqa: S608
            f"ON CONFLICT (rowid) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in fields)}"
        )
        self.get = f"SELECT rowid, {', '.join(fields)} FROM command ORDER BY rowid"  # noqa: S608

    def additions(self, columns: Collection[str]) -> list[str]:
        """The statements that add what a table with these columns lacks."""
        return [
            f"ALTER TABLE command ADD COLUMN {name} {_type(field)} NOT NULL DEFAULT {_literal(field.default)}"
            for name, field in self._later.items()
            if name not in columns
        ]

    def record(self, row: tuple[Any, ...]) -> Record:
        """The record of a row that `get` gave. Raises `msgspec.ValidationError` when the row is damaged."""
        return self._record.from_row(dict(zip(self._names, row[1:], strict=True)))


def _type(field: msgspec.structs.FieldInfo) -> str:
    return "INTEGER" if field.type is int else "TEXT"


def _literal(default: Any) -> str:
    return str(default) if isinstance(default, int) else "'{}'".format(str(default).replace("'", "''"))
