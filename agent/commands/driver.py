"""What a driver is to the rest of the house: a tiny protocol, jobs in and outcomes out, and what more some can do.

A driver never retries a call once a byte of it was sent, keeps nothing on disk, and answers with an `Outcome`
whatever its device does; only bugs raise. What only some lock systems can do is a protocol of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

import msgspec

from agent.commands.model import Kind, Outcome


class Lane(msgspec.Struct, frozen=True):
    """One physical device: its `id` on the page (`encoder:1`, `printer:NAME`), in its own system, and by name.

    `driver` is the hop of the driver that serves it: a lock server's, or the printer's own.
    """

    id: str
    identifier: str
    name: str
    driver: str
    kind: Kind = Kind.KEY


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


class PrintJob(msgspec.Struct, frozen=True):
    """One copy of one document. `name` is the command's id; `file_type` is Mews' word (`Pdf`), the bytes decide.

    The document is a guest's: it is in no `repr`, no row, no log.
    """

    printer: str
    name: str
    document: bytes
    file_type: str
    copy: int
    copies: int

    def __repr__(self) -> str:
        return f"PrintJob({self.printer!r}, {self.name!r}, {len(self.document)} bytes)"


Job: TypeAlias = KeyJob | PrintJob


def size(job: Job | None) -> int:
    """How many bytes of a document it holds in memory."""
    return len(job.document) if isinstance(job, PrintJob) else 0


class Driver(Protocol):
    """A lock server with its encoders, or a printer."""

    @property
    def hop(self) -> str:
        """Its place on the page, `lock-server:NAME` or `printer:NAME`."""
        ...

    @property
    def lanes(self) -> Sequence[Lane]:
        """The devices that it serves, each with this hop."""
        ...

    @property
    def calls_at_once(self) -> float:
        """How many calls it takes at a time, over all its lanes; infinity where it has no limit."""
        ...

    @property
    def last_answer(self) -> float | None:
        """When anything came back from it (monotonic seconds); None before the first time."""
        ...

    def objection(self, job: Job) -> Outcome | None:
        """Why this job cannot be done, where that can be told without asking anybody; None if it can.

        Asked before the command is claimed, so what it says is surely "not made". Never blocks.
        """
        ...

    async def carry_out(self, job: Job) -> Outcome:
        """Have one copy made. Called at most once for each copy; bounded by the driver's own deadline.

        A cancelled call means that no one knows: the caller takes it for UNKNOWN.
        """
        ...

    async def watch(self) -> None:
        """Keep its faults on the page true while nothing is made. Runs until cancelled."""
        ...


@runtime_checkable
class CancelsKeys(Protocol):
    """A lock system that can make a key useless without its card."""

    async def cancel_key(self, room: str, key: str) -> Outcome:
        """Cancel the key that the lock system calls `key`. May be asked again."""
        ...


@runtime_checkable
class KeepsRooms(Protocol):
    """A lock system that wants to know which rooms are taken."""

    async def check_in_room(self, room: str, start: datetime, end: datetime) -> Outcome:
        """The room is taken from `start` to `end` (aware, UTC). May be asked again."""
        ...

    async def check_out_room(self, room: str) -> Outcome:
        """The room is free. May be asked again."""
        ...


@runtime_checkable
class IssuesMobileKeys(Protocol):
    """A lock system that sends keys to telephones."""

    async def issue_mobile_key(self, job: KeyJob, address: str) -> Outcome:
        """Send the key to a telephone number or e-mail address, which is used and forgotten. Asked once."""
        ...


class CardRead(msgspec.Struct, frozen=True):
    """What a card says: lock-system names of doors, and its end as the lock system words it."""

    rooms: tuple[str, ...]
    areas: tuple[str, ...]
    end: str


@runtime_checkable
class ReadsCards(Protocol):
    """A lock system whose encoders can read a card back."""

    async def read_card(self, encoder: str) -> CardRead | Outcome:
        """What the card at the encoder says, or why it cannot be read. May be asked again."""
        ...


@runtime_checkable
class ListsDoors(Protocol):
    """A lock system that knows its rooms and areas by name."""

    async def list_rooms(self) -> Sequence[str]:
        """The rooms' names. Raises `CallFailed`, with a reason fit to be shown."""
        ...

    async def list_areas(self) -> Sequence[str]:
        """The special areas' names. Raises `CallFailed`."""
        ...
