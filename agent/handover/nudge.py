"""A nudge for the console: something is new in the files in which it meets the box's programs.

An empty datagram; without a console that listens it goes nowhere, and nothing waits for it.
"""

import socket
from contextlib import suppress
from pathlib import Path

FOLDER = "console"  # below the folder of steps and notices; the console's own
NAME = "nudge"


def nudge(run: Path) -> None:
    """Nudge the console whose folder is in `run`, if there is one."""
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
        line.sendto(b"", str(run / FOLDER / NAME))


def listening(run: Path) -> socket.socket | None:
    """A socket that can be read after a nudge; None where there is no folder for it."""
    path = run / FOLDER / NAME
    line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        path.unlink(missing_ok=True)
        line.bind(str(path))
        path.chmod(0o666)  # root's programs run with fewer rights than root
    except OSError:
        line.close()
        return None
    return line
