"""A second connector with the same token: recognised, named, not fought, and forgotten when it is gone."""

from pathlib import Path

import pytest
import trio

from agent.commands.model import Listed, Standing
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE, SIGN_IN, UPDATE
from tests.faults.desk import assert_next_key_works, cards, ended, holds
from tests.whole_hotel import Hotel


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path)
    hotel.provision()
    return hotel


@pytest.mark.parametrize("seconds", [3, 5, 50])
async def test_a_rival_is_named_and_not_fought(hotel: Hotel, autojump_clock: object, seconds: float) -> None:
    hotel.mews.switch(rival_seconds=seconds)
    async with hotel.agent():
        await trio.sleep(2 * 3600)
        assert holds(hotel, "E-MEWS-RIVAL")
    ours = hotel.mews.sessions.generation - hotel.mews.sessions.rival_sign_ins
    assert 5 <= ours <= 14
    assert hotel.mews.sessions.rival_sign_ins <= 14


async def test_two_of_our_boxes_do_not_throw_each_other_out_in_a_loop(
    hotel: Hotel, tmp_path: Path, autojump_clock: object
) -> None:
    (tmp_path / "other").mkdir()
    other = Hotel(tmp_path / "other")
    other.mews_line, other.bridge_line = hotel.mews_line, hotel.bridge_line
    for box in (hotel, other):
        box.provision(poll_seconds=5.0)
    async with hotel.agent(), other.agent():
        for number in range(12):
            await trio.sleep(600)
            hotel.mews.add_key("1", [f"1{number:02}"])
        await trio.sleep(600)
        assert holds(hotel, "E-MEWS-RIVAL") or holds(other, "E-MEWS-RIVAL")
    assert hotel.mews.sessions.generation <= 40
    assert [cards(hotel, f"1{number:02}") for number in range(12)] == [1] * 12


async def test_one_sign_in_of_somebody_else_costs_no_key(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        await trio.sleep(100)
        hotel.mews.sessions.rival_signs_in()
        await assert_next_key_works(hotel)
        assert not holds(hotel, "E-MEWS-RIVAL")


async def test_when_the_rival_goes_keys_are_cut_and_the_fault_ends(hotel: Hotel, autojump_clock: object) -> None:
    hotel.mews.switch(rival_seconds=3)
    async with hotel.agent():
        await trio.sleep(600)
        hotel.mews.switch(rival_seconds=None)
        with trio.fail_after(1000):
            await hotel.mews.wait_calls("app/signIn", hotel.mews.calls["app/signIn"] + 1)
        await assert_next_key_works(hotel)
        await trio.sleep(65)
        assert not holds(hotel, "E-MEWS-RIVAL")


async def test_no_key_is_cut_twice_while_two_connectors_fight_for_the_session(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(rival_seconds=1.5)
    async with hotel.agent():
        ids = [hotel.mews.add_key(str(number % 3 + 1), [f"1{number:02}"]) for number in range(12)]
        ends = [await ended(hotel, id, within=2000) for id in ids]
    for number, command in enumerate(ends):
        assert cards(hotel, f"1{number:02}") == (command.state is State.PROCESSED)


@pytest.mark.parametrize("signs_in", [True, False])
async def test_a_refused_token_is_named_asked_about_slowly_and_used_again_when_it_is_good(
    hotel: Hotel, autojump_clock: object, signs_in: bool
) -> None:
    hotel.provision(signs_in=signs_in)
    good = hotel.mews.switches.token
    hotel.mews.switch(token="another-token")
    async with hotel.agent():
        await trio.sleep(3600)
        assert holds(hotel, "E-MEWS-TOKEN")
        assert hotel.mews.calls.total() <= 16
        hotel.mews.switch(token=good)
        with trio.fail_after(330):
            await hotel.mews.wait_calls(GET_ALL_ACTIVE, hotel.mews.calls[GET_ALL_ACTIVE] + 2)
        await assert_next_key_works(hotel)
        assert not holds(hotel, "E-MEWS-TOKEN")


async def test_a_list_from_before_a_refused_claim_does_not_bring_the_command_back(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        await hotel.mews.wait_calls(GET_ALL_ACTIVE, 1)
        await trio.sleep(5)
        hotel.mews.fail("401", UPDATE, calls=1)
        hotel.mews.fail("hang", SIGN_IN, calls=1)
        id = hotel.mews.add_key("1", ["101"])
        asked_at = trio.current_time()
        await hotel.mews.wait_calls(SIGN_IN, 2)
        listed = Listed(id, Standing.NEW, None, "", "", None, None)
        await app.pipeline.take([listed], asked_at)
        assert [order.hold.is_to_be_had for order in app.orders.waiting()] == [False]
        await app.pipeline.take([listed], trio.current_time())
        assert [order.hold.is_to_be_had for order in app.orders.waiting()] == [True]
        hotel.mews.heal()
        command = await ended(hotel, id)
    assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
