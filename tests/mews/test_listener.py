"""The line for news with the connector behind it, in virtual time: what is polled for, when, and what is lost."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from contextlib import asynccontextmanager
from functools import partial
from itertools import pairwise
from statistics import median

import msgspec
import pytest
import trio
from trio_websocket import WebSocketConnection, WebSocketRequest, serve_websocket

from agent.commands.model import Listed, Standing
from agent.foundation.timing import MewsClock, utc_now
from agent.foundation.websocket import WebSocket
from agent.health import mews_kinds
from agent.health.health import Health
from agent.mews.account.account import Account
from agent.mews.account.budget import Budget
from agent.mews.account.sign_in import SignIn
from agent.mews.calls import Failed, Listing, MewsError, Update
from agent.mews.connector import Connector
from agent.mews.contact import HOP, Contact
from agent.mews.listener import LONGEST_LINE, LONGEST_PAUSE, PATH, open_listener, open_push
from agent.mews.push.events import Missed, News, SpaceNews, StayNews
from agent.mews.push.pace import BURST, CATCH_UP_SECONDS
from agent.mews.records import SpaceState, StayState
from provisioning.model import Dialect, Mews
from provisioning.secret import Secret
from tests.news_line import NewsServer

POLL = 2.0  # s
FILE = Mews(
    Dialect.CURRENT,
    "http://mews.test",
    access_token=Secret("canary-access"),
    client_token=Secret("canary-client"),
    poll_seconds=POLL,
)


class Queue:
    """Mews' list of commands: those that were ordered and not taken."""

    def __init__(self) -> None:
        self.waiting: dict[str, float] = {}  # since when
        self.polls: list[float] = []
        self.told: list[Update] = []
        self.on_told: Callable[[Update], Awaitable[None]] = _nothing
        self.error: MewsError | None = None
        self.seconds = 0.0  # of a call

    @property
    def sign_in(self) -> None:
        return None

    async def list_active(self, token: Secret, known: Container[str]) -> Listing:
        self.polls.append(trio.current_time())
        listed = tuple(map(_listed, self.waiting))
        await trio.sleep(self.seconds)
        if self.error is not None:
            raise self.error
        return Listing(listed, 0)

    async def update(self, token: Secret, update: Update) -> None:
        self.told.append(update)
        await self.on_told(update)


def _listed(id: str) -> Listed:
    return Listed(id, Standing.NEW, None, "device", "Desk", "KeyCutter", None)


async def _nothing(_: object) -> None:
    await trio.lowlevel.checkpoint()


class House:
    """A connector with its line, and a front desk that cuts what is listed."""

    def __init__(self, nursery: trio.Nursery, file: Mews, open_socket: Callable[[str], WebSocket] | None) -> None:
        self.server = NewsServer(nursery)
        self.queue = Queue()
        self.health = Health(trio.current_time)
        self.cuts: Counter[str] = Counter()
        self.delays: dict[str, float] = {}
        self.news: list[News] = []
        clock = MewsClock()
        clock.heard(utc_now())
        sign_in = SignIn(connector_token=None, access_token=file.access_token)
        account = Account(sign_in, file.poll_seconds, trio.current_time(), spread=float)
        self.contact = Contact(account, Budget(200, 30.0), self.health)
        push = open_push(file, 180, trio.current_time())
        self.connector = Connector(self.queue, self.contact, clock, push)
        listener = open_listener(
            file,
            self.contact,
            push,
            self.health,
            self.connector.poll_now,
            open_socket or partial(WebSocket, connect=self.server.connect),
        )
        assert listener is not None
        self.listener = listener
        self.listener.on_news = self.news.append
        self._changed = trio.Event()

    def start(self, nursery: trio.Nursery) -> None:
        nursery.start_soon(self.connector.poll_forever, lambda: set(self.cuts), self._take)
        nursery.start_soon(self.listener.run)

    def order(self, id: str) -> None:
        """Without a word about it."""
        self.queue.waiting[id] = trio.current_time()

    async def order_and_say(self, id: str) -> None:
        """As Mews does it."""
        self.order(id)
        await self.server.say(said(id))

    async def wait_cut(self, count: int) -> None:
        """Wait until so many orders were cut."""
        while len(self.cuts) < count:
            await self._changed.wait()

    async def _take(self, listing: Listing, asked_at: float) -> None:
        for listed in listing.commands:
            since = self.queue.waiting.pop(listed.id, None)
            if since is not None:
                self.cuts[listed.id] += 1
                self.delays[listed.id] = trio.current_time() - since
        self._changed.set()
        self._changed = trio.Event()

    def polls_since(self, began: float) -> list[float]:
        """When it was polled after that, counted from then."""
        return [round(at - began, 3) for at in self.queue.polls if at >= began]

    def faults(self) -> list[str]:
        """As they are shown."""
        return [f"{fault.kind.code}: {fault.text}" for fault in self.health.active()]


def said(*ids: str, state: str = "Pending") -> str:
    return msgspec.json.encode(
        {"Events": [{"Type": "DeviceCommand", "Id": id, "State": state} for id in ids]}
    ).decode()


@asynccontextmanager
async def running(
    file: Mews = FILE, open_socket: Callable[[str], WebSocket] | None = None
) -> AsyncIterator[House]:
    """A house whose line is not open yet."""
    async with trio.open_nursery() as nursery:
        house = House(nursery, file, open_socket)
        house.start(nursery)
        yield house
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def settled() -> AsyncIterator[House]:
    """A house whose line is open, and whose polls have become rare."""
    async with running() as house:
        await house.server.wait_open()
        await trio.sleep(10)
        yield house


# -- polls --------------------------------------------------------------------------------------------------------


async def test_an_order_is_polled_for_as_soon_as_it_is_said(autojump_clock: object) -> None:
    async with settled() as house:
        await house.order_and_say("a")
        await house.wait_cut(1)
        assert house.delays["a"] < 0.001


async def test_while_the_line_is_open_polls_are_rare_and_after_news_there_is_one_more(
    autojump_clock: object,
) -> None:
    async with settled() as house:
        began = trio.current_time()
        await house.server.say(said("not to be seen yet"))
        await trio.sleep(70)
        assert house.polls_since(began) == pytest.approx(
            [0, POLL, POLL + CATCH_UP_SECONDS, POLL + 2 * CATCH_UP_SECONDS]
        )


async def test_an_order_that_is_said_before_it_is_listed_waits_for_the_usual_poll(autojump_clock: object) -> None:
    async with settled() as house:
        await house.server.say(said("a"))
        await trio.sleep(0.5)
        house.order("a")
        await house.wait_cut(1)
        assert house.delays["a"] == pytest.approx(1.5)


async def test_as_the_line_opens_there_is_a_poll_and_news_may_have_been_missed(autojump_clock: object) -> None:
    async with running() as house:
        await house.server.wait_open()
        await trio.sleep(0.1)
        assert len(house.queue.polls) == 2
        assert house.news == [Missed()]
        assert house.listener.is_open


@pytest.mark.parametrize("way", ["close", "break"])
async def test_as_the_line_is_lost_there_is_a_poll_and_they_come_at_the_files_pace(
    autojump_clock: object, way: str
) -> None:
    async with settled() as house:
        house.server.is_away = True
        began = trio.current_time()
        if way == "break":
            house.server.wires[0].break_off()
        else:
            await house.server.sockets[0].aclose(1001)
        await trio.sleep(9.9)
        assert house.polls_since(began) == pytest.approx([0, 2, 4, 6, 8], abs=0.01)
        assert not house.listener.is_open


async def test_a_line_that_died_without_a_word_is_replaced_within_a_minute(autojump_clock: object) -> None:
    async with settled() as house:
        house.server.wires[0].is_dead = True
        began = trio.current_time()
        await house.server.wait_open(2)
        assert trio.current_time() - began < 60


async def test_an_order_between_the_connect_and_the_first_list_is_cut_once(autojump_clock: object) -> None:
    async with running() as house:
        house.queue.seconds = 0.3
        await house.server.wait_open()
        await trio.sleep(0.1)  # the list for the new line is on its way, and does not hold it
        await house.order_and_say("a")
        await house.server.say(said("a"))
        await house.wait_cut(1)
        assert house.delays["a"] < 1
        await trio.sleep(120)
        assert house.cuts == {"a": 1}


async def test_what_is_said_during_a_poll_is_polled_for_after_it(autojump_clock: object) -> None:
    async with settled() as house:
        house.queue.seconds = 0.3
        await house.order_and_say("a")
        await trio.sleep(0.1)
        await house.order_and_say("b")
        await house.wait_cut(2)
        assert house.delays["b"] == pytest.approx(0.5, abs=0.01)


async def test_own_echoes_and_repetitions_cost_no_poll(autojump_clock: object) -> None:
    async with settled() as house:

        async def echo(update: Update) -> None:
            for _ in range(3):
                await house.server.say(said(update.command_id, state=update.state.value))

        house.queue.on_told = echo
        for _ in range(3):
            await house.order_and_say("a")
        await house.wait_cut(1)
        await trio.sleep(5)
        polls = len(house.queue.polls)
        await house.connector.receive("a")
        await house.connector.claim("a", is_received=True)
        await trio.sleep(5)
        assert len(house.queue.told) == 2
        assert len(house.queue.polls) == polls


async def test_a_thing_said_three_times_at_once_is_one_poll(autojump_clock: object) -> None:
    async with settled() as house:
        began = trio.current_time()
        house.queue.seconds = 0.01
        for _ in range(3):
            await house.server.say(said("a"))
        await trio.sleep(1.5)
        assert len(house.polls_since(began)) == 1


async def test_a_flood_of_news_costs_a_bounded_number_of_polls(autojump_clock: object) -> None:
    async with settled() as house:
        house.queue.seconds = 0.001
        began = trio.current_time()
        with trio.move_on_after(30):
            for number in range(20_000):
                await house.server.say(said(str(number)))
                await trio.sleep(0.005)
        assert BURST - 5 <= len(house.polls_since(began)) <= BURST + 31
        house.order("last")
        await house.wait_cut(1)
        assert house.delays["last"] <= POLL


async def test_garbage_is_passed_over_and_the_line_stays(autojump_clock: object) -> None:
    async with settled() as house:
        began = trio.current_time()
        for text in (
            "",
            "pong",
            "[" * 10_000,
            '{"Events":[null,1]}',
            '{"Events":[{"Type":"PriceUpdate","Id":"1"}]}',
            b"\xff",
        ):
            await house.server.say(text)
        await trio.sleep(1)
        assert (house.polls_since(began), house.listener.is_open, house.listener.passed_over) == ([], True, 7)


async def test_what_is_said_of_reservations_and_rooms_is_handed_on(autojump_clock: object) -> None:
    async with settled() as house:
        began = trio.current_time()
        await house.server.say(
            '{"Events":[{"Type":"Reservation","Id":"r","State":"Started","AssignedResourceId":"s"},'
            '{"Type":"Resource","Id":"s","State":"Dirty"}]}'
        )
        await trio.sleep(1)
        assert house.news == [
            Missed(),
            StayNews("r", StayState.STARTED, None, None, "s"),
            SpaceNews("s", SpaceState.DIRTY),
        ]
        assert house.polls_since(began) == []


# -- the line -----------------------------------------------------------------------------------------------------


async def test_it_asks_at_its_place_with_the_tokens_as_cookies_and_nowhere_else(autojump_clock: object) -> None:
    async with settled() as house:
        [request] = house.server.requests
        assert request.path == PATH
        assert house.server.cookies() == ["ClientToken=canary-client; AccessToken=canary-access"]
        assert "canary" not in repr(house.listener)


async def test_no_line_is_tried_while_polls_do_not_reach_mews(autojump_clock: object) -> None:
    async with running() as house:
        house.queue.error = Failed("the connection broke")
        await trio.sleep(600)
        assert house.server.wires == []
        house.queue.error = None
        with trio.fail_after(40):
            await house.server.wait_open()


async def test_a_line_that_cannot_be_had_is_a_warning_after_a_while_and_over_when_it_is_there(
    autojump_clock: object,
) -> None:
    async with running() as house:
        house.server.status = 401
        await trio.sleep(30)
        assert house.faults() == []
        await trio.sleep(40)
        assert house.faults() == [
            "E-MEWS-PUSH: The line to ws://mews.test for news is not there: "
            "it answered 401 instead of a WebSocket."
        ]
        house.server.status = 0
        await house.server.wait_open()
        await trio.sleep(0.1)
        assert house.faults() == []


async def test_it_is_tried_again_at_pauses_that_grow_to_a_minute_and_differ(autojump_clock: object) -> None:
    async with running() as house:
        house.server.status = 503
        await trio.sleep(2000)
        began = house.server.asked_at
        pauses = [round(later - sooner, 3) for sooner, later in pairwise(began)]
        assert pauses[0] < 3.001
        assert max(pauses) <= LONGEST_PAUSE * 1.5
        assert min(pauses[6:]) >= LONGEST_PAUSE * 0.5
        assert len(set(pauses)) == len(pauses)
        assert len(house.queue.polls) == pytest.approx(1000, rel=0.01)  # and it costs no poll


async def test_a_server_that_closes_each_line_at_once_is_not_asked_in_a_loop(autojump_clock: object) -> None:
    async with running() as house:
        with trio.move_on_after(3600):
            count = 0
            while True:
                count += 1
                await house.server.wait_open(count)
                house.server.wires[-1].break_off()
        assert count < 3600 / (LONGEST_PAUSE * 0.5)


async def test_a_pause_that_mews_asks_for_is_kept(autojump_clock: object) -> None:
    async with running() as house:
        house.server.status, house.server.headers = 429, [(b"Retry-After", b"300")]
        await trio.sleep(299)
        assert len(house.server.requests) == 1


async def test_the_line_is_renewed_after_an_hour_without_a_gap(autojump_clock: object) -> None:
    async with settled() as house:
        await trio.sleep(LONGEST_LINE * 1.2)
        assert (len(house.server.opened_at), house.listener.is_open, house.faults()) == (2, True, [])
        assert not house.health.holds(mews_kinds.PUSH, HOP)
        await house.order_and_say("a")
        await house.wait_cut(1)
        assert house.delays["a"] < 0.001


async def test_a_thousand_drops_lose_no_order_and_delay_none_by_more_than_a_catch_up(
    autojump_clock: object,
) -> None:
    chance = random.Random(15)
    drops = orders = 0
    async with running(msgspec.structs.replace(FILE, poll_seconds=10.0)) as house:
        house.queue.seconds = 0.05
        while drops < 1000:
            await trio.sleep(chance.expovariate(1 / 20))
            if chance.random() < 0.5:
                orders += 1
                await house.order_and_say(str(orders))
                continue
            if house.listener.is_open and not house.server.wires[-1].is_dead:
                drops += 1
                wire = house.server.wires[-1]
                if chance.random() < 0.3:
                    wire.is_dead = True
                else:
                    wire.break_off()
        house.server.is_away = True
        with trio.fail_after(60):
            await house.wait_cut(orders)
        assert set(house.cuts.values()) == {1}
        assert max(house.delays.values()) <= 30
        assert house.connector.overdue == 0
        assert orders > 500


# -- what a file says, and a real line ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        msgspec.structs.replace(FILE, push="off"),
        msgspec.structs.replace(FILE, dialect=Dialect.V2016),
        msgspec.structs.replace(FILE, client_token=None),
    ],
)
async def test_a_mews_that_says_nothing_by_itself_has_no_listener(file: Mews) -> None:
    async with trio.open_nursery() as nursery:
        house = House(nursery, FILE, None)
        push = open_push(file, 180, 0)
        assert open_listener(file, house.contact, push, house.health, house.connector.poll_now) is None
        assert push.pace.rest(POLL) == POLL


async def test_by_a_real_line_news_become_polls_within_milliseconds() -> None:
    heard = trio.Event()
    sockets: list[WebSocketConnection] = []

    async def accept(request: WebSocketRequest) -> None:
        sockets.append(await request.accept())
        heard.set()
        await trio.sleep_forever()

    slow = msgspec.structs.replace(FILE, poll_seconds=30.0)
    async with trio.open_nursery() as nursery:
        server = await nursery.start(partial(serve_websocket, accept, "127.0.0.1", 0, None))
        file = msgspec.structs.replace(slow, push=f"ws://127.0.0.1:{server.port}")
        async with running(file, WebSocket) as house:
            await heard.wait()
            for number in range(50):
                house.order(str(number))
                await sockets[0].send_message(said(str(number)))
                await house.wait_cut(number + 1)
        nursery.cancel_scope.cancel()
    assert median(house.delays.values()) <= 0.01
    assert all(later > sooner for sooner, later in pairwise(house.queue.polls))
