"""Knocks at a server: how often it is really asked, and where."""

import trio
from trio.testing import MockClock

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
        self.knock = ServerKnock(
            address, trio.current_time, lambda: self.attention.is_paid, self._answers, self._look_up
        )

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
            await world.knock()
            await trio.sleep(1)
    return len(world.asked) - before


async def test_a_server_is_asked_at_each_knock_while_somebody_looks(autojump_clock: MockClock) -> None:
    world = World()
    world.attention.pay()
    assert await knocks(world, LASTS - 0.5) == LASTS


async def test_while_no_one_looks_an_answer_counts_for_a_while(autojump_clock: MockClock) -> None:
    world = World()
    assert await knocks(world, 10 * UNSEEN_SECONDS - 0.5) == 10


async def test_attention_ends_and_begins(autojump_clock: MockClock) -> None:
    world = World()
    world.attention.pay()
    await trio.sleep(LASTS)
    assert await knocks(world, 10) == 1
    world.attention.pay()
    assert await knocks(world, 10) == 10


async def test_who_does_not_answer_is_asked_at_each_knock_whoever_looks(autojump_clock: MockClock) -> None:
    for answer in (False, None):
        world = World()
        world.answer = answer
        assert await knocks(world, 10) == 10


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
