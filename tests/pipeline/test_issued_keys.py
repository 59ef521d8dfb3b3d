"""Keys of one stay, through the whole agent: who joins whom, over a restart too, and what is forgotten when."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trio

from agent.commands.driver import KeyJob
from agent.commands.issued import IssuedKey
from agent.commands.model import Kind, Outcome, Verdict, WaitsFor
from agent.commands.record import Record
from agent.control.words.told import End
from agent.hotel.old_cards import CARDS_SECONDS
from agent.journal.file import JournalFile
from agent.journal.journal import Journal
from agent.journal.state_folder import JOURNAL
from agent.pipeline.issued_keys import IssuedKeys
from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from tests.fake_drivers import FakeDriver, lock_system, with_drivers
from tests.faults.desk import ended, note
from tests.hotel.test_desk_hotel import at_desk
from tests.pipeline.test_more_devices import VISIONLINE
from tests.whole_hotel import Hotel, run_at_once

DAY = 24 * 3600


@pytest.fixture
def system() -> FakeDriver:
    return lock_system("BAR1")


@pytest.fixture
def hotel(tmp_path: Path, system: FakeDriver) -> Hotel:
    hotel = Hotel(tmp_path)
    hotel.provision(more=VISIONLINE)
    hotel.open_drivers = with_drivers(system)
    return hotel


async def cut(hotel: Hotel, stay: str, rooms: list[str], copies: int = 1) -> None:
    """Order a key of a stay, and wait for its end."""
    id = hotel.mews.add_key("bar", rooms, copies, Reservation={"Id": stay})
    assert (await ended(hotel, id)).state is State.PROCESSED


def joined(system: FakeDriver) -> list[bool]:
    return [job.joins for job in system.made if isinstance(job, KeyJob)]


def kept(hotel: Hotel) -> tuple[IssuedKey, ...]:
    """What the journal has."""
    file = JournalFile(hotel.state / JOURNAL)
    keys = file.open().keys
    file.close()
    return keys


async def test_copies_and_later_orders_of_a_stay_join_and_a_new_stay_does_not(
    hotel: Hotel, system: FakeDriver, autojump_clock: object
) -> None:
    async with hotel.agent():
        await cut(hotel, "stay-1", ["101"], copies=2)
        await cut(hotel, "stay-1", ["101"])
        await cut(hotel, "stay-2", ["101"])
        await cut(hotel, "stay-2", ["102"])
    assert joined(system) == [False, True, True, False, False]


async def test_who_joins_whom_outlives_a_power_cut(
    hotel: Hotel, system: FakeDriver, autojump_clock: object
) -> None:
    async with hotel.agent(stops=False):
        await cut(hotel, "stay-1", ["101"])
    async with hotel.agent():
        await cut(hotel, "stay-1", ["101"])
    assert joined(system) == [False, True]


async def test_a_key_that_was_not_made_is_no_key_of_the_stay(
    hotel: Hotel, system: FakeDriver, autojump_clock: object
) -> None:
    async with hotel.agent():
        system.ends = Outcome(Verdict.FAILED, "E-KEY-REFUSED", "Key not cut", "the lock system said no", "Look.")
        id = hotel.mews.add_key("bar", ["101"], Reservation={"Id": "stay-1"})
        assert (await ended(hotel, id)).state is State.ERROR
        system.ends = Outcome(Verdict.DONE, key="4711")
        await cut(hotel, "stay-1", ["101"])
    assert joined(system) == [False, False]
    assert [(key.key, key.reservation, key.room_names) for key in kept(hotel)] == [("4711", "stay-1", ("101",))]


async def test_a_test_key_joins_so_that_no_guest_is_locked_out(
    hotel: Hotel, system: FakeDriver, autojump_clock: object
) -> None:
    async with at_desk(hotel) as desk:
        told = await desk.ask("key", "BAR1", "101")
        assert told.end is End.DONE, told
    assert joined(system) == [True]


async def test_no_key_is_forgotten_by_the_clock_of_the_box_alone(hotel: Hotel, autojump_clock: object) -> None:
    hotel.state.mkdir()
    file = JournalFile(hotel.state / JOURNAL)
    file.open()
    file.commit((IssuedKey("order-1/1", "lock-server:fake", '["101"]', "11", "stay-1", 5, 9, 6),))
    file.close()
    hotel.mews.presence.leave(Absence.REFUSE)
    async with hotel.agent() as app:
        await trio.sleep(2 * CARDS_SECONDS)
        assert app.pipeline.issued.of_room("101")
        hotel.mews.presence.come_back()
        await trio.sleep(2 * CARDS_SECONDS)
        assert not app.pipeline.issued.of_room("101")


async def test_an_order_that_is_called_as_a_key_of_another_one_loses_neither(
    tmp_path: Path, autojump_clock: object
) -> None:
    key = IssuedKey("order-1/1", "lock-server:fake", '["101"]', "11", "stay-1", 5, 9, 6)
    journal = Journal(tmp_path / JOURNAL, run_sync=run_at_once)
    await journal.open()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(journal.run)
        journal.keep_lazily(key)
        await journal.write(Record(key.id, "Cutter", Kind.KEY, "encoder:1", "101", 1).claim(1))
        nursery.cancel_scope.cancel()
    contents = JournalFile(tmp_path / JOURNAL).open()
    assert ([record.id for record in contents.records], contents.keys) == ([key.id], (key,))


class Shelf:
    """Issued keys by value: `now` is the time in Unix seconds, `rows` what the journal was given, by id."""

    def __init__(self) -> None:
        self.now = 1_800_000_000
        self.servers = {"lock-server:a", "lock-server:b"}
        self.rows: dict[str, IssuedKey] = {}
        self.keys = IssuedKeys(lambda key: self.rows.update({key.id: key}), lambda: self.now, lambda: self.servers)

    def add(self, id: str, end: datetime | None) -> None:
        start = datetime.fromtimestamp(self.now, UTC)
        self.keys.add(id, "lock-server:a", KeyJob("1", ("101",), (), start, end, 1, 1, reservation="stay"), id)


@pytest.mark.parametrize(("hours", "days"), [(48, 3), (None, 61)])
def test_a_key_is_forgotten_a_day_after_its_end(hours: int | None, days: int) -> None:
    shelf = Shelf()
    end = None if hours is None else datetime.fromtimestamp(shelf.now, UTC) + timedelta(hours=hours)
    shelf.add("order", end)
    shelf.now += days * DAY - 1
    shelf.keys.look()
    assert [key.is_over for key in shelf.rows.values()] == [False]
    shelf.now += 2
    shelf.keys.look()
    assert [key.is_over for key in shelf.rows.values()] == [True]
    assert shelf.keys.of_room("101") == ()


def test_who_comes_after_the_end_of_a_key_does_not_join() -> None:
    shelf = Shelf()
    start = datetime.fromtimestamp(shelf.now, UTC)
    job = KeyJob("1", ("101",), (), start, start + timedelta(days=9), 1, 1, reservation="stay")
    shelf.add("order", start + timedelta(hours=1))
    assert shelf.keys.joins("lock-server:a", job)
    shelf.now += 3600
    assert not shelf.keys.joins("lock-server:a", job)


async def test_the_keys_of_a_room_are_told_the_newest_first_until_they_are_cancelled(
    hotel: Hotel, system: FakeDriver, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        for key in ("11", "12", ""):
            system.ends = Outcome(Verdict.DONE, key=key)
            await cut(hotel, "stay-1", ["101"])
        issued = app.pipeline.issued
        assert [key.key for key in issued.of_room("101")] == ["12", "11"]
        issued.end(issued.of_room("101")[0].id)
        issued.end("no such key")
        assert [key.key for key in issued.of_room("101")] == ["11"]
    assert [key.key for key in kept(hotel)] == ["11", ""]


SECOND = VISIONLINE + '[[visionline.encoders]]\nname = "Desk"\nidentifier = "DESK1"\nkey_cutters = ["desk"]\n'


@pytest.fixture
def two_encoders(hotel: Hotel, system: FakeDriver) -> FakeDriver:
    """A lock system with an encoder more, which takes 20 s for a card."""
    system.lanes, system.seconds = lock_system("BAR1", "DESK1").lanes, 20.0
    hotel.provision(more=SECOND)
    return system


async def test_two_orders_of_a_stay_at_two_encoders_are_no_two_originals(
    hotel: Hotel, two_encoders: FakeDriver, autojump_clock: object
) -> None:
    stay = {"Id": "stay-1"}
    async with hotel.agent():
        ids = [hotel.mews.add_key(cutter, ["101"], Reservation=stay) for cutter in ("bar", "desk")]
        await trio.sleep(10)
        assert two_encoders.busy == 1
        assert [(await ended(hotel, id)).state for id in ids] == [State.PROCESSED] * 2
    assert joined(two_encoders) == [False, True]


async def test_other_stays_and_later_keys_of_a_stay_are_made_at_the_same_time(
    hotel: Hotel, two_encoders: FakeDriver, autojump_clock: object
) -> None:
    async with hotel.agent():
        for rooms in (["101"], ["102"]), (["101"], ["101"]):
            both = zip(("bar", "desk"), rooms, strict=True)
            ids = [hotel.mews.add_key(cutter, room, Reservation={"Id": "s"}) for cutter, room in both]
            for id in ids:
                assert (await ended(hotel, id)).state is State.PROCESSED
    assert two_encoders.most_busy == 2


async def test_the_second_of_two_orders_of_a_stay_is_the_original_where_the_first_is_not_made(
    hotel: Hotel, two_encoders: FakeDriver, autojump_clock: object
) -> None:
    two_encoders.ends = Outcome(Verdict.FAILED, "E-KEY-REFUSED", "Key not cut", "the lock system said no", "Look.")
    async with hotel.agent():
        ids = [hotel.mews.add_key(cutter, ["101"], Reservation={"Id": "s"}) for cutter in ("bar", "desk")]
        for id in ids:
            assert (await ended(hotel, id)).state is State.ERROR
    assert joined(two_encoders) == [False, False]


async def test_an_order_waits_for_one_of_its_stay_no_longer_than_it_may(
    hotel: Hotel, two_encoders: FakeDriver, autojump_clock: object
) -> None:
    two_encoders.seconds = 300.0
    async with hotel.agent() as app:
        first = hotel.mews.add_key("bar", ["101"], Reservation={"Id": "stay-1"})
        await hotel.mews.wait_state(first, State.PROCESSING)
        second = hotel.mews.add_key("desk", ["101"], Reservation={"Id": "stay-1"})
        await hotel.mews.wait_state(second, State.PROCESSING)
        await trio.sleep(1)
        waiting = app.orders.get(second)
        assert waiting is not None
        assert waiting.waits_for is WaitsFor.STAY
        command = await ended(hotel, second)
        assert (command.state, hotel.mews.command(first).state) == (State.ERROR, State.PROCESSING)
        assert "waited" in note(command)
        assert (await ended(hotel, first)).state is State.PROCESSED
    assert joined(two_encoders) == [False]


def test_the_keys_of_a_lock_server_with_another_name_now_still_count() -> None:
    shelf = Shelf()
    start = datetime.fromtimestamp(shelf.now, UTC)
    job = KeyJob("1", ("101",), (), start, start + timedelta(days=9), 1, 1, reservation="stay")
    shelf.add("order", start + timedelta(hours=1))
    assert not shelf.keys.joins("lock-server:b", job)
    shelf.servers = {"lock-server:b"}
    assert shelf.keys.joins("lock-server:b", job)


async def test_where_no_one_is_locked_out_no_lane_waits_for_another(
    hotel: Hotel, system: FakeDriver, autojump_clock: object
) -> None:
    """The Coder Bridge's keys of one stay at two encoders, one of which hangs."""
    hotel.bridge.fail("hang", "guest_key", match={"encoder": "1"}, calls=1)
    async with hotel.agent():
        hotel.mews.add_key("1", ["101"], Reservation={"Id": "stay-1"})
        await hotel.bridge.wait_calls("guest_key", 1)
        began = trio.current_time()
        id = hotel.mews.add_key("2", ["101"], Reservation={"Id": "stay-1"})
        assert (await ended(hotel, id)).state is State.PROCESSED
        assert trio.current_time() - began < 10
