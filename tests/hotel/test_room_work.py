"""Room sync over the whole agent: Mews' reservations here, the room management there, the disk between.

Each change is told once, over kills, outages and new files, and nothing of a guest is kept but ids.
"""

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
import trio

from agent.journal.state_folder import JOURNAL
from agent.simulators.base.presence import Absence
from agent.simulators.mews.switches import Dialect
from tests.faults.canaries import files
from tests.faults.desk import ended, holds
from tests.hotel.guests import (
    OWN_DATA,
    Disk,
    NotedRooms,
    add_rooms,
    arrive,
    book,
    leave,
    move,
    noted,
    provision,
    start,
)
from tests.whole_hotel import Hotel

MINUTES, HOURS = 60.0, 3600.0  # s
LOOK = 6 * MINUTES  # beyond the pace of looks in either dialect
AWAY = 2 * LOOK + LOOK  # who is gone from a list without changes counts as gone after the second look


@pytest.fixture
def hotel(tmp_path: Path, dialect: Dialect) -> Hotel:
    """Its bridge keeps what it was told."""
    hotel = Hotel(tmp_path, dialect=dialect)
    noted(hotel)
    provision(hotel)
    return hotel


@pytest.fixture
def bridge(hotel: Hotel) -> NotedRooms:
    assert isinstance(hotel.bridge, NotedRooms)
    return hotel.bridge


def line(hotel: Hotel, id: str = "room-sync") -> str:
    """What the page says of it."""
    assert hotel.app is not None
    return next(each.text for each in hotel.app.snapshot().upkeep if each.id == id)


async def test_a_stay_is_told_from_its_beginning_over_a_move_to_its_end_each_call_once(
    hotel: Hotel, bridge: NotedRooms, autojump_clock: object
) -> None:
    async with hotel.agent():
        id = book(hotel, "101")
        await trio.sleep(LOOK)
        assert bridge.calls_about == []
        start(hotel, id)
        await trio.sleep(LOOK)
        assert bridge.calls_about == [("101", True)]
        move(hotel, id, "102")
        await trio.sleep(LOOK)
        assert sorted(bridge.calls_about[1:]) == [("101", False), ("102", True)]
        leave(hotel, id)
        await trio.sleep(LOOK)
        assert bridge.calls_about[3:] == [("102", False)]
        assert bridge.taken == set()
        assert line(hotel) == "0 rooms taken."


async def test_which_way_changes_are_found_is_the_dialects(
    hotel: Hotel, bridge: NotedRooms, dialect: Dialect, autojump_clock: object
) -> None:
    async with hotel.agent():
        await trio.sleep(2 * MINUTES)
        arrive(hotel, "101")
        await trio.sleep(70)
        assert bridge.calls_about == ([("101", True)] if dialect is Dialect.CURRENT else [])
        await trio.sleep(4 * MINUTES)
        assert bridge.calls_about == [("101", True)]


async def test_the_beds_of_a_room_are_that_room(hotel: Hotel, bridge: NotedRooms, autojump_clock: object) -> None:
    async with hotel.agent():
        add_rooms(hotel, "101-A", "101-B", parent="101", category="Bed")
        first, second = arrive(hotel, "101-A"), arrive(hotel, "101-B")
        await trio.sleep(LOOK)
        leave(hotel, first)
        await trio.sleep(LOOK)
        assert bridge.calls_about == [("101", True)]
        leave(hotel, second)
        await trio.sleep(LOOK)
        assert bridge.calls_about == [("101", True), ("101", False)]


async def test_a_restart_tells_nothing_again_and_what_happened_meanwhile(
    hotel: Hotel, bridge: NotedRooms, autojump_clock: object
) -> None:
    async with hotel.agent():
        stays = [arrive(hotel, room) for room in ("101", "102")]
        await trio.sleep(LOOK)
    leave(hotel, stays[0])
    async with hotel.agent(stops=False):
        await trio.sleep(AWAY)
        assert sorted(bridge.calls_about[:2]) == [("101", True), ("102", True)]
        assert bridge.calls_about[2:] == [("101", False)]
    async with hotel.agent():
        await trio.sleep(AWAY)
        assert (len(bridge.told), bridge.taken) == (3, {"102"})


@pytest.mark.parametrize("number", range(1, 7))
async def test_a_kill_after_any_commit_loses_no_room_and_repeats_only_what_is_in_doubt(
    hotel: Hotel, bridge: NotedRooms, autojump_clock: object, number: int
) -> None:
    hotel.run_sync = disk = Disk()
    async with hotel.agent(stops=False):
        add_rooms(hotel, "103")
        id = arrive(hotel, "101")
        await trio.sleep(LOOK)
        disk.last = disk.commits + number
        move(hotel, id, "102")
        arrive(hotel, "103")
        with trio.move_on_after(LOOK):
            await disk.is_down.wait()
    async with hotel.agent():
        await trio.sleep(AWAY)
    # A row before each call and one after it: a kill in between leaves a doubt, which is told again.
    repeated = [call for call in set(bridge.calls_about) if bridge.calls_about.count(call) > 1]
    assert bridge.taken == {"102", "103"}
    assert len(repeated) <= number % 2
    assert len(bridge.told) == 4 + len(repeated)


@pytest.mark.parametrize("moment", [0.1, 0.3, 0.5, 0.9, 1.5, 30.0])
async def test_a_kill_at_any_moment_of_a_slow_call_ends_in_the_state_of_mews(
    hotel: Hotel, bridge: NotedRooms, autojump_clock: object, moment: float
) -> None:
    bridge.switch(latency_seconds=0.6)
    calls = bridge.calls["room_checkin"]
    async with hotel.agent(stops=False):
        id = arrive(hotel, "101")
        with trio.fail_after(LOOK):
            await bridge.wait_calls("room_checkin", calls + 1)
        await trio.sleep(moment)
    leave(hotel, id)
    arrive(hotel, "102")
    async with hotel.agent(stops=False):
        await trio.sleep(moment)
    async with hotel.agent():
        await trio.sleep(AWAY)
    assert bridge.taken == {"102"}
    assert bridge.calls_about.count(("102", True)) <= 2


@pytest.mark.parametrize("who", ["the bridge", "Mews"])
async def test_after_hours_of_an_outage_a_hundred_changes_are_told_a_second_apart_and_only_the_newest(
    hotel: Hotel, bridge: NotedRooms, autojump_clock: object, who: str
) -> None:
    rooms = [str(number) for number in range(200, 300)]
    provision(hotel, poll_seconds=60.0)
    away = bridge.presence if who == "the bridge" else hotel.mews.presence
    async with hotel.agent() as app:
        add_rooms(hotel, *rooms)
        settled = [arrive(hotel, room) for room in rooms[:20]]
        await trio.sleep(LOOK)
        away.leave(Absence.REFUSE)
        told, began = len(bridge.told), trio.current_time()
        for id in settled[:10]:
            leave(hotel, id)  # ten are free in the end,
        for id, room in zip(settled[10:], rooms[90:], strict=True):
            move(hotel, id, room)  # ten are elsewhere,
        passing = [arrive(hotel, room) for room in rooms[20:90]]  # seventy come,
        await trio.sleep(15 * MINUTES)
        for id in passing[:30]:
            leave(hotel, id)  # of whom thirty are gone before anyone heard of them
        await trio.sleep(1 * HOURS)
        assert len(bridge.told) == told
        if who == "the bridge":
            assert holds(hotel, "E-LOCK-UNREACHABLE", "lock-server:coder-bridge")
            assert "to be told: " in line(hotel)
        away.come_back()
        await trio.sleep(AWAY)
        assert line(hotel) == "50 rooms taken."
        assert not [fault for fault in app.health.active() if fault.kind.code.startswith("E-ROOMS")]
    later = bridge.told[told:]
    assert all(after - before >= 0.99 for (before, *_), (after, *_) in pairwise(later))
    assert trio.current_time() > began
    assert sorted((room, is_taken) for _, room, is_taken in later) == sorted(
        [(room, False) for room in rooms[:20]]
        + [(room, True) for room in rooms[50:90]]
        + [(room, True) for room in rooms[90:]]
    )
    assert bridge.taken == {*rooms[50:]}


@pytest.mark.parametrize("cancels_keys", [True, False])
async def test_the_keys_of_a_stay_end_at_its_check_out_where_the_file_says_so(
    hotel: Hotel, bridge: NotedRooms, autojump_clock: object, cancels_keys: bool
) -> None:
    provision(hotel, cancels_keys=cancels_keys)
    async with hotel.agent():
        id, other = arrive(hotel, "101"), arrive(hotel, "102")
        for stay, room in ((id, "101"), (id, "101"), (other, "102")):
            await ended(hotel, hotel.mews.add_key("1", [room], stay=stay))
        numbers = [cut.tid for cut in bridge.cuts]
        await trio.sleep(LOOK)
        assert bridge.ended == []
        leave(hotel, id)
        await trio.sleep(LOOK)
        assert sorted(bridge.ended) == (sorted(numbers[:2]) if cancels_keys else [])
        assert bridge.taken == {"102"}
    async with hotel.agent():
        await trio.sleep(LOOK)
    assert len(bridge.ended) == 2 * cancels_keys


GAPS = {  # a list of Mews that comes empty, in the dialects that have it
    "reservations/getAll": '{"Reservations":[],"ReservationGroups":[]}',
    "spaces/getAll": '{"Spaces":[],"SpaceCategories":[]}',
    "reservations/getAll/2023-06-06": '{"Reservations":[],"Cursor":null}',
    "services/getAll": '{"Services":[],"Cursor":null}',
    "resources/getAll": '{"Resources":[],"Cursor":null}',
    "resourceCategoryAssignments/getAll": '{"ResourceCategoryAssignments":[],"Cursor":null}',
}
OF_2016 = ("reservations/getAll", "spaces/getAll")


@pytest.mark.parametrize("operation", GAPS)
async def test_a_list_that_comes_empty_for_hours_empties_no_room_and_ends_no_key(
    tmp_path: Path, autojump_clock: object, operation: str
) -> None:
    hotel = Hotel(tmp_path, dialect=Dialect.V2016 if operation in OF_2016 else Dialect.CURRENT)
    bridge = noted(hotel)
    provision(hotel, cancels_keys=True)
    async with hotel.agent():
        for room in ("101", "102"):
            await ended(hotel, hotel.mews.add_key("1", [room], stay=arrive(hotel, room)))
        await trio.sleep(LOOK)
        hotel.mews.error_body = GAPS[operation].encode()
        hotel.mews.fail("error-200", operation)
        await trio.sleep(2 * HOURS)
        assert (bridge.taken, bridge.ended) == ({"101", "102"}, [])
        hotel.mews.heal()
        await trio.sleep(HOURS)
        assert bridge.calls_about == [("101", True), ("102", True)]


async def test_keys_that_could_not_be_cancelled_over_a_kill_are_cancelled_after_it(
    hotel: Hotel, bridge: NotedRooms, autojump_clock: object
) -> None:
    provision(hotel, cancels_keys=True)
    async with hotel.agent(stops=False):
        id = arrive(hotel, "101")
        await ended(hotel, hotel.mews.add_key("1", ["101"], stay=id))
        await trio.sleep(LOOK)
        bridge.fail("500", "guest_key_checkout")
        leave(hotel, id)
        await trio.sleep(LOOK)
        assert holds(hotel, "E-ROOMS-KEYS", "lock-server:coder-bridge")
    bridge.heal()
    async with hotel.agent():
        await trio.sleep(LOOK)
        assert bridge.ended == [bridge.cuts[0].tid]
        assert not holds(hotel, "E-ROOMS-KEYS", "lock-server:coder-bridge")


async def test_a_new_file_switches_it_off_and_on_again_and_nothing_is_told_twice(
    hotel: Hotel, bridge: NotedRooms, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        add_rooms(hotel, "103")
        id = arrive(hotel, "101")
        await trio.sleep(LOOK)
        provision(hotel, more="")
        assert await app.reload_and_tell() == ""
        move(hotel, id, "102")
        arrive(hotel, "103")
        await trio.sleep(AWAY)
        assert bridge.calls_about == [("101", True)]
        assert [each.id for each in app.snapshot().upkeep] == ["audit"]
        provision(hotel, encoders=1)
        assert await app.reload_and_tell() == ""
        await trio.sleep(LOOK)
        assert sorted(bridge.calls_about[1:]) == [("101", False), ("102", True), ("103", True)]


async def test_a_reload_in_the_middle_of_a_call_loses_no_room(
    hotel: Hotel, bridge: NotedRooms, autojump_clock: object
) -> None:
    bridge.switch(latency_seconds=2.0)
    async with hotel.agent() as app:
        arrive(hotel, "101")
        with trio.fail_after(LOOK):
            await bridge.wait_calls("room_checkin", 1)
        assert await app.reload_and_tell() == ""
        await trio.sleep(LOOK)
        assert bridge.taken == {"101"}
        assert len(bridge.told) <= 2  # the answer to the first one was not waited for


async def test_a_room_that_the_bridge_refuses_is_named_on_the_page_until_it_takes_it(
    hotel: Hotel, bridge: NotedRooms, autojump_clock: object
) -> None:
    bridge.switch(rooms=("102",))
    async with hotel.agent():
        arrive(hotel, "101")
        arrive(hotel, "102")
        await trio.sleep(LOOK)
        assert bridge.calls_about == [("102", True)]
        assert holds(hotel, "E-ROOMS-REFUSED", "lock-server:coder-bridge")
        assert line(hotel) == "2 rooms taken, 1 to be told, 1 refused."
        bridge.switch(rooms=())
        await trio.sleep(16 * MINUTES)
        assert bridge.calls_about == [("102", True), ("101", True)]
        assert not holds(hotel, "E-ROOMS-REFUSED", "lock-server:coder-bridge")


async def test_the_journal_keeps_ids_rooms_and_states_of_guests_and_nothing_else(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        id, firm = arrive(hotel, "101"), arrive(hotel, "102", firm=True)
        await trio.sleep(LOOK)
        with closing(sqlite3.connect(hotel.state / JOURNAL)) as journal:
            rows = journal.execute("SELECT * FROM room ORDER BY id").fetchall()
        assert [row[1:] for row in rows] == [
            ("101", "in", f'["{id}"]'),
            ("102", "in", f'["{firm}"]'),
        ]
        leave(hotel, id)
        await trio.sleep(LOOK)
        text = files(hotel)
    assert firm in text
    assert not [own for own in OWN_DATA if own in text]
