"""Tells what happens until the one who asked goes away."""

from agent.control.errands.errand import Tell
from agent.control.hub import Hub
from agent.control.words.told import End, Happened, Result


class WatchErrand:
    """Passes on what the hub tells."""

    def __init__(self, hub: Hub, tell: Tell) -> None:
        self._hub, self._tell = hub, tell

    async def run(self) -> Result:
        """Watch until the hub ends it."""
        with self._hub.watch() as watch:
            async for event in watch:
                self._tell(Happened(event))
        if watch.is_dropped:
            return Result(End.FAILED, "Too much happened at once to be shown: some of it is missing.")
        return Result(End.DONE, "The box ends.")

    def left_behind(self) -> Result:
        """Nothing."""
        return Result(End.DONE, "")
