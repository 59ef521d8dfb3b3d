"""A lock between programs, which goes with the process that holds it, however that ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.foundation.errors import UserMistake

SECONDS = 10.0  # s that a person waits without a word
_LOOK_SECONDS = 0.2  # s between two looks


@contextmanager
def held(path: Path, busy: str, patience: float = SECONDS) -> Iterator[None]:
    """Hold the lock at `path`. Raises `UserMistake(busy)` if another has it for `patience` seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(lock, busy, time.monotonic() + patience)
        yield
    finally:
        os.close(lock)


def _take(lock: int, busy: str, until: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise UserMistake(busy) from None
            time.sleep(_LOOK_SECONDS)
        else:
            return
