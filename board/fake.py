"""A board without a machine, for the demo and for tests: it remembers what it was told."""


class FakeBoard:
    """`messages` holds what the supervisor would have heard."""

    def __init__(self, host_name: str = "demo-box", watchdog_seconds: float | None = None) -> None:
        self._host_name = host_name
        self._watchdog_seconds = watchdog_seconds
        self.messages: list[str] = []

    @property
    def host_name(self) -> str:
        """The name that was given."""
        return self._host_name

    @property
    def watchdog_seconds(self) -> float | None:
        """What was given."""
        return self._watchdog_seconds

    def notify(self, message: str) -> None:
        """Remember the message."""
        self.messages.append(message)
