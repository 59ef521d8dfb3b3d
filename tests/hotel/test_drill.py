"""The drill: once a day, at the hotel's hour, what the page says; alone, then in the whole agent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import trio

from agent.commands.model import Kind
from agent.commands.record import Record
from agent.control.hotel import Hear
from agent.foundation.errors import JournalUnavailable
from agent.health.health import Health
from agent.hotel.drill import LATE, Drill, Rows
from agent.journal.rows.kept_drill import DrillEnd, KeptDrill
from agent.mews.calls import Busy, Failed, MewsError, NotReached, Refused, Silent, Unauthorised
from agent.mews.enquiries import NotAsked
from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import ADD_KEY_CUTTER
from agent.simulators.mews.store.devices import invented_id
from agent.simulators.mews.switches import Dialect
from provisioning.model import Drill as Setting
from tests.control.fake_hotel import DONE, FAILED
from tests.control.fake_mews import CUTTER, Today, enquiries
from tests.faults.desk import holds
from tests.hotel.guests import book, leave, set_clocks, start
from tests.whole_hotel import Hotel

VIENNA = ZoneInfo("Europe/Vienna")
SETTING = Setting("05:30", "r1", CUTTER.id)
NOON = datetime(2026, 10, 24, 10, tzinfo=UTC)  # the day before the clock goes back
COMMAND = Record("c-9", CUTTER.name, Kind.KEY, "encoder:1", "101", 1)


class Box:
    """A box on which an order ends at once, as the test says; `now` goes with the virtual clock."""

    def __init__(self, start: datetime = NOON, last: KeptDrill | None = None) -> None:
        self.mews, self.health = Today(), Health(trio.current_time)
        self.ends: Record | None = COMMAND.claim(1).dispatch(1).end(DONE, 2).report(3)
        self.start, self._began = start, trio.current_time()
        self.rows: list[KeptDrill] = []
        self.is_full = False
        self.drill = Drill(
            *(SETTING, VIENNA, enquiries(self.mews), self, self.health, self.now),
            rows=Rows(self.write, self.keep),
            last=last,
        )

    def now(self) -> datetime:
        return self.start + timedelta(seconds=trio.current_time() - self._began)

    async def write(self, row: KeptDrill) -> None:
        if self.is_full:
            raise JournalUnavailable("no space left")
        await self.keep(row)

    async def keep(self, row: KeptDrill) -> None:
        self.rows.append(row)

    def follow(self, id: str, hear: Hear) -> Callable[[], None]:
        return lambda: None

    def record(self, id: str) -> Record | None:
        assert id == "c-9"
        return self.ends

    @property
    def orders(self) -> int:
        return sum(len(asked) == 3 for asked in self.mews.asked)

    @property
    def faults(self) -> list[str]:
        return [f"{fault.kind.code}: {fault.text}" for fault in self.health.active()]

    async def run(self, hours: float) -> None:
        with trio.move_on_after(hours * 3600):
            await self.drill.run()


async def test_a_key_is_ordered_once_a_day_at_the_hotels_hour(autojump_clock: object) -> None:
    box = Box()
    await box.run(18.4)  # 05:24 in Vienna, one hour later than by the clock of yesterday
    assert box.orders == 0
    await box.run(0.2)
    assert box.orders == 1
    assert box.drill.text == "Keys could be cut at 05:30 on 2026-10-25."
    assert [row.end for row in box.rows] == [DrillEnd.OPEN, DrillEnd.WELL]
    await box.run(48)
    assert (box.orders, box.faults) == (3, [])


async def test_it_asks_for_the_reservation_and_the_key_cutter_of_the_file(autojump_clock: object) -> None:
    box = Box()
    await box.drill.drill(box.now())
    assert box.mews.asked == [(CUTTER.id, "r1", 1)]


async def test_a_drill_that_fails_is_a_fault_until_one_goes_well(autojump_clock: object) -> None:
    box = Box()
    box.ends = COMMAND.claim(1).dispatch(1).end(FAILED, 2).report(3)
    await box.run(19)
    [fault] = box.faults
    assert fault.startswith("E-MEWS-DRILL: No key could be cut at 05:30 on 2026-10-25: Key not cut")
    box.ends = COMMAND.claim(1).dispatch(1).end(DONE, 2).report(3)
    await box.run(24)
    assert box.faults == []


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda box: setattr(box.mews, "error", Refused(403, "the reservation has ended")), "The reservation has"),
        (lambda box: setattr(box, "ends", None), "Mews did not list the command c-9 to this box"),
    ],
)
async def test_why_no_key_could_be_cut_is_said(
    prepare: Callable[[Box], None], words: str, autojump_clock: object
) -> None:
    box = Box()
    prepare(box)
    drilled = await box.drill.drill(box.now())
    assert (drilled.end, words in box.drill.text) == (DrillEnd.FAILED, True)
    assert words in box.faults[0]


async def test_a_box_that_was_off_at_that_hour_drills_the_next_day(autojump_clock: object) -> None:
    box = Box(datetime(2026, 11, 26, 4, 30, tzinfo=UTC) + timedelta(seconds=1))  # 05:30:01
    await box.run(23)
    assert box.orders == 0
    await box.run(1)
    assert box.orders == 1


async def test_a_clock_that_jumps_over_the_hour_orders_nothing_late(autojump_clock: object) -> None:
    box = Box(datetime(2026, 11, 26, 4, 0, tzinfo=UTC))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.drill.run)
        await trio.sleep(60)
        box.start += LATE + timedelta(hours=1)
        await trio.sleep(3600)
        nursery.cancel_scope.cancel()
    assert box.orders == 0


AT = int(datetime(2026, 11, 26, 4, 30, tzinfo=UTC).timestamp())  # 05:30 in Vienna


@pytest.mark.parametrize(
    ("end", "text", "codes"),
    [
        (DrillEnd.WELL, "Keys could be cut at 05:30 on 2026-11-26.", []),
        (DrillEnd.FAILED, "No key could be cut at 05:30 on 2026-11-26.", ["E-MEWS-DRILL"]),
        (DrillEnd.OPEN, "The drill of 05:30 on 2026-11-26 was broken off.", []),
        ("a word of a later version", "The drill of 05:30 on 2026-11-26 was broken off.", []),
    ],
)
async def test_after_a_restart_the_page_says_how_the_last_one_went(
    end: str, text: str, codes: list[str], autojump_clock: object
) -> None:
    box = Box(last=KeptDrill(at=AT, end=end))
    assert (box.drill.text, [fault.kind.code for fault in box.health.active()]) == (text, codes)


@pytest.mark.parametrize("end", list(DrillEnd))
async def test_a_box_that_starts_by_a_clock_that_is_behind_does_not_drill_twice_in_a_day(
    end: DrillEnd, autojump_clock: object
) -> None:
    box = Box(datetime(2026, 11, 26, 4, 29, 40, tzinfo=UTC), last=KeptDrill(at=AT, end=end))
    await box.run(23.9)
    assert box.orders == 0
    await box.run(0.2)
    assert box.orders == 1


async def test_a_clock_that_was_days_ahead_costs_no_drill(autojump_clock: object) -> None:
    box = Box(datetime(2026, 11, 30, 12, tzinfo=UTC))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 30)
        await trio.sleep(60)
        box.start -= timedelta(days=5)
        await trio.sleep(20 * 3600)
        assert box.orders == 1
        nursery.cancel_scope.cancel()


async def test_without_a_row_on_the_disk_nothing_is_ordered(autojump_clock: object) -> None:
    box = Box()
    box.is_full = True
    await box.drill.drill(box.now())
    assert (box.orders, box.rows) == (0, [])
    assert "The disk takes no journal (no space left)." in box.faults[0]


@pytest.mark.parametrize("error", [NotAsked(), NotReached("no route"), Busy(429, 20.0), Unauthorised("expired")])
async def test_an_order_that_surely_had_no_effect_is_given_again_within_the_time(
    error: MewsError, autojump_clock: object
) -> None:
    box = Box(datetime(2026, 11, 26, 4, 29, 50, tzinfo=UTC))
    box.mews.error = error
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 0.5)
        await trio.sleep(40)
        assert box.faults == []
        box.mews.error = None
    assert (box.drill.text, box.faults) == ("Keys could be cut at 05:30 on 2026-11-26.", [])
    assert [row.end for row in box.rows] == [DrillEnd.OPEN, DrillEnd.WELL]


async def test_a_mews_that_stays_away_is_a_fault_and_gets_no_late_order(autojump_clock: object) -> None:
    box = Box(datetime(2026, 11, 26, 4, 29, 50, tzinfo=UTC))
    box.mews.error = NotReached("no route")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 0.5)
        await trio.sleep(10 + LATE.total_seconds() + 1)
        assert box.faults == ["E-MEWS-DRILL: No key could be cut at 05:30 on 2026-11-26: No route."]
        orders, box.mews.error = box.orders, None
    assert box.orders == orders


async def test_a_clock_that_is_set_ahead_while_mews_is_away_makes_no_late_order(autojump_clock: object) -> None:
    box = Box(datetime(2026, 11, 26, 4, 29, 50, tzinfo=UTC))
    box.mews.error = NotReached("no route")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.run, 0.5)
        await trio.sleep(20)
        box.start += timedelta(hours=1)
        await trio.sleep(6)
        assert len(box.faults) == 1


@pytest.mark.parametrize("error", [Silent("no answer"), Failed("Mews answered 502"), Refused(403, "no")])
async def test_an_order_that_may_have_been_given_or_is_refused_is_not_repeated(
    error: MewsError, autojump_clock: object
) -> None:
    box = Box(datetime(2026, 11, 26, 4, 29, 50, tzinfo=UTC))
    box.mews.error = error
    await box.run(0.5)
    assert (box.orders, len(box.faults)) == (1, 1)


# -- the whole agent ----------------------------------------------------------------------------------------------

FOR_TESTS = "d7111111-0000-4000-8000-000000000001"  # a reservation
FILE = f"""
[drill]
at = "05:30"
reservation = "{FOR_TESTS}"
key_cutter = "{invented_id("key-cutter:1")}"
"""
MORNING = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)  # 05:30 in Vienna
CODE = "E-MEWS-DRILL"


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    """A hotel with a drill, in the dialect that can order one."""
    hotel = Hotel(tmp_path, dialect=Dialect.CURRENT)
    hotel.provision(more=FILE, poll_seconds=5.0)
    return hotel


def before(hotel: Hotel, seconds: float, *, is_booked: bool = True) -> None:
    """So long before the hour, with a reservation that waits for its drill."""
    set_clocks(hotel, MORNING - timedelta(seconds=seconds))
    if is_booked:
        book(hotel, "101", nights=30, id=FOR_TESTS)


def line(hotel: Hotel) -> str:
    """What the page says of the drill."""
    assert hotel.app is not None
    return next(each.text for each in hotel.app.snapshot().upkeep if each.id == "drill")


def ordered(hotel: Hotel) -> int:
    """How many keys the box has ordered at Mews."""
    return hotel.mews.calls[ADD_KEY_CUTTER]


async def test_at_its_hour_a_key_is_ordered_cut_and_said_on_the_page(hotel: Hotel, autojump_clock: object) -> None:
    before(hotel, 60)
    async with hotel.agent():
        await trio.sleep(50)
        assert (ordered(hotel), line(hotel)) == (0, "The first drill is at 05:30.")
        await trio.sleep(60)
        assert (ordered(hotel), [cut.room for cut in hotel.bridge.cuts]) == (1, ["101"])
        assert line(hotel) == "Keys could be cut at 05:30 on 2026-11-26."
        assert [command.state for command in hotel.mews.commands] == [State.PROCESSED]
        await trio.sleep(600)
        assert (ordered(hotel), holds(hotel, CODE)) == (1, False)
    async with hotel.agent():
        await trio.sleep(20)
        assert line(hotel) == "Keys could be cut at 05:30 on 2026-11-26."


async def test_without_an_encoder_it_is_a_fault_over_a_restart_and_until_the_next_good_one(
    hotel: Hotel, autojump_clock: object
) -> None:
    before(hotel, 30)
    hotel.bridge.presence.leave(Absence.REFUSE)
    async with hotel.agent() as app:
        await trio.sleep(300)
        assert line(hotel).startswith("No key could be cut at 05:30 on 2026-11-26: ")
        assert holds(hotel, CODE)
        hotel.provision(more=FILE, poll_seconds=6.0)
        assert await app.reload_and_tell() == ""
        await trio.sleep(20)
        assert holds(hotel, CODE)
    hotel.bridge.presence.come_back()
    async with hotel.agent():
        await trio.sleep(20)
        assert line(hotel) == "No key could be cut at 05:30 on 2026-11-26."
        assert holds(hotel, CODE)
        set_clocks(hotel, MORNING + timedelta(days=1, seconds=-300))
        await trio.sleep(900)
        assert line(hotel) == "Keys could be cut at 05:30 on 2026-11-27."
        assert (ordered(hotel), holds(hotel, CODE)) == (2, False)


@pytest.mark.parametrize("is_booked", [False, True])
async def test_a_reservation_that_mews_does_not_know_or_that_is_over_is_a_fault(
    hotel: Hotel, autojump_clock: object, is_booked: bool
) -> None:
    before(hotel, 30, is_booked=is_booked)
    if is_booked:
        start(hotel, FOR_TESTS)
        leave(hotel, FOR_TESTS)
    async with hotel.agent():
        await trio.sleep(120)
        assert line(hotel).startswith("No key could be cut at 05:30 on 2026-11-26: ")
        assert holds(hotel, CODE)
    assert (ordered(hotel), hotel.bridge.cuts) == (1, ())


async def test_a_box_that_starts_at_05_31_does_not_drill(hotel: Hotel, autojump_clock: object) -> None:
    before(hotel, -60)
    async with hotel.agent():
        await trio.sleep(900)
        assert (ordered(hotel), line(hotel)) == (0, "The first drill is at 05:30.")


@pytest.mark.parametrize("moment", [0.05, 1.0, 6.0, 8.0, 20.0])
async def test_over_a_kill_and_a_clock_that_is_behind_there_is_no_second_one(
    hotel: Hotel, autojump_clock: object, moment: float
) -> None:
    before(hotel, 20)
    async with hotel.agent(stops=False):
        with trio.fail_after(60):
            await hotel.mews.wait_calls(ADD_KEY_CUTTER, 1)
        await trio.sleep(moment)
    set_clocks(hotel, MORNING - timedelta(seconds=20))  # another front end answers
    async with hotel.agent():
        await trio.sleep(300)
        assert ordered(hotel) == 1
        assert "2026-11-26" in line(hotel)
    assert len(hotel.bridge.cuts) <= 1


async def test_a_clock_that_is_set_right_just_before_the_hour_costs_no_drill(
    hotel: Hotel, autojump_clock: object
) -> None:
    before(hotel, 3600 + 500)
    async with hotel.agent():
        await trio.sleep(300)
        set_clocks(hotel, MORNING - timedelta(seconds=200))
        await trio.sleep(600)
        assert ordered(hotel) == 1
        assert line(hotel).startswith("Keys could be cut at 05:3")


async def test_a_drill_whose_order_is_cancelled_in_mews_is_over_and_the_next_one_comes(
    hotel: Hotel, autojump_clock: object
) -> None:
    before(hotel, 30)
    async with hotel.agent() as app:
        await trio.sleep(10)
        app.pipeline.pause("encoder:1", "a test")
        await trio.sleep(50)
        [command] = hotel.mews.commands
        assert line(hotel).endswith("is under way.")
        hotel.mews.cancel(command.id)
        await trio.sleep(60)
        assert line(hotel).startswith("No key could be cut at 05:30 on 2026-11-26: The order was taken back")
        app.pipeline.resume("encoder:1")
        set_clocks(hotel, MORNING + timedelta(days=1, seconds=-300))
        await trio.sleep(900)
        assert line(hotel) == "Keys could be cut at 05:30 on 2026-11-27."


@pytest.mark.parametrize("how", [Absence.REFUSE, Absence.HANG])
async def test_a_mews_that_is_away_around_the_hour_costs_no_drill(
    hotel: Hotel, autojump_clock: object, how: Absence
) -> None:
    before(hotel, 60)
    async with hotel.agent():
        await trio.sleep(30)
        hotel.mews.presence.leave(how)
        await trio.sleep(50)
        hotel.mews.presence.come_back()
        await trio.sleep(150)
        assert (len(hotel.bridge.cuts), holds(hotel, CODE)) == (1, False)
        assert line(hotel) == "Keys could be cut at 05:30 on 2026-11-26."
