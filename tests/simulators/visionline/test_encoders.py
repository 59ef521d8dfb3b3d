"""The simulated encoders in virtual time: one card at a time each, waiting for a card, and clients that leave."""

from collections.abc import Sequence

import httpx
import pytest
import trio
from trio.abc import Clock

from agent.foundation.errors import UserMistake
from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.simulators.conftest import NOON
from tests.simulators.visionline.callers import Caller


async def together(
    visionline: VisionlineSimulator, caller: Caller, encoders: Sequence[str]
) -> list[tuple[str, float]]:
    """When each of the cards was written that were asked for together, in seconds from now."""
    await caller.log_in()
    began = trio.current_time()
    async with trio.open_nursery() as nursery:
        for encoder in encoders:
            nursery.start_soon(caller.encode, encoder)
    return [(card.order.encoder, round(card.at - began, 3)) for card in visionline.cards]


@pytest.fixture
async def asked(visionline: VisionlineSimulator, caller: Caller, nursery: trio.Nursery) -> list[httpx.Response]:
    """The answer to a card that was asked for at encoder 1, which waits for it until it is presented."""
    visionline.switch(card_seconds=None)
    answers: list[httpx.Response] = []
    nursery.start_soon(keep, caller, "1", answers)
    await visionline.wait_asking("1")
    return answers


async def keep(caller: Caller, encoder: str, answers: list[httpx.Response]) -> None:
    answers.append(await caller.encode(encoder))


async def test_cards_at_one_encoder_queue_and_encoders_work_side_by_side(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    done = await together(visionline, caller, "1121")
    assert sorted(done) == [("1", 2), ("1", 4), ("1", 6), ("2", 2)]
    assert visionline.encoders.most_parallel == {"1": 3, "2": 1}


async def test_cards_are_told_in_the_order_of_time(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    await together(visionline, caller, "1121")
    times = [card.at for card in visionline.cards]
    assert times == sorted(times)
    assert [card.number for card in visionline.cards] == [1, 2, 3, 4]


async def test_cards_are_in_the_order_of_time_also_when_no_one_looked_meanwhile(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    await caller.log_in()
    for encoder, seconds in (("1", 15), ("2", 5), ("3", 10)):
        visionline.switch(card_seconds=seconds)
        with trio.move_on_after(1):
            await caller.encode(encoder)
    await trio.sleep(60)
    assert [card.order.encoder for card in visionline.cards] == ["2", "3", "1"]
    assert [(card.created - NOON).total_seconds() for card in visionline.cards] == [6, 12, 15]


async def test_a_busy_encoder_may_refuse_instead(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    visionline.switch(busy_encoder="refuse")
    assert sorted(await together(visionline, caller, "112")) == [("1", 2), ("2", 2)]
    assert (await caller.encode("1")).status_code == 201


async def test_an_encoder_that_does_not_exist_is_refused_once_encoders_are_named(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    visionline.switch(encoders=["1", "2"])
    assert [(await caller.encode(encoder)).status_code for encoder in "123"] == [201, 201, 404]


async def test_a_card_is_not_written_before_it_is_there(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(caller.encode)
        await trio.sleep(1.999)
        assert visionline.cards == ()
        await trio.sleep(0.001)
        assert len(visionline.cards) == 1


@pytest.mark.parametrize("encoder", [None, "1"])
async def test_an_encoder_waits_until_a_card_is_presented(
    visionline: VisionlineSimulator, asked: list[httpx.Response], autojump_clock: Clock, encoder: str | None
) -> None:
    await trio.sleep(19)
    assert (visionline.cards, asked) == ((), [])
    visionline.present(encoder)
    assert len(visionline.cards) == 1
    await trio.testing.wait_all_tasks_blocked()
    assert [answer.status_code for answer in asked] == [201]


@pytest.mark.parametrize(("patience", "seconds"), [(20, 20), (60, 60)])
async def test_an_encoder_waits_for_a_card_only_so_long(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock, patience: float, seconds: float
) -> None:
    visionline.switch(card_seconds=None, card_wait_seconds=patience)
    began = trio.current_time()
    assert (await caller.encode()).status_code == 408
    assert (trio.current_time() - began, visionline.cards) == (seconds, ())


async def test_a_card_that_comes_too_late_is_not_written(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    visionline.switch(card_seconds=21)
    assert ((await caller.encode()).status_code, visionline.cards) == (408, ())


async def test_a_card_presented_early_brings_all_later_turns_forward(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    visionline.switch(card_seconds=10)
    await caller.log_in()
    began = trio.current_time()
    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(caller.encode)
        await visionline.wait_asking("1")
        await trio.sleep(3)
        visionline.present("1")
    assert [card.at - began for card in visionline.cards] == [3, 13, 23]
    assert [card.began - began for card in visionline.cards] == [0, 3, 13]


async def test_each_presented_card_ends_one_turn(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    visionline.switch(card_seconds=None)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(caller.encode)
        nursery.start_soon(caller.encode)
        for _ in range(2):
            await visionline.wait_asking("1")
            visionline.present("1")
        with pytest.raises(UserMistake, match="encoder '1' does not wait for a card"):
            visionline.present("1")
    assert len(visionline.cards) == 2


async def test_it_has_to_be_said_which_encoder_where_several_wait(
    visionline: VisionlineSimulator, asked: list[httpx.Response], caller: Caller, nursery: trio.Nursery
) -> None:
    nursery.start_soon(keep, caller, "2", asked)
    await visionline.wait_asking("2")
    with pytest.raises(UserMistake, match="say which encoder: 1, 2"):
        visionline.present()
    visionline.present("2")
    visionline.present()
    with pytest.raises(UserMistake, match="no encoder waits for a card"):
        visionline.present()
    await visionline.wait_cards(2)


async def test_a_card_written_before_can_be_presented_and_is_overwritten_when_asked_for(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    await caller.encode()
    visionline.switch(card_seconds=None)
    statuses = []
    for flags in ("autoJoin=true", "autoJoin=true&overwriteValidCard=true"):
        async with trio.open_nursery() as nursery:

            async def ask(flags: str = flags) -> None:
                statuses.append((await caller.encode(flags=flags)).status_code)

            nursery.start_soon(ask)
            await visionline.wait_asking("1")
            visionline.present("1", over=1)
    assert (statuses, visionline.good_for("101")) == ([409, 201], (2,))
    assert visionline.state_of(visionline.cards[0])["overwritten"] is True


async def test_a_card_that_was_locked_out_is_blank_enough(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    await caller.encode()
    await caller.encode()
    visionline.switch(card_seconds=None)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(caller.encode)
        await visionline.wait_asking("1")
        visionline.present("1", over=1)
    assert visionline.good_for("101") == (3,)


async def test_a_card_that_was_never_written_cannot_be_presented(
    visionline: VisionlineSimulator, asked: list[httpx.Response]
) -> None:
    with pytest.raises(UserMistake, match="there is no card 7"):
        visionline.present("1", over=7)


async def test_a_card_is_written_although_the_client_left(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    await caller.log_in()
    with trio.move_on_after(1):
        await caller.encode()
    await visionline.wait_cards(1)
    assert len(visionline.cards) == 1


async def test_a_card_that_is_presented_after_the_client_left_is_written(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    await caller.log_in()
    visionline.switch(card_seconds=None)
    with trio.move_on_after(5):
        await caller.encode()
    visionline.present("1")
    assert len(visionline.cards) == 1


async def test_a_log_out_stops_no_card(
    visionline: VisionlineSimulator, asked: list[httpx.Response], caller: Caller
) -> None:
    await caller.call("DELETE", f"/api/v1/sessions/{caller.id}")
    visionline.present("1")
    await visionline.wait_cards(1)


async def test_an_encoder_is_free_again_when_its_turn_is_over(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock
) -> None:
    await caller.encode()
    assert not visionline.encoders.is_busy("1")
    await trio.sleep(100)
    began = trio.current_time()
    await caller.encode()
    assert trio.current_time() - began == 2
