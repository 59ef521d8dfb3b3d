"""The boot partition is mounted read-only, so that no power cut finds it half-written: writable for a moment only.

FAT has no journal. A writer keeps it short: the firmware boots from here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from agent.box.tools import programs
from agent.box.tools.paths import Paths

_TIMEOUT = 60  # s; a slow card writes its caches back


@contextmanager
def writable(paths: Paths, run: programs.Run = programs.run) -> Iterator[None]:
    """The boot partition may be written inside the block. Raises `ProgramTrouble` where it cannot be."""
    run(("mount", "-o", "remount,rw", str(paths.boot)), timeout=_TIMEOUT)
    try:
        yield
    finally:  # a change to read-only writes everything back first
        run(("mount", "-o", "remount,ro", str(paths.boot)), timeout=_TIMEOUT)
