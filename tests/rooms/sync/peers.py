"""Mews and a room management by value, for room sync: both can go away, and the second loses answers."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import trio

from agent.commands.model import Outcome, Verdict
from agent.foundation.errors import JournalUnavailable
from agent.health.health import Health
from agent.journal.rows.kept_rooms import KeptRoom
from agent.mews.calls import Failed
from agent.mews.enquiries import NotAsked
from agent.mews.records import Space, Spaces, Stay, Stays, StayState
from agent.rooms.sync.faults import SyncFaults
from agent.rooms.sync.plan.places import Places
from agent.rooms.sync.plan.plan import Plan
from agent.rooms.sync.runner import Pace, RoomManagement, RoomSync, Rows, Sources
from tests.rooms.audit.house import room

HOP = "lock-server:fake"
START = datetime(2026, 11, 1, tzinfo=UTC)
NOT_REACHED = Outcome(Verdict.FAILED, "E", "Not done", "the connection was refused", "Wait.", is_asked=False)
LOST = Outcome(Verdict.UNKNOWN, "E", "Perhaps", "no answer", "Ask again.")
REFUSED = Outcome(Verdict.FAILED, "E", "Not done", "it says no", "Look.")
DONE = Outcome(Verdict.DONE)


def now() -> datetime:
    """What time it is at Mews."""
    return START + timedelta(seconds=trio.current_time())


def stay(id: str, space: str, state: StayState = StayState.STARTED, nights: int = 1) -> Stay:
    """A reservation in a room of that number, changed just now."""
    at = now()
    where = f"id-{space}" if space else ""
    return Stay(id, id, state, at, at + timedelta(days=nights), where, updated=at)


class FakeMews:
    """Reservations and rooms; `trouble` is raised while it is set."""

    def __init__(self, *spaces: Space | str) -> None:
        self.spaces = [room(space) if isinstance(space, str) else space for space in spaces]
        self.all: dict[str, Stay] = {}
        self.trouble: Exception | None = None
        self.unreadable = 0
        self.lists_none = False  # of reservations, though there are some
        self.purged: set[str] = set()  # ids that are not known any more
        self.looks: Counter[str] = Counter()
        self._changes: list[Stay] = []

    def put(self, found: Stay) -> None:
        """A reservation is made or changed."""
        self.all[found.id] = found
        self._changes.append(found)

    def set(self, id: str, state: StayState, space: str = "") -> None:
        """It changes its state, or its room."""
        before = self.all[id]
        where = f"id-{space}" if space else before.space
        self.put(msgspec.structs.replace(before, state=state, space=where, updated=now()))

    async def find(self, start: datetime, end: datetime) -> Stays:
        """Those that overlap a time."""
        self._look("stays")
        found = (each for each in self.all.values() if each.start <= end and each.end >= start)
        known = tuple(each for each in found if each.id not in self.purged)
        return Stays(() if self.lists_none else known, unreadable=self.unreadable)

    async def by_id(self, ids: Sequence[str]) -> Stays:
        """Those of some ids."""
        self._look("by id")
        return Stays(tuple(each for id in ids if id not in self.purged and (each := self.all.get(id))))

    async def changed(self, start: datetime, end: datetime) -> Stays:
        """Those that were changed in a time."""
        self._look("changed")
        found: dict[str, Stay] = {}
        for each in reversed(self._changes):
            if each.updated is not None and each.updated < start:
                break
            found.setdefault(each.id, each)
        return Stays(tuple(found.values()))

    async def list_spaces(self) -> Spaces:
        """All rooms."""
        self._look("spaces")
        return Spaces(tuple(self.spaces), ())

    def _look(self, what: str) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.looks[what] += 1


class FakeRooms:
    """The room management. `answer` is what it gives instead of doing anything, `loses`: it does all and no answer
    arrives; `hates_repeats`: what is so already is refused."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.log: list[tuple[float, str, str]] = []
        self.answer: Outcome | None = None
        self.loses = self.hates_repeats = False
        self.keys: dict[tuple[str, str], list[Outcome]] = {}
        self.ended: list[tuple[str, str]] = []
        self.before, self.seconds = 0.1, 0.1  # that a call takes before it is done, and after
        self.excuses: Counter[str] = Counter()  # answers that no one heard, by room
        self.repeats: Counter[str] = Counter()  # calls that changed nothing

    def told(self) -> list[tuple[str, str]]:
        """What arrived."""
        return [(room, what) for _, room, what in self.log]

    async def check_in(self, room: str) -> Outcome:
        """A room is taken."""
        return await self._tell(room, "in", is_so=room in self.taken)

    async def check_out(self, room: str) -> Outcome:
        """A room is free."""
        return await self._tell(room, "out", is_so=room not in self.taken)

    async def end_keys(self, stay: str, room: str) -> Outcome | None:
        """The keys of a stay to a room."""
        outcomes = self.keys.get((stay, room), [])
        self.ended.append((stay, room))
        return outcomes.pop(0) if outcomes else None

    async def _tell(self, room: str, what: str, *, is_so: bool) -> Outcome:
        if self.answer is NOT_REACHED:
            return NOT_REACHED
        self.excuses[room] += 1  # until the answer is heard
        await trio.sleep(self.before)
        self.log.append((trio.current_time(), room, what))
        self.repeats[room] += is_so
        if self.answer is not None:
            self.excuses[room] -= 1
            return self.answer
        (self.taken.add if what == "in" else self.taken.discard)(room)
        if self.seconds:
            await trio.sleep(self.seconds)
        if self.loses:
            return LOST
        if is_so and self.hates_repeats:
            return REFUSED  # which says no more than silence
        self.excuses[room] -= 1
        return DONE


class Disk:
    """The journal's rows; `is_full`: it refuses intents."""

    def __init__(self) -> None:
        self.rows: dict[str, KeptRoom] = {}
        self.is_full = False
        self.writes = 0

    async def write(self, row: KeptRoom) -> None:
        """Synced, or refused."""
        if self.is_full:
            raise JournalUnavailable("the disk is full")
        await self.keep(row)

    async def keep(self, row: KeptRoom) -> None:
        """Synced."""
        self.writes += 1
        self.rows.pop(row.id, None)
        if not row.is_over:
            self.rows[row.id] = row


class House:
    """A hotel with room sync, which can be killed and started again."""

    def __init__(self, *spaces: Space | str, pace: Pace | None = None) -> None:
        self.mews, self.rooms, self.disk = FakeMews(*spaces), FakeRooms(), Disk()
        self.health = Health(trio.current_time)
        self.pace = pace or Pace()
        self.tells_changes = True
        self.cancels_keys = False
        self.rms: dict[str, str] = {}

    def sync(self, rows: tuple[KeptRoom, ...] | None = None) -> RoomSync:
        """Room sync as a start makes it."""
        kept = tuple(self.disk.rows.values()) if rows is None else rows
        return RoomSync(
            Plan(kept, cancels_keys=self.cancels_keys),
            self._sources(),
            lambda spaces: Places(spaces.spaces, {}, lambda name: self.rms.get(name, name)),
            RoomManagement(self.rooms.check_in, self.rooms.check_out, self.rooms.end_keys),
            Rows(self.disk.write, self.disk.keep),
            SyncFaults(self.health, HOP),
            pace=self.pace,
        )

    def _sources(self) -> Sources:
        changed, by_id = (self.mews.changed, self.mews.by_id) if self.tells_changes else (None, None)
        return Sources(self.mews.find, changed, by_id, self.mews.list_spaces, now)

    def codes(self) -> list[str]:
        """The faults that are shown."""
        return sorted(fault.kind.code for fault in self.health.active())


def away() -> Exception:
    """Mews is not reached, as the box knows already."""
    return NotAsked()


def failing() -> Exception:
    """Mews fails at this question alone."""
    return Failed("Mews answered 500")
