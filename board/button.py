"""The box's button, through the kernel's input events: the edges of one key, as they come.

Documentation/input/input.rst and event-codes.rst. A button on the board's pins is a device of the driver
gpio-keys. A PC's power button is taken only where it is asked for by its name, for it has a meaning of its own. No
event is waited for here: the caller waits for the descriptor.
"""

import fcntl
import os
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from board.small_files import inside, number_in, text_of

INPUTS, DEVICES = Path("/sys/class/input"), Path("/dev/input")
EVENT = struct.Struct("@llHHi")  # struct input_event: seconds, microseconds, type, code, value
EV_SYN, EV_KEY, SYN_DROPPED = 0, 1, 3
UP, DOWN = 0, 1  # a key's value; 2 is the keyboard's own repetition
_ON_PINS = "gpio-keys"  # how the driver calls its place
# Which key of a device with several: restart (a router's reset button), vendor, WPS, power, BTN_0 to BTN_2.
_KEYS = (0x198, 0x168, 0x211, 0x74, 0x100, 0x101, 0x102)
_EVIOCSCLOCKID = 0x400445A0  # events are stamped with a clock of our choice
_EVIOCGKEY = 0x80604518  # which keys are down, in _KEY_BYTES
_KEY_BYTES = 96  # of the bits of all keys, KEY_MAX is 0x2FF
_WORD_BITS = struct.calcsize("@l") * 8
_MOST_EVENTS = 64  # of one read


class Edge(NamedTuple):
    """The button went down, or up, at a monotonic second."""

    is_down: bool
    at: float


class Button:
    """An open device of which one key counts. `clock` is monotonic."""

    def __init__(self, descriptor: int, key: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._descriptor, self._key, self._clock = descriptor, key, clock
        self._rest = b""
        self._is_stamped = _stamp_monotonic(descriptor)

    def fileno(self) -> int:
        """The descriptor, non-blocking; -1 once closed."""
        return self._descriptor

    def edges(self) -> tuple[Edge, ...] | None:
        """What happened since the last call; None once the button is gone. Does not wait, and never raises."""
        try:
            data = os.read(self._descriptor, EVENT.size * _MOST_EVENTS)
        except BlockingIOError:
            return ()
        except OSError:
            return None
        if not data:
            return None
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        edges = (self._edge(*event) for event in EVENT.iter_unpack(data[:whole]))
        return tuple(edge for edge in edges if edge is not None)

    def close(self) -> None:
        """Give the device back; more than once is fine."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with suppress(OSError):
                os.close(descriptor)

    def _edge(self, seconds: int, microseconds: int, kind: int, code: int, value: int) -> Edge | None:
        if (kind, code) == (EV_SYN, SYN_DROPPED):  # some were lost: look how the key is now
            return Edge(self._is_down(), self._clock())
        if (kind, code) != (EV_KEY, self._key) or value not in (UP, DOWN):
            return None
        now = self._clock()
        at = seconds + microseconds / 1e6 if self._is_stamped else now
        return Edge(value == DOWN, min(at, now))

    def _is_down(self) -> bool:
        try:
            bits = fcntl.ioctl(self._descriptor, _EVIOCGKEY, bytes(_KEY_BYTES))
        except OSError:
            return False
        return bool(bits[self._key // 8] >> self._key % 8 & 1)


def open_button(name: str = "", inputs: Path = INPUTS, devices: Path = DEVICES) -> Button | None:
    """The button on the board's pins, or the device called `name` ("Power Button"); None where there is none."""
    for found, key in find_buttons(name, inputs):
        try:
            descriptor = os.open(devices / found, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:  # this user may not, or it went meanwhile
            continue
        return Button(descriptor, key)
    return None


def find_buttons(name: str = "", inputs: Path = INPUTS) -> tuple[tuple[str, int], ...]:
    """Names of the devices that have a button for us (event0 ...), each with its key."""
    found = []
    for event in inside(inputs, "event*"):
        device = event / "device"
        is_asked_for = text_of(device / "name") == name if name else text_of(device / "phys").startswith(_ON_PINS)
        keys = _keys(text_of(device / "capabilities" / "key"))
        if is_asked_for and keys:
            found.append((event.name, next((key for key in _KEYS if key in keys), min(keys))))
    return tuple(found)


def _keys(words: str) -> frozenset[int]:
    """A bitmap as the kernel prints it: words of a `long` in hexadecimal, the highest first."""
    bits = 0
    for word in words.split()[-_KEY_BYTES:]:
        bits = bits << _WORD_BITS | (number_in(word, 16) or 0) & (1 << _WORD_BITS) - 1
    return frozenset(key for key in range(_KEY_BYTES * 8) if bits >> key & 1)


def _stamp_monotonic(descriptor: int) -> bool:
    """Whether the kernel stamps events with the monotonic clock from now on, so that a late read tells no lie."""
    try:
        fcntl.ioctl(descriptor, _EVIOCSCLOCKID, struct.pack("@i", time.CLOCK_MONOTONIC))
    except OSError:
        return False
    return True
