"""The hotel's rooms, stays, balances, devices and cards over the whole way to a simulated Mews, in both dialects.

The same hotel comes out the same, as far as a dialect tells it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import trio
from msgspec.structs import replace

from agent.foundation.http import Peer
from agent.foundation.timing import MewsClock
from agent.mews.calls import Failed, Portfolio, Post, Refused, Unauthorised
from agent.mews.current.calls import Current
from agent.mews.line import MewsLine
from agent.mews.records import Money, NewCard, OwnerKind, Spaces, Stay, Stays
from agent.mews.v2016.calls import V2016
from agent.simulators.mews import switches
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.store.small_hotel import ELSEWHERE
from agent.simulators.mews.switches import Cursors, Dialect, HotelKind, MewsSwitches
from provisioning.secret import Secret
from tests.in_process import SimulatorTransport

SWITCHES = MewsSwitches(hotel=HotelKind.SMALL, page_size=7)
TOKEN, CLIENT_TOKEN = Secret(SWITCHES.token), Secret(SWITCHES.client_token)
DIALECTS = [Dialect.V2016, Dialect.CURRENT]
OWN = "222b5d8a-0492-4271-9941-cd6d89b81d43"  # the enterprise of the v1 page


def mews_of(dialect: Dialect, **changed: object) -> MewsSimulator:
    return MewsSimulator(replace(SWITCHES, dialect=dialect, **changed))


def way_to(mews: MewsSimulator) -> Post:
    return MewsLine(Peer("http://mews.example", transport=SimulatorTransport(mews)), MewsClock()).post


def old(mews: MewsSimulator) -> V2016:
    return V2016(way_to(mews))


def current(mews: MewsSimulator, enterprise: str = "") -> Current:
    return Current(way_to(mews), CLIENT_TOKEN, "1", enterprise=enterprise, clock=trio.current_time)


def speaking(dialect: Dialect, **changed: object) -> V2016 | Current:
    mews = mews_of(dialect, **changed)
    return old(mews) if dialect is Dialect.V2016 else current(mews)


def today() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(days=4), now + timedelta(days=6)


async def test_the_rooms_are_the_same_in_both_dialects() -> None:
    was, now = [await speaking(dialect).spaces(TOKEN) for dialect in DIALECTS]

    def told(found: Spaces) -> set[tuple[str, str, str, str]]:
        return {(space.id, space.number, space.parent, space.category) for space in found.spaces}

    assert (was.unreadable, now.unreadable) == (0, 0)
    assert told(was) <= told(now)
    kinds = {space.id: space.kind for space in now.spaces}
    assert {space.kind for space in was.spaces} <= {*kinds.values()}
    assert [category.id for category in was.categories] != []
    assert {category.word for category in now.categories} >= {"Room", "Suite", "Dorm", "Bed", "Bike"}


async def test_the_stays_are_the_same_in_both_dialects() -> None:
    was, now = [await speaking(dialect).stays(TOKEN, *today()) for dialect in DIALECTS]

    def told(found: Stays) -> dict[str, tuple[object, ...]]:
        return {stay.id: (stay.number, stay.state, stay.space, stay.owner, stay.group) for stay in found.stays}

    assert (was.unreadable, now.unreadable) == (0, 0)
    assert len(told(was)) > 5
    assert told(was).items() <= told(now).items()
    assert OwnerKind.COMPANY in {stay.owner_kind for stay in now.stays}


async def owing(calls: Current) -> Stay:
    """A stay whose customer owes something."""
    found = await calls.stays(TOKEN, *today())
    for stay in found.stays:
        if stay.owner_kind is OwnerKind.CUSTOMER and (await calls.balance(TOKEN, stay.owner, "EUR")).value > 0:
            return stay
    raise AssertionError("no customer of the small hotel owes anything")


async def test_a_balance_is_the_same_in_both_dialects_and_today_in_any_currency() -> None:
    calls = current(mews_of(Dialect.CURRENT))
    customer = (await owing(calls)).owner
    was = await speaking(Dialect.V2016).balance(TOKEN, customer, "USD")
    now = await calls.balance(TOKEN, customer, was.currency)
    assert (was, was.value > 0) == (now, True)
    assert (await calls.balance(TOKEN, customer, "USD")).currency == "USD"


async def test_the_page_s_own_balance_is_a_hundred_euros() -> None:
    jane = "2a1a4315-7e6f-4131-af21-402cec59b8b9"
    for dialect in DIALECTS:
        found = await speaking(dialect, hotel=HotelKind.EXAMPLE).balance(TOKEN, jane, "EUR")
        assert found == Money(Decimal(100), "EUR")


async def test_a_company_has_no_balance() -> None:
    calls = current(mews_of(Dialect.CURRENT))
    found = await calls.stays(TOKEN, *today())
    company = next(stay.owner for stay in found.stays if stay.owner_kind is OwnerKind.COMPANY)
    with pytest.raises(Refused):
        await calls.balance(TOKEN, company, "EUR")


async def test_the_hotel_has_its_zone() -> None:
    found = await current(mews_of(Dialect.CURRENT, zone="Europe/Lisbon")).hotel(TOKEN)
    assert (found.zone, found.name, found.is_portfolio, found.currency) == (
        "Europe/Lisbon",
        "Test Hotel",
        False,
        "EUR",
    )
    assert found.now is not None
    assert abs(datetime.now(UTC) - found.now) < timedelta(minutes=5)


async def test_a_key_is_ordered_for_a_guest_and_its_card_is_kept_and_ended() -> None:
    mews = mews_of(Dialect.CURRENT)
    calls = current(mews)
    stay = await owing(calls)
    device = next(device for device in (await calls.devices(TOKEN)).devices if device.type == "KeyCutter")
    command = await calls.order_key(TOKEN, device.id, stay.id, 2)
    assert command in [found.id for found in mews.commands.open]
    card = await calls.add_card(TOKEN, NewCard(stay.id, stay.space, "04A1B2C3", stay.start, stay.end))
    assert [(kept.id, kept.number, kept.is_active) for kept in await calls.cards(TOKEN, stay.id)] == [
        (card, "04A1B2C3", True)
    ]
    await calls.end_card(TOKEN, card)
    assert [kept.is_active for kept in await calls.cards(TOKEN, stay.id)] == [False]


async def test_a_stay_that_was_changed_is_found_by_its_id_and_by_its_change() -> None:
    mews = mews_of(Dialect.CURRENT)
    calls = current(mews)
    before = datetime.now(UTC)
    stay = await owing(calls)
    mews.hotel.check_out(mews.hotel.reservation(stay.id), mews.clock.now())
    [found] = (await calls.stays_by_id(TOKEN, [stay.id, "no-such"])).stays
    changed = await calls.changed_stays(TOKEN, before, datetime.now(UTC))
    assert [each for each in changed.stays if each.id == stay.id] == [found]
    assert (found.state, found.updated is not None) == ("processed", True)


async def test_a_portfolio_is_told_and_one_hotel_of_it_is_asked_for_alone() -> None:
    mews = mews_of(Dialect.CURRENT, portfolio=switches.Portfolio.STRICT)
    pinned = current(mews, OWN)
    assert not (await pinned.hotel(TOKEN)).is_portfolio
    assert len((await pinned.spaces(TOKEN)).spaces) > len((await current(mews, ELSEWHERE).spaces(TOKEN)).spaces)
    with pytest.raises(Portfolio):
        await current(mews).spaces(TOKEN)
    all_hotels = current(mews_of(Dialect.CURRENT, portfolio=switches.Portfolio.DOCUMENTED))
    assert (await all_hotels.hotel(TOKEN)).is_portfolio


@pytest.mark.parametrize("cursors", [Cursors.STUCK, Cursors.ENDLESS])
async def test_a_mews_whose_pages_do_not_end_is_no_answer(cursors: Cursors) -> None:
    with pytest.raises(Failed, match="does not end"):
        await current(mews_of(Dialect.CURRENT, cursors=cursors)).stays(TOKEN, *today())


@pytest.mark.parametrize(
    "ask", [lambda calls: calls.spaces(Secret("wrong")), lambda calls: calls.stays(Secret("wrong"), *today())]
)
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_token_that_is_not_good_is_told(dialect: Dialect, ask: Callable[[object], object]) -> None:
    with pytest.raises(Unauthorised):
        await ask(speaking(dialect))  # type: ignore[misc]


async def test_the_paths_of_the_other_dialect_bring_nothing() -> None:
    with pytest.raises(Failed):
        await old(mews_of(Dialect.CURRENT)).spaces(TOKEN)
    with pytest.raises(Failed):
        await current(mews_of(Dialect.V2016)).spaces(TOKEN)
