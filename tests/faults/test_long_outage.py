"""48 hours without Mews: memory and journal stay as they are, and the first key is cut soon after the end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import trio

from agent.journal.state_folder import JOURNAL
from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE
from tests.faults.desk import assert_next_key_works, cards, ended, order
from tests.whole_hotel import Hotel

HOURS = 3600.0  # s


def _scripted(kind: str) -> Callable[[Hotel], None]:
    return lambda hotel: hotel.mews.fail(kind)


def _away(absence: Absence) -> Callable[[Hotel], None]:
    return lambda hotel: hotel.mews.presence.leave(absence)


def _silent(hotel: Hotel) -> None:
    hotel.mews_line.is_silent = True


OUTAGES: dict[str, Callable[[Hotel], None]] = {
    **{kind: _scripted(kind) for kind in ("500", "503", "404", "408", "html-200", "brace", "empty", "reset")},
    **{kind: _scripted(kind) for kind in ("hang", "drip", "truncated", "garbage", "redirect", "400", "409")},
    **{f"away-{absence}": _away(absence) for absence in Absence},
    "silent": _silent,
}


def _end(hotel: Hotel) -> None:
    hotel.mews.heal()
    hotel.mews_line.is_silent = False


def _weight(hotel: Hotel) -> tuple[int, int, int]:
    """Tasks of the whole loop, orders in memory, bytes of the journal."""
    assert hotel.app is not None
    tasks = trio.lowlevel.current_statistics().tasks_living
    under_way = sum(hotel.app.orders.counts()[name] for name in ("waiting", "running"))
    return tasks, under_way, sum(path.stat().st_size for path in hotel.state.glob(JOURNAL + "*"))


@pytest.mark.parametrize("outage", OUTAGES)
async def test_after_an_hour_of_any_outage_the_old_key_is_refused_and_a_new_one_cut_within_70_seconds(
    hotel: Hotel, autojump_clock: object, outage: str
) -> None:
    async with hotel.agent():
        await order(hotel, "100")
        OUTAGES[outage](hotel)
        old = hotel.mews.add_key("1", ["101"])
        await trio.sleep(1 * HOURS)
        _end(hotel)
        new = hotel.mews.add_key("2", ["102"])
        with trio.fail_after(70):
            assert ((await ended(hotel, new)).state, cards(hotel, "102")) == (State.PROCESSED, 1)
            assert ((await ended(hotel, old)).state, cards(hotel)) == (State.ERROR, 0)


async def test_48_hours_of_every_outage_in_turn_leave_no_trace(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        later = hotel.mews.clock.now() + timedelta(days=9)  # a key that ends is forgotten, which is written down
        running = hotel.mews.add_key("1", ["101"], end=later)
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        kinds = list(OUTAGES.values())
        kinds[0](hotel)
        await trio.sleep(2 * HOURS)
        before = _weight(hotel)
        for number in range(23):
            hotel.mews.add_key(str(number % 3 + 1), ["103"])
            _end(hotel)
            kinds[number % len(kinds)](hotel)
            await trio.sleep(2 * HOURS)
        tasks, under_way, size = _weight(hotel)
        assert (tasks <= before[0] + 4, under_way, size) == (True, before[1], before[2])
        _end(hotel)
        with trio.fail_after(70):
            assert (await ended(hotel, running)).state is State.PROCESSED
            await assert_next_key_works(hotel)
        with trio.fail_after(70):
            await hotel.mews.wait_all_final()
        assert (cards(hotel), cards(hotel, "103")) == (1, 0)
        assert all(
            command.state is not State.PROCESSED for command in hotel.mews.commands if "103" in str(command.data)
        )


async def test_an_outage_costs_at_most_two_calls_a_minute(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        await order(hotel, "100")
        hotel.mews.fail("500", GET_ALL_ACTIVE)
        await trio.sleep(600)
        calls = hotel.mews.calls.total()
        await trio.sleep(1 * HOURS)
    assert hotel.mews.calls.total() - calls <= 60 * 2.3
