"""A provisioning file taken again: a good one takes over without losing an order, a bad one changes nothing."""

from pathlib import Path

import pytest
import trio

from agent.health.kind import Level
from agent.simulators.mews.commands import State
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note
from tests.manner import Manner
from tests.whole_hotel import Hotel


@pytest.fixture
def hotel(tmp_path: Path, manner: Manner) -> Hotel:
    return Hotel(tmp_path, dialect=manner.dialect, has_push=manner.has_push)


async def test_a_good_file_takes_over(hotel: Hotel, autojump_clock: object) -> None:
    hotel.provision(encoders=1)
    async with hotel.agent() as app:
        refused = await ended(hotel, hotel.mews.add_key("2", ["101"]))
        assert "“2” is not set up on this box" in note(refused)
        hotel.provision(encoders=2)
        app.reload()
        await assert_next_key_works(hotel, "2")
        assert [lane.id for lane in app.snapshot().hops if lane.id.startswith("encoder:")] == [
            "encoder:1",
            "encoder:2",
        ]


async def test_running_claimed_and_waiting_orders_all_end_well(hotel: Hotel, autojump_clock: object) -> None:
    hotel.provision()
    async with hotel.agent() as app:
        ids = [hotel.mews.add_key("1", [f"10{number}"]) for number in range(5)]
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        await trio.sleep(0.5)
        hotel.provision(poll_seconds=2.0)
        app.reload()
        ends = [await ended(hotel, id) for id in ids]
        assert [command.state for command in ends] == [State.PROCESSED] * 5
        assert [cards(hotel, f"10{number}") for number in range(5)] == [1] * 5
        await assert_next_key_works(hotel)


async def test_a_result_that_mews_has_not_heard_of_is_told_by_the_new_site(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.provision()
    async with hotel.agent() as app:
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        hotel.mews.fail("500", "commands/update")
        await trio.sleep(10)
        app.reload()
        await trio.sleep(10)
        hotel.mews.heal()
        assert ((await ended(hotel, id)).state, cards(hotel)) == (State.PROCESSED, 1)


@pytest.mark.parametrize(
    "text", ["format = 1\n[box]\nname =", "format = 2", "", "format = 1\n[box]\nnmae = 'x'", "\x00"]
)
async def test_a_bad_file_is_refused_and_all_goes_on(hotel: Hotel, autojump_clock: object, text: str) -> None:
    hotel.provision()
    async with hotel.agent() as app:
        await assert_next_key_works(hotel)
        hotel.config.write_text(text)
        app.reload()
        assert (await ended(hotel, hotel.mews.add_key("1", ["101"]))).state is State.PROCESSED
        assert holds(hotel, "E-FILE-REFUSED", "box")
        hotel.provision()
        app.reload()
        assert (await ended(hotel, hotel.mews.add_key("1", ["102"]))).state is State.PROCESSED
        assert not holds(hotel, "E-FILE-REFUSED", "box")


async def test_a_file_that_went_away_changes_nothing(hotel: Hotel, autojump_clock: object) -> None:
    hotel.provision()
    async with hotel.agent() as app:
        await trio.sleep(2)
        hotel.config.unlink()
        app.reload()
        await assert_next_key_works(hotel)
        assert holds(hotel, "E-FILE-REFUSED", "box")


@pytest.mark.parametrize(("text", "code"), [(None, "E-FILE-MISSING"), ("nonsense", "E-FILE-BAD")])
async def test_without_a_usable_file_the_page_says_so_until_a_good_one_is_reloaded(
    hotel: Hotel, autojump_clock: object, text: str | None, code: str
) -> None:
    if text is not None:
        hotel.config.write_text(text)
    async with hotel.agent() as app:
        await trio.sleep(1)
        snapshot = app.snapshot()
        assert (snapshot.summary.level, [fault.code for fault in snapshot.faults]) == (Level.FAULT, [code])
        hotel.provision()
        app.reload()
        await assert_next_key_works(hotel)
        assert not holds(hotel, code, "box")


async def test_a_file_that_names_another_server_is_used_for_the_next_key(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.provision(password="wrong-one")
    async with hotel.agent() as app:
        refused = await ended(hotel, hotel.mews.add_key("1", ["101"]))
        assert "refused the box's log-in" in note(refused)
        assert holds(hotel, "E-LOCK-AUTH", "lock-server:coder-bridge")
        hotel.provision()
        app.reload()
        await assert_next_key_works(hotel)
        assert not holds(hotel, "E-LOCK-AUTH", "lock-server:coder-bridge")
