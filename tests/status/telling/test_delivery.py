"""What an address of others makes of a message, by its status alone: whatever comes behind the head."""

import gzip

import pytest
import trio
from trio.testing import MockClock

from agent.foundation.http import Peer
from agent.status.telling.delivery import SECONDS, Delivery, End, deliver
from tests.raw_server import RawServer, Stream, Talk, answer, answering, raw_server


async def delivered(nursery: trio.Nursery, talk: Talk) -> Delivery:
    server = await raw_server(nursery, talk)
    async with Peer(server.base, connections=1) as peer:
        return await deliver(peer, "/hook", b"{}", {})


def behind(status: str) -> list[Talk]:
    """Servers that answer with this status, and spoil what follows it."""

    async def endless(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(f"HTTP/1.1 {status}\r\n\r\n".encode())
        while True:
            await stream.send_all(b" " * 10_000)

    async def lying(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(f"HTTP/1.1 {status}\r\nContent-Length: 1000\r\n\r\nOK".encode())

    async def chunked(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(f"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".encode())

    packed = answering(answer(gzip.compress(b"OK"), "Content-Encoding: gzip", status=status))
    return [endless, lying, chunked, packed, answering(answer(b"x" * 10_000_000, status=status))]


@pytest.mark.parametrize(
    ("status", "end"),
    [
        ("200 OK", End.TAKEN),
        ("400 Bad Request", End.REFUSED),
        ("404 Not Found", End.NOT_HERE),
        ("500 Oh", End.LATER),
    ],
)
@pytest.mark.parametrize("number", range(5))
async def test_the_status_counts_whatever_follows_it(
    nursery: trio.Nursery, status: str, end: End, number: int
) -> None:
    done = await delivered(nursery, behind(status)[number])
    assert done.end is end
    assert done.is_perhaps_there is (end is End.LATER)


async def test_a_body_that_never_ends_holds_a_message_up_until_the_deadline_and_not_for_ever(
    nursery: trio.Nursery, autojump_clock: MockClock
) -> None:
    autojump_clock.autojump_threshold = 0.05  # s; real sockets

    async def dripping(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(b"HTTP/1.1 204 Taken\r\nContent-Length: 0\r\n\r\n")
        await server.next_request(stream)
        await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            await stream.send_all(b" ")
            await trio.sleep(2)

    server = await raw_server(nursery, dripping)
    async with Peer(server.base, connections=1) as peer:
        assert (await deliver(peer, "/hook", b"{}", {})).end is End.TAKEN
        began = trio.current_time()
        assert (await deliver(peer, "/hook", b"{}", {})).end is End.TAKEN
        assert trio.current_time() - began <= SECONDS + 1


async def test_without_a_head_it_is_perhaps_there(nursery: trio.Nursery) -> None:
    async def silent(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)

    done = await delivered(nursery, silent)
    assert (done.end, done.is_perhaps_there) == (End.LATER, True)


async def test_a_message_that_never_left_is_surely_not_there() -> None:
    [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
    port = listener.socket.getsockname()[1]
    await listener.aclose()
    async with Peer(f"http://127.0.0.1:{port}", connections=1) as peer:
        done = await deliver(peer, "/hook", b"{}", {})
    assert (done.end, done.is_perhaps_there) == (End.LATER, False)
