"""One update, or one judging of an update, at a time: they write the same slot and the same files.

The lock goes with the process, however it ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from agent.box.update.effects import Effects
from agent.foundation.errors import UserMistake

_LOOK_SECONDS = 2.0  # s between two looks; what is waited for takes minutes


@contextmanager
def held(effects: Effects, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock, after at most `patience` seconds of waiting. Raises `UserMistake`."""
    path = effects.paths.update_lock
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        raise UserMistake("Only root can update the box.") from None
    try:
        _take(effects, lock, effects.clock() + patience)
        yield
    finally:
        os.close(lock)


def _take(effects: Effects, lock: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if effects.clock() >= until:
                raise UserMistake(
                    "The box is being updated, or has just started and is looking whether all works: "
                    "try again in some minutes."
                ) from None
            effects.pause(_LOOK_SECONDS)
        else:
            return
