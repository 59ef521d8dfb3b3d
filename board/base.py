"""What a box is to the agent: its name, the supervisor that watches over the process, its network and its disk."""

import socket
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:  # loaded once it is asked for, and no sooner
    from board.button import Button
    from board.clock_state import ClockState
    from board.conditions import Conditions
    from board.identity import Identity
    from board.pattern import Pattern
    from board.report import Report
    from board.serial_line import SerialLine
    from board.wear import Wear


class NetworkState(StrEnum):
    """How far the machine's network is; where there is no telling it is unknown, and nothing follows from it."""

    UNKNOWN = "unknown"
    NO_CABLE = "no cable"
    NO_ADDRESS = "no address"
    READY = "ready"


# Tuples, because the serial line's process asks for them and has no memory for msgspec.
class Network(NamedTuple):
    """The interface that is furthest, with its addresses (IPv4 first, without prefix); "" where there is none."""

    state: NetworkState = NetworkState.UNKNOWN
    interface: str = ""
    addresses: tuple[str, ...] = ()


class Storage(NamedTuple):
    """A file system in bytes; `free` is what is left for who is not root."""

    total: int
    free: int
    is_read_only: bool = False


class Lights(Protocol):
    """The lights of a box. Nothing here is ever an error; with no lights nothing is seen, and that is all."""

    @property
    def count(self) -> int:
        """How many there are; `show` takes a pattern for each."""
        ...

    @property
    def can_count(self) -> bool:
        """Whether the telling one, which is the first, can show counted flashes."""
        ...

    def show(self, *patterns: "Pattern") -> bool:
        """Show a pattern by each light from now on; whether that is seen as asked."""
        ...

    def close(self) -> None:
        """Let the lights show what they showed before."""
        ...


class Board(Protocol):
    """The machine that the agent runs on."""

    @property
    def host_name(self) -> str:
        """The machine's own name, shown while there is no provisioning file."""
        ...

    @property
    def watchdog_seconds(self) -> float | None:
        """Within how many seconds the supervisor wants to hear from us; None if there is no watchdog."""
        ...

    def page_socket(self) -> socket.socket | None:
        """The listening socket that the supervisor holds for the page; None if it holds none, and from then on.

        Others hold it too: it may be closed but never shut down, and its O_NONBLOCK is theirs as well.
        Raises `ValueError` with the reason in a few words if what was handed over cannot carry a page.
        """
        ...

    def network(self) -> Network:
        """The network as it is now. Cheap, and never an error."""
        ...

    def interfaces(self) -> "Report":
        """The network with all that people ask about it: name servers, the way out. Never an error; some files."""
        ...

    def storage(self, path: Path) -> Storage | None:
        """The file system that holds `path`, or would hold it; None where it does not tell."""
        ...

    def notify(self, message: str) -> None:
        """Tell the supervisor, in the words of sd_notify(3): `READY=1`, `STOPPING=1`, `WATCHDOG=1`."""
        ...

    def identity(self) -> "Identity":
        """Serial number and model. Cheap, and never an error."""
        ...

    def conditions(self, wait: float = 0.0) -> "Conditions":
        """Temperature and power supply, as they were read in the last minutes.

        A new reading begins once the last is a minute old, and is waited for `wait` seconds at most: by default
        not at all, so that the first call tells nothing. The same holds for `wear`.
        """
        ...

    def wear(self, wait: float = 0.0) -> "Wear":
        """Cards, disks and file systems, as they were read in the last hours."""
        ...

    def clock_state(self) -> "ClockState":
        """Whether the clock is set, by what, how far off. Starts a program, and takes up to four seconds."""
        ...

    def lights(self) -> Lights:
        """The box's lights, perhaps none; from now on they are the caller's."""
        ...

    def button(self, name: str = "") -> "Button | None":
        """The box's button, or the input device called `name`, for the caller to close; None if there is none."""
        ...

    def serial_lines(self) -> tuple[str, ...]:
        """The device paths of the box's own serial lines that are there now."""
        ...

    def open_serial(self, device: str, speed: int) -> "SerialLine":
        """Open a serial line, for the caller to close. Raises `board.serial_line.SerialGone`."""
        ...

    def watch_devices(self) -> socket.socket | None:
        """A socket that can be read when a device came or went, for the caller to close; None where none tells.

        `board.serial_line.forget_news` makes it wait for the next.
        """
        ...
