"""An update that comes through the page: into one file, as long as there is room for it. Must never fill the disk
that the journal needs; whatever breaks off leaves nothing. One at a time: a second one would write into the file
that the first one's helper reads.
"""

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from agent.foundation.errors import UserMistake, reason_of

NAME = "upload.raucb"
RESERVE_BYTES = 64 * 1024 * 1024  # stay free: the journal needs room meanwhile
_TAKEN = "Another update is on its way here, or is being installed: wait until that has ended."
_TWICE = 2  # root makes a copy of its own, which nobody else can write


def forget(folder: Path) -> None:
    """What an earlier agent had no time to remove."""
    with suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)


class Uploads:
    """Whether the one file is somebody's."""

    def __init__(self) -> None:
        self.is_taken = False


class Upload:
    """In `folder`; `most` bytes. Errors are `UserMistake`s. `place` is its own from `begin` until `release`."""

    def __init__(self, folder: Path, most: int, place: Uploads) -> None:
        self.path = folder / NAME
        self._most, self._got, self._place = most, 0, place
        self._file: BinaryIO | None = None
        self._is_kept = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_kept:
            self.release()

    def keep(self) -> None:
        """It is somebody else's now, who will `release` it."""
        self._is_kept = True

    def release(self) -> None:
        """It is of no use any more: leave nothing."""
        if self._file is not None:
            with suppress(OSError):  # a disk that is full says so again
                self._file.close()
            self._file = None
            with suppress(OSError):  # the next one begins by emptying it
                self.path.unlink(missing_ok=True)
            self._place.is_taken = False

    def begin(self, size: int) -> None:
        """A file of about that many bytes comes."""
        if self._place.is_taken:
            raise UserMistake(_TAKEN)
        try:
            disk = os.statvfs(self.path.parent)
            if disk.f_bavail * disk.f_frsize < size * _TWICE + RESERVE_BYTES:
                raise UserMistake("The box's disk has no room for that file: nothing was kept.")
            self._file, self._place.is_taken = self.path.open("wb"), True
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


def _refused(error: OSError) -> UserMistake:
    return UserMistake(f"The file cannot be kept: {reason_of(error)}.")
