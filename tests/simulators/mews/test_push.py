"""The WebSocket of the simulated Mews, spoken to by a raw client: over real sockets, and in memory."""

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import trio
from msgspec.structs import replace
from trio.testing import memory_stream_pair, wait_all_tasks_blocked
from trio_websocket import (
    ConnectionClosed,
    ConnectionRejected,
    WebSocketConnection,
    open_websocket_url,
    wrap_client_stream,
)

from agent.simulators.base.presence import Absence
from agent.simulators.base.server import converse, serve
from agent.simulators.mews.commands import State
from agent.simulators.mews.events import GARBAGE
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.store.records import RoomState
from agent.simulators.mews.switches import DEMO_CLIENT_TOKEN, DEMO_TOKEN
from tests.simulators.conftest import ENVELOPE, Post

PATH = "/ws/connector"
COOKIE = f"ClientToken={DEMO_CLIENT_TOKEN}; AccessToken={DEMO_TOKEN}"
PATIENCE = 10.0  # s; of tests with real sockets


def headers(cookie: str) -> list[tuple[bytes, bytes]]:
    return [(b"Cookie", cookie.encode())]


@pytest.fixture
async def port(today: MewsSimulator, nursery: trio.Nursery) -> int:
    port: int = await nursery.start(serve, today)
    return port


@asynccontextmanager
async def over_sockets(port: int, cookie: str = COOKIE) -> AsyncIterator[WebSocketConnection]:
    """A client on a stream that is closed whatever happens (trio-websocket's own leaks one that is refused)."""
    with trio.fail_after(PATIENCE):
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream, spoken_on(stream, cookie) as socket:
            yield socket


async def spoken(nursery: trio.Nursery, stream: trio.abc.Stream, cookie: str = COOKIE) -> WebSocketConnection:
    """A client on that stream, which need be no socket, whatever its types say."""
    any_stream: Any = stream
    return await wrap_client_stream(nursery, any_stream, "mews", PATH, extra_headers=headers(cookie))


@asynccontextmanager
async def spoken_on(stream: trio.abc.Stream, cookie: str = COOKIE) -> AsyncIterator[WebSocketConnection]:
    """A client on that stream. Raises what the handshake raises."""
    try:
        async with trio.open_nursery() as nursery:
            yield await spoken(nursery, stream, cookie)
            nursery.cancel_scope.cancel()
    except BaseExceptionGroup as group:
        rejected, rest = group.split(ConnectionRejected)
        if rejected is None or rest is not None:
            raise
        raise rejected.exceptions[0] from None


@asynccontextmanager
async def in_memory(mews: MewsSimulator) -> AsyncIterator[WebSocketConnection]:
    """A client on a pair of streams, so that time can be virtual."""
    here, there = memory_stream_pair()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(converse, mews, there)
        async with spoken_on(here) as socket:
            yield socket
        await here.aclose()
        nursery.cancel_scope.cancel()


async def events(socket: WebSocketConnection) -> list[dict[str, object]]:
    """The events of the next message."""
    found: list[dict[str, object]] = json.loads(await socket.get_message())["Events"]
    return found


async def test_a_new_command_is_told_over_a_real_socket(today: MewsSimulator, port: int) -> None:
    async with over_sockets(port) as socket:
        id = today.add_key()
        assert await events(socket) == [{"Type": "DeviceCommand", "Id": id, "State": "Pending"}]
        today.cancel(id)
        assert await events(socket) == [{"Type": "DeviceCommand", "Id": id, "State": "Cancelled"}]
    await today.push.wait_sockets(0)
    assert today.push.counts() == {"sockets": 0, "opened": 1, "refused": 0, "events": 2, "messages": 2}


@pytest.mark.needs("openssl")
async def test_it_is_spoken_over_tls_as_well(today: MewsSimulator, port: int) -> None:
    today.switch(tls="own")
    context = ssl.create_default_context(cadata=today.certificates.pem(today.switches.tls))
    url = f"wss://localhost:{port}{PATH}"
    with trio.fail_after(PATIENCE):
        async with open_websocket_url(url, ssl_context=context, extra_headers=headers(COOKIE)) as socket:
            today.add_key()
            assert len(await events(socket)) == 1


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        f"ClientToken={DEMO_CLIENT_TOKEN}",
        f"ClientToken={DEMO_CLIENT_TOKEN}; AccessToken=wrong",
        f"ClientToken ={DEMO_CLIENT_TOKEN}; AccessToken={DEMO_TOKEN}",
        f"ClientToken= {DEMO_CLIENT_TOKEN}; AccessToken={DEMO_TOKEN}",
    ],
)
async def test_without_both_tokens_as_cookies_it_is_401(today: MewsSimulator, port: int, cookie: str) -> None:
    with pytest.raises(ConnectionRejected) as raised:
        async with over_sockets(port, cookie):
            pass
    assert (raised.value.status_code, today.push.refused, today.push.opened) == (401, 1, 0)


@pytest.mark.parametrize("switches", [{"dialect": "2016"}, {"push": False}])
async def test_where_there_is_none_the_address_does_not_exist(
    today: MewsSimulator, port: int, switches: dict[str, object]
) -> None:
    today.switch(**switches)
    with pytest.raises(ConnectionRejected) as raised:
        async with over_sockets(port):
            pass
    assert raised.value.status_code == 404


async def test_a_request_that_is_no_websocket_is_400(today: MewsSimulator, port: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://127.0.0.1:{port}{PATH}", headers={"Cookie": COOKIE})
    assert (answer.status_code, today.push.opened) == (400, 0)


async def test_trouble_can_be_scripted_for_it(today: MewsSimulator, port: int) -> None:
    today.fail("503", "ws/connector", calls=1)
    with pytest.raises(ConnectionRejected) as raised:
        async with over_sockets(port):
            pass
    assert raised.value.status_code == 503
    async with over_sockets(port):
        await today.push.wait_sockets(1)
    assert today.calls["ws/connector"] == 2


async def test_it_is_no_call_of_the_budget(today: MewsSimulator, port: int) -> None:
    async with over_sockets(port):
        assert today.window.most == 0


async def test_operations_are_served_beside_it(today: MewsSimulator, port: int) -> None:
    async with over_sockets(port), httpx.AsyncClient(trust_env=False) as client:
        url = f"http://127.0.0.1:{port}/api/connector/v1/commands/getAllActive"
        assert (await client.post(url, json=ENVELOPE)).status_code == 200


async def test_a_server_that_goes_away_takes_its_sockets_along(today: MewsSimulator, port: int) -> None:
    async with over_sockets(port) as socket:
        today.presence.leave(Absence.REFUSE)
        with pytest.raises(ConnectionClosed):
            await socket.get_message()
    assert today.push.sockets == 0


async def test_a_ping_is_answered(today: MewsSimulator, autojump_clock: trio.abc.Clock) -> None:
    async with in_memory(today) as socket:
        with trio.fail_after(1):
            await socket.ping()


async def test_what_a_client_says_is_heard_and_changes_nothing(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    async with in_memory(today) as socket:
        await socket.send_message("x" * 200_000)
        await socket.ping()
        id = today.add_key()
        assert (await events(socket))[0]["Id"] == id


async def test_a_client_that_says_good_bye_gets_an_answer(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    async with in_memory(today) as socket:
        with trio.fail_after(1):
            await socket.aclose()
        await today.push.wait_sockets(0)


async def test_what_is_no_frame_ends_the_socket(today: MewsSimulator, autojump_clock: trio.abc.Clock) -> None:
    here, there = memory_stream_pair()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(converse, today, there)
        socket = await spoken(nursery, here)
        await today.push.wait_sockets(1)
        await here.send_all(b"\xff" * 100)
        await today.push.wait_sockets(0)
        await socket.aclose()


async def test_reservations_and_rooms_are_told_when_they_change(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    stay, room = today.hotel.reservation("123"), today.hotel.room("102")
    async with in_memory(today) as socket:
        today.hotel.move(stay, room, today.clock.now())
        today.hotel.put_room(replace(room, state=RoomState.DIRTY))
        assert await events(socket) == [
            {
                "Type": "Reservation",
                "Id": stay.id,
                "State": "Started",
                "StartUtc": "2015-07-07T00:00:00Z",
                "EndUtc": "2019-12-30T23:00:00Z",
                "AssignedResourceId": room.id,
            }
        ]
        assert await events(socket) == [{"Type": "Resource", "Id": room.id, "State": "Dirty"}]


async def states_told(today: MewsSimulator, to_today: Post) -> list[object]:
    """The states that are told of a command that a client claims and staff cancel."""
    async with in_memory(today) as socket:
        id = today.add_key()
        await to_today("commands/update", CommandId=id, State="Processing")
        today.set_state(id, State.CANCELLED, "staff")
        told: list[object] = []
        while not told or told[-1] != "Cancelled":
            told += [event["State"] for event in await events(socket)]
        return told


@pytest.mark.parametrize(
    ("is_echoed", "states"), [(True, ["Pending", "Processing", "Cancelled"]), (False, ["Pending", "Cancelled"])]
)
async def test_a_clients_own_updates_are_told_unless_switched_off(
    today: MewsSimulator,
    to_today: Post,
    autojump_clock: trio.abc.Clock,
    is_echoed: bool,
    states: list[object],
) -> None:
    today.switch(push_echo=is_echoed)
    assert await states_told(today, to_today) == states


async def test_messages_come_as_often_as_switched(today: MewsSimulator, autojump_clock: trio.abc.Clock) -> None:
    today.switch(push_copies=3)
    async with in_memory(today) as socket:
        ids = [today.add_key(), today.add_key()]
        told = [(await events(socket))[0]["Id"] for _ in range(6)]
    assert told == [ids[0]] * 3 + [ids[1]] * 3


async def test_a_socket_breaks_off_after_so_many_messages(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    today.switch(push_drop_after=2)
    async with in_memory(today) as socket:
        for _ in range(3):
            today.add_key()
        await events(socket)
        await events(socket)
        with pytest.raises(ConnectionClosed) as raised:
            await socket.get_message()
    reason = raised.value.reason
    assert reason is not None
    assert reason.code == 1006  # no good-bye
    assert (today.push.sockets, today.push.messages) == (0, 2)


async def test_all_sockets_break_off_at_once_when_asked(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    async with in_memory(today) as first, in_memory(today) as second:
        await today.push.wait_sockets(2)
        assert today.push.drop() == 2
        for socket in (first, second):
            with pytest.raises(ConnectionClosed):
                await socket.get_message()


async def test_a_half_open_socket_says_nothing_and_answers_no_ping(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    async with in_memory(today) as socket:
        today.switch(push_silent=True)
        today.add_key()
        with trio.move_on_after(3600) as waiting:
            await socket.ping()
        with trio.move_on_after(3600) as listening:
            await socket.get_message()
        assert waiting.cancelled_caught
        assert listening.cancelled_caught
        assert today.push.sockets == 1


async def test_a_message_may_come_late(today: MewsSimulator, autojump_clock: trio.abc.Clock) -> None:
    today.switch(push_delay_seconds=5)
    async with in_memory(today) as socket:
        began = trio.current_time()
        today.add_key()
        await events(socket)
        assert trio.current_time() - began == pytest.approx(5)


async def test_prices_come_with_each_event_when_switched_on(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    today.switch(push_noise=True)
    async with in_memory(today) as socket:
        today.add_key()
        assert [event["Type"] for event in await events(socket)] == ["PriceUpdate", "DeviceCommand"]


async def test_garbage_of_every_kind_comes_before_messages_when_switched_on(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    today.switch(push_garbage=True)
    async with in_memory(today) as socket:
        for kind in GARBAGE:
            today.add_key()
            assert await socket.get_message() == kind
            await events(socket)


async def test_any_text_can_be_said(today: MewsSimulator, autojump_clock: trio.abc.Clock) -> None:
    async with in_memory(today) as socket:
        assert today.push.say("hello") == 1
        assert await socket.get_message() == "hello"


async def test_who_was_not_there_has_missed_it(today: MewsSimulator, autojump_clock: trio.abc.Clock) -> None:
    today.add_key()
    async with in_memory(today) as socket:
        id = today.add_key()
        assert (await events(socket))[0]["Id"] == id
    assert today.push.events == 1


async def test_a_connection_in_memory_ends_when_the_server_goes_away(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    async with in_memory(today) as socket:
        await today.push.wait_opened(1)
        today.presence.leave(Absence.REFUSE)
        with pytest.raises(ConnectionClosed):
            await socket.get_message()


async def test_a_reset_in_memory_closes_the_stream(today: MewsSimulator, autojump_clock: trio.abc.Clock) -> None:
    today.fail("reset", calls=1)
    here, there = memory_stream_pair()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(converse, today, there)
        await here.send_all(b"GET /ws/connector HTTP/1.1\r\nHost: mews\r\n\r\n")
        assert await here.receive_some() == b""


async def test_a_client_that_wants_to_go_is_told_nothing_more(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    today.switch(push_silent=True)  # no one answers its good-bye
    here, there = memory_stream_pair()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(converse, today, there)
        await spoken(nursery, here)
        await here.send_all(b"\x88\x80\x00\x00\x00\x00")  # a close frame (RFC 6455, 5.5.1)
        await wait_all_tasks_blocked()
        today.switch(push_silent=False)
        today.add_key()
        await today.push.wait_sockets(0)
        assert today.push.messages == 0
        nursery.cancel_scope.cancel()


async def test_a_client_that_is_gone_is_told_nothing(today: MewsSimulator, autojump_clock: trio.abc.Clock) -> None:
    here, there = memory_stream_pair()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(converse, today, there)
        await spoken(nursery, here)
        await today.push.wait_sockets(1)
        there.send_stream.close()
        today.add_key()
        await today.push.wait_sockets(0)
        await wait_all_tasks_blocked()
        assert today.push.messages == 0
        nursery.cancel_scope.cancel()
