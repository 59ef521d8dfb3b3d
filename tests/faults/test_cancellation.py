"""Orders that staff cancel, or that go on without this box: cut only if they were ours, and said when many."""

import pytest
import trio

from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE, UPDATE
from tests.faults.desk import assert_next_key_works, cards, ended, holds
from tests.manner import WITHOUT_PUSH
from tests.whole_hotel import Hotel


async def _wait_polls(hotel: Hotel, count: int) -> None:
    with trio.fail_after(60):
        await hotel.mews.wait_calls(GET_ALL_ACTIVE, hotel.mews.calls[GET_ALL_ACTIVE] + count)


async def test_an_order_cancelled_before_its_turn_is_never_cut(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        ids = [hotel.mews.add_key("1", [f"10{number}"]) for number in range(4)]
        await _wait_polls(hotel, 2)
        hotel.mews.cancel(ids[2])
        assert (await ended(hotel, ids[3])).state is State.PROCESSED
        assert [cards(hotel, f"10{number}") for number in range(4)] == [1, 1, 0, 1]
        assert State.PROCESSING not in hotel.mews.command(ids[2]).states


@pytest.mark.parametrize("rule", ["refuse", "ignore", "overwrite"])
async def test_an_order_cancelled_while_the_claim_is_on_its_way_obeys_mews_answer(
    hotel: Hotel, autojump_clock: object, rule: str
) -> None:
    hotel.mews.switch(latency_seconds=0.5, finished_update=rule)
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_calls(UPDATE, 1)
        hotel.mews.cancel(id)
        await assert_next_key_works(hotel)
        # Only a Mews that acknowledges a claim of what is cancelled may have the key cut.
        assert cards(hotel) == (0 if rule == "refuse" else 1)


@pytest.mark.parametrize("manner", WITHOUT_PUSH)  # counted in polls at the file's pace
async def test_a_cancelled_order_leaves_the_page_and_the_memory(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        ids = [hotel.mews.add_key("1", ["101"]) for _ in range(4)]
        await _wait_polls(hotel, 2)
        assert app.orders.counts()["waiting"] == 2
        hotel.mews.cancel(ids[2])
        hotel.mews.cancel(ids[3])
        # One may be asked for at this very moment; Mews refuses it, and the list after that takes it away.
        await _wait_polls(hotel, 4)
        assert app.orders.counts()["waiting"] == 0


@pytest.mark.parametrize("manner", WITHOUT_PUSH)  # counted in polls at the file's pace
async def test_many_orders_that_go_on_without_us_are_said_and_forgotten_again(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=20)
    async with hotel.agent():
        ids = [hotel.mews.add_key("1", ["101"]) for _ in range(5)]
        await _wait_polls(hotel, 2)
        for id in ids[2:4]:
            hotel.mews.set_state(id, State.PROCESSING, "another connector")
        await _wait_polls(hotel, 2)
        assert not holds(hotel, "E-MEWS-SHARED")
        hotel.mews.set_state(ids[4], State.PROCESSING, "another connector")
        await _wait_polls(hotel, 2)
        assert holds(hotel, "E-MEWS-SHARED")
        await trio.sleep(620)
        assert not holds(hotel, "E-MEWS-SHARED")
        assert cards(hotel) == 2
