"""What the pass asks of Mews' command queue, whatever the dialect. A protocol; no I/O here."""

from typing import Protocol

from agent.commands.model import Reply, WaitsFor


class MewsQueue(Protocol):
    """Mews' side of a command. No method raises for anything that Mews or the line may do."""

    @property
    def obstacle(self) -> WaitsFor | None:
        """Why Mews cannot be asked just now; None if it can."""
        ...

    async def wait_reached(self) -> None:
        """Wait until Mews answers, wants no pause and we are signed in."""
        ...

    async def receive(self, command_id: str) -> Reply:
        """Say that the command was received."""
        ...

    async def claim(self, command_id: str, *, is_received: bool) -> Reply:
        """Ask for the command; only YES makes it ours."""
        ...

    async def progress(self, command_id: str, share: float) -> Reply:
        """Say how far it is, from 0 to 1."""
        ...

    async def report(self, command_id: str, state: str, notes: str, *, is_claimed: bool) -> Reply:
        """Say how it ended, in Mews' name of the state."""
        ...
