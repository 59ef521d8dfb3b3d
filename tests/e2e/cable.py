"""A serial cable between two ptys that can be bad: it loses bytes, flips bits, adds noise, or is pulled out.

The box's side may outlast the laptop's, as a UART does, or vanish with it, as a USB gadget does.
"""

import os
import tty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import trio

LOST_BYTES = 8
# A start of a sequence, Ctrl-U, an arrow, XOFF and XON, letters, halves of UTF-8, a frame's begin.
NOISE = b"\x15\x1b[A\xff\x13q~\x11\xc3z\x80\x0e"


class Way(StrEnum):
    """Where bytes go."""

    TO_BOX = "to the box"
    TO_LAPTOP = "to the laptop"


class Harm(StrEnum):
    """What happens to them."""

    LOST = "8 bytes lost"
    FLIPPED = "bits flipped"
    NOISY = "noise"
    UNPLUGGED = "unplugged at the laptop"
    VANISHED = "the box's port vanishes"


@dataclass(frozen=True)
class Fault:
    """`harm` on this way, `skipped` bytes behind the first place where it carries `behind`."""

    way: Way
    behind: bytes
    skipped: int
    harm: Harm


class Cable:
    """`device` is the box's end: a link to a pty that is another one after each time that it vanished."""

    def __init__(self, device: Path) -> None:
        self.device = device
        self._box = self._theirs = -1
        self.plug_box()

    def plug_box(self) -> None:
        """A port for the box where it expects it; the one before is gone."""
        old = self._box
        self._box, theirs = raw_pty()
        new = self.device.with_suffix(".new")
        new.symlink_to(os.ttyname(theirs))
        new.replace(self.device)
        before, self._theirs = self._theirs, theirs
        if old >= 0:
            trio.lowlevel.notify_closing(old)
            os.close(old)
            os.close(before)

    def close(self) -> None:
        """Nothing is left of it."""
        os.close(self._box)
        os.close(self._theirs)

    @asynccontextmanager
    async def laptop(self, fault: Fault | None = None) -> AsyncIterator["Plugged"]:
        """A laptop is plugged in as long as the block runs."""
        plugged = Plugged(self, fault)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(plugged.carry, Way.TO_BOX)
            nursery.start_soon(plugged.carry, Way.TO_LAPTOP)
            try:
                yield plugged
            finally:
                nursery.cancel_scope.cancel()
                plugged.pull()

    @property
    def box(self) -> int:
        """Our side of the box's port."""
        return self._box


class Plugged:
    """A laptop at the cable. `went_in` is what each side has put in."""

    def __init__(self, cable: Cable, fault: Fault | None) -> None:
        self._cable, self._fault = cable, fault
        self._laptop, self._theirs = raw_pty()
        self.port = os.ttyname(self._theirs)
        self.went_in = {way: bytearray() for way in Way}
        self.has_struck = False
        self._is_pulled = trio.Event()

    def pull(self) -> None:
        """Out of the laptop."""
        for each in (self._laptop, self._theirs):
            if each >= 0:
                trio.lowlevel.notify_closing(each)
                os.close(each)
        self._laptop = self._theirs = -1
        self._is_pulled.set()

    async def carry(self, way: Way) -> None:
        """Carry bytes until it is pulled."""
        while not self._is_pulled.is_set():
            source = self._laptop if way is Way.TO_BOX else self._cable.box
            try:
                await trio.lowlevel.wait_readable(source)
                data = os.read(source, 4096)
            except (BlockingIOError, trio.ClosedResourceError):
                continue
            except OSError:  # no program has the other end open just now
                await trio.lowlevel.checkpoint()
                continue
            await self._give(way, self._harmed(way, data))

    async def _give(self, way: Way, data: bytes) -> None:
        while data and not self._is_pulled.is_set():
            sink = self._cable.box if way is Way.TO_BOX else self._laptop
            try:
                await trio.lowlevel.wait_writable(sink)
                data = data[os.write(sink, data) :]
            except BlockingIOError:
                continue
            except (OSError, trio.ClosedResourceError):
                return

    def _harmed(self, way: Way, data: bytes) -> bytes:
        start = len(self.went_in[way])
        self.went_in[way] += data
        fault = self._fault
        if fault is None or self.has_struck or fault.way is not way:
            return data
        found = self.went_in[way].find(fault.behind)
        at = found + len(fault.behind) + fault.skipped - start
        if found < 0 or at >= len(data):
            return data
        self.has_struck = True
        return self._strike(fault.harm, data, max(0, at))

    def _strike(self, harm: Harm, data: bytes, at: int) -> bytes:
        before, hit, after = data[:at], data[at : at + LOST_BYTES], data[at + LOST_BYTES :]
        match harm:
            case Harm.LOST:
                return before + after
            case Harm.FLIPPED:
                return (
                    before + bytes(byte ^ (0x04 if place % 3 else 0x41) for place, byte in enumerate(hit)) + after
                )
            case Harm.NOISY:
                return before + NOISE + hit + after
            case Harm.VANISHED:
                self._cable.plug_box()
        self.pull()
        return before


def raw_pty() -> tuple[int, int]:
    """Our side, which never waits, and the other one, which alters nothing."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    os.set_blocking(ours, False)
    return ours, theirs
