"""What a power cut leaves on a disk: all that was synced before it, and any part of what was not.

The end of QEMU alone is kinder: what the guest wrote and never synced is in the host's memory, and stays. So
QEMU's filter `blklogwrites` logs every write, discard and flush in the order of their ends, and the disk as it
was at power-on gets the log played back: whole up to the last flush, from there on as the dice fall. Source of
the format: Linux, Documentation/admin-guide/device-mapper/log-writes.rst.
"""

import os
import random
import struct
import subprocess
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

import msgspec

SECTOR = 512  # bytes; also the unit that a disk writes whole or not at all
FLUSH, FUA, DISCARD = 1, 2, 4
_MAGIC = 0x6A736677736872
_ENTRY = struct.Struct("<QQQQ")  # sector, number of sectors, flags, bytes of a mark


class Entry(msgspec.Struct, frozen=True):
    """One logged request, in sectors of the disk; `content` is where its bytes stand in the log."""

    sector: int
    sectors: int
    flags: int
    content: int


class Loss(msgspec.Struct, frozen=True):
    """Before which of the requests the power went, and what became of the writes since the last flush."""

    moment: int
    total: int
    kept: int
    torn: int
    lost: int

    @property
    def text(self) -> str:
        """The loss as a sentence's end."""
        return (
            f"after request {self.moment} of {self.total} to the disk; of the writes since the last flush "
            f"{self.kept} stayed, {self.torn} in part, {self.lost} are lost"
        )


def entries(log: BinaryIO) -> Iterator[Entry]:
    """All requests in a log, in the order of their ends; one that QEMU's end has cut short is left out."""
    size, at = os.fstat(log.fileno()).st_size, SECTOR
    if size >= SECTOR:  # an empty log: nothing was ever asked of the disk
        assert int.from_bytes(os.pread(log.fileno(), 8, 0), "little") in (_MAGIC, 0), "not a log of writes"
    while at + SECTOR <= size:
        sector, sectors, flags, _ = _ENTRY.unpack(os.pread(log.fileno(), _ENTRY.size, at))
        entry = Entry(sector, sectors, flags, at + SECTOR)
        at = entry.content + (0 if flags & DISCARD else sectors * SECTOR)
        if at <= size:
            yield entry


def replay(log_path: Path, disk_path: Path, dice: random.Random, moment: int | None = None) -> Loss:
    """Make the disk as it was at power-on into what a power cut after `moment` requests (None: all) may leave."""
    with log_path.open("rb") as log, disk_path.open("r+b") as disk:
        requests = list(entries(log))
        seen = requests[:moment]
        flushes = [index for index, entry in enumerate(seen) if entry.flags & FLUSH]
        synced = flushes[-1] + 1 if flushes else 0
        for entry in seen[:synced]:
            _write(log, disk, entry, range(entry.sectors))
        fates = [_unsynced(log, disk, entry, dice) for entry in seen[synced:]]
    return Loss(len(seen), len(requests), fates.count("kept"), fates.count("torn"), fates.count("lost"))


class Recording(msgspec.Struct, frozen=True):
    """A disk as it was at power-on, and the log of what it was asked for since then."""

    before: Path
    log: Path

    def begin(self, disk: Path) -> None:
        """Record from here on: `disk` is about to be used."""
        _copy(disk, self.before)
        self.log.write_bytes(b"")

    def requests(self) -> int:
        """How many there were by now."""
        return len(self._entries())

    def before_flushes(self) -> list[int]:
        """The moments at which most is unsynced: before each flush that had something to do."""
        found = self._entries()
        return [at for at in range(1, len(found)) if found[at].flags & FLUSH and not found[at - 1].flags & FLUSH]

    def cut(self, disk: Path, dice: random.Random, moment: int | None = None) -> Loss:
        """Write to `disk` what a power cut after `moment` requests (None: now) may leave."""
        _copy(self.before, disk)
        return replay(self.log, disk, dice, moment)

    def _entries(self) -> list[Entry]:
        with self.log.open("rb") as log:
            return list(entries(log))


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", str(source), str(target)], check=True)  # which leaves holes what they are


def _unsynced(log: BinaryIO, disk: BinaryIO, entry: Entry, dice: random.Random) -> str:
    fate = "kept" if entry.flags & FUA else dice.choice(("kept", "torn", "lost"))
    if fate != "lost":
        share = 1.0 if fate == "kept" else 0.5
        _write(log, disk, entry, [sector for sector in range(entry.sectors) if dice.random() < share])
    return fate


def _write(log: BinaryIO, disk: BinaryIO, entry: Entry, sectors: Sequence[int]) -> None:
    """Write these sectors of a request. A discard leaves what is there: a disk may do that, too."""
    if entry.flags & DISCARD:
        return
    for first, count in _runs(sectors):
        source, target, rest = entry.content + first * SECTOR, (entry.sector + first) * SECTOR, count * SECTOR
        while rest:
            done = os.copy_file_range(log.fileno(), disk.fileno(), rest, source, target)
            source, target, rest = source + done, target + done, rest - done


def _runs(sectors: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Sectors in rising order as runs: the first of each, and how many."""
    for _, run in groupby(enumerate(sectors), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        yield numbers[0], len(numbers)
