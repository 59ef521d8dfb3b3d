"""The journal: what the box has taken on, and how far it got, so that a power cut cannot make it lie.

One dedicated thread writes the file (`file.py`); whatever the lanes ask for in the meantime goes into one
commit (group commit). It holds no `Data`, no guest and no secret.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import trio

from agent.foundation.errors import JournalUnavailable, reason_of
from agent.journal.file import Contents, JournalFile, Row
from agent.journal.trouble import is_the_disk
from agent.journal.work import Closing, Commit, Opening, RunSync, Work

RETRY_SECONDS = 5.0  # s; between attempts to write what a failing disk still owes

TURNS = 4  # of trio's loop, some 50 us each; a commit more costs ten times that, and wears out the card
LAZY_SECONDS = 3.0  # s; how long a lazy record waits for a commit that is made anyway

_Key = tuple[type[Row], str]  # an order may have the id that a key of another one has: Mews gives them


class Journal:
    """The journal in the file `path`. `run_sync` runs its work in a thread of its own.

    In virtual time a worker thread looks idle, so tests pass a `run_sync` that does the work at once.
    `on_trouble(reason)` hears why the disk refuses, `on_trouble(None)` that it takes records again.
    """

    def __init__(
        self,
        path: Path,
        *,
        run_sync: RunSync | None = None,
        on_trouble: Callable[[str | None], None] = lambda reason: None,
    ) -> None:
        self._file = JournalFile(path)
        self._run_sync = run_sync or _own_thread()
        self._on_trouble = on_trouble
        self._batch = _Batch()
        self._closed: _Batch | None = _Batch.refused("it is not open yet")
        self._wake = trio.Event()
        self._owed: dict[_Key, Row] = {}
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
            contents: Contents = await self._run_sync(Opening(self._file))
        except (sqlite3.Error, OSError) as error:
            self._troubled(error)
            self._closed = _Batch.refused(reason_of(error))
            raise JournalUnavailable(reason_of(error)) from None
        self._closed = None
        self._well()
        return contents

    async def write(self, *records: Row) -> None:
        """Make these records last; returns after the disk has them.

        Raises `JournalUnavailable` when it has not: the caller must not do what the record announces.
        """
        batch = self._join(records)
        await batch.done.wait()
        if batch.trouble is not None:
            raise JournalUnavailable(batch.trouble)

    async def keep(self, *records: Row) -> None:
        """Make records last that are true already (an outcome): what the disk refuses now is tried again later."""
        batch = self._join(records)
        await batch.done.wait()
        if batch.trouble is not None:
            self._owe(records)

    def keep_lazily(self, *records: Row) -> None:
        """Add records to a commit within `LAZY_SECONDS`; a power cut before that loses them."""
        self._owe(records)
        self._hurry()

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

    def _join(self, records: Iterable[Row]) -> "_Batch":
        if self._closed is not None:
            return self._closed
        for record in records:
            self._batch.records[_key(record)] = record
        self._wake.set()
        return self._batch

    def _owe(self, records: Iterable[Row]) -> None:
        self._owed.update((_key(record), record) for record in records)

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
        batch.trouble = "the write did not end"  # until it did: no one may take a broken-off commit for a good one
        try:
            await self._run_sync(Commit(self._file, tuple(records.values())))
        except (sqlite3.Error, OSError) as error:
            if not is_the_disk(error):
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
            await self._run_sync(Closing(self._file))

    def _end(self) -> None:
        # No one may wait for a commit that will not come: when a bug ends the box, it has to end.
        self._closed = _Batch.refused("the box is ending")
        self._batch.trouble = self._closed.trouble
        self._batch.done.set()

    def _troubled(self, error: Exception) -> None:
        self._trouble = reason_of(error)
        self._on_trouble(self._trouble)

    def _well(self) -> None:
        if self._trouble is not None:
            self._trouble = None
            self._on_trouble(None)


class _Batch:
    """The records that go into one commit, and those who wait for it."""

    def __init__(self) -> None:
        self.records: dict[_Key, Row] = {}
        self.done = trio.Event()
        self.trouble: str | None = None

    @classmethod
    def refused(cls, trouble: str) -> "_Batch":
        """One that is over before it began: nothing can be written now."""
        batch = cls()
        batch.trouble = trouble
        batch.done.set()
        return batch


def _key(row: Row) -> _Key:
    return type(row), row.id


def _own_thread() -> RunSync:
    limiter = trio.CapacityLimiter(1)  # never waits for the threads that a silent DNS server holds

    async def run_sync(work: Work) -> Any:
        return await trio.to_thread.run_sync(work, limiter=limiter)

    return run_sync
