"""A knock between two looks: who is gone is looked at within seconds. No one knocks while a card is cut."""

import trio
from trio.testing import MockClock

from agent.drivers.knocking import KNOCK_SECONDS
from agent.drivers.lock_server.log_in import Unanswered
from agent.drivers.lock_server.looks import AWAY_SECONDS, CHECK_SECONDS
from agent.drivers.server_watch import ServerWatch
from agent.foundation.errors import CallFailed, NoAnswer, NotSent
from agent.health.asking_again import YOUNG_SECONDS
from tests.drivers.steady_knock import SteadyKnock


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

    async def knock(self) -> bool | None:
        await trio.lowlevel.checkpoint()
        self.knocks.append(trio.current_time())
        return None if self.is_gone else True


async def test_a_server_that_goes_is_looked_at_within_seconds(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    server = Server()
    nursery.start_soon(ServerWatch(server, SteadyKnock(server.knock)).watch)
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

    async def unheard() -> None:
        await server.knock()

    nursery.start_soon(ServerWatch(server, SteadyKnock(unheard)).watch)
    await trio.sleep(CHECK_SECONDS)
    assert len(server.knocks) == 1


async def test_no_one_knocks_while_an_encoder_waits_for_a_card(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    server = Server()
    watch = ServerWatch(server, SteadyKnock(server.knock))
    with watch.encoder_waits():
        nursery.start_soon(watch.watch)
        await trio.sleep(CHECK_SECONDS)
    assert server.knocks == []


class Program(Server):
    """A server whose machine takes connections while its program may hang; a look hangs with it."""

    def __init__(self, *, answers_knocks: bool = True) -> None:
        super().__init__()
        self.answers_knocks = answers_knocks
        self.hangs = False
        self.silences: list[float] = []
        self.wells: list[float] = []

    async def ask(self) -> CallFailed | None:
        self.looks.append(trio.current_time())
        with trio.move_on_after(10.0):
            if self.hangs:
                await trio.sleep_forever()
            return None
        return Unanswered("no whole answer within 10 s", is_heard=False)

    def tell(self, error: CallFailed | None) -> None:
        if error is None:
            self.wells.append(trio.current_time())

    def silent(self, reason: str) -> None:
        self.silences.append(trio.current_time())

    async def knock(self) -> bool | None:
        self.knocks.append(trio.current_time())
        if self.hangs or not self.answers_knocks:
            await trio.sleep(0.8)
            return False
        return True


async def test_a_program_that_hangs_is_late_within_three_seconds_and_the_page_is_hinted_at_it(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    server, hints = Program(), list[float]()
    watch = ServerWatch(server, SteadyKnock(server.knock), lambda: hints.append(trio.current_time()))
    nursery.start_soon(watch.watch)
    await trio.sleep(7.3)
    assert (watch.late_since, hints) == (None, [])
    server.hangs = True
    await trio.sleep(3.0)
    assert watch.late_since is not None
    assert len(hints) == 1
    await trio.sleep(6.0)
    assert len(server.silences) == 1


async def test_a_look_that_hangs_is_begun_anew_as_soon_as_the_program_answers_again(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    server = Program()
    watch = ServerWatch(server, SteadyKnock(server.knock))
    nursery.start_soon(watch.watch)
    await trio.sleep(7.3)
    server.hangs = True
    await trio.sleep(120.0)
    server.hangs = False
    back = trio.current_time()
    await trio.sleep(3.0)
    assert back < server.wells[-1] <= back + 3.0
    assert watch.late_since is None


async def test_a_server_that_never_says_a_thing_to_a_knock_is_only_connected_to_from_then_on(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    server, hints = Program(answers_knocks=False), list[float]()
    nursery.start_soon(
        ServerWatch(server, SteadyKnock(server.knock), lambda: hints.append(trio.current_time())).watch
    )
    await trio.sleep(10 * CHECK_SECONDS)
    assert len(server.looks) <= 12  # one a minute, and the one that the first knock brought forward
    assert len(server.knocks) > 100
    assert len(hints) == 2


async def test_a_server_that_hangs_for_a_moment_is_waited_for_the_next_time_too(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    server = Program()
    watch = ServerWatch(server, SteadyKnock(server.knock))
    nursery.start_soon(watch.watch)
    for _ in range(3):
        await trio.sleep(2 * CHECK_SECONDS)
        server.hangs = True
        await trio.sleep(3.0)
        assert watch.late_since is not None
        server.hangs = False


async def test_what_is_wrong_at_a_server_that_answers_is_looked_at_often_while_it_is_new(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    class Odd(Program):
        async def ask(self) -> CallFailed | None:
            await super().ask()
            return NoAnswer("its answer broke off")

    server = Odd()
    nursery.start_soon(ServerWatch(server, SteadyKnock(server.knock)).watch)
    await trio.sleep(YOUNG_SECONDS)
    assert len(server.looks) >= YOUNG_SECONDS / AWAY_SECONDS - 1
    await trio.sleep(10 * CHECK_SECONDS)
    before = len(server.looks)
    await trio.sleep(10 * CHECK_SECONDS)
    assert len(server.looks) - before <= 11
