"""The journal's SQLite file: WAL mode with `synchronous=FULL`, slim tables, small pages.

Under WAL only FULL keeps the last commit at a power cut. Rows and commits are kept small on purpose: they wear
out a flash card.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from agent.commands.record import Record
from agent.journal.rows.side_table import SideTable
from agent.journal.rows.side_tables import TABLES
from agent.journal.rows.table import FIRST_COLUMNS, Row, Table
from agent.journal.trouble import Damaged

# Raised only for what an older box could no longer read, whatever `rows/table.py` does: it would set the file
# aside, and forget which keys were cut.
SCHEMA_VERSION = 1
PAGE_BYTES = 512  # of a new file; the smallest there is, for two or three rows: a commit writes whole pages
CHECKPOINT_BYTES = 2 * 1024 * 1024  # in the write-ahead log before they are copied back
LOG_LIMIT_BYTES = 4 * 1024 * 1024


class SideChange(msgspec.Struct, frozen=True):
    """What one commit does to a table beside the orders: places to empty, then rows at their places."""

    table: SideTable[Any]
    placed: list[tuple[int, Any]]
    removed: list[int]


class Database:
    """The file `path`. Its methods raise `sqlite3.Error` and `OSError`, and open the file where it is closed."""

    def __init__(self, path: Path, table: Table) -> None:
        self._path, self._table = path, table
        self._connection: sqlite3.Connection | None = None

    def load(self) -> list[Row]:
        """All rows, after a look at the whole file and a write. Raises `Damaged` for what is not ours."""
        self.close()
        try:
            return self._load(self._open())
        except UnicodeDecodeError:  # of SQLite's own words about a damaged schema
            raise Damaged("its schema cannot be read") from None

    def load_side(self, table: SideTable[Any]) -> list[tuple[int, Any | None]]:
        """All rows of a table beside the orders with their places, oldest first; None for one of which nothing is
        left."""
        return [table.read(found) for found in self._connect().execute(table.get)]

    def write(
        self,
        revision: int,
        records: Iterable[tuple[int, Record]],
        removed: Iterable[int] = (),
        beside: Iterable["SideChange"] = (),
    ) -> None:
        """Delete some rows, then put records and what is beside them at theirs, synced, or nothing of it."""
        connection = self._connect()
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("DELETE FROM command WHERE rowid = ?", ((place,) for place in removed))
            for place, record in records:
                connection.execute(self._table.put, (place, revision, *self._table.values(record)))
            for change in beside:
                put = ((place, *change.table.values(row)) for place, row in change.placed)
                connection.executemany(change.table.remove, ((place,) for place in change.removed))
                connection.executemany(change.table.put, put)
            connection.execute("COMMIT")
        except sqlite3.Error:
            # After a failed sync no one knows what the file holds: read it again before the next commit.
            self.close()
            raise

    def touch(self) -> None:
        """Write something that changes nothing, to learn whether the disk takes it."""
        try:
            self._connect().execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        except sqlite3.Error:
            self.close()
            raise

    def copy_to(self, path: Path) -> None:
        """Put a copy under a name that is free."""
        self._connect().execute("VACUUM INTO ?", (str(path),))

    def close(self) -> None:
        """Close the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):  # a failing disk cannot be tidied; the next open recovers the log
                connection.close()

    def _load(self, connection: sqlite3.Connection) -> list[Row]:
        columns = self._examine(connection)
        self._settle(connection)
        self._bring_up(connection, columns)
        self.touch()
        return [self._table.row(found) for found in connection.execute(self._table.get)]

    def _connect(self) -> sqlite3.Connection:
        connection = self._connection
        if connection is None:
            connection = self._open()
            self._settle(connection)
        return connection

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=5)
        connection.text_factory = _text
        self._connection = connection
        return connection

    def _examine(self, connection: sqlite3.Connection) -> set[str]:
        """Look without changing anything; the columns of the table, none for a new file."""
        version = _number(connection, "user_version")
        if version > SCHEMA_VERSION:
            raise Damaged("a later version wrote it")
        if (problem := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise Damaged(problem)
        columns = {row[1] for row in connection.execute("PRAGMA table_info(command)")}
        is_new = not version and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not (is_new or columns.issuperset(FIRST_COLUMNS)):
            raise Damaged("it has another table than ours")
        return columns

    def _settle(self, connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        pages = CHECKPOINT_BYTES // _number(connection, "page_size")  # an older file has larger ones
        connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")
        connection.execute(f"PRAGMA journal_size_limit = {LOG_LIMIT_BYTES}")
        connection.execute("PRAGMA cache_size = -256")  # KiB

    def _bring_up(self, connection: sqlite3.Connection, columns: set[str]) -> None:
        """Make the tables, or add what those of an older version lack."""
        changes = [] if columns else [self._table.create]
        changes += self._table.additions(columns)
        for table in TABLES:
            found = connection.execute(f"PRAGMA table_info({table.name})")
            changes += table.additions([row[1] for row in found])
        if changes:
            connection.execute("BEGIN IMMEDIATE")
            for change in changes:
                connection.execute(change)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")


def _text(content: bytes) -> str | bytes:
    """One text that is no UTF-8 spoils only its row: bytes are no text to `Record`."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    number: int = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    return number
