"""Broken entries in Mews' list, on either side of a good order: refused or named, and they touch nothing else."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import trio

from agent.commands.model import Listed, Standing
from agent.health.mews_kinds import COMMAND
from agent.simulators.mews.commands import State
from agent.simulators.mews.listing import KEY_CUTTER, Neighbour, key_data
from tests.faults.desk import assert_next_key_works, cards, ended, note
from tests.manner import WITHOUT_PUSH
from tests.whole_hotel import Hotel

pytestmark = pytest.mark.parametrize("manner", WITHOUT_PUSH)

DEEP = b"[" * 2000 + b"]" * 2000


def an_order(room: str) -> bytes:
    """The text of a good order for the second encoder."""
    data = key_data("2", (room,), datetime.now(UTC), datetime.now(UTC) + timedelta(days=1), 1)
    device = {"Id": "d1", "Name": "Key cutter", "Type": KEY_CUTTER}
    order = {"Id": "@ID@", "State": "Pending", "CreatedUtc": "@CREATED@", "Creator": None, "Device": device}
    return json.dumps({**order, "Data": {**data, "Reservation": None}}, separators=(",", ":")).encode()


@pytest.mark.parametrize("neighbour", list(Neighbour))
@pytest.mark.parametrize("is_first", [True, False])
async def test_a_broken_neighbour_on_either_side_does_not_touch_a_good_order(
    hotel: Hotel, autojump_clock: object, neighbour: Neighbour, is_first: bool
) -> None:
    # A neighbour without an id stands before all commands; one with an id in the order in which they came.
    good = None if is_first else hotel.mews.add_key("1", ["101"])
    hotel.mews.add_neighbour(neighbour)
    good = good or hotel.mews.add_key("1", ["101"])
    async with hotel.agent():
        command = await ended(hotel, good)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        await assert_next_key_works(hotel)
    assert len(hotel.bridge.cuts) == 2


WITH_ID = [
    *(Neighbour.BAD_UTF8, Neighbour.DEEP, Neighbour.HUGE, Neighbour.HALF_SURROGATE, Neighbour.BAD_ESCAPE),
    *(Neighbour.RAW_TAB, Neighbour.NOT_A_NUMBER, Neighbour.STRAY_QUOTE, Neighbour.UNCLOSED),
]


@pytest.mark.parametrize("neighbour", WITH_ID)
async def test_a_broken_order_with_an_id_ends_in_error(
    hotel: Hotel, autojump_clock: object, neighbour: Neighbour
) -> None:
    id = hotel.mews.add_neighbour(neighbour)
    assert id is not None
    async with hotel.agent():
        command = await ended(hotel, id)
    assert (command.state, "the order from Mews cannot be read" in note(command)) == (State.ERROR, True)


@pytest.mark.parametrize(
    "name",
    [rb'"Smith \ud83d"', b'"Smith\tSmith"', rb'"\x53mith"', b'"Sm\xeeth"', b'"Smi\0th"', b"NaN", b"01", DEEP],
)
@pytest.mark.parametrize("member", [b"Creator", b"Reservation"])
async def test_a_name_that_cannot_be_read_is_cut_a_key_for_beside_all_others(
    hotel: Hotel, autojump_clock: object, name: bytes, member: bytes
) -> None:
    first = hotel.mews.add_key("1", ["101"])
    damaged = hotel.mews.add_raw(
        an_order("102").replace(b'"%b":null' % member, b'"%b":{"LastName":%b}' % (member, name))
    )
    last = hotel.mews.add_key("2", ["103"])
    assert damaged is not None
    async with hotel.agent():
        for id in (first, damaged, last):
            command = await ended(hotel, id)
            assert (command.state, command.notes) == (State.PROCESSED, None)
    assert sorted(cut.room for cut in hotel.bridge.cuts) == ["101", "102", "103"]


@pytest.mark.parametrize(
    "damage", [b'"KeyCount":01', b'"KeyCount":NaN', b'"KeyCount":1e400', b'"KeyCount":1,"KeyCount":2']
)
async def test_an_order_with_a_bad_number_of_keys_is_the_only_one_that_is_not_cut(
    hotel: Hotel, autojump_clock: object, damage: bytes
) -> None:
    first = hotel.mews.add_key("1", ["101"])
    damaged = hotel.mews.add_raw(an_order("102").replace(b'"KeyCount":1', damage))
    last = hotel.mews.add_key("2", ["103"])
    assert damaged is not None
    async with hotel.agent():
        states = [(await ended(hotel, id)).state for id in (first, damaged, last)]
    assert states == [State.PROCESSED, State.ERROR, State.PROCESSED]
    assert "KeyCount" in note(hotel.mews.command(damaged))
    assert sorted(cut.room for cut in hotel.bridge.cuts) == ["101", "103"]


async def test_several_torn_orders_end_one_after_another_and_the_keys_between_them_are_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    torn, good = [], []
    for number, kind in enumerate([Neighbour.UNCLOSED, Neighbour.STRAY_QUOTE, Neighbour.UNCLOSED]):
        torn.append(hotel.mews.add_neighbour(kind))
        good.append(hotel.mews.add_key("1", [f"10{number}"]))
    async with hotel.agent():
        states = [(await ended(hotel, id)).state for id in (*good, *filter(None, torn))]
    assert states == [*(State.PROCESSED,) * 3, *(State.ERROR,) * 3]
    assert len(hotel.bridge.cuts) == 3


async def test_an_order_that_says_something_twice_is_refused(hotel: Hotel, autojump_clock: object) -> None:
    device = b'"Device":{"Id":"d1","Name":"Key cutter","Type":"VisiOnlineKeyCutter"}'
    id = hotel.mews.add_raw(b'{"Id":"@ID@","CreatedUtc":"@CREATED@",' + device + b"," + device + b',"Data":{}}')
    assert id is not None
    async with hotel.agent():
        command = await ended(hotel, id)
    assert (command.state, "it names Device twice" in note(command)) == (State.ERROR, True)


@pytest.mark.parametrize(
    "raw", [b"null", b"17", b"[[]]", b'{"Id":null}', b'{"Id":7}', b'{"Id":"\\u0007"}', b'{"Id":"1","Id":"2"}']
)
async def test_a_broken_neighbour_after_the_good_order_does_not_touch_it(
    hotel: Hotel, autojump_clock: object, raw: bytes
) -> None:
    good = hotel.mews.add_key("1", ["101"])
    hotel.mews.add_raw(b'{"Id":"@ID@x"},' + raw)
    async with hotel.agent():
        command = await ended(hotel, good)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        assert hotel.app is not None
        assert hotel.app.health.holds(COMMAND, "mews")


async def test_a_list_that_is_not_whole_withdraws_no_order_that_waits(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        ids = [hotel.mews.add_key("1", [f"10{number}"]) for number in range(4)]
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        before = app.orders.counts()["waiting"]
        listing = [Listed("another", Standing.NEW, None, "", "", None, None)]
        await app.pipeline.take(listing, trio.current_time(), is_whole=False)
        assert app.orders.counts()["waiting"] == before > 0
        ends = [await ended(hotel, id) for id in ids]
        assert [command.state for command in ends] == [State.PROCESSED] * 4
