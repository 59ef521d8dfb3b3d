"""The desk's verbs about lock systems, with one of memory: what is asked of it, told, and left behind."""

from typing import Any

import pytest
import trio

from agent.commands.driver import CardRead, Lane, LockDoor, Task
from agent.commands.issued import IssuedKey
from agent.commands.model import Outcome, Verdict
from agent.commands.record import Record
from agent.console import desk_link
from agent.control import client
from agent.control.hotel import FileDoor
from agent.control.words.messages import encode
from agent.control.words.told import End, Line, Result, Table
from agent.foundation.errors import CallFailed
from tests.control.fake_hotel import FAILED, LEFT, NOW, PRINTER, UNKNOWN
from tests.control.fake_locks import DONE, FakeLocks
from tests.control.test_desk import BY, Bench
from tests.fake_drivers import lock_system

SHOWN = LEFT.driver.removeprefix("lock-server:")
PHONES = Lane("encoder:9", "9", "Phones", LEFT.driver, is_mobile=True)


@pytest.fixture
def locks() -> FakeLocks:
    return FakeLocks(LEFT.driver, [LEFT, PHONES])


@pytest.fixture
def bench(locks: FakeLocks) -> Bench:
    bench = Bench()
    bench.hotel.lanes = (LEFT, PHONES, PRINTER)
    bench.hotel.lock_systems = (locks,)
    return bench


def table(bench: Bench) -> Table:
    [found] = [told for told in bench.told if isinstance(told, Table)]
    return found


def key(number: int, room: str = "101", server: str = LEFT.driver) -> IssuedKey:
    return IssuedKey(f"order-{number}/1", server, f'["{room}"]', str(number), made=number)


# -- lists --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "columns", "rows", "text"),
    [
        (
            "rooms",
            ("ROOM", "KIND", "STATE", "UNTIL", "LOCK SYSTEM"),
            (("101", "room", "taken", "28 November", SHOWN), ("102", "", "", "", SHOWN)),
            "2 rooms.",
        ),
        ("areas", ("AREA", "NAME", "LOCK SYSTEM"), (("3", "Garage", SHOWN),), "1 area."),
        ("times", ("ID", "NAME", "TIME", "LOCK SYSTEM"), (("1", "Standard", "11:00", SHOWN),), None),
    ],
)
async def test_what_lock_systems_list_is_one_table(
    bench: Bench, verb: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], text: str | None
) -> None:
    assert await bench.ask("lock", verb) == Result(End.DONE, text or "1 check-out time.")
    assert table(bench) == Table(columns, rows)
    assert bench.rows.acts == {}  # looking is no act


async def test_a_list_without_end_is_shown_as_far_as_a_line_of_the_socket_takes_it(
    bench: Bench, locks: FakeLocks
) -> None:
    locks.doors = [LockDoor("\U00020000" * 64, *(["\U00020000" * 64] * 3))] * 6000
    result = await bench.ask("lock", "rooms")
    assert result == Result(End.DONE, "6000 rooms, of which the first 5000 are shown.")
    assert len(table(bench).rows) == 5000
    assert len(encode(table(bench))) < min(client._MOST_BYTES, desk_link._MOST_BYTES)


@pytest.mark.parametrize("verb", ["rooms", "areas", "times"])
async def test_a_list_that_fails_says_why_and_shows_those_of_others(
    bench: Bench, locks: FakeLocks, verb: str
) -> None:
    other = FakeLocks("lock-server:b", [])
    bench.hotel.lock_systems = (locks, other)
    locks.failure = CallFailed("the connection was refused")
    result = await bench.ask("lock", verb)
    assert (result.end, "the connection was refused" in result.text) == (End.FAILED, True)
    assert {row[-1] for row in table(bench).rows} == {"b"}


@pytest.mark.parametrize("reason", ["No list today", "No list today.", "No list today!", "No list today…"])
@pytest.mark.parametrize("verb", ["rooms", "areas", "times", "doors"])
async def test_a_list_that_fails_ends_in_one_mark_whatever_the_lock_system_says(
    bench: Bench, locks: FakeLocks, verb: str, reason: str
) -> None:
    bench.hotel.doors = (FileDoor("1", ("101",), ()),)
    locks.failure = CallFailed(reason)
    result = await bench.ask("lock", verb)
    assert result.text.endswith(f": {reason}" if reason[-1] in ".!…" else f": {reason}.")


@pytest.mark.parametrize("verb", ["rooms", "areas", "times"])
async def test_a_lock_system_without_such_a_list_is_said(bench: Bench, verb: str) -> None:
    bench.hotel.lock_systems = (lock_system("1"),)
    result = await bench.ask("lock", verb)
    assert (result.end, result.text.startswith("No lock system of the provisioning file lists")) == (
        End.FAILED,
        True,
    )


async def test_the_files_doors_are_compared_with_the_lock_systems(bench: Bench, locks: FakeLocks) -> None:
    bench.hotel.doors = (FileDoor("1", ("101", "102"), ()), FileDoor("POOL", (), ("3",)))
    assert await bench.ask("lock", "doors") == Result(End.DONE, "2 lock ids; all their rooms are listed.")
    assert table(bench).rows == (("1", "101, 102", "", "yes"), ("POOL", "", "3", ""))
    bench.hotel.doors = (*bench.hotel.doors, FileDoor("9", ("109",), ()))
    assert await bench.ask("lock", "doors") == Result(End.FAILED, "No lock system lists 109.")
    locks.failure = CallFailed("no answer")
    assert (await bench.ask("lock", "doors")).text == f"{LEFT.driver} does not tell its rooms: no answer."
    bench.hotel.doors = ()
    assert (await bench.ask("lock", "doors")).end is End.DONE


@pytest.mark.parametrize("verb", ["rooms", "doors"])
async def test_a_list_that_is_broken_off_has_changed_nothing(bench: Bench, locks: FakeLocks, verb: str) -> None:
    bench.hotel.doors = (FileDoor("1", ("101",), ()),)
    locks.is_slow = True
    async with bench.asking("lock", verb):
        bench.doing.break_off()
    assert bench.result == Result(End.FAILED, "Nothing was changed.")


# -- what acts ----------------------------------------------------------------------------------------------------


async def test_the_keys_of_a_room_are_cancelled_one_after_the_other(bench: Bench, locks: FakeLocks) -> None:
    bench.hotel.keys = [key(12), key(11), key(13, "102"), key(14, server="lock-server:other")]
    assert await bench.ask("lock", "cancel", "101") == Result(End.DONE, "2 keys are cancelled for room 101.")
    assert locks.asked == [("cancel", "101", "12"), ("cancel", "101", "11")]
    assert [left.key for left in bench.hotel.keys] == ["13", "14"]
    assert bench.lines == ["The key 12 is cancelled.", "The key 11 is cancelled."]
    assert bench.rows.last.words == "lock cancel 101"


@pytest.mark.parametrize(("outcome", "end"), [(FAILED, End.FAILED), (UNKNOWN, End.PERHAPS)])
async def test_the_first_key_that_is_not_cancelled_ends_it(
    bench: Bench, locks: FakeLocks, outcome: Outcome, end: End
) -> None:
    bench.hotel.keys = [key(12), key(11)]
    locks.ends = [outcome]
    assert await bench.ask("lock", "cancel", "101") == Result(end, outcome.note)
    assert [left.key for left in bench.hotel.keys] == ["12", "11"]


async def test_a_key_that_was_cancelled_already_is_said_to_be_and_forgotten(
    bench: Bench, locks: FakeLocks
) -> None:
    bench.hotel.keys = [key(12), key(11)]
    already = Outcome(Verdict.DONE, "E-KEY-OUT-ALREADY", "Key cancelled", "the lock system says so", "Done.")
    locks.ends = [already, DONE]
    assert await bench.ask("lock", "cancel", "101") == Result(End.DONE, "2 keys are cancelled for room 101.")
    assert bench.lines == ["The key 12 is cancelled: the lock system says so.", "The key 11 is cancelled."]
    assert bench.hotel.keys == []
    locks.ends = [already]
    named = await bench.ask("lock", "cancel", "101", "77")
    assert named == Result(End.DONE, "The key 77 of room 101 is cancelled: the lock system says so.")


async def test_a_key_is_cancelled_by_its_id(bench: Bench, locks: FakeLocks) -> None:
    bench.hotel.keys = [key(12), key(11)]
    assert (await bench.ask("lock", "cancel", "101", "11")).end is End.DONE
    assert [left.key for left in bench.hotel.keys] == ["12"]
    assert await bench.ask("lock", "cancel", "101", "77") == Result(
        End.DONE, "The key 77 of room 101 is cancelled."
    )
    assert locks.asked[-1] == ("cancel", "101", "77")


async def test_who_cancels_a_key_is_told_that_the_room_may_count_as_free(bench: Bench, locks: FakeLocks) -> None:
    locks.frees_rooms = True
    hint = " Room 101 may count as free now: if guests are still in it, write lock room-in 101."
    assert (await bench.ask("lock", "cancel", "101", "77")).text == f"The key 77 of room 101 is cancelled.{hint}"
    bench.hotel.keys = [key(12), key(11)]
    locks.ends = [DONE, FAILED]
    assert await bench.ask("lock", "cancel", "101") == Result(End.FAILED, f"{FAILED.note}{hint}")
    locks.ends = [FAILED]
    assert (await bench.ask("lock", "cancel", "101", "77")).text == FAILED.note
    bench.hotel.cancels_keys_on_checkout = True  # of a room that is checked out, no one is to be told that
    assert hint not in (await bench.ask("lock", "room-out", "101")).text


async def test_what_cannot_be_cancelled_is_said(bench: Bench) -> None:
    result = await bench.ask("lock", "cancel", "101")
    assert (result.end, "lock cancel 101 KEY" in result.text) == (End.FAILED, True)
    bench.hotel.lock_systems = (lock_system("1"),)
    assert (await bench.ask("lock", "cancel", "101")).end is End.FAILED


async def test_a_cancelling_that_is_broken_off_may_have_been_done(bench: Bench, locks: FakeLocks) -> None:
    bench.hotel.keys = [key(12)]
    locks.is_slow = True
    async with bench.asking("lock", "cancel", "101"):
        bench.doing.break_off()
    assert bench.result is not None
    assert bench.result.end is End.PERHAPS


@pytest.mark.parametrize(("verb", "call"), [("room-in", "in"), ("room-out", "out")])
async def test_a_room_is_checked_in_and_out_by_the_name_of_the_room_management(
    bench: Bench, locks: FakeLocks, verb: str, call: str
) -> None:
    bench.hotel.rms = {"101": "R101"}
    result = await bench.ask("lock", verb, "101")
    assert result == Result(End.DONE, f"Room R101 is checked {call} at the lock system.")
    assert locks.asked == [(call, "R101")]
    locks.ends = [FAILED]
    assert await bench.ask("lock", verb, "101") == Result(End.FAILED, FAILED.note)
    bench.hotel.lock_systems = ()
    assert (await bench.ask("lock", verb, "101")).end is End.FAILED


async def test_with_a_check_out_go_the_keys_of_the_room_where_the_file_says_so(
    bench: Bench, locks: FakeLocks
) -> None:
    bench.hotel.keys = [key(12), key(13, "102")]
    assert (await bench.ask("lock", "room-out", "101")).text == "Room 101 is checked out at the lock system."
    bench.hotel.cancels_keys_on_checkout = True
    assert (await bench.ask("lock", "room-in", "101")).text == "Room 101 is checked in at the lock system."
    result = await bench.ask("lock", "room-out", "101")
    assert result.text == "Room 101 is checked out at the lock system. 1 key is cancelled for room 101."
    assert [left.key for left in bench.hotel.keys] == ["13"]
    assert (await bench.ask("lock", "room-out", "101")).text == "Room 101 is checked out at the lock system."


async def test_a_room_call_that_is_broken_off_may_have_been_done(bench: Bench, locks: FakeLocks) -> None:
    locks.is_slow = True
    async with bench.asking("lock", "room-in", "101"):
        bench.doing.break_off()
    assert bench.result is not None
    assert bench.result.end is End.PERHAPS


# -- keys ---------------------------------------------------------------------------------------------------------


async def test_a_key_with_areas_is_an_order_like_any_other(bench: Bench) -> None:
    async with bench.asking("lock", "key", "1", "101", "3, 5", "--hours", "5"):
        bench.order.dispatch(1)
        bench.order.finish()
    order = bench.order.order
    assert (order.room, order.areas, order.start, order.copies) == ("101", ("3", "5"), NOW, 1)
    assert bench.result == Result(End.DONE, "1 key was cut for room 101.")


async def test_a_key_before_its_stay_begins_in_some_days(bench: Bench) -> None:
    async with bench.asking("lock", "precheckin", "1", "101", "--days", "3", "--nights", "2"):
        bench.order.dispatch(1)
        bench.order.finish()
    order = bench.order.order
    assert ((order.start - NOW).days, (order.end - order.start).days) == (3, 2)


async def test_a_mobile_key_asks_for_no_card_and_its_address_is_nowhere(bench: Bench) -> None:
    async with bench.asking("lock", "mobile", "9", "101", "guest@hotel.example"):
        bench.order.dispatch(1)
        bench.order.finish()
    assert bench.order.order.contact == "guest@hotel.example"
    assert bench.lines == ["Asks Phones for key 1 of 1 for room 101."]
    assert bench.result == Result(End.DONE, "1 mobile key was made for room 101.")
    seen = repr((bench.rows.acts, bench.told, bench.result, bench.order.order, bench.order.record))
    assert "guest@" not in seen
    assert bench.rows.last.words == "lock mobile 9 101 (hidden)"


async def test_no_card_is_cut_where_a_mobile_key_was_meant(bench: Bench) -> None:
    result = await bench.ask("lock", "mobile", "1", "101")
    assert (result.end, bench.hotel.order) == (End.FAILED, None)
    assert result.text.endswith("sends nothing to telephones: write lock mobile with encoder:9.")
    bench.hotel.lanes = (LEFT,)
    assert "has no encoder that is mobile" in (await bench.ask("lock", "mobile", "1", "101")).text


@pytest.mark.parametrize(
    ("has_agent", "server", "tids", "text"),
    [
        (False, LEFT.driver, ("4711",), "1 key was cut for room 101. Key number 4711."),
        (False, LEFT.driver, ("4711", "4712"), "1 key was cut for room 101. Key numbers 4711, 4712."),
        (False, LEFT.driver, (), "1 key was cut for room 101."),
        (False, "lock-server:that-cancels-none", ("4711",), "1 key was cut for room 101."),
        (True, LEFT.driver, ("4711",), "1 key was cut for room 101."),
    ],
)
async def test_the_numbers_of_keys_are_told_where_no_agent_keeps_them(
    bench: Bench, has_agent: bool, server: str, tids: tuple[str, ...], text: str
) -> None:
    bench.hotel.has_agent = has_agent
    async with bench.asking("lock", "key", "1", "101"):
        id = bench.order.order.id
        keys = [IssuedKey(f"{id}/{copy}", server, '["101"]', tid) for copy, tid in enumerate(tids, 1)]
        bench.hotel.keys = [*keys, key(12)]
        bench.order.dispatch(1)
        bench.order.finish()
    assert bench.result == Result(End.DONE, text)


# -- cards --------------------------------------------------------------------------------------------------------


async def test_a_card_is_read(bench: Bench, locks: FakeLocks) -> None:
    result = await bench.ask("lock", "read", "1")
    assert result == Result(End.DONE, "The card at Front desk left opens 101, 3 until 28 November.")
    assert table(bench).rows == (("101", "3", "26 November", "28 November", "4711", "9001"),)
    assert Line("Present the card at Front desk left.") in bench.told
    locks.card = CardRead((), (), "")
    assert (await bench.ask("lock", "read", "1")).text == "It opens no door."
    locks.card = FAILED
    assert await bench.ask("lock", "read", "1") == Result(End.FAILED, FAILED.note)


async def test_no_card_is_read_where_one_is_being_made_or_none_can_be(bench: Bench, locks: FakeLocks) -> None:
    bench.hotel.is_busy = True
    assert "is making a key just now" in (await bench.ask("lock", "read", "1")).text
    bench.hotel.is_busy = False
    assert "cannot read cards" in (await bench.ask("lock", "read", "9")).text
    bench.hotel.lock_systems = (lock_system("1"),)
    assert "cannot read cards" in (await bench.ask("lock", "read", "1")).text
    assert locks.asked == []


async def test_a_reading_that_is_broken_off_has_changed_nothing(bench: Bench, locks: FakeLocks) -> None:
    locks.is_slow = True
    async with bench.asking("lock", "read", "1"):
        bench.doing.break_off()
    assert bench.result == Result(End.FAILED, "The card was not read; nothing was changed.")


@pytest.mark.parametrize(
    ("room", "end"), [("101", End.DONE), ("101, 3", End.DONE), ("10", End.FAILED), ("102", End.FAILED)]
)
async def test_an_order_in_doubt_is_settled_by_its_card(bench: Bench, room: str, end: End) -> None:
    lost = Record("order-7", "Cutter", "key", LEFT.id, room, 1).claim(1).dispatch(1).end(UNKNOWN, 2)  # type: ignore[arg-type]
    bench.hotel.records = {lost.id: lost}
    result = await bench.ask("lock", "settle", "order-7")
    assert (result.end, "28 November" in result.text) == (end, True)
    assert ("seen order-7" in result.text) == (end is End.DONE)


MANY = ", ".join(str(room) for room in range(101, 121))[:79] + "…"


@pytest.mark.parametrize(
    ("room", "rooms", "areas", "end"),
    [
        ("101, 102", ("102", "101"), (), End.DONE),
        ("101, 3, 5", ("101",), ("5", "3"), End.DONE),
        ("101, 3", ("101",), (), End.PERHAPS),  # not every lock system tells a card's areas
        ("101, 102", ("101",), (), End.PERHAPS),
        (MANY, tuple(str(room) for room in range(101, 121)), (), End.PERHAPS),
        (MANY, ("120",), (), End.PERHAPS),  # the row of the order has no place for its last rooms
        (MANY, (), (), End.FAILED),
    ],
)
async def test_a_card_is_called_another_key_only_where_it_opens_none_of_the_doors(
    bench: Bench, locks: FakeLocks, room: str, rooms: tuple[str, ...], areas: tuple[str, ...], end: End
) -> None:
    bench.hotel.records = {"order-7": Record("order-7", "Cutter", "key", LEFT.id, room, 1)}  # type: ignore[arg-type]
    locks.card = CardRead(rooms, areas, "")
    result = await bench.ask("lock", "settle", "order-7")
    assert (result.end, "it is not that key" in result.text) == (end, end is End.FAILED)


async def test_a_card_that_opens_nothing_is_no_orders_key(bench: Bench, locks: FakeLocks) -> None:
    bench.hotel.records = {"order-7": Record("order-7", "Cutter", "key", LEFT.id, "101", 1)}  # type: ignore[arg-type]
    locks.card = CardRead((), (), "")
    assert "opens no door" in (await bench.ask("lock", "settle", "order-7")).text


async def test_an_order_that_no_one_knows_cannot_be_settled(bench: Bench) -> None:
    bench.hotel.records = {"order-8": Record("order-8", "Cutter", "key", "", "101", 1)}  # type: ignore[arg-type]
    for id in ("order-7", "order-8"):
        assert "does not know the order" in (await bench.ask("lock", "settle", id)).text


# -- doubts -------------------------------------------------------------------------------------------------------

ACTING: list[tuple[list[str], Task]] = [
    (["lock", "key", "1", "101"], Task.KEY),
    (["lock", "precheckin", "1", "101"], Task.PRECHECKIN),
    (["lock", "mobile", "9", "101"], Task.MOBILE),
    (["lock", "cancel", "101", "77"], Task.CANCEL),
    (["lock", "room-in", "101"], Task.ROOM_IN),
    (["lock", "room-out", "101"], Task.ROOM_OUT),
    (["lock", "read", "1"], Task.READ),
    (["lock", "settle", "order-7"], Task.READ),
]


@pytest.mark.parametrize(("words", "task"), ACTING)
async def test_what_is_not_confirmed_is_asked_first_and_begun_only_by_who_is_sure(
    bench: Bench, locks: FakeLocks, words: list[str], task: Task, autojump_clock: object
) -> None:
    bench.hotel.records = {"order-7": Record("order-7", "Cutter", "key", LEFT.id, "101", 1)}  # type: ignore[arg-type]
    locks.unsure = {task: "guest_key: path"}
    result = await bench.ask(*words)
    assert (result.end, "(guest_key: path)" in result.text) == (End.UNSURE, True)
    assert (locks.asked, bench.hotel.order) == ([], None)
    with trio.move_on_after(0.01):
        await bench.ask(*words, "--sure")
    assert locks.asked or bench.hotel.order is not None


@pytest.mark.parametrize(
    ("more", "doubts"),
    [
        ([], "path"),
        (["3,5"], "path, areas"),
        (["--copies", "2"], "path, copies"),
        (["3", "--copies=2"], "path, areas, copies"),
    ],
)
async def test_the_doubts_are_those_of_the_key_that_is_wanted(
    bench: Bench, locks: FakeLocks, more: list[str], doubts: str
) -> None:
    locks.unsure = {Task.KEY: "path"}
    assert f"({doubts})" in (await bench.ask("lock", "key", "1", "101", *more)).text


async def test_what_was_not_begun_for_doubts_leaves_nothing(bench: Bench, locks: FakeLocks) -> None:
    locks.unsure = {Task.READ: "read_card: path"}
    asked = bench.desk.read(["lock", "read", "1"])
    bench.doing.break_off()
    told: list[Any] = []
    result = await bench.desk.carry_out(asked, BY, bench.doing, told.append)
    assert result == Result(End.FAILED, "Nothing was asked.")


async def test_a_lane_that_a_new_file_took_away_is_said(bench: Bench) -> None:
    asked = bench.desk.read(["lock", "read", "1"])
    bench.hotel.lanes = ()
    result = await bench.desk.carry_out(asked, BY, bench.doing, lambda _: None)
    assert result.text == "encoder:1 is not in the provisioning file any more."


async def test_only_the_lock_systems_are_tested(bench: Bench) -> None:
    result = await bench.ask("lock", "test")
    assert result.end is End.DONE
    assert bench.lines == ["It is well.", "It is well.", "Only a key shows that."]
