"""A month of a large hotel in virtual time, with outages and kills: the room management ends as Mews has it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
import trio

from agent.mews.records import StayState
from agent.rooms.sync.plan.plan import CALL_SECONDS
from agent.rooms.sync.runner import Pace, RoomSync
from tests.rooms.audit.house import room
from tests.rooms.sync.peers import NOT_REACHED, House, away, failing, stay

DAYS = 30
HOUR, DAY = 3600.0, 86400.0
PACE = Pace(changes=HOUR, whole=12 * HOUR, alone=2 * HOUR)


class Month:
    """What happens, by chance; `happenings` is when and what."""

    def __init__(self, seed: int, rooms: int) -> None:
        self.chance = random.Random(seed)
        shared = rooms // 12  # the last rooms have two beds each
        single = [str(number) for number in range(1, rooms - shared + 1)]
        self.shared = [str(number) for number in range(rooms - shared + 1, rooms + 1)]
        self.beds = [f"{number}{bed}" for number in self.shared for bed in "AB"]
        self.single = single
        beds = (room(f"{number}{bed}", bed_in=number) for number in self.shared for bed in "AB")
        self.house = House(*single, *self.shared, *beds, pace=PACE)
        self.count = self.starts = 0

    async def live_in(self, space: str) -> None:
        """One guest after the other."""
        chance, mews = self.chance, self.house.mews
        day = chance.randrange(3)
        while day < DAYS:
            nights = chance.randint(1, 7)
            await trio.sleep_until(day * DAY + chance.uniform(13, 22) * HOUR)
            self.count += 1
            id = f"stay-{self.count}"
            mews.put(stay(id, space, nights=nights))
            await self._stay(id, space, nights, day)
            day += nights + chance.choice((0, 0, 1, 3))

    async def _stay(self, id: str, space: str, nights: int, day: int) -> None:
        chance, mews = self.chance, self.house.mews
        if chance.random() < 0.03:
            await trio.sleep(chance.uniform(10, HOUR))
            mews.set(id, chance.choice((StayState.CONFIRMED, StayState.CANCELED)))
            return
        if chance.random() < 0.05:
            await trio.sleep(chance.uniform(10, 6 * HOUR))
            mews.set(id, StayState.STARTED, chance.choice(self.single))
        await trio.sleep_until((day + nights) * DAY + chance.uniform(7, 11.5) * HOUR)
        mews.set(id, StayState.PROCESSED)

    async def be_in_trouble(self) -> None:
        """Outages of both sides, and lost answers, one after the other."""
        chance, house = self.chance, self.house
        while True:
            await trio.sleep(chance.uniform(HOUR, 16 * HOUR))
            trouble = chance.choice((self._numberaway, self._answers_lost, self._mews_away))
            with trouble():
                await trio.sleep(chance.uniform(60, 5 * HOUR))
            assert house.rooms.answer is None

    @contextmanager
    def _numberaway(self) -> Iterator[None]:
        self.house.rooms.answer = NOT_REACHED
        yield
        self.house.rooms.answer = None

    @contextmanager
    def _answers_lost(self) -> Iterator[None]:
        self.house.rooms.loses = True
        yield
        self.house.rooms.loses = False

    @contextmanager
    def _mews_away(self) -> Iterator[None]:
        self.house.mews.trouble = self.chance.choice((away(), failing()))
        yield
        self.house.mews.trouble = None

    def wanted(self) -> set[str]:
        """The rooms that are taken as Mews has it."""
        here = (each.space.removeprefix("id-") for each in self.house.mews.all.values() if _is_in(each.state))
        return {number.rstrip("AB") for number in here}

    async def run_with_kills(self) -> None:
        """Room sync, killed now and then, also in the middle of a call."""
        while True:
            self.starts += 1
            sync = self.house.sync()
            with trio.move_on_after(self.chance.uniform(60, 18 * HOUR)):
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(sync.run)
                    nursery.start_soon(self._give_hints, sync)

    async def _give_hints(self, sync: RoomSync) -> None:
        while True:
            await trio.sleep(self.chance.expovariate(0.5 / HOUR))
            sync.hint()


def _is_in(state: StayState) -> bool:
    return state is StayState.STARTED


@pytest.mark.parametrize(("number", "tells_changes", "hates_repeats"), [(500, True, False), (60, False, True)])
async def test_after_a_month_of_outages_and_kills_each_room_is_as_mews_has_it(
    number: int, tells_changes: bool, hates_repeats: bool, autojump_clock: object
) -> None:
    month = Month(number, number)
    rooms = month.house.rooms
    rooms.seconds = 0.0 if tells_changes else 0.1
    month.house.tells_changes, rooms.hates_repeats = tells_changes, hates_repeats
    async with trio.open_nursery() as nursery:
        for space in (*month.single, *month.beds):
            nursery.start_soon(month.live_in, space)
        nursery.start_soon(month.run_with_kills)
        with trio.move_on_at(DAYS * DAY):
            await month.be_in_trouble()
        rooms.answer, rooms.loses, month.house.mews.trouble = None, False, None
        await trio.sleep(9 * DAY)
        nursery.cancel_scope.cancel()
    assert month.count > 5 * number
    assert rooms.taken == month.wanted()
    assert not (rooms.repeats - rooms.excuses)
    times = [at for at, _, _ in rooms.log]
    hurried = sum(later - earlier < CALL_SECONDS for earlier, later in pairwise(times))
    assert hurried <= month.starts  # which know nothing of the call before
