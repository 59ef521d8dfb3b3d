"""Knocks at a server: how often it is really asked, and where."""

import trio
from trio.testing import MockClock

from agent.drivers.knocking import KNOCK_SECONDS
from agent.foundation.errors import NotSent
from agent.foundation.reach import Server
from agent.hotel.attention import LASTS, Attention
from agent.hotel.knocks import UNSEEN_SECONDS, ServerKnock


class World:
    """A server that answers as it is told, and somebody who may look at the page."""

    def __init__(self, address: str = "http://10.0.0.9:8080") -> None:
        self.answer: bool | None = True
        self.addresses: list[str] = ["10.0.0.7"]
        self.asked: list[str] = []
        self.looked_up = 0
        self.attention = Attention(trio.current_time)
        self.knock = ServerKnock(address, self.attention, self._answers, self._look_up)

    async def _answers(self, _server: Server, address: str) -> bool | None:
        self.asked.append(address)
        return self.answer

    async def _look_up(self, _host: str) -> list[str]:
        self.looked_up += 1
        if not self.addresses:
            raise NotSent("its name could not be looked up")
        return self.addresses


async def knocks(world: World, seconds: float) -> int:
    before = len(world.asked)
    with trio.move_on_after(seconds):
        while True:
            await world.knock.rest()
            await world.knock()
    return len(world.asked) - before


async def test_a_server_is_knocked_at_every_two_seconds_while_somebody_looks(autojump_clock: MockClock) -> None:
    world = World()
    world.attention.pay()
    assert await knocks(world, LASTS) == LASTS // KNOCK_SECONDS


async def test_while_no_one_looks_an_answer_counts_for_a_while(autojump_clock: MockClock) -> None:
    world = World()
    await world.knock()
    assert await knocks(world, 10 * UNSEEN_SECONDS + 0.5) == 10


async def test_who_comes_to_look_has_a_knock_at_once(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    world = World()
    await world.knock()
    nursery.start_soon(knocks, world, 60)
    await trio.sleep(UNSEEN_SECONDS - 5)
    assert len(world.asked) == 1
    world.attention.pay()
    await trio.testing.wait_all_tasks_blocked()
    assert len(world.asked) == 2
    await trio.sleep(LASTS - 0.1)
    assert len(world.asked) == 2 + LASTS // KNOCK_SECONDS
    await trio.sleep(UNSEEN_SECONDS)
    assert len(world.asked) == 3 + LASTS // KNOCK_SECONDS


async def test_who_does_not_answer_is_knocked_at_soon_whoever_looks(autojump_clock: MockClock) -> None:
    for answer in (False, None):
        world = World()
        world.answer = answer
        assert await knocks(world, 10) == 10 // KNOCK_SECONDS


async def test_a_name_is_looked_up_again_only_after_a_knock_that_was_not_heard(autojump_clock: MockClock) -> None:
    world = World("http://bridge.example:8080")
    world.attention.pay()
    assert await world.knock()
    assert await world.knock()
    assert world.looked_up == 1
    world.answer, world.addresses = None, ["10.0.0.8"]
    assert await world.knock() is None
    assert await world.knock() is None
    assert world.asked == ["10.0.0.7", "10.0.0.7", "10.0.0.7", "10.0.0.8"]
    world.addresses = []
    assert await world.knock() is None
    assert len(world.asked) == 4
