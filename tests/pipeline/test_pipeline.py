"""The lanes of the whole agent: order in each, none waits for another, one claimed ahead, no act before a row."""

from pathlib import Path
from typing import Any

import pytest
import trio

from agent.commands.lifecycle import State as Step
from agent.journal.work import Commit, Work
from agent.simulators.mews.commands import State
from agent.simulators.mews.switches import Dialect
from tests.faults.desk import cards, ended
from tests.whole_hotel import Hotel, run_at_once


@pytest.fixture
def hotel(tmp_path: Path, dialect: Dialect) -> Hotel:
    hotel = Hotel(tmp_path, dialect=dialect)
    hotel.provision()
    return hotel


async def _wait_all(hotel: Hotel) -> None:
    with trio.fail_after(900):
        await hotel.mews.wait_all_final()


async def test_a_lane_keeps_the_order_in_which_keys_were_ordered(hotel: Hotel, autojump_clock: object) -> None:
    rooms = [str(number) for number in range(101, 113)]
    async with hotel.agent():
        for room in rooms:
            hotel.mews.add_key("2", [room])
        await _wait_all(hotel)
    assert [cut.room for cut in hotel.bridge.cuts] == rooms


async def test_an_encoder_never_gets_two_requests_at_a_time(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        for number in range(30):
            hotel.mews.add_key(str(number % 3 + 1), ["101"], number % 2 + 1)
        await _wait_all(hotel)
    assert set(hotel.bridge.encoders.most_parallel.values()) == {1}
    assert cards(hotel) == 45


async def test_a_hanging_encoder_delays_no_other(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.fail("hang", "guest_key", match={"encoder": "1"}, calls=1)
    async with hotel.agent():
        hanging = hotel.mews.add_key("1", ["101"])
        started = trio.current_time()
        others = [hotel.mews.add_key(str(number % 2 + 2), ["102"]) for number in range(20)]
        for id in others:
            assert (await ended(hotel, id)).state is State.PROCESSED
        assert trio.current_time() - started < 10 * 2.0 + 2
        assert hotel.mews.command(hanging).state is State.PROCESSING
        assert (await ended(hotel, hanging)).state is State.ERROR


async def test_a_lane_claims_at_most_one_command_ahead(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        for _ in range(10):
            hotel.mews.add_key("1", ["101"])
        await _wait_all(hotel)
    steps: dict[str, Step] = {}
    most = 0
    for record in hotel.steps:
        steps[record.id] = record.state
        most = max(most, sum(step in (Step.CLAIMED, Step.DISPATCHED) for step in steps.values()))
    assert most == 2  # the one in the device's hands, begun or about to, and the one ahead


async def test_the_next_key_begins_as_soon_as_the_last_is_cut_in_spite_of_a_slow_mews(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.mews.switch(latency_seconds=0.9)  # today's dialect has two messages for a claim
    async with hotel.agent():
        for _ in range(6):
            hotel.mews.add_key("1", ["101"])
        await _wait_all(hotel)
    gaps = [
        later.began - earlier.at for earlier, later in zip(hotel.bridge.cuts, hotel.bridge.cuts[1:], strict=False)
    ]
    assert max(gaps) < 0.01


async def test_nothing_is_claimed_before_its_row_is_on_disk(hotel: Hotel, autojump_clock: object) -> None:
    disk = _SlowDisk(Step.CLAIMED)
    hotel.run_sync = disk
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        await trio.sleep(60)
        assert State.PROCESSING not in hotel.mews.command(id).states
        disk.go_on.set()
        assert (await ended(hotel, id)).state is State.PROCESSED


async def test_no_card_is_asked_for_before_its_row_is_on_disk(hotel: Hotel, autojump_clock: object) -> None:
    disk = _SlowDisk(Step.DISPATCHED)
    hotel.run_sync = disk
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        await trio.sleep(60)
        assert (hotel.mews.command(id).state, hotel.bridge.calls["guest_key"]) == (State.PROCESSING, 0)
        disk.go_on.set()
        assert (await ended(hotel, id)).state is State.PROCESSED


class _SlowDisk:
    """A disk on which commits of one state take until it may go on."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self.go_on = trio.Event()

    async def __call__(self, work: Work) -> Any:
        if isinstance(work, Commit) and any(record.state is self._step for record in work.records):
            await self.go_on.wait()
        return await run_at_once(work)
