"""A Linux machine, with or without systemd as the supervisor.

sd_notify(3), sd_watchdog_enabled(3) and sd_listen_fds(3) say what it leaves in the environment.
"""

import os
import socket
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING

from board.base import Lights, Network, Storage
from board.places import DEVICES, LINKS

if TYPE_CHECKING:
    from board.button import Button
    from board.clock_state import ClockState
    from board.conditions import Conditions
    from board.identity import Identity
    from board.networkd import Networkd
    from board.reading import Reading
    from board.report import Report
    from board.serial_line import SerialLine
    from board.wear import Wear

FIRST_SOCKET = 3  # where systemd puts what it hands over: SD_LISTEN_FDS_START
CLOCK_PERIOD = 3.0  # s; asking twice in a row starts no second program
CLOCK_PATIENCE = 4.0  # s; chronyc has less, and the chip of the clock may not answer
WEAR_PERIOD = 3600.0  # s; a card does not wear faster


class LinuxBoard:
    """This machine. `environment` is the process's own, where systemd leaves word of itself.

    `links` is where systemd-networkd keeps what it knows, `devices` where the kernel does.
    """

    def __init__(
        self,
        environment: MutableMapping[str, str] = os.environ,
        first_socket: int = FIRST_SOCKET,
        *,
        links: Path = LINKS,
        devices: Path = DEVICES,
    ) -> None:
        self._links, self._devices = links, devices
        self._networkd: Networkd | None = None
        self._conditions: Reading[Conditions] | None = None
        self._wear: Reading[Wear] | None = None
        self._clock: Reading[ClockState] | None = None
        self._environment, self._first_socket = environment, first_socket
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._watchdog = _watchdog_seconds(environment)

    @property
    def host_name(self) -> str:
        """The kernel's host name, without a domain."""
        return socket.gethostname().partition(".")[0]

    @property
    def watchdog_seconds(self) -> float | None:
        """What systemd asked for with `WatchdogSec=`, None without."""
        return self._watchdog

    def page_socket(self) -> socket.socket | None:
        """The socket of the unit's `Sockets=`, if systemd meant this process.

        systemd's words are taken out of the environment, so that the socket is not taken twice, or handed on.
        """
        pid, count, _ = [self._environment.pop(f"LISTEN_{word}", "") for word in ("PID", "FDS", "FDNAMES")]
        if pid != str(os.getpid()) or count in ("", "0"):
            return None
        if count != "1":
            raise ValueError(f"it is one of {count}, and the page needs one alone")
        return _listening(self._first_socket)

    def network(self) -> Network:
        """What systemd-networkd and the kernel say; unknown where no networkd runs."""
        if self._networkd is None:
            from board.networkd import Networkd  # not asked before the first poll: the start has no time for it

            self._networkd = Networkd(self._links, self._devices)
        return self._networkd.network()

    def interfaces(self) -> "Report":
        """What networkd and the kernel have in their files."""
        from board.interfaces import read_interfaces

        return read_interfaces(self._devices, self._links.parent)

    def storage(self, path: Path) -> Storage | None:
        """What statvfs(3) says of the path, or of the nearest place above it that exists."""
        try:
            found = os.statvfs(next((place for place in (path, *path.parents) if place.exists()), path))
        except OSError:
            return None
        is_read_only = bool(found.f_flag & os.ST_RDONLY)
        return Storage(found.f_blocks * found.f_frsize, found.f_bavail * found.f_frsize, is_read_only)

    def notify(self, message: str) -> None:
        """Send one datagram to systemd; nothing where it does not listen. A full socket loses it, by design."""
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
            try:
                line.sendto(message.encode(), address)
            except (BlockingIOError, ConnectionRefusedError, FileNotFoundError):
                return  # the supervisor is busy or going away; it asks for nothing more than the next one

    def identity(self) -> "Identity":
        """What its maker wrote down."""
        from board.identity import read_identity

        return read_identity()

    def conditions(self, wait: float = 0.0) -> "Conditions":
        """What the kernel's sensors say."""
        if self._conditions is None:
            from board.conditions import Conditions, read_conditions
            from board.reading import Reading

            self._conditions = Reading(read_conditions, Conditions())
        return self._conditions.latest(wait)

    def wear(self, wait: float = 0.0) -> "Wear":
        """What eMMC and ext4 say."""
        if self._wear is None:
            from board.reading import Reading
            from board.wear import Wear, read_wear

            self._wear = Reading(read_wear, Wear(), WEAR_PERIOD)
        return self._wear.latest(wait)

    def clock_state(self) -> "ClockState":
        """What chrony, timesyncd and the clock with the battery say; not older than a few seconds."""
        if self._clock is None:
            from board.clock_state import ClockState, read_clock_state
            from board.reading import Reading

            self._clock = Reading(read_clock_state, ClockState(), CLOCK_PERIOD)
        return self._clock.latest(CLOCK_PATIENCE)

    def lights(self) -> Lights:
        """Those of the kernel's class of LEDs."""
        from board.lights import PatientLights

        return PatientLights()

    def button(self, name: str = "") -> "Button | None":
        """The one on the board's pins, or an input device by its name."""
        from board.button import open_button

        return open_button(name)

    def serial_lines(self) -> tuple[str, ...]:
        """UARTs with a chip behind them, and the USB gadget."""
        from board.serial_line import box_lines

        return box_lines()

    def open_serial(self, device: str, speed: int) -> "SerialLine":
        """By pyserial."""
        from board.serial_line import open_serial

        return open_serial(device, speed)

    def watch_devices(self) -> socket.socket | None:
        """What udev tells its listeners."""
        from board.serial_line import watch_devices

        return watch_devices()


def _watchdog_seconds(environment: Mapping[str, str]) -> float | None:
    microseconds, pid = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    if not microseconds.isdigit() or (pid and pid != str(os.getpid())):
        return None
    return int(microseconds) / 1e6


def _listening(number: int) -> socket.socket:
    try:
        held = socket.socket(fileno=number)
    except OSError:
        raise ValueError(f"descriptor {number} is no socket") from None
    is_internet = held.family in (socket.AF_INET, socket.AF_INET6) and held.type == socket.SOCK_STREAM
    if not is_internet or not held.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        held.close()
        raise ValueError("it does not listen for TCP connections")
    held.set_inheritable(False)
    return held
