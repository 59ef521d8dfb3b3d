"""What a box is to the agent: its name, and the supervisor that watches over the process."""

from typing import Protocol


class Board(Protocol):
    """The machine that the agent runs on."""

    @property
    def host_name(self) -> str:
        """The machine's own name, shown while there is no provisioning file."""
        ...

    @property
    def watchdog_seconds(self) -> float | None:
        """Within how many seconds the supervisor wants to hear from us; None if nobody watches."""
        ...

    def notify(self, message: str) -> None:
        """Tell the supervisor, in the words of sd_notify(3): `READY=1`, `STOPPING=1`, `WATCHDOG=1`."""
        ...
