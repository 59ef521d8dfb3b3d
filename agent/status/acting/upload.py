"""An update that comes through the page: into one file, as long as there is room for it. Must never fill the disk
that the journal needs; whatever breaks off leaves nothing.
"""

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from agent.foundation.errors import UserMistake, reason_of

NAME = "upload.raucb"
RESERVE_BYTES = 64 * 1024 * 1024  # stay free: the journal needs room meanwhile
_TWICE = 2  # root makes a copy of its own, which nobody else can write


class Upload:
    """In `folder`; `most` bytes. Errors are `UserMistake`s."""

    def __init__(self, folder: Path, most: int) -> None:
        self.path = folder / NAME
        self._most, self._got = most, 0
        self._file: BinaryIO | None = None
        self._is_whole = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            with suppress(OSError):  # a disk that is full says so again
                self._file.close()
            if not self._is_whole:
                self.path.unlink(missing_ok=True)

    def begin(self, size: int) -> None:
        """A file of about that many bytes comes."""
        try:
            disk = os.statvfs(self.path.parent)
            if disk.f_bavail * disk.f_frsize < size * _TWICE + RESERVE_BYTES:
                raise UserMistake("The box's disk has no room for that file: nothing was kept.")
            self._file = self.path.open("wb")
            self.path.chmod(0o600)
        except OSError as error:
            raise _refused(error) from None

    def take(self, piece: bytes) -> None:
        """A piece of it."""
        assert self._file is not None
        self._got += len(piece)
        if self._got > self._most:
            raise UserMistake("That file is too big to be an update.")
        try:
            self._file.write(piece)
        except OSError as error:
            raise _refused(error) from None

    def finish(self) -> None:
        """All is there: make it last. Blocks."""
        assert self._file is not None
        if not self._got:
            raise UserMistake("That file is empty.")
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _refused(error) from None
        self._is_whole = True


def _refused(error: OSError) -> UserMistake:
    return UserMistake(f"The file cannot be kept: {reason_of(error)}.")
