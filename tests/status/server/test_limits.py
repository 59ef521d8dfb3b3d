"""What one reader can take: over real sockets, with limits short enough for the real clock."""

import socket
import struct
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import trio

from agent.status.server.address import Address
from agent.status.server.connection import Limits
from agent.status.server.doorkeeper import BODY_BYTES
from tests.status.server.serving import PATIENCE, connected, everything, said, served

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
LAST = b"Connection: close\r\n\r\n"
BRIEF = Limits(seconds=0.3)


@pytest.fixture
async def page() -> AsyncIterator[Address]:
    async with served() as address:
        yield address


@pytest.fixture
async def impatient() -> AsyncIterator[Address]:
    async with served(limits=BRIEF) as address:
        yield address


async def test_a_plain_request_is_answered(page: Address) -> None:
    answer = await said(page, GET + LAST)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"ok\n")


async def test_a_connection_serves_several_requests(page: Address) -> None:
    assert (await said(page, (GET + b"\r\n") * 3 + GET + LAST)).count(b"HTTP/1.1 200 ") == 4


async def test_a_reader_who_only_stops_sending_gets_the_answer(page: Address) -> None:
    async with await connected(page) as stream:
        await stream.send_all(GET + b"\r\n")
        await stream.send_eof()
        assert (await everything(stream)).endswith(b"ok\n")


@pytest.mark.parametrize("length", [BODY_BYTES + 1, 10**9, 10**19, 10**20 - 1])
async def test_a_large_body_is_refused_before_it_is_read(page: Address, length: int) -> None:
    answer = await said(page, GET + b"Content-Length: %d\r\n" % length + LAST + b"x" * min(length, 5000))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b"A request to this box has at most 1024 bytes.\n")


async def test_a_body_of_the_largest_size_is_put_up_with(page: Address) -> None:
    head = GET + b"Content-Length: %d\r\n" % BODY_BYTES + LAST
    assert (await said(page, head + b"x" * BODY_BYTES)).startswith(b"HTTP/1.1 200 ")


async def test_a_body_of_unsaid_length_is_refused_however_it_is_chopped(page: Address) -> None:
    answer = await said(page, GET + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 400)
    assert answer.startswith(b"HTTP/1.1 411 ")
    assert answer.endswith(b"A request with a body must say its length (Content-Length).\n")


@pytest.mark.parametrize(
    "head", [b"X: " + b"x" * 10_000, b"\r\n".join(b"X-%d: x" % number for number in range(2000))]
)
async def test_headers_without_end_are_refused(page: Address, head: bytes) -> None:
    assert (await said(page, GET + head)).startswith(b"HTTP/1.1 431 ")


async def test_an_address_without_end_is_refused(page: Address) -> None:
    assert (await said(page, b"GET /" + b"x" * 10_000)).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        GET + b"Content-Length: -1\r\n\r\n",
        GET + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        GET + b"Content-Length: 1" + b"0" * 30 + b"\r\n\r\n",
        GET + b"Content-Length: 1_0\r\n\r\n",
        GET + "Content-Length: ٣\r\n\r\n".encode(),
        GET + b"X\xff: y\r\n\r\n",
        GET + b": y\r\n\r\n",
        GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        GET + b"Transfer-Encoding: gzip\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
async def test_garbage_is_refused_and_the_next_reader_served(page: Address, garbage: bytes) -> None:
    refused = await said(page, garbage + b"\r\n\r\n")
    assert refused[:10] in (b"HTTP/1.1 4", b"HTTP/1.1 5")
    assert (await said(page, GET + LAST)).endswith(b"ok\n")


@pytest.mark.parametrize("target", [b"/%ff%fe", b"/%", b"/?" + b"%" * 50, b"*", b"http://localhost/", b"/\x7e{}|"])
async def test_an_odd_address_is_answered_in_order(page: Address, target: bytes) -> None:
    answer = await said(page, b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n" + LAST)
    assert answer[:12] in (b"HTTP/1.1 404", b"HTTP/1.1 200")


async def test_an_offer_of_http_2_is_answered_in_http_1(page: Address) -> None:
    offer = (
        b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings, close\r\n\r\n"
    )
    assert (await said(page, GET + offer)).startswith(b"HTTP/1.1 200 ")


async def test_http_2_without_asking_is_refused(page: Address) -> None:
    assert (await said(page, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).startswith(b"HTTP/1.1 4")


async def test_an_offer_of_a_web_socket_is_answered_in_http_1(page: Address) -> None:
    offer = b"Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
    answer = await said(page, GET + offer + b"dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_a_connection_that_says_nothing_is_closed(impatient: Address) -> None:
    assert await said(impatient) == b""


async def test_headers_that_drip_in_are_cut_off(impatient: Address) -> None:
    async with await connected(impatient) as stream, trio.open_nursery() as nursery:
        nursery.start_soon(drip, stream, GET + b"X-" + b"x" * 1000)
        assert await everything(stream) == b""
        nursery.cancel_scope.cancel()


async def drip(stream: trio.SocketStream, data: bytes) -> None:
    for number in range(len(data)):
        try:
            await stream.send_all(data[number : number + 1])
        except trio.BrokenResourceError:
            return
        await trio.sleep(0.02)


async def test_a_reader_who_stops_reading_is_cut_off_and_holds_nothing_up(impatient: Address) -> None:
    async with await connected(impatient) as stream:
        with trio.fail_after(PATIENCE), pytest.raises(trio.BrokenResourceError):
            await stream.send_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1_000_000)


async def test_the_connection_that_is_longest_without_an_answer_makes_room_for_the_next() -> None:
    limits = Limits(connections=2)
    async with served(limits=limits) as page, await connected(page) as silent, await connected(page) as reader:
        await reader.send_all(GET + b"\r\n")
        assert (await reader.receive_some()).startswith(b"HTTP/1.1 200 ")
        assert (await said(page, GET + LAST)).endswith(b"ok\n")
        assert await everything(silent) == b""
        await reader.send_all(GET + LAST)
        assert (await everything(reader)).endswith(b"ok\n")


async def test_a_crowd_that_says_nothing_keeps_nobody_waiting() -> None:
    limits = Limits(peer=1000.0, everyone=2000.0)
    async with served(limits=limits) as page, AsyncExitStack() as crowd:
        for _ in range(3 * Limits().connections):
            await crowd.enter_async_context(await connected(page))
        started = trio.current_time()
        assert (await said(page, GET + LAST)).endswith(b"ok\n")
        assert trio.current_time() - started < Limits().seconds / 2


async def test_a_crowd_of_connections_holds_no_more_files_than_the_limit() -> None:
    async with served(limits=Limits(connections=5)) as address:
        before = open_files()
        streams = [await connected(address) for _ in range(40)]
        await trio.testing.wait_all_tasks_blocked(0.05)
        held = open_files() - before - len(streams)
        for stream in streams:
            await stream.aclose()
    assert held <= 5


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def reset(stream: trio.SocketStream) -> None:
    """Hang up as a machine does that loses its power and finds it again."""
    await stream.send_all(GET)
    stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.socket.close()


async def test_places_come_back_after_rude_and_polite_readers_alike() -> None:
    async with served(limits=Limits(connections=2)) as address:
        for _ in range(10):
            await reset(await connected(address))
            await said(address, b"\x00\r\n\r\n")
            assert (await said(address, GET + LAST)).endswith(b"ok\n")
