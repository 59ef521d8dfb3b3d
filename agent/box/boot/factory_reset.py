"""A factory reset, asked for by an empty file on the boot partition: the data partition is to be made again.

A power cut at any moment leaves it asked for, or done, never half done and never done twice:
1. the boot partition is made writable: a card that takes no writing is left as it is;
2. the data partition gets the name of one that is still to be made: from here on the next start makes it again;
3. the file goes, synced; as long as it is there, no data partition is made that it could ask to remove again.
"""

from pathlib import Path

from agent.box.boot import disks
from agent.box.boot.disks import Disk, Partition
from agent.box.setup.boot_partition import writable
from agent.box.tools.paths import Paths
from agent.box.tools.programs import Run
from agent.foundation import files

NAMES = ("factory-reset", "factory-reset.txt")  # Notepad adds the ending, Explorer hides it


def asked(paths: Paths) -> tuple[Path, ...]:
    """The files that ask for it; none where there are none."""
    return tuple(path for name in NAMES if (path := paths.boot / name).is_file())


def begin(paths: Paths, disk: Disk, data: Partition | None, coming: str, run: Run) -> None:
    """Rename the partition `data` (None: that was done, or it never was) to `coming`, then remove the request.

    Raises `ProgramTrouble`, `OSError`: then the request stands, or may stand again after a power cut.
    """
    with writable(paths, run):
        if data is not None:
            disks.rename(disk, data, coming, run)
        for path in asked(paths):
            files.remove(path)
