"""Where a disk's partitions are: the GUID partition table, read only.

UEFI specification 2.10, section 5.3. A hybrid MBR in front of it (Raspberry Pi 3) changes nothing here.
"""

import os
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

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
    return _by_label(head[table * SECTOR :], count, size)


def usable(disk: Path) -> dict[str, Partition]:
    """The partitions by the copy of the table that firmware and kernel go by: the first one, if its checksums are
    right, else the one at the disk's end. Raises `ValueError` if neither is whole.
    """
    with disk.open("rb") as file:
        for header_at in (SECTOR, os.fstat(file.fileno()).st_size - SECTOR):
            found = _whole(file, os.pread(file.fileno(), SECTOR, header_at))
            if found is not None:
                return found
    raise ValueError("neither copy of the partition table is whole")


def _whole(file: BinaryIO, header: bytes) -> dict[str, Partition] | None:
    if header[:8] != _SIGNATURE:
        return None
    length, checksum = struct.unpack_from("<II", header, 12)
    table, count, size, entries_checksum = struct.unpack_from("<QIII", header, 72)
    entries = os.pread(file.fileno(), count * size, table * SECTOR)
    without = header[:16] + bytes(4) + header[20:length]
    if (zlib.crc32(without), zlib.crc32(entries)) != (checksum, entries_checksum):
        return None
    return _by_label(entries, count, size)


def _by_label(entries: bytes, count: int, size: int) -> dict[str, Partition]:
    found = (_partition(number, entries[(number - 1) * size :][:size]) for number in range(1, count + 1))
    return {entry.label: entry for entry in found if entry is not None}


def _partition(number: int, entry: bytes) -> Partition | None:
    if len(entry) < 128 or not any(entry[:16]):
        return None
    first, last = struct.unpack_from("<QQ", entry, 32)
    label = entry[56:128].decode("utf-16-le").rstrip("\0")
    return Partition(number, label, first * SECTOR, (last - first + 1) * SECTOR)
