"""Room for the journal on a disk that something else fills: a file that is given up when a commit finds no place.

A key adds 4.3 KB to the journal's log (200 keys measured), so it lasts for a hundred of them, and the page says
meanwhile that the disk is full. Blocks, and runs in the journal's thread.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

BYTES = 512 * 1024
ROOMY = 16 * 1024 * 1024  # bytes; so much has to be free before room is taken for later


class Reserve:
    """The file `path`; it holds nothing, and is missing while the disk is full."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_kept = False

    @property
    def is_there(self) -> bool:
        """Whether an earlier start has taken it: there was a journal, then."""
        return self._path.exists()

    def keep(self) -> None:
        """Take the room where there is plenty. Without it the journal works as well, until the disk is full."""
        if self._is_kept:
            return
        with suppress(OSError):  # a disk in trouble: the journal says so at its own writes
            if shutil.disk_usage(self._path.parent).free < ROOMY:
                return
            with self._path.open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, BYTES)
            self._is_kept = True

    def give_up(self) -> bool:
        """Give the room to the journal, if the disk is full; whether that has freed anything."""
        try:
            if shutil.disk_usage(self._path.parent).free >= BYTES:
                return False
            self._path.unlink()
        except OSError:
            return False
        self._is_kept = False
        return True
