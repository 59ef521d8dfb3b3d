"""File operations that a power cut finds either done or not done: each is on the disk when its method returns.

Knows nothing of what the files mean. Paths are the caller's; nothing follows a link out of a folder.
"""

import os
from pathlib import Path

from agent.foundation import files
from agent.foundation.files import Heard, unheard

_ZEROS = 64 * 1024  # bytes written at a time


class LastingFiles:
    """`heard` hears of each single operation once it is over: a test cuts the power there."""

    def __init__(self, heard: Heard = unheard) -> None:
        self._heard = heard

    def make_folder(self, path: Path) -> None:
        """A folder for root alone, where there is none yet. Raises `OSError`."""
        if not path.is_dir():
            path.mkdir(mode=0o700)
            self._heard(f"make {path.name}")
            files.sync_folder(path.parent, self._heard)
        if path.stat().st_mode & 0o777 != 0o700:
            path.chmod(0o700)
            self._heard(f"close {path.name} to others")

    def write(self, path: Path, content: bytes, second_name: Path | None = None) -> None:
        """The content, for root alone, in the place of what was there. Raises `OSError`.

        An older file goes on under its `second_name`, so that its bytes can be found when the first is another's.
        """
        if files.aside(path).exists():
            self.erase(files.aside(path))  # it may hold a secret
        coming = files.write_aside(path, content, 0o600, self._heard)
        if second_name is not None and path.exists():
            second_name.hardlink_to(path)
            self._heard(f"link {path.name}")
        files.put_in_place(coming, path, self._heard)

    def promote(self, path: Path, to: Path, second_name: Path | None = None) -> None:
        """`path` becomes `to`, at one moment. What was there goes on under its `second_name`. Raises `OSError`."""
        if second_name is not None and to.exists():
            second_name.hardlink_to(to)
            self._heard(f"link {to.name}")
        files.put_in_place(path, to, self._heard)

    def write_through(self, path: Path, content: bytes) -> None:
        """The file with this content, where a rename is no safer than a write (FAT). Raises `OSError`."""
        if path.exists():
            self.remove(path)
        files.create(path, content, heard=self._heard)
        files.sync_folder(path.parent, self._heard)

    def erase(self, path: Path) -> None:
        """Zeros over the bytes where they lie, to the end of the last block; then the file goes. `OSError`."""
        file = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            self._fill_with_zeros(file, path.name)
        finally:
            os.close(file)
        self.remove(path)

    def remove(self, path: Path) -> None:
        """The name goes. Raises `OSError`."""
        files.remove(path, self._heard)

    def _fill_with_zeros(self, file: int, name: str) -> None:
        # An editor that made the file shorter left older text behind its end, in the same block.
        found = os.fstat(file)
        left = -(-found.st_size // found.st_blksize) * found.st_blksize
        while left > 0:
            left -= os.write(file, bytes(min(left, _ZEROS)))
        self._heard(f"overwrite {name}")
        os.fsync(file)
        self._heard(f"sync zeros of {name}")
