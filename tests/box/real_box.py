"""A box on a real disk image: a loop device, real sfdisk, mkfs, e2fsck and mount. Needs root and loop devices.

What this machine cannot do is left out: there is no udev to wait for, and growing a mounted file system needs a
capability (CAP_SYS_RESOURCE) that a container may lack. The boot partition is ext4 here, for want of a FAT driver.
"""

import os
import subprocess
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from agent.box.tools import programs
from agent.box.tools.paths import Paths
from agent.box.tools.programs import Finished
from tests.box.paper_box import PowerCut, paths_in

MIB = 1024 * 1024
TOOLS = ("sfdisk", "partx", "losetup", "mkfs.ext4", "e2fsck", "resize2fs", "debugfs", "mount", "umount")
NEEDS = (*TOOLS, "root", "loop devices")
_CAP_SYS_RESOURCE = 24
NAMES = ("boot", "kernel-a", "root-a", "kernel-b", "root-b", "bootstate")


def may_grow_mounted() -> bool:
    """Whether this machine lets root make a mounted file system longer."""
    [mask] = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "CapEff" in line)
    return bool(int(mask, 16) >> _CAP_SYS_RESOURCE & 1)


class RealBox:
    """`RealBox(folder)` is an image of 64 MiB on a disk of 256; `close` takes everything down again."""

    def __init__(self, folder: Path) -> None:
        self.image = folder / "disk.img"
        self.ran: list[list[str]] = []
        self.power: int | None = None  # programs that still run before the power goes
        self.boot_is_stuck = False  # it stays read-only, whatever mount says
        self._write_image()
        paper = paths_in(folder)
        kept = {name: getattr(paper, name) for name in ("boot", "data", "run", "root", "release", "boot_id")}
        self.paths = Paths(**kept)
        self._plug_in()

    def close(self) -> None:
        for folder in (self.paths.data, self.paths.boot, self.paths.root):
            while os.path.ismount(folder):
                _system("umount", str(folder))
        with suppress(subprocess.CalledProcessError):
            _system("partx", "--delete", self.loop)
        _system("losetup", "--detach", self.loop)

    def swap_disk(self, image: Path) -> None:
        """The same box with another disk."""
        self.close()
        self.image = image
        self._plug_in()
        rmtree(self.paths.run, ignore_errors=True)

    def copy_of_disk(self) -> Path:
        """The disk as it is at this moment."""
        copy = self.image.with_suffix(".copy")
        _system("cp", "--sparse=always", str(self.image), str(copy))
        return copy

    def node(self, number: int) -> str:
        return f"{self.loop}p{number}"

    def names(self) -> list[str]:
        """The partitions' names, by the disk."""
        return _system("sfdisk", "-qlo", "NAME", self.loop).split()[1:]

    def set_disk(self, mib: int) -> None:
        os.truncate(self.image, mib * MIB)
        _system("losetup", "--set-capacity", self.loop)

    def restart(self) -> None:
        """What a new boot finds: nothing mounted, and a kernel that has read the table."""
        self.power = None
        while os.path.ismount(self.paths.data):
            _system("umount", str(self.paths.data))
        with suppress(subprocess.CalledProcessError):
            _system("partx", "--delete", "--nr", "7", self.loop)
        self._show_partitions()
        rmtree(self.paths.run, ignore_errors=True)

    def ask_for_reset(self) -> Path:
        _system("mount", "-o", "remount,rw", str(self.paths.boot))
        request = self.paths.boot / "factory-reset"
        request.touch()
        _system("mount", "-o", "remount,ro", str(self.paths.boot))
        return request

    def debug(self, command: str) -> str:
        """A word to debugfs about the data partition, which must not be mounted."""
        return _system("debugfs", "-w", "-R", command, self.node(7))

    def __call__(
        self, argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)
    ) -> Finished:
        if argv[0] == "mkfs.ext4":
            assert self.names()[int(argv[-1].rpartition("p")[2]) - 1] == "data-new", (
                "a data partition was formatted"
            )
        self.ran.append(list(argv))
        finished = Finished(0, "", "")
        if not self._is_left_out(argv):
            finished = programs.run(argv, timeout=timeout, stdin=stdin, fine=fine)
        if self.power is not None:
            self.power -= 1
            if self.power == 0:
                raise PowerCut
        return finished

    def _is_left_out(self, argv: Sequence[str]) -> bool:
        if argv[0] == "udevadm":
            assert Path(argv[-1]).exists()
            return True
        is_remount = "remount,rw" in argv or "remount,ro" in argv
        return (argv[0] == "resize2fs" and not may_grow_mounted()) or (is_remount and self.boot_is_stuck)

    def _write_image(self) -> None:
        with self.image.open("wb") as file:
            file.truncate(64 * MIB)
        lines = ["label: gpt", *(f"start={n * 8}MiB, size=7MiB, name={name}" for n, name in enumerate(NAMES, 1))]
        _system("sfdisk", "-q", str(self.image), stdin="\n".join(lines))
        for number in (1, 3):
            offset = f"-Eoffset={number * 8 * MIB}"
            _system("mkfs.ext4", "-q", "-F", offset, str(self.image), "7M")
        os.truncate(self.image, 256 * MIB)  # the card that it was written to

    def _plug_in(self) -> None:
        self.loop = _system("losetup", "--partscan", "--find", "--show", str(self.image))
        self._show_partitions()
        _system("mount", "-o", "ro", self.node(3), str(self.paths.root))
        _system("mount", "-o", "ro", self.node(1), str(self.paths.boot))

    def _show_partitions(self) -> None:
        with suppress(subprocess.CalledProcessError):  # some are there already
            _system("partx", "--add", self.loop)


def _system(*argv: str, stdin: str = "") -> str:
    done = subprocess.run(argv, input=stdin, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()
