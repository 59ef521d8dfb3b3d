"""Serial lines: which there are, word of those that come and go, and a line opened and set for bytes to be moved.

pyserial finds and sets the line and is imported here alone; the bytes are moved by the caller, who waits for the
descriptor. Nothing here waits for the other side. tty_ioctl(4), termios(3), udev(7).
"""

import errno
import fcntl
import os
import socket
import termios
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from board.small_files import is_there, number_of, printable, text_of

SPEED = 115_200  # baud
SPEEDS = range(50, 4_000_001)  # what Linux has a name for, and adapters take between; 0 would hang up
DEV, TTYS = Path("/dev"), Path("/sys/class/tty")
CONSOLES = TTYS / "console" / "active"
# Of the kinds that image/root/usr/lib/systemd/system/nightporter-console.service lets the console near.
BOX_LINES = ("ttyS0", "ttyS1", "ttyAMA0", "ttyAMA1", "ttyGS0")
_WITHOUT_CHIP = 0  # PORT_UNKNOWN: the kernel keeps four ttyS, whatever is behind them
_UEVENTS, _FROM_UDEV = 15, 2  # NETLINK_KOBJECT_UEVENT, and its group in which udev tells what it is done with
_INPUT, _CHARACTERS = 0, 6  # in what termios.tcgetattr gives
_CONTROL_BYTES = 8192  # of a datagram that is thrown away
_MOST_NEWS = 1000  # of them in one go; the kernel keeps a few hundred
_NO_DEVICE, _NO_LINE = "there is no such device", "it is no serial line"
_NOTHING_BEHIND, _TAKEN = "nothing is behind it", "another program has it"
_FORBIDDEN, _WRONG_SPEED = "this user may not open it", "it cannot be set to that speed"

_REASONS = {
    errno.ENOENT: _NO_DEVICE,
    errno.ENOTDIR: _NO_DEVICE,
    errno.ELOOP: _NO_DEVICE,
    errno.ENAMETOOLONG: _NO_DEVICE,
    errno.ENXIO: _NOTHING_BEHIND,
    errno.ENODEV: _NOTHING_BEHIND,
    errno.EBUSY: _TAKEN,
    errno.EAGAIN: _TAKEN,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.ENOTTY: _NO_LINE,
    errno.EISDIR: _NO_LINE,
    errno.EINVAL: _WRONG_SPEED,
    errno.EIO: "it does not answer",
}


class SerialGone(OSError):
    """A line that cannot be opened. `reason` says why, in a few words."""

    def __init__(self, device: str, reason: str) -> None:
        self.device, self.reason = printable(device), reason
        super().__init__(f"{self.device}: {reason}")


class Port(NamedTuple):
    """A serial port of a laptop. `description` is what the adapter calls itself, "" where it does not."""

    device: str
    description: str = ""


class SerialLine:
    """An open line: raw, eight bits, no parity, one stop bit, no flow control. Made by `open_serial`.

    `os.read` of its descriptor raises BlockingIOError while nothing came, gives b"" or raises OSError once the
    line is gone. A break comes as one NUL.
    """

    def __init__(self, device: str, descriptor: int) -> None:
        self.device, self._descriptor = device, descriptor

    def fileno(self) -> int:
        """The descriptor, non-blocking; -1 once closed."""
        return self._descriptor

    def close(self) -> None:
        """Give the line back; more than once is fine.

        What the other side has not taken yet is thrown away: the kernel would wait for it for half a minute.
        """
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor < 0:
            return
        with suppress(OSError, termios.error):  # the line is gone
            termios.tcflush(descriptor, termios.TCOFLUSH)
            fcntl.ioctl(descriptor, termios.TIOCNXCL)
        with suppress(OSError):  # likewise: EIO, and the descriptor is closed all the same
            os.close(descriptor)


def open_serial(device: str, speed: int = SPEED, consoles: Path = CONSOLES) -> SerialLine:
    """Open a line and set it. Raises `SerialGone`, and nothing else.

    No second program gets the line as long as it is open, except root, and except where the kernel itself writes
    to it (`consoles` names such lines). DTR and RTS are on, so that the other side sees that we are there.
    """
    if speed not in SPEEDS:
        raise SerialGone(device, _WRONG_SPEED)
    try:
        return SerialLine(device, _opened(device, speed, not is_kernel_console(device, consoles)))
    except (OSError, ValueError, termios.error) as error:
        raise SerialGone(device, _reason(error)) from None


def is_kernel_console(device: str, consoles: Path = CONSOLES) -> bool:
    """Whether the kernel's own words go out on it, and those of systemd."""
    return Path(device).name in ("console", *text_of(consoles).split())


def list_ports() -> tuple[Port, ...]:
    """The serial ports of this machine, as pyserial finds them: for a laptop, where adapters have any name."""
    from serial.tools.list_ports import comports  # slow, and of no use to a box

    return tuple(sorted(port_of(found.device, found.description) for found in comports()))


def port_of(device: str, said: str | None) -> Port:
    """A port with what its adapter says of itself, made fit for a terminal.

    pyserial says "n/a", or the name once more, where it says nothing.
    """
    text = printable(said or "")
    return Port(device, "" if text in ("n/a", Path(device).name) else text)


def box_lines(dev: Path = DEV, ttys: Path = TTYS) -> tuple[str, ...]:
    """The box's own lines that are there now, as device paths. A ttyS counts only with a chip behind it."""
    return tuple(str(dev / name) for name in BOX_LINES if is_there(dev / name) and _has_chip(ttys / name))


def watch_devices() -> socket.socket | None:
    """A socket that can be read whenever a device came, changed or went; None where this process may not listen.

    What it says is of no use beyond that: `forget_news` throws it away, then look for yourself.
    """
    try:
        line = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, _UEVENTS)
    except OSError:  # RestrictAddressFamilies=
        return None
    try:
        line.bind((0, _FROM_UDEV))
    except OSError:
        line.close()
        return None
    return line


def forget_news(line: socket.socket) -> None:
    """Take what a socket of `watch_devices` has, unread, so that it waits for the next."""
    for _ in range(_MOST_NEWS):
        try:
            line.recv(_CONTROL_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.ENOBUFS:  # some were lost, which is all the same here
                return


def _opened(device: str, speed: int, is_alone: bool) -> int:
    """pyserial's descriptor, on its own: its object has pipes beside it that nothing here waits for."""
    import serial

    line = serial.Serial(device, speed, timeout=0, write_timeout=0, exclusive=is_alone)
    try:
        _finish(line.fileno(), is_alone)
        return os.dup(line.fileno())
    finally:
        line.close()


def _finish(descriptor: int, is_alone: bool) -> None:
    """What pyserial leaves as it found it.

    Without VMIN a read of a silent line looks like one of a line that is gone, and a break may throw away what was
    received.
    """
    os.set_blocking(descriptor, False)
    settings = termios.tcgetattr(descriptor)
    settings[_INPUT] &= ~(termios.BRKINT | termios.PARMRK)
    settings[_CHARACTERS][termios.VMIN], settings[_CHARACTERS][termios.VTIME] = 1, 0
    termios.tcsetattr(descriptor, termios.TCSANOW, settings)
    if is_alone:
        fcntl.ioctl(descriptor, termios.TIOCEXCL)


def _reason(error: BaseException) -> str:
    """Why, in a few words. pyserial hides the number of an error of termios in the one before it."""
    if isinstance(error, ValueError):  # a NUL in the name, or half a character
        return _NO_DEVICE
    for each in _chain(error):
        number = each.args[0] if each.args else None
        if isinstance(each, (OSError, termios.error)) and number in _REASONS:
            return _REASONS[number]
    return "it cannot be opened"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__context__


def _has_chip(entry: Path) -> bool:
    return not entry.name.startswith("ttyS") or number_of(entry / "type") not in (None, _WITHOUT_CHIP)
