"""The desk as an origin: what is ordered there is granted at once, and Mews hears nothing of it."""

from collections.abc import Callable

from agent.commands.model import Ack, Reply, Verdict, WaitsFor

_YES = Reply(Ack.YES)


class DeskOrders:
    """Hands progress and ends to the desk: `on_end(id, verdict, note)` also for orders from before a restart."""

    def __init__(self) -> None:
        self.on_progress: Callable[[str, float], None] = lambda id, share: None
        self.on_end: Callable[[str, Verdict, str], None] = lambda id, verdict, note: None

    @property
    def obstacle(self) -> WaitsFor | None:
        """There is none."""
        return None

    async def wait_reached(self) -> None:
        """It always is."""

    async def receive(self, command_id: str) -> Reply:
        """It was here all the time."""
        return _YES

    async def claim(self, command_id: str, *, is_received: bool) -> Reply:
        """There is no second box that could have it."""
        return _YES

    async def progress(self, command_id: str, share: float) -> Reply:
        """Tell the desk."""
        self.on_progress(command_id, share)
        return _YES

    async def report(self, command_id: str, verdict: Verdict, note: str, *, is_claimed: bool) -> Reply:
        """Tell the desk."""
        self.on_end(command_id, verdict, note)
        return _YES
