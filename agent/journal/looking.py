"""The journal's rows, read beside an agent that may be at work on them, or without one. Writes nothing.

A reader of a WAL file holds no writer up (https://www.sqlite.org/wal.html, section 2.2).
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from agent.journal.file import Contents
from agent.journal.rows.side_table import SideTable
from agent.journal.rows.side_tables import ACTS, KEYS
from agent.journal.rows.table import Table

WAIT_SECONDS = 2.0  # s for a commit that is under way


def look(path: Path) -> Contents:
    """The orders, acts and issued keys in the file, oldest first; what is damaged is left out, and `damage` says
    so, as the end of a sentence.

    Blocks. Raises `sqlite3.Error` or `OSError` where nothing of it can be read, or it is not there.
    """
    path.stat()
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=WAIT_SECONDS)) as file:
        file.text_factory = lambda content: content.decode(errors="replace")
        table, damage = Table(), list[str]()
        orders = [table.row(found) for found in _found(file, table.get, "orders", damage)]
        if spoilt := sum(row.is_damaged for row in orders):
            damage.append(f"damaged rows of orders: {spoilt}, of which what is left is there")
        acts = _rows(file, ACTS, "acts", damage)
        keys = _rows(file, KEYS, "issued keys", damage)
        records = tuple(row.record for row in orders if row.record is not None)
        return Contents(records, "; ".join(damage), acts=acts, keys=keys)


def _rows(file: sqlite3.Connection, table: SideTable[Any], of: str, damage: list[str]) -> tuple[Any, ...]:
    return tuple(row for _, row in map(table.read, _found(file, table.get, of, damage)) if row is not None)


def _found(file: sqlite3.Connection, query: str, of: str, damage: list[str]) -> Iterator[Sequence[Any]]:
    """The rows up to where the file cannot be read any more; that none could be read at all, is raised."""
    count = 0
    try:
        for row in file.execute(query):
            count += 1
            yield row
    except sqlite3.DatabaseError as error:
        if not count:
            raise
        damage.append(f"the file cannot be read behind the first {count} {of} ({error})")
