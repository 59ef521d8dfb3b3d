"""File operations that a power cut finds either done or not done: each is on the disk when its method returns.

Knows nothing of what the files mean. Paths are the caller's; nothing follows a link out of a folder.
"""

import os
from collections.abc import Callable
from pathlib import Path

_ZEROS = 64 * 1024  # bytes written at a time


def nothing(operation: str) -> None:
    """What a box does after an operation."""


class LastingFiles:
    """`done` hears of each single operation once it is over: a test cuts the power there."""

    def __init__(self, done: Callable[[str], None] = nothing) -> None:
        self._done = done

    def make_folder(self, path: Path) -> None:
        """A folder for root alone, where there is none yet. Raises `OSError`."""
        if not path.is_dir():
            path.mkdir(mode=0o700)
            self._done(f"make {path.name}")
            self._sync_folder(path.parent)
        if path.stat().st_mode & 0o777 != 0o700:
            path.chmod(0o700)
            self._done(f"close {path.name} to others")

    def write_aside(self, path: Path, content: bytes) -> Path:
        """The content in a new file beside `path`, for root alone; `replace` makes it count. Raises `OSError`."""
        aside = path.with_name(f".{path.name}.coming")
        self._write(aside, content)
        return aside

    def replace(self, aside: Path, path: Path) -> None:
        """`aside` becomes `path`, in the place of an older one, at one moment. Raises `OSError`."""
        aside.replace(path)
        self._done(f"rename to {path.name}")
        self._sync_folder(path.parent)

    def link(self, path: Path, other: Path) -> None:
        """A second name for the file, so that its content can be found when the first name is another's."""
        other.hardlink_to(path)
        self._done(f"link {path.name}")

    def write_through(self, path: Path, content: bytes) -> None:
        """The file with this content, where a rename is no safer than a write (FAT). Raises `OSError`."""
        if path.exists():
            self.remove(path)
        self._write(path, content)
        self._sync_folder(path.parent)

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
        path.unlink()
        self._done(f"remove {path.name}")
        self._sync_folder(path.parent)

    def _write(self, path: Path, content: bytes) -> None:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            self._done(f"open {path.name}")
            _write_all(file, content)
            self._done(f"write {path.name}")
            os.fsync(file)
            self._done(f"sync {path.name}")
        finally:
            os.close(file)

    def _fill_with_zeros(self, file: int, name: str) -> None:
        # An editor that made the file shorter left older text behind its end, in the same block.
        found = os.fstat(file)
        left = -(-found.st_size // found.st_blksize) * found.st_blksize
        while left > 0:
            left -= os.write(file, bytes(min(left, _ZEROS)))
        self._done(f"overwrite {name}")
        os.fsync(file)
        self._done(f"sync zeros of {name}")

    def _sync_folder(self, path: Path) -> None:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._done(f"sync folder {path.name}")


def settle(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """A file in memory (`/run`), whole at one moment, with this mode whatever the umask is. Raises `OSError`."""
    open_folder(path.parent)
    coming = path.with_name(f".{path.name}.coming")
    coming.unlink(missing_ok=True)
    file = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _write_all(file, content.encode() if isinstance(content, str) else content)
        os.fchmod(file, mode)
    finally:
        os.close(file)
    coming.replace(path)


def open_folder(path: Path) -> None:
    """The folder, and those above it, readable by all where they are new. Raises `OSError`."""
    if not path.is_dir():
        open_folder(path.parent)
        path.mkdir()
        path.chmod(0o755)


def _write_all(file: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(file, left) :]
