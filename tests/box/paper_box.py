"""A box on paper: a disk with its table, what the kernel knows of it, what is mounted. No root, no device.

It stands where `programs.run` stands and does what the programs are said to do; `real_box` has the real ones.
"""

import os
import pwd
from collections.abc import Collection, Sequence
from pathlib import Path
from shutil import rmtree

import msgspec

from agent.box.tools.paths import Paths
from agent.box.tools.programs import Finished, ProgramTrouble

MIB = 1024 * 1024
SECTOR = 512
ME = pwd.getpwuid(os.getuid()).pw_name


class PowerCut(BaseException):
    """The box stops here; what was written is written."""


def paths_in(folder: Path) -> Paths:
    """Folders for a box, all of them there but those that a program makes."""
    for name in ("boot", "data", "run", "dev", "by-number", "watchdogs", "pstore", "root"):
        (folder / name).mkdir()
    (folder / "boot-id").write_text("b00t\n")
    (folder / "mounts").write_text("")
    (folder / "hostname").write_text("")
    return Paths(
        boot=folder / "boot",
        data=folder / "data",
        run=folder / "run",
        release=folder / "release.json",
        root=folder / "root",
        credstore=folder / "credstore",
        network=folder / "network",
        units=folder / "units",
        mounts=folder / "mounts",
        hostname=folder / "hostname",
        boot_id=folder / "boot-id",
        devices=folder / "dev",
        by_number=folder / "by-number",
        watchdogs=folder / "watchdogs",
        pstore=folder / "pstore",
    )


class PaperBox:
    """`PaperBox(folder)` is fresh from the image: six partitions, and a disk that is bigger than they are."""

    def __init__(self, folder: Path, disk_mib: int = 1024) -> None:
        self.paths = paths_in(folder)
        self.sys = folder / "sys" / "vda"
        self.sys.mkdir(parents=True)
        self.table: list[dict[str, int | str]] = []
        self.label = "gpt"
        self.lock(False)
        self.keeps_its_table = True
        self.write_protected = False
        self.ran: list[str] = []  # the programs that did something, in order
        self.formatted = 0
        self.power: int | None = None  # programs that still run before the power goes
        self._ends: list[tuple[tuple[str, ...], int | None]] = []
        self.set_disk(disk_mib)
        names = ("boot", "kernel-a", "root-a", "kernel-b", "root-b", "bootstate")
        for number, name in enumerate(names, start=1):
            self._add(name, number * 16 * MIB // SECTOR, 15 * MIB // SECTOR)
        self._mount_boot()
        self._tell_kernel()
        device = self.paths.root.stat().st_dev
        link = self.paths.by_number / f"{os.major(device)}:{os.minor(device)}"
        link.symlink_to(self.sys / "vda3")

    def set_disk(self, mib: int) -> None:
        """The size of the disk, as of a card that was copied to a bigger one."""
        self._disk_sectors = mib * MIB // SECTOR
        (self.sys / "size").write_text(f"{self._disk_sectors}\n")

    def lock(self, is_locked: bool) -> None:
        """The lock at a card's side: no program that writes may be tried then."""
        self.is_locked = is_locked
        (self.sys / "ro").write_text(f"{int(is_locked)}\n")

    def let_end(self, code: int | None, *words: str) -> None:
        """From now on, a program with all these words in its line does nothing and ends so; None: never."""
        self._ends.insert(0, (words, code))

    def let_all_work(self) -> None:
        self._ends.clear()

    def restart(self) -> None:
        """What a new boot finds: nothing mounted, and a kernel that has read the table."""
        self.power = None
        self._mount_boot()
        self._tell_kernel()
        if self.paths.run.exists():
            rmtree(self.paths.run)

    def names(self) -> list[str]:
        return [str(partition["name"]) for partition in self.table]

    def is_mounted(self) -> bool:
        return str(self.paths.data) in self.paths.mounts.read_text()

    def steps(self) -> str:
        return self.paths.steps.read_text() if self.paths.steps.exists() else ""

    def __call__(
        self, argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)
    ) -> Finished:
        assert timeout > 0
        finished = self._finish(list(argv), stdin, fine)
        if self.power is not None:
            self.power -= 1
            if self.power == 0:
                raise PowerCut
        return finished

    def _finish(self, argv: list[str], stdin: str, fine: Collection[int]) -> Finished:
        for words, code in self._ends:
            if set(words) <= set(argv):
                if code in fine:
                    return Finished(code, "", "")  # type: ignore[arg-type] # None is never fine
                raise ProgramTrouble(argv[0], code, "does not work here")
        assert not self.is_locked or _only_reads(argv), f"{argv[0]} was asked to write on a locked card"
        out = self._do(argv, stdin)
        return Finished(0, out, "")

    def _do(self, argv: list[str], stdin: str) -> str:
        match argv:
            case ["sfdisk", "--json", device]:
                assert device == str(self.paths.devices / "vda")
                return self._json()
            case ["sfdisk", "--no-reread", "--no-tell-kernel", "--part-label", _, number, name]:
                self.table[int(number) - 1]["name"] = name
                self.ran.append(f"rename {name}")
            case ["sfdisk", "--no-reread", "--no-tell-kernel", "--wipe=never", "--append", _]:
                self._append(stdin)
            case ["sfdisk", "--no-reread", "--no-tell-kernel", "--wipe=never", "-N", number, _]:
                self._lengthen(self.table[int(number) - 1], stdin)
            case ["partx", "--update", "--nr", _, _]:
                self._tell_kernel()
            case ["udevadm", "wait", *_, node]:
                assert Path(node).exists()
            case ["mkfs.ext4", *_, node]:
                self._format(node)
            case ["sync", _] | ["e2fsck", *_] | ["fstrim", _] | ["systemctl", "daemon-reload"]:
                pass
            case ["mount", "-t", "ext4", "-o", options, node, folder]:
                self._mount(node, folder, options)
            case ["mount", "-o", "remount,rw" | "remount,ro", folder]:
                assert folder == str(self.paths.boot)
                self.ran.append("remount")
            case ["resize2fs", node]:
                self._write_superblock(node)
                self.ran.append("resize")
            case _:
                raise AssertionError(argv)
        return ""

    def _mount_boot(self) -> None:
        self.paths.mounts.write_text(f"/dev/root / squashfs ro 0 0\n/dev/vda1 {self.paths.boot} vfat ro 0 0\n")

    def _json(self) -> str:
        table = {"label": self.label, "device": "vda", "sectorsize": SECTOR, "partitions": self.table}
        return msgspec.json.encode({"partitiontable": table}).decode()

    def _add(self, name: str, start: int, size: int) -> None:
        node = self.paths.devices / f"vda{len(self.table) + 1}"
        self.table.append({"node": str(node), "start": start, "size": size, "name": name})

    def _append(self, line: str) -> None:
        values = _values(line)
        assert (values["size"], values["type"]) == ("+", "linux")
        if not self.keeps_its_table:
            return
        start = int(values["start"])
        assert all(start >= int(other["start"]) + int(other["size"]) for other in self.table)
        self._add(values["name"], start, self._disk_sectors - 34 - start)
        self.ran.append("append")

    def _lengthen(self, partition: dict[str, int | str], line: str) -> None:
        assert _values(line) == {"start": str(partition["start"]), "size": "+"}
        partition["size"] = self._disk_sectors - 34 - int(partition["start"])
        self.ran.append("lengthen")

    def _tell_kernel(self) -> None:
        for number, partition in enumerate(self.table, start=1):
            folder = self.sys / f"vda{number}"
            folder.mkdir(exist_ok=True)
            (folder / "partition").write_text(f"{number}\n")
            (folder / "size").write_text(f"{partition['size']}\n")
            Path(str(partition["node"])).touch()

    def _format(self, node: str) -> None:
        [partition] = (partition for partition in self.table if partition["node"] == node)
        assert partition["name"] == "data-new", "a data partition was formatted"
        self._write_superblock(node)
        rmtree(self.paths.data)
        self.paths.data.mkdir()
        self.formatted += 1
        self.ran.append("format")

    def _write_superblock(self, node: str) -> None:
        size = (self.sys / Path(node).name / "size").read_text()
        blocks = int(size) * SECTOR // 4096
        superblock = bytearray(1024)
        superblock[0x04:0x08] = blocks.to_bytes(4, "little")
        superblock[0x18] = 2  # 4096 = 1024 << 2
        Path(node).write_bytes(bytes(1024) + superblock)

    def _mount(self, node: str, folder: str, options: str) -> None:
        assert folder == str(self.paths.data)
        assert Path(node).stat().st_size, "nothing is on it"
        is_read_only = self.write_protected or "ro" in options.split(",")
        state = "ro" if is_read_only else "rw"
        with self.paths.mounts.open("a") as file:
            file.write(f"{node} {folder} ext4 {state},noatime 0 0\nshort line\n")
        self.ran.append(f"mount {state}")


def _only_reads(argv: list[str]) -> bool:
    return "--json" in argv or any("noload" in word for word in argv)


def _values(line: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in line.strip().split(","))
    return {key: value for key, _, value in pairs}
