"""The journal's file: SQLite in WAL mode with `synchronous=FULL`, one slim table, pages of 1 KB.

Under WAL only FULL keeps the last commit at a power cut. Rows and commits are kept small on purpose: they wear
out a flash card. Everything here blocks, and runs in the journal's thread, one call at a time.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from agent.ballast import Ballast
from agent.commands.record import Record
from agent.journal_table import Table

Done = TypeVar("Done")

# Raised only for what an older box could no longer read, whatever `journal_table.py` does: it would set the file
# aside, and forget which keys were cut.
SCHEMA_VERSION = 1
PAGE_BYTES = 1024  # the smallest page that holds a few rows: a commit writes whole pages
CHECKPOINT_PAGES = 2000  # pages in the write-ahead log before they are copied back: 2 MB
LOG_LIMIT_BYTES = 4 * 1024 * 1024
KEEP_CLOSED = 500  # rows; what the page can show of the past, and ids that are never cut again
PRUNE_EVERY = 64  # commits


class Contents(msgspec.Struct, frozen=True):
    """What a start finds: all rows, oldest first, and where a damaged file was set aside (None: it was sound)."""

    records: tuple[Record, ...]
    set_aside: Path | None


class JournalFile:
    """The file `path`. Its methods raise `sqlite3.Error` and `OSError`; `is_the_disk` tells which is which."""

    def __init__(self, path: Path, table: Table | None = None) -> None:
        self._path, self._table = path, table or Table()
        self._ballast = Ballast(path.with_name("ballast"))
        self._database: sqlite3.Connection | None = None
        self._rows: dict[str, int] = {}  # id -> rowid: an index in memory costs no page a commit
        self._open_rows: set[str] = set()
        self._next = 1
        self._commits = 0

    def open(self) -> Contents:
        """Open or make the file and read all rows. A damaged one is set aside under another name."""
        return self._with_room(self._open)

    def commit(self, records: tuple[Record, ...]) -> None:
        """Put these rows, synced, or none of them. Without any it only tries whether the disk takes something."""
        self._with_room(lambda: self._commit(records))

    def close(self) -> None:
        """Close what is open; the next commit opens it again."""
        database, self._database = self._database, None
        if database is not None:
            with suppress(sqlite3.Error):  # a failing disk cannot be tidied; the next open recovers the log
                database.close()

    def _with_room(self, write: Callable[[], Done]) -> Done:
        """Do it, on a full disk in the room that was kept for it."""
        try:
            done = write()
        except (sqlite3.Error, OSError) as error:
            # Not after a failed sync: whether the first try is in the log, or will ever be, nobody knows.
            if _is_failed_sync(error) or not (is_the_disk(error) and self._ballast.give_up()):
                raise
            done = write()
        self._ballast.keep()
        return done

    def _open(self) -> Contents:
        try:
            return Contents(self._load(), None)
        except (sqlite3.DatabaseError, msgspec.ValidationError, _Newer) as error:
            self.close()
            if is_the_disk(error):
                raise
            aside = self._set_aside()
            return Contents(self._load(), aside)

    def _commit(self, records: tuple[Record, ...]) -> None:
        try:
            database = self._database or self._connect()
            database.execute("BEGIN IMMEDIATE")
            for record in records:
                self._put(database, record)
            if not records:  # only to learn whether the disk takes anything
                database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self._prune(database)
            database.execute("COMMIT")
        except (sqlite3.Error, OSError):
            # After a failed sync nobody knows what the file holds: read it anew before the next commit.
            self.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=5)
        self._database = database
        database.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        database.execute(f"PRAGMA journal_size_limit = {LOG_LIMIT_BYTES}")
        database.execute("PRAGMA cache_size = -256")  # KiB
        return database

    def _load(self) -> tuple[Record, ...]:
        database = self._connect()
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise _Newer
        if (problem := database.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(problem)
        self._bring_up(database, is_new=version == 0)
        rows = database.execute(self._table.get).fetchall()
        records = tuple(self._table.record(row) for row in rows)  # checked like anything from outside
        self._rows = {record.id: row[0] for row, record in zip(rows, records, strict=True)}
        self._open_rows = {record.id for record in records if record.is_open}
        self._next = max(self._rows.values(), default=0) + 1
        return records

    def _bring_up(self, database: sqlite3.Connection, *, is_new: bool) -> None:
        """Make the table, or add what a table of an older version lacks."""
        columns = {row[1] for row in database.execute("PRAGMA table_info(command)")}
        changes = [self._table.create] if is_new else []
        changes += self._table.additions(columns)
        if changes:
            database.execute("BEGIN IMMEDIATE")
            for change in changes:
                database.execute(change)
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            database.execute("COMMIT")

    def _put(self, database: sqlite3.Connection, record: Record) -> None:
        row = self._rows.get(record.id)
        if row is None:
            row, self._next = self._next, self._next + 1
            self._rows[record.id] = row
        (self._open_rows.add if record.is_open else self._open_rows.discard)(record.id)
        database.execute(self._table.put, (row, *msgspec.structs.astuple(record)))

    def _prune(self, database: sqlite3.Connection) -> None:
        self._commits += 1
        surplus = len(self._rows) - len(self._open_rows) - KEEP_CLOSED
        if surplus <= 0 or self._commits % PRUNE_EVERY:
            return
        closed = (id for id in self._rows if id not in self._open_rows)
        for id in [id for id, _ in zip(closed, range(surplus), strict=False)]:
            database.execute("DELETE FROM command WHERE rowid = ?", (self._rows.pop(id),))

    def _set_aside(self) -> Path:
        number = 1
        while (aside := self._path.with_name(f"{self._path.name}.damaged-{number}")).exists():
            number += 1
        for suffix in ("-wal", "-shm", ""):
            part = self._path.with_name(self._path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        return aside


class _Newer(Exception):
    """The file was written by a version whose records this one cannot read."""


# SQLite's words for a disk that refuses, as opposed to a file that is damaged.
_DISK_CODES = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_NOMEM,
}


def _is_failed_sync(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code in (sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC)


def is_the_disk(error: Exception) -> bool:
    """Whether an error is the disk's refusal, as opposed to a damaged file."""
    if isinstance(error, OSError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DISK_CODES


def plain_reason(error: Exception) -> str:
    """An error in a few words for the page."""
    if isinstance(error, OSError):
        return (error.strerror or "the disk refuses").lower()
    return str(error)
