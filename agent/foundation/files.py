"""A file that is there whole or not at all, also after a power cut."""

import os
from pathlib import Path


def write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` in the place of what was there, synced with its folder. Raises `OSError`."""
    coming = path.with_name(f".{path.name}.new")
    coming.unlink(missing_ok=True)  # left by a power cut, with who knows which rights
    descriptor = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    coming.replace(path)
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove the file, synced with its folder; nothing where there is none. Raises `OSError`."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last. Raises `OSError`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
