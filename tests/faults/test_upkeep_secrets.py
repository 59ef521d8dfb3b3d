"""Canaries in all that is looked after beside commands: guests of reservations get into no file, log or page."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import trio

from agent.control.words.told import End
from agent.simulators.mews.store.devices import invented_id
from tests.faults.canaries import all_pages, files
from tests.faults.desk import ended, holds
from tests.faults.test_desk_secrets import AtDesk
from tests.hotel.guests import (
    IN_STEP,
    OWN_DATA,
    PERSON,
    add_rooms,
    arrive,
    book,
    house,
    leave,
    move,
    noted,
    owe,
    provision,
    set_clocks,
)
from tests.whole_hotel import Hotel

FOR_TESTS = "d7111111-0000-4000-8000-000000000001"  # a reservation
LIMIT = '[limits]\nmax_open_balance = "10 EUR"\n'
DRILL = f'[drill]\nat = "05:30"\nreservation = "{FOR_TESTS}"\nkey_cutter = "{invented_id("key-cutter:1")}"\n'
MORNING = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)  # 05:30 in Vienna
LOOK = 360.0  # s; beyond the pace of looks at reservations in either dialect


@pytest.fixture
def hotel(hotel: Hotel, caplog: pytest.LogCaptureFixture) -> Hotel:
    """All that a file can switch on, at lock and Mews servers that repeat what they know."""
    caplog.set_level(logging.DEBUG)
    noted(hotel).switch(echo_secrets=True, rooms=("101", "102"))
    hotel.mews.switch(details=True)
    is_current = hotel.mews.is_current
    provision(
        hotel,
        more=IN_STEP + LIMIT + (DRILL if is_current else ""),
        cancels_keys=True,
        mews="card_numbers = true" if is_current else "",
        poll_seconds=20.0,
    )
    return hotel


async def everything_happens(hotel: Hotel, desk: AtDesk) -> None:
    """Guests come, owe, move and leave; keys, drill, audit and the verbs about Mews; then each goes wrong."""
    stay, firm, far = arrive(hotel), arrive(hotel, "102", firm=True), arrive(hotel, "104")
    assert (await ended(hotel, hotel.mews.add_key("1", ["101"], stay=stay))).is_final
    for owes in (stay, firm):
        owe(hotel, owes, 4711.42)
        assert (await ended(hotel, hotel.mews.add_key("2", ["101"], stay=owes))).is_final
    await trio.sleep(LOOK)
    assert holds(hotel, "E-ROOMS-REFUSED", "lock-server:coder-bridge")
    assert holds(hotel, "E-AUDIT-ROOMS", "box")
    for words in (("test",), ("commands",), ("spaces",), ("reservations",), ("devices",)):
        await desk.ask("mews", *words)
    await desk.ask("mews", "balance", house(hotel).reservations[stay].account)
    await desk.ask("audit")
    if hotel.mews.is_current:
        ordered = await desk.ask("mews", "order", "--cutter", invented_id("key-cutter:1"), "--room", "102")
        assert ordered.end is End.DONE
    hotel.mews.error_body = f'{{"Message":"{" ".join(PERSON.values())} may not be looked at."}}'.encode()
    hotel.mews.fail("400", "reservations/getAll/2023-06-06" if hotel.mews.is_current else "reservations/getAll")
    hotel.bridge.fail("500", "guest_key_checkout")
    move(hotel, far, "102")
    leave(hotel, stay)
    await trio.sleep(LOOK)
    hotel.mews.heal()
    hotel.bridge.heal()
    await trio.sleep(2 * LOOK)


async def test_no_guest_of_a_reservation_is_on_disk_on_a_page_in_the_log_or_at_the_desk(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture
) -> None:
    set_clocks(hotel, MORNING - timedelta(seconds=60))
    book(hotel, "101", nights=30, id=FOR_TESTS)
    add_rooms(hotel, "104")
    async with hotel.agent() as app:
        await trio.sleep(5)
        desk = AtDesk(hotel)
        await everything_happens(hotel, desk)
        everything = await desk.everything() + repr(app.snapshot())
        notes = repr([command.notes for command in hotel.mews.commands])
    async with hotel.agent():
        await trio.sleep(LOOK)
        everything += await all_pages(hotel) + files(hotel)
    everything += files(hotel) + caplog.text + notes
    assert all(words in everything for words in ("Room sync", "has to be looked at in Mews", "104"))
    assert not hotel.mews.is_current or "Keys could be cut at 05:30 on 2026-11-26." in everything
    assert [own for own in (*OWN_DATA, "4711.42") if own in everything.replace("4711.42 EUR are owed", "")] == []


async def test_names_that_a_person_asked_for_are_shown_to_that_person_alone(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture
) -> None:
    async with hotel.agent():
        arrive(hotel)
        await trio.sleep(30)
        desk = AtDesk(hotel)
        assert (await desk.ask("mews", "reservations", "--names")).end is End.DONE
        shown = repr(desk.shown)
        desk.shown.clear()
        everything = await desk.everything() + caplog.text
    assert (PERSON["last_name"] in shown) != hotel.mews.is_current  # today's dialect embeds no guest
    assert [own for own in OWN_DATA if own in everything + files(hotel)] == []
