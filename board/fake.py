"""A board without a machine, for the demo and for tests: it remembers what it was told."""

import socket
from pathlib import Path

from board.base import Network, Storage


class FakeBoard:
    """`messages` holds what the supervisor would have heard; `wire` and `disk` are what it says of them."""

    def __init__(
        self,
        host_name: str = "demo-box",
        watchdog_seconds: float | None = None,
        page_socket: socket.socket | None = None,
    ) -> None:
        self._host_name = host_name
        self._watchdog_seconds = watchdog_seconds
        self._page_socket = page_socket
        self.messages: list[str] = []
        self.wire = Network()
        self.disk: Storage | None = None

    @property
    def host_name(self) -> str:
        """The name that was given."""
        return self._host_name

    @property
    def watchdog_seconds(self) -> float | None:
        """What was given."""
        return self._watchdog_seconds

    def page_socket(self) -> socket.socket | None:
        """What was given, once."""
        held, self._page_socket = self._page_socket, None
        return held

    def network(self) -> Network:
        """What `wire` says."""
        return self.wire

    def storage(self, path: Path) -> Storage | None:
        """What `disk` says, wherever the path is."""
        return self.disk

    def notify(self, message: str) -> None:
        """Remember the message."""
        self.messages.append(message)
