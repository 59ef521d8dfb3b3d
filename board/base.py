"""What a box is to the agent: its name, the supervisor that watches over the process, its network and its disk."""

import socket
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol


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

    def storage(self, path: Path) -> Storage | None:
        """The file system that holds `path`, or would hold it; None where it does not tell."""
        ...

    def notify(self, message: str) -> None:
        """Tell the supervisor, in the words of sd_notify(3): `READY=1`, `STOPPING=1`, `WATCHDOG=1`."""
        ...
