"""The journal's table of acts: who did what by which face, and what came of it. Pure; no secret, no guest.

The rule of `table.py` holds here as well: a column is only ever added, with a default; an older box leaves the
table alone, a newer one's columns stay as they are, and a damaged row spoils only itself.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self

import msgspec
from msgspec.structs import fields

from agent.commands.record import Id, Seconds, Text
from agent.journal.rows.frames import Values


class Act(msgspec.Struct, frozen=True):
    """One act. Times are Unix seconds by Mews' clock (`ended` 0: not yet), `words` what was asked.

    `order_id` is the one of the order that it put on a lane, `end` how it ended, `note` that in a sentence.
    """

    id: Id
    who: Text = ""
    face: Text = ""
    verb: Text = ""
    words: Text = ""
    order_id: Text = ""
    begun: Seconds = 0
    ended: Seconds = 0
    end: Text = ""
    note: Text = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self | None:
        """The act that a row holds, or what is left of a damaged one; None if not even its id is."""
        left = {field.name: row[field.name] for field in fields(cls) if _fits(row.get(field.name), field.type)}
        return msgspec.convert(left, cls) if "id" in left else None

    @property
    def is_open(self) -> bool:
        """Whether no one has written down yet how it ended."""
        return not self.end


COLUMNS = {
    field.name: "INTEGER NOT NULL DEFAULT 0" if field.type == Seconds else "TEXT NOT NULL DEFAULT ''"
    for field in fields(Act)
}
CREATE = "CREATE TABLE IF NOT EXISTS act (rowid INTEGER PRIMARY KEY)"
GET = f"SELECT rowid, {', '.join(COLUMNS)} FROM act ORDER BY rowid"  # noqa: S608
PUT = (
    f"INSERT INTO act (rowid, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)}) "  # noqa: S608
    f"ON CONFLICT (rowid) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS)}"
)
REMOVE = "DELETE FROM act WHERE rowid = ?"


def additions(columns: Collection[str]) -> list[str]:
    """The statements that make of a table with these columns (none: there is no table) the one of this version."""
    missing = [name for name in COLUMNS if name not in columns]
    return (
        []
        if not missing
        else [CREATE, *(f"ALTER TABLE act ADD COLUMN {name} {COLUMNS[name]}" for name in missing)]
    )


def values(act: Act) -> Values:
    """The act's fields, as `PUT` wants them after the row."""
    return msgspec.structs.astuple(act)


def read(found: Sequence[Any]) -> tuple[int, Act | None]:
    """A row that `GET` gave: its place, and the act."""
    place, *rest = found
    return place, Act.from_row(dict(zip(COLUMNS, rest, strict=True)))


def _fits(value: Any, type_: Any) -> bool:
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError:
        return False
    return True
