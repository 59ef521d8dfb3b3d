"""A Linux machine, with or without systemd as the supervisor (sd_notify(3), sd_watchdog_enabled(3))."""

import os
import socket
from collections.abc import Mapping


class LinuxBoard:
    """This machine. `environment` is the process's own, where systemd leaves word of itself."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
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


def _watchdog_seconds(environment: Mapping[str, str]) -> float | None:
    microseconds, pid = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    if not microseconds.isdigit() or (pid and pid != str(os.getpid())):
        return None
    return int(microseconds) / 1e6
