"""What the lock systems list: rooms, areas, check-out times, and the file's doors beside them. Changes nothing."""

from collections.abc import Awaitable, Callable, Sequence

from agent.commands.driver import Driver, ListsAreas, ListsDoors, ListsTimes
from agent.control.errands.errand import Tell
from agent.control.hotel import FileDoor, Hotel
from agent.control.words.told import End, Result, Table
from agent.foundation.errors import CallFailed
from agent.foundation.reading.text import sentence

Rows = list[tuple[str, ...]]
MOST_ROWS = 5000  # the largest hotels have as many rooms; a table goes over the socket in one piece
_NOTHING = "Nothing was changed."
_PREFIX = "lock-server:"  # of a hop; in a column of lock servers alone it takes the room that others need


class ListErrand:
    """One list of each lock system that has it. `ask` gives a system's rows, None where it has no such list."""

    def __init__(
        self,
        hotel: Hotel,
        tell: Tell,
        what: str,
        columns: Sequence[str],
        ask: Callable[[Driver], Awaitable[Rows] | None],
    ) -> None:
        self._hotel, self._tell, self._what, self._ask = hotel, tell, what, ask
        self._columns = tuple(columns)

    async def run(self) -> Result:
        """Ask each, and show all of it as one table."""
        rows, failures, asked = Rows(), list[str](), 0
        for driver in self._hotel.lock_systems:
            answer = self._ask(driver)
            if answer is None:
                continue
            asked += 1
            try:
                rows += [(*row, driver.hop.removeprefix(_PREFIX)) for row in await answer]
            except CallFailed as error:
                failures.append(_untold(driver, self._what, error))
        if not asked:
            return Result(End.FAILED, f"No lock system of the provisioning file lists {self._what}.")
        if rows:
            self._tell(Table((*self._columns, "LOCK SYSTEM"), tuple(rows[:MOST_ROWS])))
        if failures:
            return Result(End.FAILED, " ".join(failures))
        shown = f", of which the first {MOST_ROWS} are shown" if len(rows) > MOST_ROWS else ""
        what = self._what.removesuffix("s") if len(rows) == 1 else self._what
        return Result(End.DONE, f"{len(rows)} {what}{shown}.")

    def left_behind(self) -> Result:
        """Nothing: it only looked."""
        return Result(End.FAILED, _NOTHING)


def _untold(driver: Driver, what: str, error: CallFailed) -> str:
    return sentence(f"{driver.hop} does not tell its {what}: {error.reason}")


def rooms(hotel: Hotel, tell: Tell) -> ListErrand:
    """The doors of the lock systems, with their own words about them."""
    return ListErrand(hotel, tell, "rooms", ("ROOM", "KIND", "STATE", "UNTIL"), _rooms)


def areas(hotel: Hotel, tell: Tell) -> ListErrand:
    """Their special areas."""
    return ListErrand(hotel, tell, "areas", ("AREA", "NAME"), _areas)


def times(hotel: Hotel, tell: Tell) -> ListErrand:
    """Their check-out times."""
    return ListErrand(hotel, tell, "check-out times", ("ID", "NAME", "TIME"), _times)


def _rooms(driver: Driver) -> Awaitable[Rows] | None:
    async def ask(lists: ListsDoors) -> Rows:
        return [(door.name, door.kind, door.state, door.until) for door in await lists.list_doors()]

    return ask(driver) if isinstance(driver, ListsDoors) else None


def _areas(driver: Driver) -> Awaitable[Rows] | None:
    async def ask(lists: ListsAreas) -> Rows:
        return [(area.id, area.name) for area in await lists.list_areas()]

    return ask(driver) if isinstance(driver, ListsAreas) else None


def _times(driver: Driver) -> Awaitable[Rows] | None:
    async def ask(lists: ListsTimes) -> Rows:
        return [(time.id, time.name, time.time) for time in await lists.list_times()]

    return ask(driver) if isinstance(driver, ListsTimes) else None


class DoorsErrand:
    """What each lock id of the file's [doors] opens, and whether a lock system lists it."""

    def __init__(self, hotel: Hotel, tell: Tell) -> None:
        self._hotel, self._tell = hotel, tell

    async def run(self) -> Result:
        """Ask for the doors, then compare."""
        doors = self._hotel.doors
        if not doors:
            return Result(End.DONE, "The file lists no doors: each lock id of Mews is the room of that name.")
        known, failures = set[str](), list[str]()
        for driver in self._hotel.lock_systems:
            if isinstance(driver, ListsDoors):
                try:
                    known |= {door.name for door in await driver.list_doors()}
                except CallFailed as error:
                    failures.append(_untold(driver, "rooms", error))
        self._tell(Table(("LOCK ID", "ROOMS", "AREAS", "LISTED"), tuple(_row(door, known) for door in doors)))
        missing = [room for door in doors for room in door.rooms if room not in known]
        if failures:
            return Result(End.FAILED, " ".join(failures))
        if missing:
            return Result(End.FAILED, f"No lock system lists {', '.join(dict.fromkeys(missing))}.")
        return Result(End.DONE, f"{len(doors)} lock ids; all their rooms are listed.")

    def left_behind(self) -> Result:
        """Nothing: it only looked."""
        return Result(End.FAILED, _NOTHING)


def _row(door: FileDoor, known: set[str]) -> tuple[str, ...]:
    listed = "" if not door.rooms else "yes" if known.issuperset(door.rooms) else "no"
    return door.lock_id, ", ".join(door.rooms), ", ".join(door.areas), listed
