"""What SQLite's and the system's errors say of the journal: a disk that refuses, or a damaged file. Pure."""

import sqlite3

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


class Damaged(Exception):
    """The file is there, and is no journal that this version can use. `str()` says why, in a few words."""


def is_failed_sync(error: Exception) -> bool:
    """Whether no one knows any more what is on the disk."""
    code = getattr(error, "sqlite_errorcode", None)
    return code in (sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC)


def is_the_disk(error: Exception) -> bool:
    """Whether an error is the disk's refusal, as opposed to a damaged file."""
    return isinstance(error, OSError) or _code(error) in _DISK_CODES


def is_read_only(error: Exception) -> bool:
    """Whether SQLite may not write; a damaged file can say so of itself."""
    return _code(error) == sqlite3.SQLITE_READONLY


def is_damage(error: Exception) -> bool:
    """Whether an error shows that the file is damaged, as opposed to a mistake in a statement."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _code(error: Exception) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
