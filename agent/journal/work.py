"""What the journal has its thread do: each piece of work says what it is, and can be looked at before it runs.

`RunSync` runs one in the journal's thread and gives what it gives, or raises what it raises.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from agent.commands.record import Record
from agent.journal.file import Contents, JournalFile, Row


class Opening(Struct, frozen=True):
    """The file is opened or made, and read."""

    file: JournalFile

    def __call__(self) -> Contents:
        return self.file.open()


class Commit(Struct, frozen=True):
    """These rows are made to last, all of them or none."""

    file: JournalFile
    rows: tuple[Row, ...]

    def __call__(self) -> None:
        self.file.commit(self.rows)

    @property
    def records(self) -> tuple[Record, ...]:
        """Those of orders."""
        return tuple(row for row in self.rows if isinstance(row, Record))


class Closing(Struct, frozen=True):
    """The file is closed."""

    file: JournalFile

    def __call__(self) -> None:
        self.file.close()


Work = Opening | Commit | Closing
RunSync = Callable[[Work], Awaitable[Any]]
