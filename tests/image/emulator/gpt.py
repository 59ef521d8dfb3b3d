"""Where a disk's partitions are: the GUID partition table, read only. Pure but for one read of the file's head.

UEFI specification 2.10, section 5.3. A hybrid MBR in front of it (Raspberry Pi 3) changes nothing here.
"""

import struct
from pathlib import Path

import msgspec

SECTOR = 512  # bytes; what the images are written for
_HEAD = 64 * 1024  # bytes; more than MBR, header and the usual 128 entries
_SIGNATURE = b"EFI PART"


class Partition(msgspec.Struct, frozen=True):
    """`start` and `size` in bytes, `number` counted from 1."""

    number: int
    label: str
    start: int
    size: int


def partitions(disk: Path) -> dict[str, Partition]:
    """The partitions of a raw disk by label. Raises `ValueError` where there is no table."""
    with disk.open("rb") as file:
        return read(file.read(_HEAD))


def read(head: bytes) -> dict[str, Partition]:
    """The same from the disk's first bytes."""
    header = head[SECTOR : 2 * SECTOR]
    if header[:8] != _SIGNATURE:
        raise ValueError("there is no GUID partition table")
    table, count, size = struct.unpack_from("<QII", header, 72)
    entries = (
        _partition(number, head[table * SECTOR + (number - 1) * size :][:size]) for number in range(1, count + 1)
    )
    return {entry.label: entry for entry in entries if entry is not None}


def _partition(number: int, entry: bytes) -> Partition | None:
    if len(entry) < 128 or not any(entry[:16]):
        return None
    first, last = struct.unpack_from("<QQ", entry, 32)
    label = entry[56:128].decode("utf-16-le").rstrip("\0")
    return Partition(number, label, first * SECTOR, (last - first + 1) * SECTOR)
