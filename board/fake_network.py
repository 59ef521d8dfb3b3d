"""A network that only remembers what it was told, for the demo and for tests."""

from board.network_settings import NetworkSettings


class FakeNetwork:
    """`used` are the settings in use, None before the first; `asked` all of them in order."""

    def __init__(self) -> None:
        self.used: NetworkSettings | None = None
        self.asked: list[NetworkSettings] = []
        self._before: NetworkSettings | None = None

    def apply(self, settings: NetworkSettings) -> bool:
        """Remember them."""
        if settings == self.used:
            return False
        self._before = self._before or self.used
        self.used = settings
        self.asked.append(settings)
        return True

    def undo(self) -> bool:
        """Go back to those before, if there were any."""
        if self._before is None:
            return False
        self.used, self._before = self._before, None
        return True

    def keep(self) -> None:
        """Forget those before."""
        self._before = None
