"""What a driver is to the rest of the house: a tiny protocol, jobs in and outcomes out, and what more some can do.

A driver never retries a call once a byte of it was sent, keeps nothing on disk, and answers with an `Outcome`
whatever its device does; only bugs raise. What only some lock systems can do is a protocol of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

import msgspec

from agent.commands.model import Account, Kind, Outcome
from agent.commands.people import NO_ONE, People


class Lane(msgspec.Struct, frozen=True):
    """One physical device: its `id` on the page (`encoder:1`, `printer:NAME`), in its own system, and by name.

    `driver` is the hop of the driver that serves it: a lock server's, or the printer's own. What `is_mobile` sends
    keys to telephones and cuts no cards.
    """

    id: str
    identifier: str
    name: str
    driver: str
    kind: Kind = Kind.KEY
    is_mobile: bool = False


class KeyJob(msgspec.Struct, frozen=True):
    """One copy of one ordered key, as a driver gets it.

    `encoder` is the identifier in the lock system, `rooms` and `areas` the doors after the file's `[doors]`
    table, `start` and `end` aware datetimes in UTC (`end` None: as the hotel's stays end), `copy` counts from
    1 to `copies`. `reservation` is the id of the stay, and `customer` of who pays for it, "" where the order
    has none; a key that `joins` is for guests who have one already, so the earlier ones have to stay good; one
    that `is_test` joins as a precaution, for guests that there may be. `contact` is a telephone number or an
    e-mail address for a mobile key: a guest's, used and forgotten, in no `repr`, no row, no log. `people` are
    those whom no word about it may name.
    """

    encoder: str
    rooms: tuple[str, ...]
    areas: tuple[str, ...]
    start: datetime
    end: datetime | None
    copy: int
    copies: int
    reservation: str = ""
    joins: bool = False
    is_test: bool = False
    account: Account | None = None
    contact: str = ""
    customer: str = ""
    people: People = NO_ONE

    def __repr__(self) -> str:
        return f"KeyJob({self.encoder!r}, {self.rooms!r}, {self.areas!r}, {self.copy} of {self.copies})"


class PrintJob(msgspec.Struct, frozen=True):
    """One document, in as many copies as are wanted. `name` is the command's id, and what the printer calls the
    job; `file_type` is Mews' word (`application/pdf`), the bytes decide.

    The document is a guest's: it is in no `repr`, no row, no log.
    """

    printer: str
    name: str
    document: bytes
    file_type: str
    copies: int

    def __repr__(self) -> str:
        return f"PrintJob({self.printer!r}, {self.name!r}, {len(self.document)} bytes)"


Job: TypeAlias = KeyJob | PrintJob


def acts(job: Job) -> int:
    """How often the device is called for it: a card is one act, and all copies of a document are."""
    return job.copies if isinstance(job, KeyJob) else 1


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
class LocksOut(Protocol):
    """A lock system for which it matters which key of a stay is the first: it makes those of the guests before
    useless, or there is to be no other."""

    @property
    def locks_out(self) -> bool:
        """Whether it does, as the file has it."""
        ...


@runtime_checkable
class WaitsForCard(Protocol):
    """A lock system at whose encoders somebody presents a card."""

    @property
    def card_seconds(self) -> float:
        """How long a call for one card may last, in seconds."""
        ...


@runtime_checkable
class TriesAgain(Protocol):
    """A system that is looked for again and again while it is away."""

    @property
    def next_try(self) -> float | None:
        """When that is next (monotonic seconds); None while it is there, or is just being asked."""
        ...


@runtime_checkable
class MayBeLate(Protocol):
    """A system of which it is seen that it was asked and has not answered."""

    @property
    def late_since(self) -> float | None:
        """When the question went out (monotonic seconds); None while no answer is late."""
        ...


class TokenLife(msgspec.Struct, frozen=True):
    """Since when a log-in holds, and until when (None: no one says); monotonic seconds."""

    since: float
    until: float | None = None


@runtime_checkable
class LogsIn(Protocol):
    """A system that gives a token for a log-in."""

    @property
    def token_life(self) -> TokenLife | None:
        """Of the token that is in use; None where there is none."""
        ...


@runtime_checkable
class Prints(Protocol):
    """A printer: its work may last, can be called off, and can be found again after a restart."""

    @property
    def at_work(self) -> str:
        """What it does with the document under way, in words that follow its name ("prints page 2 of 5"); "" where
        there is none."""
        ...

    def share(self, name: str) -> float:
        """How much of the job of that name is printed, from 0 to 1, as far as the printer tells."""
        ...

    def call_off(self, name: str) -> None:
        """That job, asked for or followed just now, is wanted no more: as soon as the printer lets go of it, its
        outcome says so."""
        ...

    async def follow(self, name: str) -> Outcome:
        """What became of the job of that name, once that is known. Sends no document. Bounded by its own
        deadline; a cancelled call changes nothing, and may be made again."""
        ...


class PdfGoes(StrEnum):
    """How a PDF, which every bill is, gets to a printer."""

    AS_IT_IS = "as it is"
    DRAWN = "drawn by the box"
    NOT = "not at all"
    UNTOLD = "as it is, unasked"  # the printer cannot be asked what it takes


class PrinterNow(msgspec.Struct, frozen=True):
    """How a printer is. `state` is in words ("idle", "stopped: out of paper") and `is_ready` what they mean;
    `formats` are the MIME types that it lists, `copies` how many of one document it makes itself (None: it does
    not say), `has_soon` that it will stop unless a person does something.
    """

    state: str
    is_ready: bool = True
    has_soon: bool = False
    model: str = ""
    formats: tuple[str, ...] = ()
    pdf: PdfGoes = PdfGoes.UNTOLD
    copies: int | None = None


@runtime_checkable
class TellsHowItIs(Protocol):
    """A printer that can be asked how it is, or at least whether it is there."""

    async def ask_how_it_is(self) -> PrinterNow:
        """As it says now; may be asked at any time. Raises `CallFailed`, with a reason fit to be shown."""
        ...


@runtime_checkable
class CancelsKeys(Protocol):
    """A lock system that can make a key useless without its card."""

    async def cancel_key(self, room: str, key: str) -> Outcome:
        """Cancel the key that the lock system calls `key` (`Outcome.key` of the key that was made). May be asked
        again."""
        ...


@runtime_checkable
class FreesRooms(Protocol):
    """A lock system whose rooms may count as free once a key of theirs is cancelled, though guests are in them."""

    @property
    def frees_rooms(self) -> bool:
        """Whether they do at this site, and it is told of rooms at all."""
        ...


@runtime_checkable
class KeepsRooms(Protocol):
    """A lock system that wants to know which rooms are taken, by the names that its room management has."""

    async def check_in_room(self, room: str) -> Outcome:
        """The room is taken. May be asked again."""
        ...

    async def check_out_room(self, room: str) -> Outcome:
        """The room is free. May be asked again."""
        ...


class CardRead(msgspec.Struct, frozen=True):
    """What a card says: lock-system names of doors, its times in the lock system's words, the ids of key and
    card; "" for what it does not say."""

    rooms: tuple[str, ...]
    areas: tuple[str, ...]
    end: str
    start: str = ""
    key: str = ""
    card: str = ""


@runtime_checkable
class ReadsCards(Protocol):
    """A lock system whose encoders can read a card back."""

    async def read_card(self, encoder: str) -> CardRead | Outcome:
        """What the card at the encoder says, or why it cannot be read. May be asked again."""
        ...


class LockDoor(msgspec.Struct, frozen=True):
    """A door as the lock system lists it; `kind`, `state` and `until` are its own words, "" where it has none."""

    name: str
    kind: str = ""
    state: str = ""
    until: str = ""


class LockArea(msgspec.Struct, frozen=True):
    """A special area: what goes into a key, and what people call it."""

    id: str
    name: str


class LockTime(msgspec.Struct, frozen=True):
    """A check-out time of the hotel: `time` is HH:MM, "" where what the lock system says is none."""

    id: str
    name: str
    time: str


@runtime_checkable
class ListsDoors(Protocol):
    """A lock system that knows its doors by name."""

    async def list_doors(self) -> Sequence[LockDoor]:
        """Rooms, and what else it lists with them. Raises `CallFailed`, with a reason fit to be shown."""
        ...


@runtime_checkable
class ListsAreas(Protocol):
    """A lock system with special areas."""

    async def list_areas(self) -> Sequence[LockArea]:
        """All of them, asked for now. Raises `CallFailed`."""
        ...


@runtime_checkable
class ListsTimes(Protocol):
    """A lock system that knows when stays end."""

    async def list_times(self) -> Sequence[LockTime]:
        """All of them, asked for now. Raises `CallFailed`."""
        ...


class Task(StrEnum):
    """What can be asked of a lock system."""

    KEY = "key"
    PRECHECKIN = "key before the stay"
    MOBILE = "mobile key"
    CANCEL = "cancelling a key"
    ROOM_IN = "checking a room in"
    ROOM_OUT = "checking a room out"
    READ = "reading a card"
    DOORS = "list of rooms"
    AREAS = "list of areas"
    TIMES = "list of check-out times"


@runtime_checkable
class HasDoubts(Protocol):
    """A lock system of which not every call is known for sure."""

    def doubts(self, task: Task, *, areas: bool = False, copies: bool = False) -> str:
        """What no one has confirmed of the calls that a task needs, on one line; "" where all is.

        `areas`: the key that is wanted opens special areas; `copies`: it is not the only card.
        """
        ...
