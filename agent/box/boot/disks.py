"""The disk that the running system is on, and its GPT: read and changed by util-linux's sfdisk and partx.

The other partitions are never touched: only one at the end is added, renamed or made longer. sfdisk writes the
backup table first, then the primary one (its header and entries lie in one block of 4 KiB), moves the backup to
the end of a bigger disk, and leaves a hybrid MBR as it is (sfdisk(8), libfdisk). The kernel is told about one
partition alone: it would not read the whole table again while the disk is in use.
"""

import os
from pathlib import Path

import msgspec

from agent.box.tools.paths import Paths
from agent.box.tools.programs import Finished, Run
from agent.foundation.errors import NightPorterError

_TIMEOUT = 60  # s; a few sectors, on a card that may be slow to wake
_NODE_TIMEOUT = 20  # s
_ALONE = ("--no-reread", "--no-tell-kernel")  # the disk is in use, and partx tells the kernel
_SECTOR = 512  # bytes; the kernel counts in these, whatever the disk's own are
_ALIGNMENT = 1024 * 1024  # bytes; what flash likes, and where all the other partitions begin


class DiskTrouble(NightPorterError):
    """The disk is not as this system's disk is. `str()` is a plain sentence."""


class Partition(msgspec.Struct, frozen=True):
    """An entry of the table. `start` and `size` are in the disk's sectors."""

    node: str
    start: int
    size: int
    name: str = ""

    @property
    def number(self) -> str:
        """Its number, the end of the node's name: 3 of vda3, mmcblk0p3, nvme0n1p3."""
        return self.node[len(self.node.rstrip("0123456789")) :]


class Table(msgspec.Struct, frozen=True):
    """A GPT, in the words of `sfdisk --json`."""

    label: str
    device: str
    sectorsize: int = _SECTOR
    partitions: tuple[Partition, ...] = ()

    def named(self, name: str) -> Partition | None:
        """The first partition of that name."""
        return next((partition for partition in self.partitions if partition.name == name), None)

    def bytes_behind(self, partition: Partition, disk_bytes: int) -> int:
        """Bytes from the partition's end to the disk's; 0 where another partition lies between."""
        if any(other.start > partition.start for other in self.partitions):
            return 0
        return disk_bytes - self.end_of(partition)

    def end_of(self, partition: Partition) -> int:
        """The byte behind the partition."""
        return (partition.start + partition.size) * self.sectorsize

    def without(self, name: str) -> "Table":
        """The table as it is without the partitions of that name."""
        kept = tuple(partition for partition in self.partitions if partition.name != name)
        return msgspec.structs.replace(self, partitions=kept)

    def first_free(self) -> int:
        """The first sector behind all partitions, aligned."""
        end = max((partition.start + partition.size for partition in self.partitions), default=1)
        step = _ALIGNMENT // self.sectorsize
        return -(-end // step) * step


class Disk(msgspec.Struct, frozen=True):
    """A whole disk: its node, and its folder in /sys."""

    node: Path
    sys: Path

    def size(self) -> int:
        """Its size in bytes. Raises `OSError`."""
        return int((self.sys / "size").read_text()) * _SECTOR

    def is_write_protected(self) -> bool:
        """Whether the kernel can only read it: the lock of a card, or a worn-out one. Raises `OSError`."""
        return (self.sys / "ro").read_text().strip() != "0"


def of_root(paths: Paths) -> Disk:
    """The disk that holds the running root. Raises `DiskTrouble`.

    Asked by device number, not by label: a second card in a reader has partitions of the same labels.
    """
    device = paths.root.stat().st_dev
    partition = (paths.by_number / f"{os.major(device)}:{os.minor(device)}").resolve()
    if not (partition / "partition").is_file():
        raise DiskTrouble("The disk that the system runs from cannot be found.")
    return Disk(paths.devices / partition.parent.name, partition.parent)


def read(disk: Disk, run: Run) -> Table:
    """The disk's table. Raises `DiskTrouble`, `ProgramTrouble`."""
    words = run(("sfdisk", "--json", str(disk.node)), timeout=_TIMEOUT).out
    try:
        table = msgspec.json.decode(words, type=_Json).partitiontable
    except msgspec.MsgspecError:
        raise DiskTrouble("The disk's partition table cannot be read.") from None
    if table.label != "gpt":
        raise DiskTrouble("The disk has no GPT partition table.")
    return table


def append(disk: Disk, table: Table, name: str, run: Run) -> None:
    """Add a Linux partition behind all others, over the rest of the disk. Raises `ProgramTrouble`."""
    _change(disk, f"start={table.first_free()}, size=+, type=linux, name={name}", ("--append",), run)


def lengthen(disk: Disk, partition: Partition, run: Run) -> None:
    """Make the last partition as long as the disk allows; its start stays. Raises `ProgramTrouble`."""
    _change(disk, f"start={partition.start}, size=+", ("-N", partition.number), run)


def rename(disk: Disk, partition: Partition, name: str, run: Run) -> None:
    """Give the partition another name, in one write. Raises `ProgramTrouble`."""
    run(("sfdisk", *_ALONE, "--part-label", str(disk.node), partition.number, name), timeout=_TIMEOUT)


def kernel_knows(disk: Disk, partition: Partition, sector_bytes: int) -> bool:
    """Whether the kernel has the partition, as long as the table says. Raises `OSError`."""
    try:
        size = (disk.sys / Path(partition.node).name / "size").read_text()
    except FileNotFoundError:
        return False
    return int(size) * _SECTOR == partition.size * sector_bytes


def show_kernel(disk: Disk, partition: Partition, run: Run) -> None:
    """Make the kernel know the partition with the length that the table gives it. Raises `ProgramTrouble`."""
    run(("partx", "--update", "--nr", partition.number, str(disk.node)), timeout=_TIMEOUT)
    run(
        ("udevadm", "wait", f"--timeout={_NODE_TIMEOUT}", "--initialized=no", partition.node),
        timeout=_NODE_TIMEOUT + 10,
    )


class _Json(msgspec.Struct, frozen=True):
    partitiontable: Table


def _change(disk: Disk, line: str, how: tuple[str, ...], run: Run) -> Finished:
    return run(("sfdisk", *_ALONE, "--wipe=never", *how, str(disk.node)), stdin=line + "\n", timeout=_TIMEOUT)
