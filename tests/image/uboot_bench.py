"""A card with the boot script on it, and a real U-Boot that runs it: Debian's for QEMU's `virt`, under emulation.

In place of Linux there is a kernel of 200 bytes: it prints the command line that it was given, and resets the
machine. So a boot takes three seconds. Must never outlive its test, and never wait without an end.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector

import msgspec

from tests.image.emulator import gpt, uboot_env

HERE = Path(__file__).parents[2]
UBOOT = Path("/usr/lib/u-boot/qemu_arm64/u-boot.bin")
TOOLS = ("qemu-system-aarch64", "mkimage", "genimage", "mkfs.vfat", "mcopy")
_EPOCH = {"SOURCE_DATE_EPOCH": "1767225600", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
_PATIENCE = 60.0  # s for a boot, which takes 3 on an idle machine

# An arm64 kernel image: from the device tree in x0 it prints what begins with "root=" to virt's first serial line
# (0x0900_0000), then asks for a reset (PSCI 0x8400_0009, by hvc). Runs anywhere; its header says 64 KiB.
KERNEL = bytes.fromhex(
    "1000001400000000000000000000000000000100000000000a0000000000000000000000000000000000000000000000"
    "000000000000000041524d64000000000120a1d2021440385fc80171c1ffff54020040395fbc017161ffff5402044039"
    "5fbc017101ffff54020840395fd00171a1feff54020c40395ff4007141feff54e3010010621440386200003422000039"
    "fdffff17420e80522200003902144038c2ffff3542018052220000390080b05220018072020000d4000000144b45524e"
    "454c3a2000000000"
)
GOOD: Mapping[str, bytes] = {"vmlinuz": KERNEL, "initrd.img": b"a ram disk"}


class Boot(msgspec.Struct, frozen=True):
    """One start: what U-Boot said, and the words that the kernel was given (none if none was started)."""

    said: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def slot(self) -> str | None:
        """The slot whose kernel ran."""
        slots = [word.removeprefix("rauc.slot=") for word in self.words if word.startswith("rauc.slot=")]
        return slots[0] if slots else None


class Card:
    """A card as the image's build lays it out, with other kernels. `folder` is used up."""

    def __init__(
        self, folder: Path, a: Mapping[str, bytes] = GOOD, b: Mapping[str, bytes] = GOOD, state: bytes = bytes(512)
    ) -> None:
        self.path = folder / "card.img"
        inputs = folder / "in"
        for name in ("in", "boot", "empty", "tmp"):
            (folder / name).mkdir()
        _run(str(HERE / "image/boot/arm64/compile"), str(folder / "boot/boot.scr"))
        _fat(folder / "boot", inputs / "boot.vfat", "128M")
        (inputs / "root.squashfs").write_bytes(bytes(512))
        (inputs / "bootstate.img").write_bytes(state.ljust(4096, b"\0"))
        _fat(_tree(folder / "a", a), inputs / "kernel.vfat", "96M")
        _run(
            *("genimage", "--config", str(HERE / "image/disk/genimage-arm64.cfg"), "--loglevel", "0"),
            *("--rootpath", str(folder / "empty"), "--tmppath", str(folder / "tmp")),
            *("--inputpath", str(inputs), "--outputpath", str(folder / "out")),
        )
        (folder / "out/disk.img").rename(self.path)
        if b:
            _fat(_tree(folder / "b", b), folder / "b.vfat", "96M")
            self._put("kernel-b", folder / "b.vfat")
        shutil.rmtree(inputs)

    @property
    def state_start(self) -> int:
        """The byte of the card where the boot state begins."""
        return gpt.partitions(self.path)["bootstate"].start

    def state(self) -> bytes:
        """The sector of the boot state."""
        with self.path.open("rb") as file:
            file.seek(self.state_start)
            return file.read(uboot_env.SIZE)

    def variables(self) -> dict[str, str]:
        """What is in it; nothing where its checksum is wrong."""
        return uboot_env.read(self.state())

    def write_state(self, state: bytes) -> None:
        """Overwrite it."""
        with self.path.open("r+b") as file:
            file.seek(self.state_start)
            file.write(state)

    def _put(self, label: str, image: Path) -> None:
        start = gpt.partitions(self.path)[label].start
        _run("dd", f"if={image}", f"of={self.path}", "bs=1M", f"seek={start // 2**20}", "conv=notrunc,sparse")


class Power:
    """A machine that is on while the block lasts: `with Power(card) as machine`. Leaving it is a power cut."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._output = self._process.stdout
        self._selector = DefaultSelector()
        self._selector.register(self._output, EVENT_READ)
        self._rest = b""

    def wait_line(self, text: str) -> tuple[str, ...]:
        """All lines up to the first that has this text. Fails if it does not come within a minute."""
        end = time.monotonic() + _PATIENCE
        lines = [self._line(end)]
        while text not in lines[-1]:
            lines.append(self._line(end))
        return tuple(lines)

    def boot(self) -> Boot:
        """Wait until a kernel was started and has ended, which resets the machine."""
        said = self.wait_line("KERNEL: ")
        return Boot(tuple(line for line in said if line.startswith("Night Porter")), tuple(said[-1].split()))

    def _line(self, end: float) -> str:
        while b"\n" not in self._rest:
            left = max(0.0, end - time.monotonic())
            came = self._selector.select(left) if left else []
            assert came, f"not in {_PATIENCE:.0f} s, and last {self._rest!r}"
            more = os.read(self._output.fileno(), 4096)
            assert more, f"QEMU ended: {self._rest!r}"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode(errors="replace").replace("\r", "")

    def __enter__(self) -> "Power":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._selector.close()
        self._output.close()


def virt(card: Card) -> Power:
    """QEMU's virt with this card, switched on."""
    drive = f"if=none,id=card,file={card.path},format=raw"
    return Power(
        (
            *("qemu-system-aarch64", "-nodefaults", "-display", "none", "-serial", "stdio", "-machine", "virt"),
            *("-cpu", "cortex-a53", "-m", "512", "-accel", "tcg,thread=multi", "-bios", str(UBOOT)),
            *("-drive", drive, "-device", "virtio-blk-pci,drive=card"),
        )
    )


def raspberry(card: Card, uboot: Path, tree: Path) -> Power:
    """QEMU's Raspberry Pi 3 with this card, started the way the Pi's firmware does: U-Boot and a device tree."""
    with card.path.open("r+b") as file:
        file.truncate(2 * 1024**3)  # this machine takes cards of 2^n bytes only
    return Power(
        (
            *("qemu-system-aarch64", "-nodefaults", "-display", "none", "-serial", "null", "-serial", "stdio"),
            *("-machine", "raspi3b", "-kernel", str(uboot), "-dtb", str(tree)),
            *("-drive", f"if=sd,file={card.path},format=raw"),
        )
    )


def _tree(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def _fat(tree: Path, image: Path, size: str) -> None:
    _run(str(HERE / "image/disk/fat"), str(tree), str(image), size, "TEST", "4E500000")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, env=_EPOCH)
