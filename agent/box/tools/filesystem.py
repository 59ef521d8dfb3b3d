"""The ext4 of the data partition: made, checked, mounted, made longer, by e2fsprogs and mount.

`make` is the one place that formats anything, and its caller has to know that nothing can be lost.
"""

from enum import StrEnum
from pathlib import Path

from agent.box.tools.programs import ProgramTrouble, Run

_MAKE_TIMEOUT = 900  # s; discards the whole card first, and some cards take their time
_CHECK_TIMEOUT = 1800  # s; cut short, it would only begin again at the next start
_MOUNT_TIMEOUT = 120  # s; the kernel plays back the file system's journal
_GROW_TIMEOUT = 600  # s
_SYNC_TIMEOUT = 300  # s

# For a flash card that holds a few small files. Everything is written now, so that nothing trickles on afterwards
# (lazy initialisation); few inodes and a short journal, so that this is little: 20 MB on any card. Without the
# orphan file, whose traces after a power cut an older e2fsck takes for damage. Blocks and inodes as on a big disk:
# inodes of 128 bytes end in 2038. 1 % is kept for root and the agent: a full disk still starts, and cuts keys.
_MAKE = (
    *("-b", "4096", "-I", "256", "-N", "16384", "-J", "size=16", "-m", "1", "-O", "^orphan_file"),
    *("-e", "remount-ro", "-E", "discard,lazy_itable_init=0,lazy_journal_init=0"),
)
_OPTIONS = "noatime,commit=60,nodev,nosuid,noexec"

# e2fsck(8), exit code: a sum of these
_CORRECTED = 1
_REBOOT = 2  # meant for a root file system; this one is not mounted yet
_GOOD = tuple(range((_CORRECTED | _REBOOT) + 1))


class Finding(StrEnum):
    """What a check found and left."""

    SOUND = "sound"
    REPAIRED = "repaired"
    DAMAGED = "damaged"


def make(node: str, label: str, run: Run) -> None:
    """Format `node`: whatever was on it is gone. On the disk when it returns. Raises `ProgramTrouble`."""
    run(("mkfs.ext4", "-q", "-F", "-L", label, *_MAKE, node), timeout=_MAKE_TIMEOUT)
    run(("sync", node), timeout=_SYNC_TIMEOUT)


def check(node: str, run: Run) -> tuple[Finding, str]:
    """Repair what can be repaired: first what surely loses nothing, then everything. Never raises for a sick disk.

    What a power cut leaves is played back, and counts as sound. The words are e2fsck's on what it leaves damaged.
    """
    try:
        return _finding(run(("e2fsck", "-p", node), timeout=_CHECK_TIMEOUT, fine=_GOOD).code), ""
    except ProgramTrouble as trouble:
        if trouble.code is None:  # it never came to an end: the thorough check would take even longer
            return Finding.DAMAGED, str(trouble)
    try:
        return _finding(run(("e2fsck", "-f", "-y", node), timeout=_CHECK_TIMEOUT, fine=_GOOD).code), ""
    except ProgramTrouble as trouble:
        return Finding.DAMAGED, str(trouble)


def mount(node: str, folder: Path, user: int, run: Run) -> None:
    """Mount for reading and writing; `user` is the account that may use the last per cent, beside root.

    Raises `ProgramTrouble`. The kernel may still make it read-only by itself.
    """
    options = f"{_OPTIONS},resuid={user},errors=remount-ro"
    run(("mount", "-t", "ext4", "-o", options, node, str(folder)), timeout=_MOUNT_TIMEOUT)


def mount_to_read(node: str, folder: Path, run: Run) -> None:
    """Mount without writing a byte, not even what its journal still holds. Raises `ProgramTrouble`."""
    run(("mount", "-t", "ext4", "-o", f"{_OPTIONS},ro,noload", node, str(folder)), timeout=_MOUNT_TIMEOUT)


def mounted_options(mounts: Path, folder: Path) -> frozenset[str] | None:
    """The options of what is mounted at `folder`, by the file /proc/self/mounts; None where nothing is."""
    lines = (line.split() for line in mounts.read_text().splitlines())
    found = [fields[3] for fields in lines if len(fields) > 3 and fields[1] == str(folder)]
    return frozenset(found[-1].split(",")) if found else None  # the last one hides those below it


def length(node: str) -> int:
    """The file system's length in bytes, by its superblock. Raises `OSError`.

    ext4's layout: docs.kernel.org/filesystems/ext4, "The Super Block".
    """
    with Path(node).open("rb") as file:
        file.seek(1024)
        superblock = file.read(1024)
    low, shift, high = (int.from_bytes(superblock[at : at + 4], "little") for at in (0x04, 0x18, 0x150))
    return ((high << 32) + low) * (1024 << shift)


def grow(node: str, run: Run) -> None:
    """Fill the partition, while mounted: the kernel does it in steps that a power cut cannot halve.

    Raises `ProgramTrouble`.
    """
    run(("resize2fs", node), timeout=_GROW_TIMEOUT)


def _finding(code: int) -> Finding:
    return Finding.REPAIRED if code & _CORRECTED else Finding.SOUND
