"""Where the control socket is, for the agent that serves it and for the command that asks it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "control"  # in the state directory
_LONGEST_PATH = 100  # bytes; the kernel takes 107


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """The address of a Unix socket; by its folder's descriptor where the path is too long. Raises `OSError`."""
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
