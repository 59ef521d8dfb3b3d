"""A knock between two looks: who is gone is looked at within seconds. No one knocks while a card is cut."""

import trio
from trio.testing import MockClock

from agent.drivers.server_watch import CHECK_SECONDS, KNOCK_SECONDS, ServerWatch
from agent.foundation.errors import CallFailed, NotSent


class Server:
    """One that can go; what it was asked, by the time of each look and knock."""

    def __init__(self) -> None:
        self.is_gone = False
        self.last_answer: float | None = 0.0
        self.looks: list[float] = []
        self.knocks: list[float] = []

    async def ask(self) -> CallFailed | None:
        await trio.lowlevel.checkpoint()
        self.looks.append(trio.current_time())
        return NotSent("it refused the connection") if self.is_gone else None

    def tell(self, error: CallFailed | None) -> None:
        pass

    def silent(self, reason: str) -> None:
        raise AssertionError(reason)

    async def knock(self) -> bool:
        await trio.lowlevel.checkpoint()
        self.knocks.append(trio.current_time())
        return not self.is_gone


async def test_a_server_that_goes_is_looked_at_within_seconds(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    server = Server()
    nursery.start_soon(ServerWatch(server, server.knock).watch)
    await trio.sleep(7 * KNOCK_SECONDS + 0.5)
    assert len(server.looks) == 1
    server.is_gone = True
    gone = trio.current_time()
    await trio.sleep(KNOCK_SECONDS)
    assert gone < server.looks[1] <= gone + KNOCK_SECONDS


async def test_a_server_that_answers_and_takes_no_knock_is_left_alone_until_the_next_look(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    server = Server()

    async def unheard() -> bool:
        await server.knock()
        return False

    nursery.start_soon(ServerWatch(server, unheard).watch)
    await trio.sleep(CHECK_SECONDS)
    assert len(server.knocks) == 1


async def test_no_one_knocks_while_an_encoder_waits_for_a_card(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    server = Server()
    watch = ServerWatch(server, server.knock)
    with watch.encoder_waits():
        nursery.start_soon(watch.watch)
        await trio.sleep(CHECK_SECONDS)
    assert server.knocks == []
