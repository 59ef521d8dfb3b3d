"""What brings about and ends the faults of the box, of its file, of rooms, and of what is done beside commands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import trio

from agent.demo.hotel_files import profile
from agent.handover import notices
from agent.health import box_kinds, file_kinds, lock_kinds, mews_kinds, room_kinds
from agent.health.kind import FaultKind
from agent.hotel.machine_faults import HOT
from agent.journal.state_folder import JOURNAL
from agent.simulators.mews.commands import STAFF, State
from agent.simulators.mews.operations import ADD_KEY_CUTTER, GET_ALL_BY_IDS, RESERVATIONS_TODAY, UPDATE
from agent.simulators.mews.switches import Dialect
from board.base import Network, NetworkState, Storage
from board.conditions import Conditions
from board.wear import WORN_STEPS, Card, Wear
from tests.fault_rows import SOON, Act, Row, failing, file_with, heal, heal_and_cut, key
from tests.faults.desk import ended
from tests.faults.test_disk import DISKS, BadDisk
from tests.hotel.guests import IN_STEP, SITE_PROFILE, add_rooms, arrive, book, house, leave, move, owe, set_clocks
from tests.hotel.test_drill import FILE as DRILL
from tests.hotel.test_drill import FOR_TESTS, MORNING
from tests.print_hotel import PrintHotel

GB = 1_000_000_000
READY = Network(NetworkState.READY, "eth0", ("10.4.5.20",))
ADD_CARD = "resourceAccessTokens/add"
CONFIGURATION = "configuration/get"
CARD_NUMBERS = {"mews": "card_numbers = true"}
MANY = 1200  # orders; more than the box takes at once
BALANCE = '[limits]\nmax_open_balance = "10 EUR"\n'
ROOMS = {"profile": f'profile = "{SITE_PROFILE}"\ncancel_keys_on_checkout = true'}
MINUTE = "who is in house is asked every minute; no guest waits for the room management"
NEW_ROOM = "A9"
AREA, ROOM = '"102" = { area = "3" }', '"102" = { room = "102" }'
QUARTER = f"{MINUTE}, and what it refuses is told again after a quarter of an hour"
AUDITED = "what a person asks for at the desk; by itself the box compares the lists every six hours"


def noted(kind: FaultKind) -> Row:
    """What a program of the box says, in a notice."""

    async def cause(hotel: PrintHotel) -> None:
        notices.put("fact", kind.code, "This is what happened.", folder=hotel.notices)

    async def end(hotel: PrintHotel) -> None:
        notices.drop("fact", hotel.notices)

    return Row(kind=kind, cause=cause, end=end)


def board_with(**facts: object) -> Act:
    """The machine is so from now on."""

    async def cause(hotel: PrintHotel) -> None:
        for name, value in facts.items():
            setattr(hotel.board, name, value)

    return cause


async def turn_clock_off(hotel: PrintHotel) -> None:
    """The box's own clock is an hour ahead."""
    hotel.wall.shift(3600.0)


async def turn_clock_back(hotel: PrintHotel) -> None:
    """It is right again."""
    hotel.wall.shift(-3600.0)


def bad_disk(hotel: PrintHotel) -> None:
    """A disk that will refuse outcomes."""
    hotel.run_sync = BadDisk(DISKS[0])
    hotel.run_sync.is_bad = False


async def spoil_disk(hotel: PrintHotel) -> None:
    """It does, and a key shows it."""
    disk: Any = hotel.run_sync
    disk.is_bad = True
    await key(hotel)


async def mend_disk(hotel: PrintHotel) -> None:
    """It takes them again, and a key shows it."""
    disk: Any = hotel.run_sync
    disk.is_bad = False
    await key(hotel, "102")


async def spoil_journal(hotel: PrintHotel) -> None:
    """What is in the place of the journal is none."""
    hotel.state.mkdir(exist_ok=True)
    (hotel.state / JOURNAL).write_bytes(b"\xff" * 4096)


async def spoil_file(hotel: PrintHotel) -> None:
    """A file with a mistake is put in the place of the good one, before the start."""
    hotel.config.write_text("nonsense")


async def lose_file(hotel: PrintHotel) -> None:
    """There is none."""
    hotel.config.unlink()


async def write_file(hotel: PrintHotel) -> None:
    """A good file is put in place and read."""
    hotel.provision(poll_seconds=2.0, more="")
    assert hotel.app is not None
    assert await hotel.app.reload_and_tell() == ""


async def refuse_file(hotel: PrintHotel) -> None:
    """A bad file is put in place of a good one that goes on, and read."""
    hotel.config.write_text("nonsense")
    assert hotel.app is not None
    assert await hotel.app.reload_and_tell() != ""


async def crowd(hotel: PrintHotel) -> None:
    """Far more orders than the box takes at once."""
    hotel.bridge.switch(card_seconds=600.0)
    for number in range(MANY):
        hotel.mews.add_key("1", [f"r{number}"])


async def disperse(hotel: PrintHotel) -> None:
    """Staff cancel them."""
    for command in hotel.mews.commands:
        if not command.is_final:
            hotel.mews.cancel(command.id)


async def refuse_result(hotel: PrintHotel) -> None:
    """No card is laid on, and Mews does not take that, for good."""
    hotel.mews.fail("403", UPDATE, match={"State": "Error"})
    hotel.bridge.fail("no-card", "guest_key")
    hotel.mews.add_key("1", ["101"])
    await hotel.mews.wait_calls(UPDATE, hotel.mews.calls[UPDATE] + 2)


async def take_orders(hotel: PrintHotel) -> None:
    """Two orders are taken by something else between the list and the look."""
    hotel.mews.switch(latency_seconds=1.0)
    for room in ("101", "102"):
        looks = hotel.mews.calls[GET_ALL_BY_IDS]
        id = hotel.mews.add_key("1", [room])
        await hotel.mews.wait_calls(GET_ALL_BY_IDS, looks + 1)
        hotel.mews.set_state(id, State.PROCESSING, STAFF)
        await trio.sleep(3.0)


async def order_for_a_firm(hotel: PrintHotel) -> None:
    """A company pays, of which Mews tells no balance."""
    stay = arrive(hotel, firm=True)
    owe(hotel, stay, 5000)
    await ended(hotel, hotel.mews.add_key("1", ["101"], stay=stay))


async def order_for_a_guest(hotel: PrintHotel) -> None:
    """A guest pays."""
    await ended(hotel, hotel.mews.add_key("1", ["102"], stay=arrive(hotel, "102")))


def before_the_drill(hotel: PrintHotel) -> None:
    """Half a minute before its hour."""
    set_clocks(hotel, MORNING - timedelta(seconds=30))
    book(hotel, "101", nights=30, id=FOR_TESTS)


async def spoil_drill(hotel: PrintHotel) -> None:
    """The drill's key is ordered, and refused by the encoder."""
    hotel.bridge.fail("no-card", "guest_key")
    await hotel.mews.wait_calls(ADD_KEY_CUTTER, 1)
    await ended(hotel, [command.id for command in hotel.mews.commands][-1])


async def refuse_card_number(hotel: PrintHotel) -> None:
    """A key's number is not taken."""
    hotel.mews.fail("403", ADD_CARD)
    calls = hotel.mews.calls[ADD_CARD]
    await ended(hotel, hotel.mews.add_key("1", ["101"], stay=arrive(hotel)))
    await hotel.mews.wait_calls(ADD_CARD, calls + 1)


async def take_card_number(hotel: PrintHotel) -> None:
    """The next one's is."""
    await heal(hotel)
    calls = hotel.mews.calls[ADD_CARD]
    await ended(hotel, hotel.mews.add_key("1", ["102"], stay=arrive(hotel, "102")))
    await hotel.mews.wait_calls(ADD_CARD, calls + 1)


def known_operator(hotel: PrintHotel) -> None:
    """The server lets its default operator in."""
    hotel.visionline.switch(more_accounts=("sym:sym",))


def asked_at_the_desk(*words: str, before: Callable[[PrintHotel], None] = lambda hotel: None) -> Act:
    """Somebody at the desk asks for it, after something changed."""

    async def act(hotel: PrintHotel) -> None:
        from tests.faults.test_desk_secrets import AtDesk

        before(hotel)
        await AtDesk(hotel).ask(*words)

    return act


def without_lists(hotel: PrintHotel) -> None:
    """The bridge does not tell its areas."""
    hotel.bridge.fail("404", "config_special_areas")


def healed(hotel: PrintHotel) -> None:
    """It does."""
    hotel.bridge.heal()


def few_doors(hotel: PrintHotel) -> None:
    """The lock system has the doors of Mews' rooms and one more."""
    hotel.bridge.switch(rooms=("101", "102", "103"))


def one_room_more(hotel: PrintHotel) -> None:
    """Mews has a room that the lock system does not have."""
    add_rooms(hotel, "104")


def one_door_more(hotel: PrintHotel) -> None:
    """Now it has."""
    hotel.bridge.switch(rooms=("101", "102", "103", "104"))


def in_step(hotel: PrintHotel) -> None:
    """A site whose room management is kept in step."""
    (hotel.config.parent / SITE_PROFILE).write_text(profile())


def room_sync(kind: FaultKind, cause: Act, end: Act | None, more: str = "", **values: Any) -> Row:
    """A row of room sync; `more` is the file's."""
    bounds: dict[str, Any] = {"says": 70.0, "shows": 70.0, "ends": 70.0, "why": MINUTE} | values
    return Row(
        kind=kind,
        cause=cause,
        end=end,
        before=in_step,
        more=IN_STEP + more,
        values=ROOMS,
        dialect=Dialect.CURRENT,
        **bounds,
    )


async def arrive_in_a_refused_room(hotel: PrintHotel) -> None:
    """A guest comes into a room that the bridge does not know."""
    hotel.bridge.switch(rooms=("102",))
    arrive(hotel, "101")


async def take_all_rooms(hotel: PrintHotel) -> None:
    """It knows all rooms."""
    hotel.bridge.switch(rooms=())


async def arrive_untold(hotel: PrintHotel) -> None:
    """A guest comes, and the bridge fails at check-ins."""
    hotel.bridge.fail("html-500", "room_checkin")
    arrive(hotel, "101")


async def leave_with_a_key(hotel: PrintHotel) -> None:
    """A guest leaves, whose key cannot be cancelled."""
    stay = arrive(hotel, "101")
    await ended(hotel, hotel.mews.add_key("1", ["101"], stay=stay))
    await trio.sleep(70)
    hotel.bridge.fail("500", "guest_key_checkout")
    leave(hotel, stay)


async def arrive_in_an_area(hotel: PrintHotel) -> None:
    """A guest comes into a room that the file takes for an area, which the room management does not have."""
    arrive(hotel, "102")


async def move_into_a_room_that_is_not_listed(hotel: PrintHotel) -> None:
    """A guest in house gets a room that Mews' list of rooms lacks."""
    stay = arrive(hotel, "101")
    await hotel.bridge.wait_calls("room_checkin", 1)
    add_rooms(hotel, NEW_ROOM)
    move(hotel, stay, NEW_ROOM)
    property = house(hotel)
    del property.rooms[property.room(NEW_ROOM).id]


async def list_the_room(hotel: PrintHotel) -> None:
    """It is in the list."""
    add_rooms(hotel, NEW_ROOM)


_NOTED = (
    *(box_kinds.STORAGE, box_kinds.SITE_NETWORK, box_kinds.CRASHED, box_kinds.AGENT, box_kinds.SAFE),
    *(file_kinds.TAKE_REFUSED, file_kinds.TAKE_NAME, file_kinds.TAKE_LEFT, file_kinds.TAKE_TRIAL),
    *(file_kinds.TAKE_BACK, file_kinds.UPDATE_TRIAL, file_kinds.UPDATE_REVERTED, file_kinds.UPDATE_REFUSED),
)

ROWS: tuple[Row, ...] = (
    *map(noted, _NOTED),
    Row(
        kind=box_kinds.CABLE,
        cause=board_with(wire=Network(NetworkState.NO_CABLE, "eth0")),
        end=board_with(wire=READY),
        shows=7.0,
        why="a switch may take 4 s until it sees a cable",
    ),
    Row(
        kind=box_kinds.ADDRESS,
        cause=board_with(wire=Network(NetworkState.NO_ADDRESS, "eth0")),
        end=board_with(wire=READY),
        shows=23.0,
        why="DHCP tries three times in 20 s",
    ),
    Row(
        kind=box_kinds.CLOCK,
        cause=turn_clock_off,
        end=turn_clock_back,
        says=63.0,
        shows=63.0,
        why="a clock that is wrong is set right within a minute, and keys go by Mews' clock",
    ),
    Row(
        kind=box_kinds.FULL,
        cause=board_with(disk=Storage(8 * GB, GB // 10)),
        end=board_with(disk=Storage(8 * GB, 4 * GB)),
    ),
    Row(
        kind=box_kinds.POWER,
        cause=board_with(state_of_parts=Conditions(is_power_weak=True)),
        end=board_with(state_of_parts=Conditions()),
    ),
    Row(
        kind=box_kinds.HOT,
        cause=board_with(state_of_parts=Conditions(degrees=HOT + 1)),
        end=board_with(state_of_parts=Conditions(degrees=HOT - 20)),
    ),
    Row(
        kind=box_kinds.WEAR,
        cause=board_with(worn=Wear(cards=(Card("MMC", "eMMC", life_steps=WORN_STEPS),))),
        end=board_with(worn=Wear()),
    ),
    Row(kind=box_kinds.JOURNAL_WRITE, cause=spoil_disk, end=mend_disk, before=bad_disk),
    Row(
        kind=box_kinds.JOURNAL_DAMAGED,
        cause=spoil_journal,
        end=None,
        at_start=True,
        why="support should know of it, so it stays until the next start",
    ),
    Row(kind=file_kinds.FILE_MISSING, cause=lose_file, end=write_file, at_start=True),
    Row(kind=file_kinds.FILE_BAD, cause=spoil_file, end=write_file, at_start=True),
    Row(kind=file_kinds.FILE_REFUSED, cause=refuse_file, end=write_file),
    Row(kind=mews_kinds.CROWD, cause=crowd, end=disperse),
    Row(
        kind=mews_kinds.REPORT,
        cause=refuse_result,
        end=heal_and_cut,
        says=160.0,
        shows=160.0,
        why="a refusal is Mews' last word only after two minutes of asking",
    ),
    Row(
        kind=mews_kinds.OTHER_HAND,
        cause=take_orders,
        end=None,
        dialect=Dialect.CURRENT,
        why="what was seen holds for an hour, for it may go on",
    ),
    Row(kind=mews_kinds.BALANCE, cause=order_for_a_firm, end=order_for_a_guest, more=BALANCE),
    Row(
        kind=mews_kinds.DRILL,
        cause=spoil_drill,
        end=None,
        before=before_the_drill,
        dialect=Dialect.CURRENT,
        more=DRILL,
        why="it holds until the next drill goes well, a day later",
    ),
    Row(
        kind=mews_kinds.CARD,
        cause=refuse_card_number,
        end=take_card_number,
        dialect=Dialect.CURRENT,
        values=CARD_NUMBERS,
    ),
    Row(
        kind=mews_kinds.ENTERPRISE,
        cause=failing("mews", "403", CONFIGURATION),
        end=heal,
        at_start=True,
        dialect=Dialect.CURRENT,
        values={"mews": 'enterprise = "3fa85f64-5717-4562-b3fc-2c963f66afa6"'},
    ),
    Row(
        kind=lock_kinds.OPERATOR,
        cause=file_with('username = "night-porter"', 'username = "sym"'),
        end=file_with('username = "sym"', 'username = "night-porter"'),
        before=known_operator,
        is_visionline=True,
    ),
    Row(
        kind=lock_kinds.LISTS,
        cause=asked_at_the_desk("lock", "areas", before=without_lists),
        end=asked_at_the_desk("lock", "areas", before=healed),
    ),
    Row(
        kind=room_kinds.AUDIT_ROOMS,
        cause=asked_at_the_desk("audit", before=one_room_more),
        end=asked_at_the_desk("audit", before=one_door_more),
        before=few_doors,
    ),
    Row(
        kind=room_kinds.AUDIT_DOORS,
        cause=file_with('"POOL" = { room = "103" }', '"POOL" = { room = "999" }'),
        end=file_with('"POOL" = { room = "999" }', '"POOL" = { room = "103" }'),
        before=few_doors,
        more='[doors]\n"POOL" = { room = "103" }\n',
    ),
    Row(
        kind=room_kinds.AUDIT_DEVICES,
        cause=file_with('key_cutters = ["3"]', 'key_cutters = ["77"]'),
        end=file_with('key_cutters = ["77"]', 'key_cutters = ["3"]'),
        before=few_doors,
        dialect=Dialect.CURRENT,
    ),
    room_sync(room_kinds.ROOMS_REFUSED, arrive_in_a_refused_room, take_all_rooms, ends=980.0, why=QUARTER),
    room_sync(
        room_kinds.ROOMS_UNTOLD,
        arrive_untold,
        heal,
        says=140.0,
        shows=140.0,
        ends=320.0,
        why=f"{MINUTE}, and what could not be told is repeated less and less often",
    ),
    room_sync(room_kinds.ROOMS_MEWS, failing("mews", "403", RESERVATIONS_TODAY), heal, says=140.0, shows=140.0),
    room_sync(room_kinds.ROOMS_KEYS, leave_with_a_key, heal, ends=980.0, why=QUARTER),
    room_sync(
        room_kinds.ROOMS_UNMAPPED,
        arrive_in_an_area,
        file_with(AREA, ROOM),
        more=f"[doors]\n{AREA}\n",
        ends=SOON,
    ),
    room_sync(
        room_kinds.ROOMS_HELD,
        move_into_a_room_that_is_not_listed,
        list_the_room,
        ends=320.0,
        why=f"{MINUTE}, and all lists are read every five minutes while they have gaps",
    ),
)
