"""The one way to write a file: it is there whole or not at all, where it has to last also after a power cut."""

import os
from collections.abc import Callable
from pathlib import Path

Heard = Callable[[str], None]


def unheard(operation: str) -> None:
    """What is done after an operation: nothing, but in a test, which cuts the power there."""


def write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` in the place of what was there, synced with its folder. Raises `OSError`."""
    put_in_place(write_aside(path, content, mode), path)


def write_in_memory(path: Path, content: bytes, mode: int = 0o644) -> None:
    """The same below `/run`, where nothing lasts: not synced, in folders that are made. Raises `OSError`."""
    make_open_folder(path.parent)
    coming = aside(path)
    coming.unlink(missing_ok=True)
    create(coming, content, mode, syncs=False)
    coming.replace(path)


def aside(path: Path) -> Path:
    """Where the content of a file is until it takes its place."""
    return path.with_name(f".{path.name}.new")


def write_aside(path: Path, content: bytes, mode: int = 0o644, heard: Heard = unheard) -> Path:
    """The content, synced, in a new file beside `path`: `put_in_place` makes it count. Raises `OSError`."""
    coming = aside(path)
    coming.unlink(missing_ok=True)  # left by a power cut, with who knows which rights
    create(coming, content, mode, heard)
    return coming


def put_in_place(coming: Path, path: Path, heard: Heard = unheard) -> None:
    """`coming` becomes `path`, in the place of an older one, at one moment, synced. Raises `OSError`."""
    coming.replace(path)
    heard(f"rename to {path.name}")
    sync_folder(path.parent, heard)


def create(path: Path, content: bytes, mode: int = 0o600, heard: Heard = unheard, *, syncs: bool = True) -> None:
    """A new file, synced unless that is not wanted, with this mode whatever the umask is. Raises `OSError`."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        heard(f"open {path.name}")
        if mode != 0o600:  # which FAT cannot set
            os.fchmod(file, mode)
        _write_all(file, content)
        heard(f"write {path.name}")
        if syncs:
            os.fsync(file)
            heard(f"sync {path.name}")
    finally:
        os.close(file)


def remove(path: Path, heard: Heard = unheard) -> None:
    """Remove the file, synced with its folder; nothing where there is none. Raises `OSError`."""
    path.unlink(missing_ok=True)
    heard(f"remove {path.name}")
    sync_folder(path.parent, heard)


def make_open_folder(path: Path) -> None:
    """The folder, and those above it, readable by all where they are new. Raises `OSError`."""
    if not path.is_dir():
        make_open_folder(path.parent)
        path.mkdir()
        path.chmod(0o755)


def sync_folder(folder: Path, heard: Heard = unheard) -> None:
    """Make the names in a folder last. Raises `OSError`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    heard(f"sync folder {folder.name}")


def _write_all(file: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(file, left) :]
