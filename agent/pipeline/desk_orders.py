"""The desk as an origin: what is ordered there is granted at once, and Mews hears nothing of it.

How an order goes and ends is told by its record, which the desk watches like everybody else.
"""

from agent.commands.model import Ack, Ending, Reply, Verdict, WaitsFor

_YES = Reply(Ack.YES)


class DeskOrders:
    """Says yes to everything, for there is no second box that could have the order."""

    @property
    def obstacle(self) -> WaitsFor | None:
        """There is none."""
        return None

    async def wait_reached(self) -> None:
        """It always is."""

    async def receive(self, command_id: str) -> Reply:
        """It was here all the time."""
        return _YES

    async def claim(self, command_id: str, *, is_received: bool, is_in_doubt: bool = False) -> Reply:
        """It is ours."""
        return _YES

    async def progress(self, command_id: str, share: float) -> Reply:
        """The record says so."""
        return _YES

    async def ending(self, command_id: str, verdict: Verdict) -> Ending | None:
        """The record says so, and nothing else."""
        return Ending.NOT_TOLD

    async def report(self, command_id: str, verdict: Verdict, note: str, *, is_claimed: bool) -> Reply:
        """The record says so."""
        return _YES
