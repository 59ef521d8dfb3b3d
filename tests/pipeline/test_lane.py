"""A lane by value: what its next order is, and what changes that."""

import pytest
import trio

from agent.commands.bond import Said, held
from agent.commands.driver import Lane
from agent.commands.model import WaitsFor
from agent.pipeline.lane import LaneQueue
from agent.pipeline.orders import Order
from tests.fake_drivers import FakeDriver
from tests.pipeline.orders_by_value import ScriptedOrigin, order

LANE = Lane("encoder:1", "1", "Desk", "lock-server:fake")


@pytest.fixture
def queue() -> LaneQueue:
    return LaneQueue(LANE, FakeDriver("lock-server:fake", [LANE]), trio.CapacityLimiter(1))


def filled(queue: LaneQueue, *orders: Order) -> LaneQueue:
    for each in orders:
        queue.append(each)
    return queue


async def test_orders_come_out_as_they_went_in(queue: LaneQueue) -> None:
    filled(queue, *map(order, "abc"))
    taken = [queue.take_head() for _ in range(4)]
    assert [each and each.id for each in taken] == ["a", "b", "c", None]


async def test_one_that_was_given_back_keeps_its_place_and_waits_for_a_list(queue: LaneQueue) -> None:
    first, second = order("a"), order("b")
    filled(queue, second)
    first.hold = held(first.hold, Said.REFUSE)
    queue.put_back(first)
    assert (first.waits_for, queue.head()) == (WaitsFor.LIST, second)
    first.hold = held(first.hold, Said.LIST)
    assert queue.head() is first


async def test_one_that_its_origin_cannot_answer_goes_behind_the_others(queue: LaneQueue) -> None:
    first, second = order("a"), order("b")
    filled(queue, second)
    queue.put_last(first)
    assert [each.id for each in queue] == ["b", "a"]


async def test_one_whose_origin_is_away_lets_others_go_first_and_is_next_without_them(queue: LaneQueue) -> None:
    away = ScriptedOrigin(obstacle=WaitsFor.MEWS)
    first, second = order("a", away), order("b")
    filled(queue, first)
    assert queue.head() is first
    assert not queue.has_other(away)
    queue.append(second)
    assert queue.head() is second
    assert queue.has_other(away)
    assert not queue.has_other(second.origin)


async def test_a_paused_lane_has_no_next_order_and_each_that_waits_says_why(queue: LaneQueue) -> None:
    first, second = order("a"), order("b")
    filled(queue, first).pause("uid 1000")
    assert not queue.append(second)
    assert (queue.head(), first.waits_for, second.waits_for) == (None, WaitsFor.RESUME, WaitsFor.RESUME)
    queue.resume()
    assert (queue.head(), first.waits_for, queue.paused_by) == (first, WaitsFor.TURN, "")


async def test_only_an_order_that_the_idle_lane_takes_at_once_need_not_be_received(queue: LaneQueue) -> None:
    assert not queue.append(order("a"))  # not served yet
    queue.remove(next(iter(queue)))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(queue.wait_head)
        await trio.testing.wait_all_tasks_blocked()
        assert queue.append(order("b"))
    assert not queue.append(order("c"))


async def test_a_new_file_takes_back_what_waits_but_for_what_may_be_ours(queue: LaneQueue) -> None:
    first, doubtful = order("a"), order("b")
    doubtful.hold = held(doubtful.hold, Said.NOTHING)
    filled(queue, first, doubtful)
    assert queue.set_back() == [first]
    assert list(queue) == [doubtful]


async def test_a_device_that_left_the_file_claims_nothing_more(queue: LaneQueue) -> None:
    first = order("a")
    left = filled(queue, first).leave()
    assert (left, len(queue), queue.is_gone, queue.claiming.cancel_called) == ([first], 0, True, True)


async def test_a_claimed_order_is_handed_over_when_the_device_is_free(queue: LaneQueue) -> None:
    assert queue.handed_nowait() is None
    async with trio.open_nursery() as nursery:
        nursery.start_soon(queue.hand_over, order("a"))
        found = await queue.handed()
    assert found is not None
    assert (found.id, found.waits_for) == ("a", WaitsFor.TURN)
    queue.close()
    assert await queue.handed() is None


async def test_a_lane_that_comes_back_waits_for_the_last_key_of_the_one_before(queue: LaneQueue) -> None:
    after = LaneQueue(LANE, queue.driver, queue.places, queue)
    steps: list[str] = []

    async def serve(lane: LaneQueue, name: str, *, until: trio.Event) -> None:
        async with lane.served():
            steps.append(f"{name} begins")
            await until.wait()
            steps.append(f"{name} ends")

    first, second = trio.Event(), trio.Event()
    second.set()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(lambda: serve(queue, "first", until=first))
        await trio.testing.wait_all_tasks_blocked()
        nursery.start_soon(lambda: serve(after, "second", until=second))
        await trio.testing.wait_all_tasks_blocked()
        assert steps == ["first begins"]
        first.set()
    assert steps == ["first begins", "first ends", "second begins", "second ends"]
