"""A serial line by its name, and which ones this machine has. The only file that imports pyserial."""

from typing import NamedTuple

import serial
from serial.tools import list_ports as tools


class Port(NamedTuple):
    """`device` is what `open_serial` takes, `description` what the system knows of it, "" for nothing."""

    device: str
    description: str


def list_ports() -> tuple[Port, ...]:
    """The serial ports that this machine has now, by name."""
    found = sorted(tools.comports(), key=lambda each: str(each.device))
    return tuple(Port(each.device, "" if each.description == "n/a" else each.description) for each in found)


def open_serial(device: str, speed: int) -> serial.Serial:
    """The line at `speed`, 8N1, without flow control; a read waits at most a moment. Raises `OSError`."""
    return serial.Serial(device, speed, timeout=0.05, write_timeout=10.0)
