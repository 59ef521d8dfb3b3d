"""A machine's disk: a sparse copy of the image on a card of 4 GB, and what an installer's laptop does with it.

Works without mounts or loop devices (mtools, grub-editenv, debugfs). Must never touch the image itself, nor the
disk of a machine that is switched on.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from tests.image.emulator import gpt, uboot_env
from tests.image.emulator.gpt import Partition

CARD_BYTES = 4 * 1024**3  # a small card of today; the image is smaller, so the data partition has to grow
BOOT, STATE, DATA = "boot", "bootstate", "data"  # labels
_CHECK_BOOT = Path(__file__).parents[3] / "image/root/usr/lib/nightporter/bin/check-boot"
_UNCORRECTED = 4  # e2fsck(8), exit code: from here on there are errors left
_CHUNK = 4 * 1024 * 1024  # bytes read at a time when a whole disk is searched


class Disk:
    """One machine's disk, as long as `path` is there."""

    def __init__(self, image: Path, path: Path, arch: str) -> None:
        self.path, self._arch = path, arch
        subprocess.run(["cp", "--sparse=always", str(image), str(path)], check=True)
        os.truncate(path, max(CARD_BYTES, image.stat().st_size))

    def partition(self, label: str) -> Partition:
        """Where a partition is. Raises `KeyError` while there is none of that label."""
        return gpt.partitions(self.path)[label]

    def has(self, label: str) -> bool:
        """Whether there is a partition of that label."""
        return label in gpt.partitions(self.path)

    def put(self, name: str, content: str | bytes, label: str = BOOT) -> None:
        """Write a file onto a FAT partition, as copying it in a file manager does."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            self._mtools("mcopy", "-o", file.name, f"::{name}", label=label)

    def get(self, name: str, label: str = BOOT) -> bytes | None:
        """A file of a FAT partition, None where there is none."""
        done = self._mtools("mtype", f"::{name}", label=label, check=False)
        return done.stdout if done.returncode == 0 else None

    def names(self, label: str = BOOT) -> list[str]:
        """All files of a FAT partition, as paths."""
        listed = self._mtools("mdir", "-/", "-b", "::", label=label, check=False).stdout.decode(errors="replace")
        return [line.removeprefix("::") for line in listed.splitlines() if line.strip() and not line.endswith("/")]

    def add_to_kernel_line(self, words: str) -> None:
        """Have the boot loader add these words to the kernel's command line from now on."""
        if self._arch == "arm64":
            self._edit_uboot(words)
            return
        block = self.get("grubenv", STATE)
        assert block is not None, f"no grubenv on {STATE}: {self.names(STATE)}"
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "grubenv"
            file.write_bytes(block)
            subprocess.run(["grub-editenv", str(file), "set", f"extra={words}"], check=True)
            self.put("grubenv", file.read_bytes(), STATE)

    def places_of(self, needle: bytes) -> list[str]:
        """Where on the raw disk these bytes stand: "label: /path" or "label: free space", one for each hit."""
        return [self._place(offset, needle) for offset in self.offsets_of(needle)]

    def offsets_of(self, needle: bytes) -> Iterator[int]:
        """The byte offsets of all hits, partitions or not. Holes of the sparse file are skipped."""
        with self.path.open("rb") as file:
            for start, end in _extents(file):
                yield from _hits(file, start, end, needle)

    def data_file(self, path: str) -> bytes | None:
        """A file of the data partition as the next start will find it; None where there is none."""
        if not self.has(DATA):
            return None
        with tempfile.TemporaryDirectory(dir=self.path.parent) as folder:
            copy, file = Path(folder) / DATA, Path(folder) / "file"
            self._copy_partition(gpt.usable(self.path)[DATA], copy)
            assert not (damage := _ext4_damage(copy)), damage
            subprocess.run(["debugfs", "-R", f"dump {path} {file}", str(copy)], check=True, capture_output=True)
            return file.read_bytes() if file.exists() else None

    def damage(self) -> str:
        """What a start would find on the disk and not put right by itself; "" where that is nothing."""
        try:
            parts = gpt.usable(self.path)
        except ValueError as error:
            return str(error)
        lost = {BOOT, STATE} - set(parts)
        words = f"no partition {', '.join(sorted(lost))}; " if lost else ""
        with tempfile.TemporaryDirectory(dir=self.path.parent) as folder:
            copy = Path(folder) / "partition"
            for label, look in {BOOT: _fat_damage, DATA: _ext4_damage}.items():
                if label in parts:  # before the first start there is no place for data
                    self._copy_partition(parts[label], copy)
                    words += look(copy)
        return words

    def write_inside(self, label: str, offset: int, content: bytes) -> None:
        """Overwrite bytes of a partition: what a failing card does."""
        with self.path.open("r+b") as file:
            file.seek(self.partition(label).start + offset)
            file.write(content)

    def _copy_partition(self, part: Partition, path: Path) -> None:
        span = (f"skip={part.start}", f"count={part.size}", "iflag=skip_bytes,count_bytes", "bs=1M", "conv=sparse")
        path.unlink(missing_ok=True)
        subprocess.run(["dd", f"if={self.path}", f"of={path}", *span, "status=none"], check=True)

    def _edit_uboot(self, words: str) -> None:
        with self.path.open("rb") as file:
            file.seek(self.partition(STATE).start)
            variables = uboot_env.read(file.read(uboot_env.SIZE))
        self.write_inside(STATE, 0, uboot_env.write(variables | {"extra": words}))

    def _place(self, offset: int, needle: bytes) -> str:
        for part in gpt.partitions(self.path).values():
            if part.start <= offset < part.start + part.size:
                owner = self._owner_on_data if part.label == DATA else self._owner_on_fat
                return f"{part.label}: {owner(part, offset - part.start, needle)}"
        return f"outside of all partitions, at byte {offset}"

    def _owner_on_fat(self, part: Partition, offset: int, needle: bytes) -> str:
        del offset  # FAT tells no owner of a cluster: the files are looked through instead
        found = [name for name in self.names(part.label) if needle in (self.get(name, part.label) or b"")]
        return ", ".join(found) or "free space"

    def _owner_on_data(self, part: Partition, offset: int, needle: bytes) -> str:
        del part, needle
        block = offset // self._block_bytes()
        inode = self._debugfs(f"icheck {block}").splitlines()[-1].split("\t")[-1]
        if not inode.isdigit():
            return f"free space (block {block})"
        if inode == "8":
            return "the file system's journal"
        return self._debugfs(f"ncheck {inode}").splitlines()[-1].split("\t")[-1] or f"inode {inode}"

    def _block_bytes(self) -> int:
        """The size of a block on the data partition; in ext4's superblock as the logarithm of its kilobytes."""
        with self.path.open("rb") as file:
            file.seek(self.partition(DATA).start + 1024 + 24)
            return 1024 << int.from_bytes(file.read(4), "little")

    def _debugfs(self, request: str) -> str:
        place = f"{self.path}?offset={self.partition(DATA).start}"
        done = subprocess.run(["debugfs", "-R", request, place], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def _mtools(
        self, tool: str, *words: str, label: str, check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        place = f"{self.path}@@{self.partition(label).start}"
        environment = {**os.environ, "MTOOLS_SKIP_CHECK": "1"}
        return subprocess.run([tool, "-i", place, *words], check=check, capture_output=True, env=environment)


class Stick(msgspec.Struct, frozen=True):
    """A USB stick with one FAT partition, as it is bought."""

    path: Path

    @classmethod
    def of(cls, path: Path, files: list[Path]) -> "Stick":
        """A stick with these files on it."""
        room = sum(file.stat().st_size for file in files) + 64 * 1024**2
        sectors = room // gpt.SECTOR // 2048 * 2048
        entry = bytes([0, 0, 2, 0, 0x0C, 0xFF, 0xFF, 0xFF]) + (2048).to_bytes(4, "little")
        mbr = bytes(446) + entry + sectors.to_bytes(4, "little") + bytes(48) + b"\x55\xaa"
        with path.open("wb") as file:
            file.write(mbr)
            file.truncate((2048 + sectors) * gpt.SECTOR)
        place = f"{path}@@{2048 * gpt.SECTOR}"
        subprocess.run(["mformat", "-i", place, "-F", "-v", "STICK", "-T", str(sectors), "::"], check=True)
        subprocess.run(["mcopy", "-i", place, *map(str, files), "::"], check=True)
        return cls(path)


def _ext4_damage(partition: Path) -> str:
    """What e2fsck leaves; its journal is played back, as a start does."""
    done = subprocess.run(["e2fsck", "-y", str(partition)], capture_output=True, text=True)
    return "" if done.returncode < _UNCORRECTED else done.stdout


def _fat_damage(partition: Path) -> str:
    """What a check finds after the box's own. How much is free is a hint, and may be an older one."""
    subprocess.run([str(_CHECK_BOOT), str(partition)], check=True, capture_output=True)
    done = subprocess.run(["fsck.vfat", "-n", str(partition)], capture_output=True, text=True)
    found = done.stdout.replace("\n  Auto-correcting.", "").splitlines()
    harmless = ("fsck.fat ", "Free cluster summary wrong", "Leaving filesystem unchanged", f"{partition}: ")
    return "\n".join(line for line in found if line and not line.startswith(harmless))


def _extents(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """The parts of a sparse file that hold anything."""
    size, at = os.fstat(file.fileno()).st_size, 0
    while at < size:
        try:
            start = os.lseek(file.fileno(), at, os.SEEK_DATA)
        except OSError:  # nothing but a hole up to the end
            return
        at = os.lseek(file.fileno(), start, os.SEEK_HOLE)
        yield start, at


def _hits(file: BinaryIO, start: int, end: int, needle: bytes) -> Iterator[int]:
    overlap = len(needle) - 1
    at, rest = start, b""
    while at < end:
        chunk = os.pread(file.fileno(), min(_CHUNK, end - at), at)
        text, base = rest + chunk, at - len(rest)
        found = text.find(needle)
        while found >= 0:
            yield base + found
            found = text.find(needle, found + 1)
        at += len(chunk)
        rest = text[-overlap:] if overlap else b""
