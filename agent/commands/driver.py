"""What a driver of a lock system is to the rest of the house: one tiny protocol, values in and out.

A driver never retries a call once a byte of it was sent, keeps nothing on disk, and answers with an
`Outcome` whatever the lock system does; only bugs raise.
"""

from datetime import datetime
from typing import Protocol

import msgspec

from agent.commands.model import Outcome


class KeyJob(msgspec.Struct, frozen=True):
    """One copy of one ordered key, as a driver gets it.

    `encoder` is the identifier in the lock system, `rooms` and `areas` the doors after the file's
    `[doors]` table, `start` and `end` aware datetimes in UTC, `copy` counts from 1 to `copies`.
    """

    encoder: str
    rooms: tuple[str, ...]
    areas: tuple[str, ...]
    start: datetime
    end: datetime
    copy: int
    copies: int


class KeyDriver(Protocol):
    """A lock system's server that has keys cut by its encoders."""

    @property
    def hop(self) -> str:
        """Its place on the page, `lock-server:NAME`."""
        ...

    @property
    def calls_at_once(self) -> float:
        """How many calls the server takes at a time; infinity where it has no limit."""
        ...

    @property
    def last_answer(self) -> float | None:
        """When anything came back from its server (monotonic seconds); None before the first time."""
        ...

    def objection(self, job: KeyJob) -> Outcome | None:
        """Why this job cannot be done, where that can be told without asking anybody; None if it can.

        Asked before the command is claimed, so what it says is surely "not cut". Never blocks.
        """
        ...

    async def cut(self, job: KeyJob) -> Outcome:
        """Have one card cut. Called at most once for each copy; bounded by the driver's own deadline.

        A cancelled call means that nobody knows: the caller takes it for UNKNOWN.
        """
        ...

    async def watch(self) -> None:
        """Keep the server's faults on the page true while nothing is cut. Runs until cancelled."""
        ...
