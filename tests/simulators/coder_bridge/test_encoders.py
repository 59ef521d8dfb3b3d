"""The simulated encoders in virtual time: one card at a time each, side by side, and trouble around the cut."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
import trio
from trio.abc import Clock

from agent.foundation.errors import UserMistake
from agent.simulators.base.presence import Absence
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from tests.simulators.conftest import Post

KEY = {"rm": "101", "movein": "05/04/2016", "moveout": "05/06/2016"}

Cut = Callable[[str], Awaitable[httpx.Response]]


@pytest.fixture
async def cut(to_bridge: Post) -> Cut:
    """Asks for a key at an encoder."""

    async def call(encoder: str) -> httpx.Response:
        return await to_bridge("/pms/cikey", **KEY, enco=encoder)

    return call


async def times(bridge: CoderBridgeSimulator, cut: Cut, encoders: str) -> list[tuple[str, float]]:
    """When each of the keys was written that were asked for together, in seconds from now."""
    began = trio.current_time()
    async with trio.open_nursery() as nursery:
        for encoder in encoders:
            nursery.start_soon(cut, encoder)
            await trio.lowlevel.checkpoint()
    return [(done.encoder, round(done.at - began, 3)) for done in bridge.cuts]


async def test_keys_at_one_encoder_queue_and_encoders_work_side_by_side(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    assert await times(bridge, cut, "1121") == [("1", 2), ("2", 2), ("1", 4), ("1", 6)]
    assert bridge.encoders.most_parallel == {"1": 3, "2": 1}


async def test_a_cap_bounds_the_keys_cut_at_a_time(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    bridge.switch(parallel_cap=2)
    assert await times(bridge, cut, "12345") == [("1", 2), ("2", 2), ("3", 4), ("4", 4), ("5", 6)]


async def test_a_busy_encoder_may_refuse_instead(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    bridge.switch(busy_encoder="refuse")
    assert await times(bridge, cut, "112") == [("1", 2), ("2", 2)]


async def test_a_key_is_not_cut_before_its_time(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(cut, "1")
        await trio.sleep(1.999)
        assert bridge.cuts == ()
        await trio.sleep(0.001)
        assert len(bridge.cuts) == 1


async def test_a_key_is_cut_although_the_caller_gave_up(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    with trio.move_on_after(1):
        await cut("1")
    await bridge.wait_cuts(1)
    assert len(bridge.cuts) == 1


async def test_waiting_for_cuts_ends_with_the_last_one(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    began = trio.current_time()
    async with trio.open_nursery() as nursery:
        for encoder in "123":
            nursery.start_soon(cut, encoder)
        await bridge.wait_cuts(3)
        assert trio.current_time() - began == 2


@pytest.mark.parametrize(("when", "cuts"), [("before", 0), ("during", 1), ("after", 1)])
@pytest.mark.parametrize("kind", ["drop", "reset", "html-500", "html-200", "garbage"])
async def test_the_connection_may_be_lost_before_or_after_the_key_was_written(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock, kind: str, when: str, cuts: int
) -> None:
    bridge.fail(kind, "guest_key", when=when, calls=1)
    began = trio.current_time()
    try:
        assert (await cut("1")).headers["content-type"].startswith("text/html")
    except httpx.TransportError:
        assert kind in ("drop", "reset", "garbage")
    assert trio.current_time() - began == (2 if when == "after" else 0)
    await trio.sleep(10)
    assert len(bridge.cuts) == cuts


@pytest.mark.parametrize(("when", "cuts"), [("before", 0), ("after", 1)])
async def test_a_hang_may_come_before_or_after_the_key_was_written(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock, when: str, cuts: int
) -> None:
    bridge.fail("hang", "guest_key", when=when, match={"encoder": "1"})
    with trio.move_on_after(90) as scope:
        await cut("1")
    assert (scope.cancelled_caught, len(bridge.cuts)) == (True, cuts)
    assert (await cut("2")).json()["result"] == 0


@pytest.mark.parametrize(
    ("kind", "result"),
    [
        ("unknown-room", 2),
        ("unknown-encoder", 3),
        ("encoder-busy", 4),
        ("encoder-offline", 5),
        ("unknown-tid", 7),
        ("cancelled-tid", 8),
        ("database-down", 9),
    ],
)
async def test_a_scripted_refusal_meets_its_encoder_only_and_cuts_nothing(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock, kind: str, result: int
) -> None:
    bridge.fail(kind, match={"encoder": "1"})
    assert (await cut("1")).json()["result"] == result
    assert (await cut("2")).json()["result"] == 0
    assert [done.encoder for done in bridge.cuts] == ["2"]


async def test_nobody_presents_a_card_and_the_encoder_waits_twenty_seconds(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    bridge.fail("no-card", calls=1)
    began = trio.current_time()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(cut, "1")
        await trio.sleep(1)
        assert (await cut("1")).json()["result"] == 0
    assert trio.current_time() - began == 22
    assert len(bridge.cuts) == 1


async def test_a_scripted_refusal_can_have_its_own_words_code_and_delay(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    bridge.fail("database-down", message="Datenbank weg", result=-17, seconds=3)
    began = trio.current_time()
    assert (await cut("1")).json() == {"result": -17, "msg": "Datenbank weg"}
    assert trio.current_time() - began == 3


async def test_a_careless_bridge_repeats_token_and_password_in_a_refusal(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    bridge.switch(echo_secrets=True, rooms=("nowhere",))
    answer = await cut("1")
    assert "bridge-password" in answer.json()["msg"]
    assert answer.request.headers["authorization"] in answer.json()["msg"]


async def test_an_encoder_that_does_not_exist_is_refused_once_encoders_are_named(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    bridge.switch(encoders=("1", "2"))
    assert [(await cut(encoder)).json()["result"] for encoder in "123"] == [0, 0, 3]


async def test_healing_ends_refusals_and_absence(
    bridge: CoderBridgeSimulator, cut: Cut, autojump_clock: Clock
) -> None:
    bridge.fail("database-down")
    bridge.presence.leave(Absence.DROP)
    bridge.heal()
    assert (await cut("1")).json()["result"] == 0


async def test_a_script_with_a_wrong_kind_names_the_nearest_of_all_kinds(bridge: CoderBridgeSimulator) -> None:
    with pytest.raises(UserMistake, match="did you mean 'no-card'"):
        bridge.fail("no-crd")


async def test_a_refusal_cannot_be_scripted_for_an_operation_that_does_not_exist(
    bridge: CoderBridgeSimulator,
) -> None:
    with pytest.raises(UserMistake, match="did you mean 'guest_key'"):
        bridge.fail("no-card", "guest_keys")
