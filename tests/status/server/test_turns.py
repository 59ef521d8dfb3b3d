"""The page's share of the processor, on a virtual clock."""

import trio
from trio.testing import MockClock

from agent.status.server.turns import BESIDE, CREDIT, SHARE, Turns

ANSWER = 0.01  # s of processor


async def test_a_page_that_is_seldom_asked_never_waits(autojump_clock: MockClock) -> None:
    turns = Turns()
    began = trio.current_time()
    for _ in range(5):
        await turns.wait()
        turns.spent(ANSWER)
    assert trio.current_time() == began


async def test_a_crowd_gets_the_share_and_not_more_in_the_order_of_its_coming(autojump_clock: MockClock) -> None:
    turns = Turns()
    began, order = trio.current_time(), list[int]()

    async def ask(number: int) -> None:
        await turns.wait()
        order.append(number)
        turns.spent(ANSWER)

    async with trio.open_nursery() as nursery:
        for number in range(200):
            nursery.start_soon(ask, number)
            await trio.lowlevel.checkpoint()
    spent = 200 * ANSWER * BESIDE
    assert trio.current_time() - began >= spent / SHARE - CREDIT - ANSWER * BESIDE / SHARE
    assert order == sorted(order)


async def test_after_a_rest_there_is_credit_again_and_no_more_than_before(autojump_clock: MockClock) -> None:
    turns = Turns()
    turns.spent(ANSWER)
    await turns.wait()
    await trio.sleep(1000.0)
    began = trio.current_time()
    turns.spent(CREDIT * SHARE / BESIDE / 2)
    await turns.wait()
    assert trio.current_time() == began
    for _ in range(10):
        turns.spent(CREDIT * SHARE / BESIDE / 10)
    await turns.wait()
    assert trio.current_time() > began


async def test_a_first_answer_that_loads_for_seconds_does_not_shut_the_page(autojump_clock: MockClock) -> None:
    turns = Turns()
    began = trio.current_time()
    turns.spent(30.0)
    await turns.wait()
    assert trio.current_time() - began < 1.0
