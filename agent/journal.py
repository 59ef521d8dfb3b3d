"""The journal: what the box has taken on, and how far it got, so that a power cut cannot make it lie.

SQLite in WAL mode with `synchronous=FULL` (under WAL only FULL keeps the last commit at a power cut), used by one
dedicated thread; whatever lanes ask for in the meantime goes into one commit (group commit). It holds no `Data`,
no guest and no secret. Rows and commits are kept small on purpose: they wear out a flash card.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import trio

from agent.commands.record import Record
from agent.errors import JournalUnavailable

# Raised only when an older box could no longer read the file: a roll-back must find its journal again.
SCHEMA_VERSION = 1
PAGE_BYTES = 1024  # the smallest page that holds a few rows: a commit writes whole pages
CHECKPOINT_PAGES = 2000  # pages in the write-ahead log before they are copied back: 2 MB
LOG_LIMIT_BYTES = 4 * 1024 * 1024
KEEP_CLOSED = 500  # rows; what the page can show of the past, and ids that are never cut again
PRUNE_EVERY = 64  # commits
RETRY_SECONDS = 5.0  # s; between attempts to write what a failing disk still owes

TURNS = 4  # of trio's loop, some 50 us each; a commit more costs ten times that, and wears out the card
LAZY_SECONDS = 3.0  # s; how long a lazy record waits for a commit that is made anyway

RunSync = Callable[..., Awaitable[Any]]

_COLUMNS = Record.__struct_fields__
_NUMBERS = {"copies", "copy", "cut", "created", "claimed", "ended", "reported"}
_CREATE = "CREATE TABLE IF NOT EXISTS command (rowid INTEGER PRIMARY KEY, {})".format(
    ", ".join(f"{name} {'INTEGER' if name in _NUMBERS else 'TEXT'} NOT NULL" for name in _COLUMNS)
)
_PUT = f"INSERT OR REPLACE INTO command (rowid, {', '.join(_COLUMNS)}) VALUES (?{', ?' * len(_COLUMNS)})"  # noqa: S608
_GET = f"SELECT rowid, {', '.join(_COLUMNS)} FROM command ORDER BY rowid"  # noqa: S608


class Contents(msgspec.Struct, frozen=True):
    """What a start finds: all rows, oldest first, and where a damaged file was set aside (None: it was sound)."""

    records: tuple[Record, ...]
    set_aside: Path | None


class Journal:
    """The journal in the file `path`. `run_sync` runs a function in the journal's thread.

    In virtual time a worker thread looks idle, so tests pass a `run_sync` that calls the function at once.
    `on_trouble(reason)` hears why the disk refuses, `on_trouble(None)` that it takes records again.
    """

    def __init__(
        self,
        path: Path,
        *,
        run_sync: RunSync | None = None,
        on_trouble: Callable[[str | None], None] = lambda reason: None,
    ) -> None:
        self._file = _File(path)
        self._run_sync = run_sync or _own_thread()
        self._on_trouble = on_trouble
        self._batch = _Batch()
        self._closed: _Batch | None = _Batch.refused("it is not open yet")
        self._wake = trio.Event()
        self._owed: dict[str, Record] = {}
        self._trouble: str | None = None
        self._busy_since: float | None = None
        self._patience = trio.CancelScope()

    @property
    def busy_seconds(self) -> float:
        """How long the commit under way has been taking; 0 when there is none."""
        return 0.0 if self._busy_since is None else trio.current_time() - self._busy_since

    async def open(self) -> Contents:
        """Open or make the file and read it. A damaged one is set aside, never overwritten.

        Raises `JournalUnavailable` when the disk does not even let a new one be made; until an `open` that ends
        well every `write` is refused at once, and what is only to be kept is owed.
        """
        try:
            contents: Contents = await self._run_sync(self._file.open)
        except (sqlite3.Error, OSError) as error:
            self._troubled(error)
            self._closed = _Batch.refused(_plain(error))
            raise JournalUnavailable(_plain(error)) from None
        self._closed = None
        self._well()
        return contents

    async def write(self, *records: Record) -> None:
        """Make these records last; returns after the disk has them.

        Raises `JournalUnavailable` when it has not: the caller must not do what the record announces.
        """
        batch = self._join(records)
        await batch.done.wait()
        if batch.trouble is not None:
            raise JournalUnavailable(batch.trouble)

    async def keep(self, *records: Record) -> None:
        """Make records last that are true already (an outcome): what the disk refuses now is tried again later."""
        batch = self._join(records)
        await batch.done.wait()
        if batch.trouble is not None:
            self._owe(records)

    def keep_lazily(self, *records: Record) -> None:
        """Add records to a commit within `LAZY_SECONDS`; a power cut before that loses them."""
        self._owe(records)
        self._hurry()

    async def flush(self) -> None:
        """Write what is owed."""
        if self._owed:
            batch = self._join(())
            await batch.done.wait()

    async def run(self) -> None:
        """Commit whatever was asked for, as long as the box runs; at its end write what is owed."""
        try:
            while True:
                await self._wait_for_work()
                # Some turns for the other tasks: what they ask for right now shares this commit, above all the
                # claim of one key with the intent of the one before it.
                for _ in range(TURNS):
                    await trio.lowlevel.checkpoint()
                await self._commit()
        finally:
            with trio.CancelScope(shield=True):
                await self._last_commit()
            self._end()

    def _join(self, records: Iterable[Record]) -> "_Batch":
        if self._closed is not None:
            return self._closed
        for record in records:
            self._batch.records[record.id] = record
        self._wake.set()
        return self._batch

    def _owe(self, records: Iterable[Record]) -> None:
        self._owed.update((record.id, record) for record in records)

    async def _wait_for_work(self) -> None:
        # At rest nothing wakes up. Lazy records wait a little for company; a failing disk is tried again, so that
        # its fault clears by itself.
        with trio.CancelScope() as patience:
            self._patience = patience
            self._hurry()
            await self._wake.wait()

    def _hurry(self) -> None:
        if self._trouble or self._owed:
            pause = RETRY_SECONDS if self._trouble else LAZY_SECONDS
            self._patience.deadline = min(self._patience.deadline, trio.current_time() + pause)

    async def _commit(self) -> None:
        batch, self._batch, self._wake = self._batch, _Batch(), trio.Event()
        owed, self._owed = self._owed, {}
        records = owed | batch.records
        self._busy_since = trio.current_time()
        batch.trouble = "the write did not end"  # until it did: nobody may take a broken-off commit for a good one
        try:
            await self._run_sync(self._file.commit, tuple(records.values()))
        except (sqlite3.Error, OSError) as error:
            if not _is_the_disk(error):
                raise  # damaged while running: the next start sets it aside
            self._owed = owed | self._owed
            self._troubled(error)
            batch.trouble = self._trouble
        else:
            batch.trouble = None
            self._well()
        finally:
            self._busy_since = None
            batch.done.set()

    async def _last_commit(self) -> None:
        if self._owed or self._batch.records:
            await self._commit()
        with suppress(sqlite3.Error):  # everything is committed; closing only tidies the log away
            await self._run_sync(self._file.close)

    def _end(self) -> None:
        # Nobody may wait for a commit that will not come: when a bug ends the box, it has to end.
        self._closed = _Batch.refused("the box is ending")
        self._batch.trouble = self._closed.trouble
        self._batch.done.set()

    def _troubled(self, error: Exception) -> None:
        self._trouble = _plain(error)
        self._on_trouble(self._trouble)

    def _well(self) -> None:
        if self._trouble is not None:
            self._trouble = None
            self._on_trouble(None)


class _Batch:
    """The records that go into one commit, and those who wait for it."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.done = trio.Event()
        self.trouble: str | None = None

    @classmethod
    def refused(cls, trouble: str) -> "_Batch":
        """One that is over before it began: nothing can be written now."""
        batch = cls()
        batch.trouble = trouble
        batch.done.set()
        return batch


class _File:
    """The SQLite side. Every method runs in the journal's thread, one at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._rows: dict[str, int] = {}  # id -> rowid: an index in memory costs no page a commit
        self._open_rows: set[str] = set()
        self._next = 1
        self._commits = 0

    def open(self) -> Contents:
        try:
            return Contents(self._load(), None)
        except (sqlite3.DatabaseError, msgspec.ValidationError, _Newer) as error:
            if _is_the_disk(error):
                raise
            self.close()
            aside = self._set_aside()
            return Contents(self._load(), aside)

    def commit(self, records: tuple[Record, ...]) -> None:
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

    def close(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            with suppress(sqlite3.Error):  # a failing disk cannot be tidied; the next open recovers the log
                database.close()

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
        if version == 0:
            database.execute("BEGIN IMMEDIATE")
            database.execute(_CREATE)
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            database.execute("COMMIT")
        rows = database.execute(_GET).fetchall()
        records = tuple(_record(row[1:]) for row in rows)
        self._rows = {record.id: row[0] for row, record in zip(rows, records, strict=True)}
        self._open_rows = {record.id for record in records if record.is_open}
        self._next = max(self._rows.values(), default=0) + 1
        return records

    def _put(self, database: sqlite3.Connection, record: Record) -> None:
        row = self._rows.get(record.id)
        if row is None:
            row, self._next = self._next, self._next + 1
            self._rows[record.id] = row
        (self._open_rows.add if record.is_open else self._open_rows.discard)(record.id)
        database.execute(_PUT, (row, *msgspec.structs.astuple(record)))

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


def _is_the_disk(error: Exception) -> bool:
    if isinstance(error, OSError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DISK_CODES


def _record(values: tuple[Any, ...]) -> Record:
    # Checked like anything from outside: a damaged row is a damaged file.
    return msgspec.convert(dict(zip(_COLUMNS, values, strict=True)), Record)


def _plain(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or "the disk refuses").lower()
    return str(error)


def _own_thread() -> RunSync:
    limiter = trio.CapacityLimiter(1)  # never waits for the threads that a silent DNS server holds

    async def run_sync(function: Callable[..., Any], *args: Any) -> Any:
        return await trio.to_thread.run_sync(function, *args, limiter=limiter)

    return run_sync
