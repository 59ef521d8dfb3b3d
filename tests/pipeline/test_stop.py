"""SIGTERM: running keys end properly, what was not begun is said or left to Mews, and no one waits for ever."""

from pathlib import Path
from typing import Any

import pytest
import trio

from agent.commands.lifecycle import State as Step
from agent.hotel.app import GRACE_SECONDS
from agent.journal.work import Commit, Work
from agent.pipeline.pipeline import REPORT_SECONDS
from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from agent.simulators.mews.switches import Dialect
from tests.faults.desk import assert_next_key_works, cards, ended, note
from tests.whole_hotel import Hotel, run_at_once


@pytest.fixture
def hotel(tmp_path: Path, dialect: Dialect) -> Hotel:
    hotel = Hotel(tmp_path, dialect=dialect)
    hotel.provision()
    return hotel


async def _wait_asked(hotel: Hotel) -> None:
    with trio.fail_after(30):
        await hotel.bridge.wait_calls("guest_key", 1)
        await trio.sleep(0.5)


async def test_a_running_key_is_finished_and_reported(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        await _wait_asked(hotel)
    assert (hotel.mews.command(id).state, cards(hotel)) == (State.PROCESSED, 1)


async def test_a_key_that_was_claimed_ahead_ends_with_what_to_do(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        ids = [hotel.mews.add_key("1", [room]) for room in ("101", "102")]
        await _wait_asked(hotel)
    ahead = hotel.mews.command(ids[1])
    assert (ahead.state, cards(hotel, "102")) == (State.ERROR, 0)
    assert (
        note(ahead) == "Key not cut: the box was being switched off or set up again. Please order the key again."
    )


async def test_waiting_keys_stay_with_mews_and_are_cut_by_the_next_start(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        ids = [hotel.mews.add_key("1", [room]) for room in ("101", "102", "103")]
        await _wait_asked(hotel)
    assert hotel.mews.command(ids[2]).state in (State.PENDING, State.RECEIVED)
    async with hotel.agent():
        assert ((await ended(hotel, ids[2])).state, cards(hotel, "103")) == (State.PROCESSED, 1)


async def test_a_hanging_key_is_given_its_grace_and_then_called_perhaps_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.fail("hang", "guest_key", calls=1)
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        await _wait_asked(hotel)
        stopped = trio.current_time()
    assert trio.current_time() - stopped <= GRACE_SECONDS + REPORT_SECONDS
    command = hotel.mews.command(id)
    assert (command.state, "may have been cut: the box was switched off" in note(command)) == (State.ERROR, True)


async def test_a_second_stop_gives_a_hanging_key_no_more_time(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.fail("hang", "guest_key", calls=1)
    async with hotel.agent() as app:
        id = hotel.mews.add_key("1", ["101"])
        await _wait_asked(hotel)
        await app.stop()
        stopped = trio.current_time()
    assert trio.current_time() - stopped < 1
    assert "may have been cut" in note(hotel.mews.command(id))


async def test_nothing_new_is_claimed_after_a_stop(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        hotel.mews.add_key("1", ["101"])
        await _wait_asked(hotel)
        await app.stop()
        new = hotel.mews.add_key("2", ["102"])
    assert (hotel.mews.command(new).state, cards(hotel, "102")) == (State.PENDING, 0)


async def test_a_stop_without_mews_ends_in_time_and_the_result_is_told_by_the_next_start(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        await _wait_asked(hotel)
        hotel.mews.presence.leave(Absence.HANG)
        stopped = trio.current_time()
    assert trio.current_time() - stopped < 2 + REPORT_SECONDS
    hotel.mews.presence.come_back()
    async with hotel.agent():
        assert ((await ended(hotel, id)).state, cards(hotel)) == (State.PROCESSED, 1)
        await assert_next_key_works(hotel)


async def test_an_idle_box_stops_at_once(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        await trio.sleep(5)
        stopped = trio.current_time()
    assert trio.current_time() - stopped < 0.1


async def test_no_key_begins_after_the_time_of_a_stop_is_over(hotel: Hotel, autojump_clock: object) -> None:
    slow = GRACE_SECONDS + 10

    async def slow_at_dispatch(work: Work) -> Any:
        if isinstance(work, Commit) and any(record.state is Step.DISPATCHED for record in work.records):
            await trio.sleep(slow)
        return await run_at_once(work)

    hotel.run_sync = slow_at_dispatch
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_state(id, State.PROCESSING)
        await trio.sleep(1)  # by now it is handed over, and the disk is busy with its intent
        began = trio.current_time()
    command = hotel.mews.command(id)
    assert (command.state, hotel.bridge.calls["guest_key"]) == (State.ERROR, 0)
    assert "Key not cut: the box was being switched off" in note(command)
    assert trio.current_time() - began < slow + REPORT_SECONDS + 1
