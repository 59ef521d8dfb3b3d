"""A fault of QEMU's, known by its mark: after a reset the second processor runs along with the first one.

Seen with QEMU 7.2 and OVMF, one reset in ten: both processors are in the same code on one stack, for ever.
On hardware the second one waits to be called. Only that mark counts: any other hang is the image's own, and stays.
"""

import re
import threading
import time

from tests.image.emulator.qmp import Qmp
from tests.image.emulator.serial_line import SerialLine

_FIRMWARE_SECONDS = 30.0  # s; our boot loader speaks 10 s after a reset, 20 on a loaded machine
_STACK_BYTES = 64 * 1024  # OVMF's processors have stacks of their own, further apart
_LOADER = "Night Porter: starting slot"  # grub.cfg
_LOOK_SECONDS = 5.0
HANDS = "host-qmp-system-reset"  # how QEMU names a reset that we made


class StrayGuard:
    """Watches one machine's resets, and presses the reset button when one of them met the fault."""

    def __init__(self, qmp: Qmp, serial: SerialLine) -> None:
        self._qmp, self._serial = qmp, serial
        self.pressed = 0
        self._seen = 0
        self._mark = 0
        self._suspicions = 0
        self._stop = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def close(self) -> None:
        """Watch no longer."""
        self._stop.set()

    def _watch(self) -> None:
        while not self._stop.wait(_LOOK_SECONDS):
            try:
                self._look()
            except (OSError, AssertionError):
                return  # QEMU is gone

    def _look(self) -> None:
        resets = [event.at for event in self._qmp.events if event.name == "RESET"]
        if len(resets) != self._seen:
            self._seen, self._mark, self._suspicions = len(resets), self._serial.mark(), 0
        is_late = resets and time.monotonic() - resets[-1] > _FIRMWARE_SECONDS
        if not is_late or _LOADER in self._serial.since(self._mark):
            return
        is_suspect = is_stray(self._qmp.monitor("info registers -a"))
        self._suspicions = self._suspicions + 1 if is_suspect else 0
        if self._suspicions > 1:
            self.pressed += 1
            self._qmp.ask("system_reset")


def is_stray(registers: str) -> bool:
    """Whether both processors run on one stack. `registers` is what QEMU's `info registers -a` prints."""
    stacks = [int(found, 16) for found in re.findall(r"\bRSP=([0-9a-f]+)", registers)]
    halted = re.findall(r"\bHLT=(\d)", registers)
    return len(stacks) == 2 and halted == ["0", "0"] and abs(stacks[0] - stacks[1]) < _STACK_BYTES
