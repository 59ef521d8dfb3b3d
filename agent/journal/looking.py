"""The journal's rows, read beside an agent that may be at work on them, or without one. Writes nothing.

A reader of a WAL file holds no writer up (https://www.sqlite.org/wal.html, section 2.2).
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from agent.commands.record import Record
from agent.journal.file import Contents
from agent.journal.rows.side_table import SideTable
from agent.journal.rows.side_tables import ACTS, KEYS
from agent.journal.rows.table import Table

WAIT_SECONDS = 2.0  # s for a commit that is under way


def look(path: Path) -> Contents:
    """The orders, acts and issued keys in the file, oldest first; what is damaged is left out.

    Blocks. Raises `sqlite3.Error` or `OSError` where it cannot be read, or is not there.
    """
    path.stat()
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=WAIT_SECONDS)) as file:
        file.text_factory = lambda content: content.decode(errors="replace")
        return Contents(_orders(file), acts=_rows(file, ACTS), keys=_rows(file, KEYS))


def _orders(file: sqlite3.Connection) -> tuple[Record, ...]:
    table = Table()
    rows = [table.row(found) for found in file.execute(table.get)]
    return tuple(row.record for row in rows if row.record is not None)


def _rows(file: sqlite3.Connection, table: SideTable[Any]) -> tuple[Any, ...]:
    return tuple(row for _, row in map(table.read, file.execute(table.get)) if row is not None)
