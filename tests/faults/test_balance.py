"""The rule about open balances over the whole agent: who gets no key, and who never waits for it."""

from pathlib import Path

import pytest
import trio

from agent.control.words.told import End
from agent.mews.balance_rule import SECONDS
from agent.simulators.mews.commands import Command, State
from agent.simulators.mews.operations import BALANCE, GET_ALL_BY_IDS, RESERVATIONS_TODAY
from agent.simulators.mews.switches import Dialect
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note
from tests.faults.test_desk_secrets import AtDesk
from tests.hotel.guests import OWN_DATA, arrive, owe
from tests.whole_hotel import Hotel

CODE = "E-MEWS-BALANCE"
OPEN_ITEMS = "customers/getOpenItems"
RULE = '[limits]\nmax_open_balance = "10 EUR"\n'
POLL, CARD = 1.2, 2.0  # s; the longest wait for a poll, and a card at the encoder
ROUND_TRIPS = 0.5  # s that the rest of the way may take


@pytest.fixture
def hotel(hotel: Hotel) -> Hotel:
    """Who owes more than ten euros gets no key."""
    hotel.provision(more=RULE)
    return hotel


def asks(hotel: Hotel) -> str:
    """The question about money, in the dialect's words."""
    return OPEN_ITEMS if hotel.mews.is_current else BALANCE


def said(hotel: Hotel) -> str:
    """What the page says of the rule."""
    assert hotel.app is not None
    return " ".join(fault.text for fault in hotel.app.health.active() if fault.kind.code == CODE)


async def order(hotel: Hotel, stay: str, key_cutter: str = "1", room: str = "101") -> Command:
    """A key for a reservation, ordered at Mews, as it ended."""
    return await ended(hotel, hotel.mews.add_key(key_cutter, [room], stay=stay))


@pytest.mark.parametrize(
    ("owed", "state"),
    [
        (10.01, State.ERROR),
        (10, State.PROCESSED),
        (0, State.PROCESSED),
        (-250, State.PROCESSED),
        (1e6, State.ERROR),
    ],
)
async def test_who_owes_more_gets_no_key_and_who_owes_less_or_as_much_does(
    hotel: Hotel, autojump_clock: object, owed: float, state: State
) -> None:
    async with hotel.agent():
        stay = arrive(hotel)
        owe(hotel, stay, owed)
        command = await order(hotel, stay)
        assert (command.state, cards(hotel)) == (state, int(state is State.PROCESSED))
        assert not holds(hotel, CODE)
        if state is State.ERROR:
            owe(hotel, stay, 0)
            assert (await order(hotel, stay)).state is State.PROCESSED


async def test_the_note_names_neither_a_sum_nor_a_person(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        stay = arrive(hotel)
        owe(hotel, stay, 47.11)
        command = await order(hotel, stay)
        told = note(command) + repr(list(app.orders.recent()))
    assert note(command).startswith("Key not cut: the reservation has to be looked at in Mews first.")
    assert not [own for own in (*OWN_DATA, "47", "EUR", "owe", "balance") if own in note(command)]
    assert not [own for own in (*OWN_DATA, "47.11") if own in told]


async def test_another_currency_is_converted_by_todays_mews_and_cannot_be_compared_in_2016(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        stay = arrive(hotel)
        owe(hotel, stay, 9, "GBP")  # more than ten euros
        command = await order(hotel, stay)
        if hotel.mews.is_current:
            assert (command.state, said(hotel)) == (State.ERROR, "")
        else:
            assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
            assert said(hotel) == "Of the last order: the balance is in GBP, and the rule in EUR."


async def test_where_a_company_pays_the_key_is_cut_and_the_page_says_so(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        stay = arrive(hotel, firm=True)
        owe(hotel, stay, 5000)
        assert ((await order(hotel, stay)).state, cards(hotel)) == (State.PROCESSED, 1)
        assert said(hotel).startswith("Of the last order: ")
        assert not [own for own in OWN_DATA if own in said(hotel)]
        assert (await order(hotel, arrive(hotel, "102"), room="102")).state is State.PROCESSED
        assert said(hotel) == ""


@pytest.mark.parametrize(
    "kind", ["500", "400", "403", "404", "429", "brace", "empty", "html-200", "drop", "reset"]
)
async def test_an_answer_that_says_nothing_costs_no_key_and_little_time(
    hotel: Hotel, autojump_clock: object, kind: str
) -> None:
    async with hotel.agent():
        stay = arrive(hotel)
        owe(hotel, stay, 5000)
        hotel.mews.fail(kind, asks(hotel))
        began = trio.current_time()
        assert ((await order(hotel, stay)).state, cards(hotel)) == (State.PROCESSED, 1)
        assert trio.current_time() - began <= POLL + SECONDS + CARD + ROUND_TRIPS
        assert said(hotel).startswith("Of the last order: ")


@pytest.mark.parametrize("kind", ["hang", "drip"])
async def test_a_guest_waits_no_longer_than_the_rule_may_take(
    hotel: Hotel, autojump_clock: object, kind: str
) -> None:
    async with hotel.agent():
        stay = arrive(hotel)
        hotel.mews.fail(kind, asks(hotel))
        began = trio.current_time()
        assert (await order(hotel, stay)).state is State.PROCESSED
        assert trio.current_time() - began <= POLL + SECONDS + CARD + ROUND_TRIPS
        assert said(hotel).startswith("Of the last order: ")


async def test_two_slow_answers_are_not_waited_for_longer_than_one(tmp_path: Path, autojump_clock: object) -> None:
    hotel = Hotel(tmp_path, dialect=Dialect.CURRENT)  # which asks whose reservation it is, and then what is owed
    hotel.provision(more=RULE)
    async with hotel.agent():
        stay = arrive(hotel)
        await trio.sleep(2)
        hotel.mews.switch(latency_seconds=2.9)
        id = hotel.mews.add_key("1", ["101"], stay=stay)
        with trio.fail_after(60):
            await hotel.mews.wait_calls(RESERVATIONS_TODAY, 1)
            began, looks = trio.current_time(), hotel.mews.calls[GET_ALL_BY_IDS]
            await hotel.mews.wait_calls(GET_ALL_BY_IDS, looks + 1)  # what comes right before the claim
        assert trio.current_time() - began <= SECONDS + 0.01
        assert said(hotel) == "Of the last order: Mews did not answer within 5 s."
        assert (await ended(hotel, id)).state is State.PROCESSED


async def test_a_reservation_that_todays_mews_does_not_tell_costs_no_key(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        stay = arrive(hotel)
        owe(hotel, stay, 5000)
        if hotel.mews.is_current:
            hotel.mews.fail("hang", RESERVATIONS_TODAY)
        command = await order(hotel, stay if hotel.mews.is_current else "a-stay-that-mews-forgot")
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        assert said(hotel)


async def test_the_neighbours_on_other_lanes_do_not_wait_for_it(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        slow, quick = arrive(hotel), arrive(hotel, "102")
        hotel.mews.fail("hang", asks(hotel), calls=1)
        began = trio.current_time()
        first = hotel.mews.add_key("1", ["101"], stay=slow)
        with trio.fail_after(60):
            await hotel.mews.wait_calls(asks(hotel), 1)
        assert (await order(hotel, quick, "2", "102")).state is State.PROCESSED
        assert trio.current_time() - began <= 2 * POLL + CARD + ROUND_TRIPS
        assert not hotel.mews.command(first).is_final
        assert (await ended(hotel, first)).state is State.PROCESSED


async def test_a_key_of_the_desk_is_never_asked_about(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        owe(hotel, arrive(hotel), 5000)
        await trio.sleep(3)
        calls = hotel.mews.calls[asks(hotel)]
        result = await AtDesk(hotel).ask("lock", "key", "1", "101", "--sure")
        assert (result.end, cards(hotel)) == (End.DONE, 1)
        assert hotel.mews.calls[asks(hotel)] == calls


@pytest.mark.parametrize("owed", [0, 5000])
async def test_a_kill_between_the_row_and_the_answer_cuts_nothing_and_the_next_order_is_asked_anew(
    hotel: Hotel, autojump_clock: object, owed: float
) -> None:
    async with hotel.agent(stops=False):
        stay = arrive(hotel)
        owe(hotel, stay, owed)
        hotel.mews.fail("hang", asks(hotel))
        id = hotel.mews.add_key("1", ["101"], stay=stay)
        with trio.fail_after(60):
            await hotel.mews.wait_calls(asks(hotel), 1)
        await trio.sleep(1)
    hotel.mews.heal()
    async with hotel.agent():
        command = await ended(hotel, id)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "the box restarted before the encoder was asked" in note(command)
        assert ((await order(hotel, stay)).state is State.PROCESSED) == (owed == 0)


async def test_without_the_setting_no_one_is_asked(hotel: Hotel, autojump_clock: object) -> None:
    hotel.provision()
    async with hotel.agent():
        stay = arrive(hotel)
        owe(hotel, stay, 5000)
        assert (await order(hotel, stay)).state is State.PROCESSED
        await assert_next_key_works(hotel)
    assert hotel.mews.calls[asks(hotel)] == 0
