"""Room sync in time: when Mews is asked, what is on the disk before a call, and what the page says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
import trio
from msgspec.structs import replace

from agent.journal.file import JournalFile
from agent.journal.journal import Journal
from agent.journal.rows.kept_rooms import KeptRoom, kept_room
from agent.mews.records import SpaceKind, StayState
from agent.rooms.sync.plan.plan import LONGEST_SECONDS, REFUSED_SECONDS
from agent.rooms.sync.runner import Pace, RoomSync
from tests.rooms.audit.house import room
from tests.rooms.sync.peers import DONE, LOST, NOT_REACHED, REFUSED, Disk, House, away, failing, stay
from tests.whole_hotel import run_at_once

DAY = 86400.0  # s


@pytest.fixture
def house() -> House:
    return House("101", "102", "103")


class JournalDisk(Disk):
    """A real journal in place of one by value."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    async def write(self, row: KeptRoom) -> None:
        await self._journal.write(row)

    async def keep(self, row: KeptRoom) -> None:
        await self._journal.keep(row)


@asynccontextmanager
async def running(house: House, rows: tuple[KeptRoom, ...] | None = None) -> AsyncIterator[RoomSync]:
    sync = house.sync(rows)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(sync.run)
        yield sync
        nursery.cancel_scope.cancel()


async def test_a_reservation_that_starts_moves_and_ends_is_told_within_a_minute(
    house: House, autojump_clock: object
) -> None:
    async with running(house) as sync:
        await trio.sleep(10)
        house.mews.put(stay("a", "101", StayState.CONFIRMED))
        await trio.sleep(61)
        house.mews.set("a", StayState.STARTED)
        await trio.sleep(61)
        house.mews.set("a", StayState.STARTED, "102")
        await trio.sleep(61)
        house.mews.set("a", StayState.PROCESSED)
        await trio.sleep(61)
        assert sync.status.is_informed
    assert sorted(house.rooms.told()[1:3]) == [("101", "out"), ("102", "in")]
    assert (house.rooms.told()[0], house.rooms.told()[3]) == (("101", "in"), ("102", "out"))
    assert (house.mews.looks["stays"], house.disk.rows) == (1, {})


async def test_a_hint_is_followed_at_once_and_many_are_one_look(house: House, autojump_clock: object) -> None:
    async with running(house) as sync:
        await trio.sleep(10)
        house.mews.put(stay("a", "101"))
        for _ in range(50):
            sync.hint()
        await trio.sleep(0.5)
        assert house.rooms.told() == [("101", "in")]
        sync.hint()
        sync.hint()
        await trio.sleep(5)
        assert house.mews.looks["changed"] == 2


async def test_a_dialect_that_cannot_tell_changes_is_looked_through_every_few_minutes(
    house: House, autojump_clock: object
) -> None:
    house.tells_changes = False
    async with running(house):
        await trio.sleep(1)
        house.mews.put(stay("a", "101"))
        await trio.sleep(1200)
    assert house.mews.looks == {"spaces": 1, "stays": 5}
    assert house.rooms.told() == [("101", "in")]


async def test_a_row_is_on_the_disk_before_the_call_and_after_it(house: House, autojump_clock: object) -> None:
    house.rooms.before = house.rooms.seconds = 2
    house.mews.put(stay("a", "101"))
    async with running(house):
        await trio.sleep(1)
        assert house.disk.rows == {"101": kept_room("101", "going in", ("a",))}
        await trio.sleep(5)
        assert house.disk.rows == {"101": kept_room("101", "in", ("a",))}
    async with running(house):
        await trio.sleep(100)
    assert house.rooms.told() == [("101", "in")]


async def test_a_kill_in_a_call_leaves_a_doubt_and_the_call_is_made_again(
    house: House, autojump_clock: object
) -> None:
    house.rooms.before = house.rooms.seconds = 2
    house.mews.put(stay("a", "101"))
    async with running(house):
        await trio.sleep(1)
    async with running(house):
        await trio.sleep(10)
    assert house.rooms.told() == [("101", "in")]
    assert house.rooms.taken == {"101"}


async def test_without_a_row_on_the_disk_no_call_is_made(house: House, autojump_clock: object) -> None:
    house.mews.put(stay("a", "101"))
    house.disk.is_full = True
    async with running(house):
        await trio.sleep(60)
        assert house.rooms.told() == []
        house.disk.is_full = False
        await trio.sleep(6)
    assert house.rooms.told() == [("101", "in")]


async def test_a_room_management_that_is_away_is_said_and_caught_up_with(
    house: House, autojump_clock: object
) -> None:
    house.mews.put(stay("a", "101"))
    house.rooms.answer = NOT_REACHED
    async with running(house):
        await trio.sleep(120)
        assert house.codes() == ["E-ROOMS-UNTOLD"]
        house.mews.put(stay("b", "102"))
        house.mews.set("a", StayState.PROCESSED)
        await trio.sleep(120)
        house.rooms.answer = None
        await trio.sleep(LONGEST_SECONDS + 1)
        assert house.codes() == []
    assert house.rooms.told() == [("102", "in")]


async def test_a_refused_room_is_named_with_its_reason_and_over_when_it_is(
    house: House, autojump_clock: object
) -> None:
    house.mews.put(stay("a", "101"))
    house.rooms.answer = REFUSED
    async with running(house):
        await trio.sleep(10)
        (fault,) = house.health.active()
        assert (fault.kind.code, fault.hop) == ("E-ROOMS-REFUSED", "lock-server:fake")
        assert fault.text == "1 room: 101 (it says no)."
        house.rooms.answer = None
        await trio.sleep(REFUSED_SECONDS)
        assert house.codes() == []


async def test_many_refused_rooms_are_counted_and_the_first_named(house: House, autojump_clock: object) -> None:
    for number in range(200, 206):
        house.mews.spaces.append(room(str(number)))
        house.mews.put(stay(f"s{number}", str(number)))
    house.rooms.answer = REFUSED
    async with running(house):
        await trio.sleep(10)
        (fault,) = house.health.active()
        assert fault.text == "6 rooms: 200 (it says no), 201 (it says no), 202 (it says no) and 3 more."


async def test_faults_end_with_room_sync(house: House, autojump_clock: object) -> None:
    house.mews.put(stay("a", "101"))
    house.rooms.answer = REFUSED
    async with running(house):
        await trio.sleep(10)
        assert house.codes()
    assert house.codes() == []


async def test_a_lost_answer_is_asked_for_again(house: House, autojump_clock: object) -> None:
    house.mews.put(stay("a", "101"))
    house.rooms.answer = LOST
    async with running(house) as sync:
        await trio.sleep(10)
        assert sync.status.in_doubt == 1
        house.rooms.answer = None
        await trio.sleep(LONGEST_SECONDS)
        assert sync.status.in_doubt == 0
    assert house.rooms.told() == [("101", "in"), ("101", "in")]


@pytest.mark.parametrize(("trouble", "codes"), [(away(), []), (failing(), ["E-ROOMS-MEWS"])])
async def test_where_mews_does_not_tell_nothing_is_told_and_only_what_the_poll_does_not_say_is_said(
    house: House, autojump_clock: object, trouble: Exception, codes: list[str]
) -> None:
    house.mews.trouble = trouble
    house.mews.put(stay("a", "101"))
    async with running(house):
        await trio.sleep(200)
        assert (house.rooms.told(), house.codes()) == ([], codes)
        house.mews.trouble = None
        await trio.sleep(20)
        assert (house.rooms.told(), house.codes()) == ([("101", "in")], [])


async def test_after_an_outage_of_mews_all_is_looked_at(house: House, autojump_clock: object) -> None:
    async with running(house):
        await trio.sleep(1)
        house.mews.trouble = away()
        await trio.sleep(90)
        house.mews.trouble = None
        await trio.sleep(61)
    assert house.mews.looks["stays"] == 2


async def test_a_list_that_could_not_be_read_whole_checks_no_one_out(house: House, autojump_clock: object) -> None:
    house.mews.unreadable = 1
    async with running(house, (kept_room("101", "in", ("a",)),)):
        await trio.sleep(8000)
        assert house.rooms.told() == []


DAMAGES = ["no reservations", "no spaces", "no categories", "half of the spaces"]


def damage(house: House, how: str) -> None:
    """What spoils one of Mews' lists."""
    mews = house.mews
    if how == "no reservations":
        mews.lists_none = True
    elif how == "no categories":
        mews.spaces = [replace(space, kind=SpaceKind.OTHER, category="") for space in mews.spaces]
    else:
        mews.spaces = mews.spaces[:1] if how == "half of the spaces" else []


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("tells_changes", [True, False])
@pytest.mark.parametrize("how", DAMAGES)
async def test_a_list_with_gaps_checks_no_one_out_and_cancels_no_key(
    house: House, autojump_clock: object, how: str, tells_changes: bool, is_restarted: bool
) -> None:
    house.cancels_keys, house.tells_changes = True, tells_changes
    whole = list(house.mews.spaces)
    for id, number in (("a", "101"), ("b", "102")):
        house.mews.put(stay(id, number))
    async with running(house):
        await trio.sleep(100)
        if not is_restarted:
            damage(house, how)
            await trio.sleep(7200)
    if is_restarted:
        damage(house, how)
    async with running(house):
        await trio.sleep(7200)
        is_found = how == "no reservations" and tells_changes
        assert house.codes() == ([] if is_found else ["E-ROOMS-HELD"])
        house.mews.spaces, house.mews.lists_none = whole, False
        house.mews.set("b", StayState.STARTED, "103")
        await trio.sleep(700)
        assert house.codes() == []
    assert sorted(house.rooms.told()) == [("101", "in"), ("102", "in"), ("102", "out"), ("103", "in")]
    assert house.rooms.ended == [("b", "102")]


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("tells_changes", [True, False])
async def test_a_guest_who_stays_on_for_days_is_in_house_until_the_check_out(
    autojump_clock: object, tells_changes: bool, is_restarted: bool
) -> None:
    house = House("101", "102", pace=Pace(changes=3600, whole=43200, alone=7200))
    house.tells_changes = tells_changes
    house.mews.put(stay("a", "101"))
    house.mews.put(stay("b", "102", nights=90))
    async with running(house):
        await trio.sleep((6 if is_restarted else 20) * DAY)
    async with running(house):
        await trio.sleep(14 * DAY)
        assert (sorted(house.rooms.told()), house.codes()) == ([("101", "in"), ("102", "in")], [])
        house.mews.set("a", StayState.PROCESSED)
        await trio.sleep(DAY)
    assert house.rooms.taken == {"102"}


@pytest.mark.parametrize("tells_changes", [True, False])
async def test_a_stay_that_mews_forgot_is_said_and_out_long_after_its_plan(
    autojump_clock: object, tells_changes: bool
) -> None:
    house = House("101", "102", pace=Pace(changes=3600, whole=43200, alone=7200))
    house.tells_changes = tells_changes
    house.mews.put(stay("a", "101"))
    house.mews.put(stay("b", "102", nights=90))
    async with running(house):
        await trio.sleep(60)
        house.mews.purged.add("a")
        await trio.sleep(7.9 * DAY)
        (fault,) = house.health.active()
        assert (fault.kind.code, fault.text) == ("E-ROOMS-HELD", "1 room: 101 (Mews does not list the guest).")
        assert ("101", "out") not in house.rooms.told()
        await trio.sleep(DAY)
        assert house.codes() == []
    assert house.rooms.taken == {"102"}


async def test_a_room_that_is_new_in_mews_is_looked_up(house: House, autojump_clock: object) -> None:
    async with running(house):
        await trio.sleep(130)
        house.mews.spaces.append(room("104"))
        house.mews.put(stay("a", "104"))
        await trio.sleep(70)
        assert house.rooms.told() == [("104", "in")]
        house.mews.put(stay("b", "105"))
        await trio.sleep(70)
        (fault,) = house.health.active()
        assert (fault.kind.code, fault.text) == ("E-ROOMS-UNMAPPED", "1 room: id-105.")


async def test_keys_of_those_who_leave_are_cancelled_where_that_is_wished(
    house: House, autojump_clock: object
) -> None:
    house.cancels_keys = True
    house.mews.put(stay("a", "101"))
    house.rooms.keys["a", "101"] = [REFUSED]
    async with running(house):
        await trio.sleep(10)
        house.mews.set("a", StayState.PROCESSED)
        await trio.sleep(70)
        assert house.codes() == ["E-ROOMS-KEYS"]
        await trio.sleep(REFUSED_SECONDS)
        assert house.codes() == []
    assert house.rooms.ended == [("a", "101"), ("a", "101")]
    assert house.disk.rows == {}


async def test_while_check_outs_are_refused_the_keys_of_those_who_left_are_cancelled_all_the_same(
    house: House, autojump_clock: object
) -> None:
    house.cancels_keys = True
    house.mews.put(stay("a", "101"))
    house.rooms.keys["a", "101"] = [DONE]
    async with running(house):
        await trio.sleep(10)
        house.rooms.answer = REFUSED
        house.mews.set("a", StayState.PROCESSED)
        await trio.sleep(70)
        assert (house.rooms.ended, house.codes()) == ([("a", "101")], ["E-ROOMS-REFUSED"])
        house.rooms.answer = None
        await trio.sleep(REFUSED_SECONDS)
        assert (house.codes(), house.rooms.taken, house.disk.rows) == ([], set(), {})
    assert house.rooms.ended == [("a", "101")]


async def test_after_a_long_outage_there_is_no_storm(autojump_clock: object) -> None:
    house = House(*map(str, range(200)))
    for number in range(200):
        house.mews.put(stay(f"s{number}", str(number)))
        await trio.sleep(1)
    async with running(house):
        await trio.sleep(400)
    assert house.rooms.told() == [(str(number), "in") for number in range(200)]
    times = [at for at, _, _ in house.rooms.log]
    assert all(later - earlier >= 1 for earlier, later in pairwise(times))


async def test_the_next_file_goes_on_with_what_is_known(house: House, autojump_clock: object) -> None:
    house.mews.put(stay("a", "101"))
    async with running(house) as sync:
        await trio.sleep(10)
    house.disk.rows.clear()
    async with running(house, sync.kept):
        await trio.sleep(10)
    assert house.rooms.told() == [("101", "in")]


async def test_rows_outlive_a_power_cut_in_the_journals_file(
    house: House, autojump_clock: object, tmp_path: Path
) -> None:
    path = tmp_path / "journal.sqlite"
    house.mews.put(stay("a", "101"))
    for _ in range(2):
        journal = Journal(path, run_sync=run_at_once)
        contents = await journal.open()
        house.disk = JournalDisk(journal)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(journal.run)
            async with running(house, contents.rooms):
                await trio.sleep(100)
            nursery.cancel_scope.cancel()
    assert house.rooms.told() == [("101", "in")]
    file = JournalFile(path)
    assert file.open().rooms == (kept_room("101", "in", ("a",)),)
    file.commit((msgspec.structs.replace(kept_room("101", "out", ())),))
    file.close()
    assert JournalFile(path).open().rooms == ()


def test_the_pace_is_slower_where_each_look_is_a_whole_one() -> None:
    assert Pace().changes < Pace().alone < Pace().whole
