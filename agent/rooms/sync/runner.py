"""Room sync in time: looks at Mews' reservations, and tells the room management what the plan says.

A row is on the disk before each call and after it, so that a kill leaves a doubt and never a lie. A guest is in
nothing of this: of a reservation only id, room and state are taken.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import trio

from agent.commands.model import Outcome
from agent.foundation.errors import JournalUnavailable
from agent.foundation.timing import Clock
from agent.journal.rows.kept_rooms import KeptRoom
from agent.mews.calls import MewsError
from agent.mews.enquiries import NotAsked
from agent.mews.records import Space, Spaces, Stays
from agent.rooms.sync.faults import SyncFaults
from agent.rooms.sync.plan.places import Places, Sighting, completed, sightings
from agent.rooms.sync.plan.plan import Act, Plan, Status, Step, answer_of

# Of whole looks. A guest who should have left days ago, and one who came a day early, are in house all the same.
LOOK_BACK = timedelta(days=3)
LOOK_AHEAD = timedelta(days=1)
LOOK_FAR_BACK = timedelta(days=30)  # for those in house of whom no plan is known any more
OVERLAP = timedelta(minutes=2)  # of looks at changes; Mews' front ends differ by a minute at most


class Pace(msgspec.Struct, frozen=True):
    """Seconds: between looks at what has changed, between whole looks (`alone`: where Mews cannot tell what has
    changed, and while its lists have gaps), before the next try after one that failed, and between two looks that
    Mews' own hints ask for."""

    changes: float = 60.0
    whole: float = 3600.0
    alone: float = 300.0
    again: float = 15.0
    hints: float = 2.0


class Sources(msgspec.Struct, frozen=True):
    """What Mews tells, each raising `MewsError`: reservations of a time, those that were changed in a time (None:
    this dialect cannot tell), those of some ids (None: likewise), rooms and beds; and what time it is there."""

    stays: Callable[[datetime, datetime], Awaitable[Stays]]
    changed: Callable[[datetime, datetime], Awaitable[Stays]] | None
    by_id: Callable[[Sequence[str]], Awaitable[Stays]] | None
    spaces: Callable[[], Awaitable[Spaces]]
    now: Callable[[], datetime]


class RoomManagement(msgspec.Struct, frozen=True):
    """The lock system: a room is taken, a room is free, the keys of a stay to a room (by its name at the room
    management) end; None where there was none."""

    check_in: Callable[[str], Awaitable[Outcome]]
    check_out: Callable[[str], Awaitable[Outcome]]
    end_keys: Callable[[str, str], Awaitable[Outcome | None]]


class Rows(msgspec.Struct, frozen=True):
    """The journal: `write` makes a row last or raises `JournalUnavailable`, `keep` makes one last that is true
    already."""

    write: Callable[[KeptRoom], Awaitable[None]]
    keep: Callable[[KeptRoom], Awaitable[None]]


class RoomSync:
    """Runs beside the pass, one for each provisioning file. `find_places` makes of Mews' rooms the file's."""

    def __init__(
        self,
        plan: Plan,
        sources: Sources,
        find_places: Callable[[Spaces], Places],
        lock_system: RoomManagement,
        rows: Rows,
        faults: SyncFaults,
        *,
        pace: Pace = Pace(),  # noqa: B008 - frozen
        clock: Clock = trio.current_time,
    ) -> None:
        self._plan, self._sources, self._find_places = plan, sources, find_places
        self._lock_system, self._rows, self._faults = lock_system, rows, faults
        self._pace, self._clock = pace, clock
        self._places: Places | None = None
        self._spaces: tuple[Space, ...] = ()
        self._whole_at = self._places_at = self._looked_at = float("-inf")
        self._since: datetime | None = None  # when Mews was last asked with success
        self._hint, self._news = trio.Event(), trio.Event()

    @property
    def status(self) -> Status:
        """How it stands."""
        return self._plan.status

    @property
    def kept(self) -> tuple[KeptRoom, ...]:
        """What is known of rooms, for the one that follows."""
        return self._plan.rows

    def hint(self) -> None:
        """Mews has said that some reservation or room has changed."""
        self._hint.set()

    async def run(self) -> None:
        """Keep the rooms in step, until cancelled."""
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._watch)
                nursery.start_soon(self._tell)
        finally:
            self._faults.clear()

    async def _watch(self) -> None:
        while True:
            pause = await self._look()
            with trio.move_on_after(pause):
                await self._hint.wait()
                await trio.sleep(max(0.0, self._looked_at + self._pace.hints - self._clock()))
            self._hint = trio.Event()

    async def _look(self) -> float:
        """Ask Mews once; seconds until it is asked again."""
        self._looked_at = self._clock()
        try:
            await self._ask()
        except MewsError as error:
            self._since = None  # what happened meanwhile, only a whole look tells for sure
            if not isinstance(error, NotAsked):  # the poll says so itself
                self._faults.tell_mews(str(error))
            return self._pace.again
        self._faults.tell_mews("")
        self._faults.tell(self._plan)
        self._news.set()
        return self._pace.alone if self._sources.changed is None else self._pace.changes

    async def _ask(self) -> None:
        now = self._sources.now()
        places = await self._current_places()
        if self._sources.changed is not None and self._since is not None and not self._is_whole_due():
            stays = await self._sources.changed(self._since - OVERLAP, now)
            self._plan.change(await self._seen(stays, places))
        else:
            await self._look_at_all(now, places)
            self._whole_at = self._looked_at
        self._since = now

    async def _look_at_all(self, now: datetime, places: Places) -> None:
        stays = await self._sources.stays(now - LOOK_BACK, now + LOOK_AHEAD)
        listed = await self._seen(stays, places)
        lacking = self._plan.look(listed)
        self._news.set()  # what was listed holds, whatever becomes of the others
        found = await self._seen(await self._look_up(lacking, now), await self._current_places())
        self._plan.miss(listed, found, now.timestamp(), is_whole=not stays.unreadable)

    async def _look_up(self, stays: Sequence[str], now: datetime) -> Stays:
        """Those in house whom the list lacks: by their ids, else by their planned ends where it does not reach so
        far back, because such a guest stays on."""
        if stays and self._sources.by_id is not None:
            return await self._sources.by_id(stays)
        ends = [end for stay in stays for end in self._past_ends(stay, now)]
        if not ends:
            return Stays(())
        return await self._sources.stays(min(ends) - OVERLAP, max(ends))

    def _past_ends(self, stay: str, now: datetime) -> tuple[datetime, ...]:
        """When it may have been planned to end, as far as that is before what a whole look asks for."""
        end = self._plan.end_of(stay)
        if end is None:
            return now - LOOK_FAR_BACK, now - LOOK_BACK
        planned = datetime.fromtimestamp(end, UTC)
        return (planned,) if planned < now - LOOK_BACK else ()

    def _is_whole_due(self) -> bool:
        pause = self._pace.alone if self._plan.held else self._pace.whole
        return self._clock() >= self._whole_at + pause

    async def _seen(self, stays: Stays, places: Places) -> list[Sighting]:
        """What the reservations say; of a room that is new to us Mews is asked first."""
        seen = list(sightings(stays.stays, places))
        is_old = self._clock() >= self._places_at + self._pace.changes
        if is_old and any(each.is_new_space for each in seen):
            self._places = None
            seen = list(sightings(stays.stays, await self._current_places()))
        return seen

    async def _current_places(self) -> Places:
        places = self._places
        if places is None or self._clock() >= self._places_at + self._pace.whole:
            told = await self._sources.spaces()
            self._spaces = completed(told.spaces, self._spaces)
            places = self._places = self._find_places(msgspec.structs.replace(told, spaces=self._spaces))
            self._places_at = self._clock()
        return places

    async def _tell(self) -> None:
        while True:
            step = self._plan.next(self._clock())
            if step is None:
                await self._wait_for_work()
            elif await self._carry_out(step):
                self._faults.tell(self._plan)

    async def _wait_for_work(self) -> None:
        self._news = trio.Event()
        with trio.move_on_after(self._plan.pause(self._clock())):
            await self._news.wait()

    async def _carry_out(self, step: Step) -> bool:
        """Do it, with its rows; whether anything was asked."""
        intent = self._plan.intent(step)
        if intent is not None:
            try:
                await self._rows.write(intent)
            except JournalUnavailable:
                self._plan.hold(self._clock())  # the journal's own fault says so
                return False
            self._plan.take(intent)
        if step.act is Act.NOTE:
            return False
        outcome = await self._call(step)
        words = outcome.cause if outcome else ""
        row = self._plan.end(step, answer_of(outcome), words, self._clock())
        self._plan.take(row)
        await self._rows.keep(row)
        return True

    async def _call(self, step: Step) -> Outcome | None:
        match step.act:
            case Act.IN:
                return await self._lock_system.check_in(step.room)
            case Act.OUT:
                return await self._lock_system.check_out(step.room)
            case _:
                return await self._lock_system.end_keys(step.stay, step.room)
