"""The journal's files: the database, its witness, and room for both on a full disk.

Each commit goes to the witness first: a database that is more than one behind it has lost something. Everything
here blocks, and runs in the journal's thread, one call at a time.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from agent.commands.issued import IssuedKey
from agent.commands.record import Record
from agent.foundation.reading.text import plain
from agent.journal import parts
from agent.journal.database import Database, SideChange
from agent.journal.reserve import Reserve
from agent.journal.rows.acts import Act
from agent.journal.rows.frames import Condition, Values, Witnessed
from agent.journal.rows.kept_drill import KeptDrill
from agent.journal.rows.kept_rooms import KeptRoom
from agent.journal.rows.recovery import Recovery, recover
from agent.journal.rows.side_table import SideTable
from agent.journal.rows.side_tables import TABLES
from agent.journal.rows.table import Table
from agent.journal.trouble import Damaged, is_damage, is_failed_sync, is_read_only, is_the_disk
from agent.journal.witness import Witness

Done = TypeVar("Done")

KEEP_CLOSED = 500  # rows; what the page can show of the past, and ids that are never cut again
PRUNE_EVERY = 64  # commits


class Contents(msgspec.Struct, frozen=True):
    """What a start finds: records, acts, issued keys, rooms and the last drill, oldest first.

    `damage` is in sentences, "" for none; `set_aside` where the damaged file, or a copy of it, is kept, None for
    none.
    """

    records: tuple[Record, ...]
    damage: str = ""
    set_aside: Path | None = None
    acts: tuple[Act, ...] = ()
    keys: tuple[IssuedKey, ...] = ()
    rooms: tuple[KeptRoom, ...] = ()
    drills: tuple[KeptDrill, ...] = ()


Beside = Act | IssuedKey | KeptRoom | KeptDrill
Row = Record | Beside


class JournalFile:
    """The file `path`. Its methods raise `sqlite3.Error` and `OSError`; `is_the_disk` tells which is which."""

    def __init__(self, path: Path, table: Table | None = None, witness: Witness | None = None) -> None:
        self._path, self._table = path, table or Table()
        self._database = Database(path, self._table)
        self._witness = witness or Witness(path.with_suffix(".witness"))
        self._reserve = Reserve(path.with_name("ballast"))
        self._rows: dict[str, int] = {}  # id -> rowid, least lately written first: costs no page a commit
        self._open: dict[str, Record] = {}
        self._next = 1
        self._revision = 0  # the number of the last commit with a record
        self._beside = {table.type: _SideRows(table) for table in TABLES}

    def open(self) -> Contents:
        """Open or make the file and read it. What is damaged is kept under another name, and gone on without.

        What the witness knows better counts, and is in the file afterwards.
        """
        return self._with_room(self._read)

    def commit(self, rows: tuple[Row, ...]) -> None:
        """Put these rows, synced, or none of them. Without any it only tries whether the disk takes some."""
        self._with_room(lambda: self._commit(rows))

    def close(self) -> None:
        """Close what is open; the next commit opens it again."""
        self._witness.close()
        self._database.close()

    def _with_room(self, write: Callable[[], Done]) -> Done:
        """Do it, on a full disk in the room that was kept for it."""
        try:
            done = write()
        except (sqlite3.Error, OSError) as error:
            # Not after a failed sync: whether the first try is in the log, or will ever be, no one knows.
            if is_failed_sync(error) or not (is_the_disk(error) and self._reserve.give_up()):
                raise
            done = write()
        self._reserve.keep()
        return done

    def _read(self) -> Contents:
        self.close()
        told = self._witness.read()
        try:
            self._examine(told)
            return self._take_over(told)
        except (sqlite3.Error, Damaged) as error:
            self._database.close()
            if is_the_disk(error) and not self._says_so_itself(error):
                raise
            aside = parts.set_aside(self._path)
            contents = self._take_over(told)
            return msgspec.structs.replace(contents, damage=_replaced(error, aside, told), set_aside=aside)

    def _examine(self, told: Witnessed) -> None:
        """Raise `Damaged` for what SQLite would take for a new file, or for a disk's refusal."""
        if reason := parts.why_unusable(self._path):
            raise Damaged(reason)
        was_there = told.condition is not Condition.ABSENT or self._reserve.is_there
        if parts.is_empty(self._path) and (was_there or parts.has_log(self._path)):
            raise Damaged("it was empty" if parts.is_there(self._path) else "it was gone")

    def _says_so_itself(self, error: Exception) -> bool:
        return is_read_only(error) and parts.is_usable(self._path)

    def _take_over(self, told: Witnessed) -> Contents:
        """Read the rows, put right what the witness knows better or what is damaged, and begin a new witness."""
        rows = self._database.load()
        recovery = recover(rows, told, [self._table.row((0, *found)) for found in told.rows.values()])
        copy = self._keep_copy() if recovery.damaged_rows else None
        self._rows, self._open = dict(recovery.rows), {}
        self._next = max(self._rows.values(), default=0) + 1
        self._revision = recovery.revision
        mended = self._placed(recovery.mended)
        if mended or recovery.removed:
            self._database.write(self._revision, mended, recovery.removed)
        self._note(mended)
        self._open = {record.id: record for record in recovery.records if record.is_open}
        self._witness.begin(self._revision, self._next - 1, self._open_values())
        beside = (side.take_over(self._database.load_side(side.table)) for side in self._beside.values())
        acts, keys, rooms, drills = beside
        return Contents(recovery.records, " ".join(_damage(recovery, copy)), copy, acts, keys, rooms, drills)

    def _keep_copy(self) -> Path:
        copy = parts.free_name(self._path)
        self._database.copy_to(copy)
        return copy

    def _commit(self, rows: tuple[Row, ...]) -> None:
        records = tuple(row for row in rows if isinstance(row, Record))
        beside = [row for row in rows if not isinstance(row, Record)]
        try:
            if rows:
                self._write(records, beside)
            else:
                self._database.touch()
        except sqlite3.Error as error:
            if is_damage(error):  # or every start would end here again
                parts.set_aside(self._path)
            raise

    def _write(self, records: tuple[Record, ...], beside: list[Beside]) -> None:
        revision, placed, surplus = self._revision, self._placed(records), list[str]()
        if records:  # the witness knows nothing of what is beside: none of it says whether a key was cut
            revision, surplus = revision + 1, self._surplus()
            values = [self._table.values(record) for record in records]
            last_row = max(self._next - 1, *(place for place, _ in placed))
            self._witness.write(revision, last_row, values, self._open_values)
        changes = [
            self._beside[type_].change([row for row in beside if isinstance(row, type_)]) for type_ in self._beside
        ]
        self._database.write(revision, placed, [self._rows[id] for id in surplus], changes)
        self._revision = revision
        for id in surplus:
            del self._rows[id]
        self._note(placed)
        for change in changes:
            self._beside[change.table.type].note(change)

    def _placed(self, records: Iterable[Record]) -> list[tuple[int, Record]]:
        """Each record with its row, or with one that is free."""
        free = count(self._next)
        return [(self._rows.get(record.id) or next(free), record) for record in records]

    def _note(self, placed: Iterable[tuple[int, Record]]) -> None:
        """Remember what the file has now."""
        for place, record in placed:
            self._rows.pop(record.id, None)
            self._rows[record.id] = place
            self._next = max(self._next, place + 1)
            self._open.pop(record.id, None)
            if record.is_open:
                self._open[record.id] = record

    def _open_values(self) -> list[Values]:
        return [self._table.values(record) for record in self._open.values()]

    def _surplus(self) -> list[str]:
        """The ids to forget with the next commit: the least lately written of those that ended."""
        if (self._revision + 1) % PRUNE_EVERY:
            return []
        closed = [id for id in self._rows if id not in self._open]
        return closed[:-KEEP_CLOSED]


class _SideRows:
    """The rows of a table beside the orders, by their ids, oldest first."""

    def __init__(self, table: SideTable[Any]) -> None:
        self.table = table
        self._places: dict[str, int] = {}
        self._next = 1

    def take_over(self, found: list[tuple[int, Any | None]]) -> tuple[Any, ...]:
        """What the file has, as it was read."""
        self._places = {row.id: place for place, row in found if row is not None}
        self._next = max((place for place, _ in found), default=0) + 1
        return tuple(row for _, row in found if row is not None)

    def change(self, rows: list[Any]) -> SideChange:
        """Each row with its place, or with one that is free; out go those that are over, and the oldest of too
        many."""
        free = count(self._next)
        over = [self._places[row.id] for row in rows if row.is_over and row.id in self._places]
        surplus = islice(self._places.values(), max(0, len(self._places) - self.table.keep))
        placed = [(self._places.get(row.id) or next(free), row) for row in rows if not row.is_over]
        kept = {place for place, _ in placed}
        return SideChange(self.table, placed, [place for place in (*over, *surplus) if place not in kept])

    def note(self, change: SideChange) -> None:
        """Remember what the file has now."""
        gone = set(change.removed)
        if gone:
            self._places = {id: place for id, place in self._places.items() if place not in gone}
        for place, row in change.placed:
            self._places[row.id] = place
            self._next = max(self._next, place + 1)


def _replaced(error: Exception, aside: Path | None, told: Witnessed) -> str:
    kept = f" and is kept as {aside.name}" if aside else ""
    known = "Orders that were under way are known from its second copy."
    unknown = "Its second copy is not whole either: look in Mews for orders that stay in Processing."
    return (
        f"The journal could not be used ({plain(str(error), 80)}){kept}; a new one was begun. "
        f"{known if told.condition is Condition.WHOLE else unknown}"
    )


def _damage(recovery: Recovery, copy: Path | None) -> Iterator[str]:
    if copy is not None:
        rows = "1 row" if recovery.damaged_rows == 1 else f"{recovery.damaged_rows} rows"
        yield f"{rows} of the journal could not be read; as it was, it is kept as {copy.name}."
    if recovery.is_tail_lost:
        yield "The newest entries of the journal were gone; they were taken from its second copy."
    if recovery.is_witness_lost:
        yield "The journal's second copy was damaged or gone; a new one was made."
