"""The journal's files as files: whether they are some, whether they can be used, and how they are set aside whole.

Nothing here reads or changes what is in them.
"""

import os
from pathlib import Path

SUFFIXES = ("-journal", "-wal", "-shm", "")  # SQLite's files; the one that names them is moved last


def is_there(path: Path) -> bool:
    """Whether the name is taken, be it by a link that leads nowhere."""
    return os.path.lexists(path)


def why_unusable(path: Path) -> str:
    """Why SQLite cannot open what is there; empty if it can, or if nothing is there."""
    for part in _parts(path):
        if not part.is_file():
            return f"{part.name} is not a file"
        if not is_usable(part):
            return f"{part.name} cannot be opened"
    return ""


def is_usable(part: Path) -> bool:
    """Whether the system lets us read and write it."""
    return os.access(part, os.R_OK | os.W_OK, effective_ids=True)


def is_empty(path: Path) -> bool:
    """Whether the file is missing or has no byte."""
    return not is_there(path) or path.stat().st_size == 0


def has_log(path: Path) -> bool:
    """Whether a log with something in it lies beside the file."""
    return not is_empty(path.with_name(f"{path.name}-wal"))


def set_aside(path: Path) -> Path | None:
    """Rename what is there, with what belongs to it, and give the new name. None if there was nothing."""
    aside, parts = free_name(path), _parts(path)
    for part in parts:
        part.rename(aside.with_name(aside.name + part.name.removeprefix(path.name)))
    return aside if parts else None


def free_name(path: Path) -> Path:
    """A name beside the file under which something damaged can be kept."""
    number = 1
    while is_there(aside := path.with_name(f"{path.name}.damaged-{number}")):
        number += 1
    return aside


def _parts(path: Path) -> list[Path]:
    parts = (path.with_name(path.name + suffix) for suffix in SUFFIXES)
    return [part for part in parts if is_there(part)]
