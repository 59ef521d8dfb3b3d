"""The journal's witness: a second, small file that knows what is open, and how far the journal had come.

SQLite drops without a word what follows a bad spot in its log, and a file system can leave a file empty after a
power cut. So each commit is put down here first, as one frame; `rows/recovery.py` compares. It is written past
the cache (O_DIRECT), because that takes a sector where the cache would write a page of 4 KB; the sync of SQLite's
commit, which follows, makes the disk keep both. Blocks, and runs in the journal's thread.
"""

import errno
import mmap
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from agent.foundation.files import sync_folder
from agent.journal.parts import is_there, set_aside
from agent.journal.rows.frames import Condition, Frame, Values, Witnessed, encode, read

HALF_BYTES = 16 * 1024  # of the file; some 25 commits before the open commands are put down again

OpenRows = Callable[[], Iterable[Values]]


class Witness:
    """The file `path`. `direct` is the flag that goes past the cache; 0 for a file that is synced instead.

    Its methods raise `OSError`. After one of them has, the next `write` begins a new file.
    """

    def __init__(self, path: Path, *, direct: int = os.O_DIRECT) -> None:
        self._path, self._direct = path, direct
        self._file: int | None = None
        self._half = HALF_BYTES
        self._number = self._base = self._commit = 0
        self._begin = self._place = 0

    def read(self) -> Witnessed:
        """What an earlier run left. What is no file at all is set aside, so that a new one can be begun."""
        if not is_there(self._path):
            return Witnessed(Condition.ABSENT)
        if not self._path.is_file():
            set_aside(self._path)
            return Witnessed(Condition.DAMAGED)
        try:
            return read(self._path.read_bytes())
        except OSError:  # it cannot be read, but perhaps be replaced
            return Witnessed(Condition.DAMAGED)

    def begin(self, commit: int, last_row: int, open_rows: Iterable[Values]) -> None:
        """Take the place of what is there, with the commands that are open at this commit."""
        self.close()
        rows = tuple(open_rows)
        while self._half < 2 * len(frame := encode(Frame(2 * self._half, 1, 1, commit, last_row, rows))):
            self._half *= 2
        coming = self._path.with_name(f"{self._path.name}.new")
        with coming.open("wb") as file:
            file.write(frame.ljust(2 * self._half, b"\0"))
            file.flush()
            os.fsync(file.fileno())
        self._file = self._open_past_cache(coming, frame)
        coming.replace(self._path)
        sync_folder(self._path.parent)
        self._number, self._base, self._commit = 1, 1, commit
        self._begin, self._place = 0, len(frame)

    def write(self, commit: int, last_row: int, rows: Iterable[Values], open_rows: OpenRows) -> None:
        """Put down what this commit is about to write; `open_rows` are those that were open before.

        A commit that was refused is forgotten when it is tried again, with other rows perhaps.
        """
        frame = Frame(2 * self._half, self._number + 1, self._base, commit, last_row, tuple(rows))
        content = encode(frame)
        is_full = self._place + len(content) > self._begin + self._half
        if self._file is None or is_full or commit == self._commit:
            self._turn(frame, open_rows())
        else:
            self._append(self._file, content)
            self._number = frame.number
        self._commit = commit

    def close(self) -> None:
        """Close what is open."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _turn(self, frame: Frame, open_rows: Iterable[Values]) -> None:
        """Go on in the other half, which begins with all that is open; in a new file if that is too long."""
        rows = tuple({row[0]: row for row in (*open_rows, *frame.rows)}.values())
        content = encode(msgspec.structs.replace(frame, base=frame.number, rows=rows))
        if self._file is None or len(content) > self._half // 2:
            self.begin(frame.commit, frame.last_row, rows)
            return
        self._begin = self._place = 0 if self._begin else self._half
        self._append(self._file, content)
        self._number = self._base = frame.number

    def _append(self, file: int, frame: bytes) -> None:
        try:
            self._put(file, frame, self._place)
        except OSError:
            self.close()
            raise
        self._place += len(frame)

    def _put(self, file: int, frame: bytes, place: int) -> None:
        with mmap.mmap(-1, len(frame)) as page:  # the kernel wants it aligned in memory as well
            page[:] = frame
            if os.pwrite(file, page, place) != len(frame):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        if not self._direct:
            os.fdatasync(file)

    def _open_past_cache(self, path: Path, frame: bytes) -> int:
        """The file for writing; the frame that it begins with is written once more, to see whether it can be."""
        file = None
        try:
            file = os.open(path, os.O_WRONLY | os.O_CLOEXEC | self._direct)
            self._put(file, frame, 0)
        except OSError as error:
            if file is not None:
                os.close(file)
            if error.errno != errno.EINVAL or not self._direct:
                raise
            self._direct = 0  # not on this file system, or a disk with larger sectors
            return self._open_past_cache(path, frame)
        return file
