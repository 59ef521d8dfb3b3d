"""Who an order comes from: grants the claim, and hears of progress and end. A protocol; no I/O here.

Mews is one origin, the desk another. The pass never knows which: an order carries its own.
"""

from enum import StrEnum
from typing import Protocol

from agent.commands.model import Ending, Reply, Verdict, WaitsFor


class OriginName(StrEnum):
    """The origins there are, as the journal names them. Values stand in rows: never rename one."""

    MEWS = "mews"
    DESK = "desk"


class Origin(Protocol):
    """One side that orders. No method raises for anything that it, or the line to it, may do."""

    @property
    def obstacle(self) -> WaitsFor | None:
        """Why it cannot be asked just now; None if it can."""
        ...

    async def wait_reached(self) -> None:
        """Wait until it answers, and wants no pause."""
        ...

    async def receive(self, command_id: str) -> Reply:
        """Say that the command was received."""
        ...

    async def claim(self, command_id: str, *, is_received: bool, is_in_doubt: bool = False) -> Reply:
        """Ask for the command; only YES makes it ours.

        May say `receive` first, where the origin wants every step and the command `is_received` not yet.
        `is_in_doubt`: an earlier claim had no answer, so that it may be ours already.
        """
        ...

    async def progress(self, command_id: str, share: float) -> Reply:
        """Say how far it is, from 0 to 1."""
        ...

    async def ending(self, command_id: str, verdict: Verdict) -> Ending | None:
        """How a command stands there that ended with `verdict` here; None where no answer came: ask again."""
        ...

    async def report(self, command_id: str, verdict: Verdict, note: str, *, is_claimed: bool) -> Reply:
        """Say how it ended. `is_claimed` False: the origin may have to be told the steps that were left out."""
        ...
