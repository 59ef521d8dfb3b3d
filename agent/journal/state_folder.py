"""The state directory: one agent at a time, and where in it the journal is."""

import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.foundation.errors import UserMistake, reason_of

JOURNAL = "journal.sqlite"
LOCK = "lock"
VARIABLE = "NIGHTPORTER_STATE"  # names the directory to every command
BOX_STATE = "/data/state"  # where a box has it; its unit says so to the agent
_SICK_DISK = {errno.EROFS, errno.ENOSPC, errno.EIO, errno.EDQUOT}


@contextmanager
def held_for_a_verb(named: Path | None) -> Iterator[Path]:
    """The same for a command that needs no agent: the directory that is named, by the environment or so, else the
    box's, else one that lasts as long as the command."""
    known = named or Path(os.environ.get(VARIABLE) or BOX_STATE)
    if named or os.environ.get(VARIABLE) or known.exists():
        with held(known) as path:
            yield path
        return
    with tempfile.TemporaryDirectory(prefix="nightporter-") as folder, held(Path(folder)) as path:
        yield path


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Hold the directory (made where it is missing) for this process, and give the journal's path in it.

    Raises `UserMistake` if another agent holds it or it cannot be used. The lock goes with the process, however it
    ends, so nothing has to be cleaned up after a crash.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("ab")
    except OSError as error:
        if error.errno in _SICK_DISK:  # no journal either, so nothing is cut: the page must be there to say so
            yield folder / JOURNAL
            return
        raise UserMistake(
            f"The state directory {folder} cannot be used: {reason_of(error)}. Name another with --state."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserMistake(
                f"Another Night Porter runs with the state directory {folder}: two must never share one. "
                "Stop the other, or name another directory with --state."
            ) from None
        yield folder / JOURNAL
