"""An emulated box: QEMU with a disk, firmware that keeps its variables, a cable, a serial line, a watchdog.

The end of QEMU (SIGKILL by its own pid) is a power cut that is kind to the disk; `lose_power` takes what was not
synced away as well. Must never outlive the test: `with Machine(...)`.
No KVM on purpose: times stay comparable from one build machine to the next. For amd64 the firmware is OVMF, for
arm64 Debian's U-Boot for QEMU's `virt` machine.
"""

import json
import random
import re
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType

import msgspec

from tests.image.emulator.disk import Disk, Stick
from tests.image.emulator.patience import BOOT_SECONDS, NeverCame, until
from tests.image.emulator.qmp import Qmp
from tests.image.emulator.serial_line import SerialLine
from tests.image.emulator.shell import Shell
from tests.image.emulator.stray import HANDS, StrayGuard
from tests.image.emulator.write_log import Loss, Recording

MAC = "52:54:00:4e:50:01"
# Only a power cut ends it: ending QEMUs by name on a shared machine does not end this one.
_UNDISTURBED = ("env", "--block-signal=TERM,HUP,INT")
_SERIAL_PORT = 7001  # in a network name space of our own every port is free
_START_SECONDS = 60.0  # s; QEMU's own start
_LOOK_SECONDS = 30.0  # s; a look at a unit takes a second on a busy machine
_STOP_SECONDS = 180.0  # s; a clean shutdown, with a key on its way
_KERNEL_FAULTS = re.compile(r"Oops: int3|softlockup: hung tasks")  # the second one once for a panic


class Fittings(msgspec.Struct, frozen=True):
    """What a machine may differ in. `clock` is what its clock shows at power-on (ISO 8601), None: the real one.

    `can_lose_power`: its writes are logged, for `lose_power`.
    """

    clock: str | None = None
    has_cable: bool = True
    processors: int = 2
    can_lose_power: bool = False


class Machine:
    """A box with its disk. Off when it is made."""

    def __init__(self, arch: str, disk: Disk, folder: Path, tap: str, fittings: Fittings | None = None) -> None:
        self.arch, self.disk, self.folder = arch, disk, folder
        self.fittings = fittings or Fittings()
        self.powered_at = 0.0
        self._tap = tap
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: tuple[SerialLine, Qmp, Shell] | None = None
        self._guard: StrayGuard | None = None
        self._sticks = 0
        if arch == "amd64":
            shutil.copy(_ovmf("VARS"), self._variables)

    @property
    def is_on(self) -> bool:
        """Whether it has power."""
        return self._process is not None and self._process.poll() is None

    @property
    def serial(self) -> SerialLine:
        """The serial line."""
        assert self._lines is not None, "the machine was never switched on"
        return self._lines[0]

    @property
    def qmp(self) -> Qmp:
        """QEMU's control line."""
        assert self._lines is not None, "the machine was never switched on"
        return self._lines[1]

    @property
    def shell(self) -> Shell:
        """The tests' root shell."""
        assert self._lines is not None, "the machine was never switched on"
        return self._lines[2]

    @property
    def resets(self) -> int:
        """How often it was reset since it was switched on, by itself or its watchdog."""
        return len(self._own_resets())

    @property
    def seconds_on(self) -> float:
        """Seconds since it was switched on."""
        return time.monotonic() - self.powered_at

    def power_on(self) -> None:
        """Switch it on."""
        assert not self.is_on
        for name in ("qmp", "shell"):
            (self.folder / name).unlink(missing_ok=True)
        if self.fittings.can_lose_power:
            self.recording.begin(self.disk.path)
        with (self.folder / "qemu.log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._lines = self._connect()
        if not self.fittings.has_cable:
            self.cable(is_in=False)
        self._guard = StrayGuard(self.qmp, self.serial) if self.arch == "amd64" else None
        self.powered_at = time.monotonic()
        self.qmp.ask("cont")

    def power_cut(self) -> None:
        """Take its power away."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._hang_up()

    def lose_power(self, dice: random.Random) -> Loss:
        """Take its power away, and from the disk what was not synced."""
        self.power_cut()
        return self.recording.cut(self.disk.path, dice)

    def shut_down(self, seconds: float = _STOP_SECONDS) -> None:
        """Shut it down cleanly and wait until it is off."""
        self.shell.wait_ready(60.0)
        self.shell.type("systemctl poweroff")
        assert self._process is not None
        self._process.wait(seconds)
        self._hang_up()

    def cable(self, is_in: bool) -> None:
        """Plug the network cable in, or pull it."""
        self.qmp.ask("set_link", name="nic", up=is_in)

    def plug(self, stick: Stick) -> str:
        """Plug a USB stick in; the name to pull it by."""
        self._sticks += 1
        name = f"stick{self._sticks}"
        file = {"driver": "file", "filename": str(stick.path)}
        self.qmp.ask("blockdev-add", driver="raw", **{"node-name": name, "file": file})
        self.qmp.ask("device_add", driver="usb-storage", id=name, drive=name, bus="usb.0")
        return name

    def pull(self, name: str) -> None:
        """Pull a USB stick."""
        self.qmp.ask("device_del", id=name)

    def sh(self, command: str, seconds: float = 120.0) -> str:
        """What a command prints in the tests' shell, whatever its exit code."""
        return self.shell.run(command, seconds).text

    def is_active(self, unit: str) -> bool:
        """Whether systemd in there says so; false, too, while it cannot be asked, as in the middle of a reset."""
        try:
            return self.sh(f"systemctl is-active {unit}", _LOOK_SECONDS) == "active"
        except NeverCame:
            return False

    def wait_reset(self, beyond: int, seconds: float = BOOT_SECONDS) -> float:
        """Wait until it was reset more than `beyond` times; the moment of that reset."""
        until(lambda: self.resets > beyond, seconds, f"reset number {beyond + 1}")
        return self._own_resets()[beyond]

    @property
    def emulator_faults(self) -> int:
        """How many starts QEMU's own faults have cost: strays (`stray.py`), kernels that met a stale trap or hang.

        A kernel patches itself while it runs, by way of a trap; QEMU 7.2 lets its second processor run into one
        that is gone again (amd64), or wait for the first one without end (arm64). Hardware does not. One start in
        ten dies of it at times, and the box starts again.
        """
        strays = self._guard.pressed if self._guard else 0
        return strays + (len(_KERNEL_FAULTS.findall(self.serial.text)) if self._lines else 0)

    def _own_resets(self) -> list[float]:
        events = (event for event in self.qmp.events if event.name == "RESET")
        return [event.at for event in events if event.data.get("reason") != HANDS]

    def __enter__(self) -> "Machine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.power_cut()

    @property
    def _variables(self) -> Path:
        return self.folder / "firmware.fd"

    @property
    def recording(self) -> Recording:
        """What its disk was asked for since power-on. Only for a machine that can lose its power."""
        assert self.fittings.can_lose_power
        return Recording(self.folder / "before.raw", self.folder / "writes.log")

    def _connect(self) -> tuple[SerialLine, Qmp, Shell]:
        qmp = until(self._qmp_if_up, _START_SECONDS, "QEMU's control line")
        return SerialLine(_SERIAL_PORT, self.folder / "serial.log"), qmp, Shell(self.folder / "shell")

    def _qmp_if_up(self) -> Qmp | None:
        assert self.is_on, (self.folder / "qemu.log").read_text()
        try:
            return Qmp(self.folder / "qmp")
        except OSError:
            return None

    def _hang_up(self) -> None:
        if self._guard is not None:
            self._guard.close()
        for line in self._lines or ():
            line.close()
        self._process = None

    def _command(self) -> list[str]:
        board = _amd64(self._variables) if self.arch == "amd64" else _arm64()
        processors = ["-smp", str(self.fittings.processors)]
        clock = ["-rtc", f"base={self.fittings.clock}"] if self.fittings.clock else []
        return [*_UNDISTURBED, *board, *processors, *clock, *self._disk_words(), *self._line_words(), "-S"]

    def _disk_words(self) -> list[str]:
        card: dict[str, object] = {"driver": "file", "filename": str(self.disk.path), "discard": "unmap"}
        if self.fittings.can_lose_power:
            log = {"driver": "file", "filename": str(self.recording.log)}
            card = {"driver": "blklogwrites", "file": card, "log": log}
        node = json.dumps(card | {"node-name": "card", "discard": "unmap"})
        return ["-blockdev", node, "-device", "virtio-blk-pci,drive=card", "-device", "qemu-xhci,id=usb"]

    def _line_words(self) -> list[str]:
        return [
            *("-device", "i6300esb", "-action", "watchdog=reset"),
            *("-netdev", f"tap,id=lan,ifname={self._tap},script=no,downscript=no"),
            *("-device", f"virtio-net-pci,netdev=lan,id=nic,mac={MAC}"),
            *("-chardev", f"socket,id=serial,host=127.0.0.1,port={_SERIAL_PORT},server=on,wait=off"),
            *("-serial", "chardev:serial"),
            *("-chardev", f"socket,id=shell,path={self.folder / 'shell'},server=on,wait=off"),
            *("-device", "virtio-serial-pci", "-device", "virtconsole,chardev=shell"),
            *("-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off"),
            *("-device", "virtio-rng-pci"),  # what a PC's processor and a Pi's chip have built in
        ]


def _amd64(variables: Path) -> list[str]:
    return [
        *("qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none"),
        *("-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "qemu64", "-m", "512"),
        *("-drive", f"if=pflash,format=raw,readonly=on,file={_ovmf('CODE')}"),
        *("-drive", f"if=pflash,format=raw,file={variables}"),  # keeps what a crash left for the next start
    ]


def _arm64() -> list[str]:
    return [
        *("qemu-system-aarch64", "-nodefaults", "-no-user-config", "-display", "none"),
        *("-machine", "virt", "-accel", "tcg,thread=multi", "-cpu", "cortex-a53", "-m", "1024"),
        *("-bios", "/usr/lib/u-boot/qemu_arm64/u-boot.bin"),
    ]


def _ovmf(part: str) -> Path:
    return Path(f"/usr/share/OVMF/OVMF_{part}_4M.fd")
