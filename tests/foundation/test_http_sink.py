"""The one way out, for an answer that goes to a file: what its sink gets, what it does not, what ends the call."""

import pytest
import trio

from agent.foundation.errors import NoAnswer
from agent.foundation.http import Answer, Peer
from tests.raw_server import RawServer, Stream, Talk, answer, answering, raw_server


class Basin:
    """A sink that remembers."""

    def __init__(self) -> None:
        self.expected: list[int | None] = []
        self.body = b""

    def expect(self, size: int | None) -> None:
        self.expected.append(size)

    def take(self, piece: bytes) -> None:
        self.body += piece


class Full(Basin):
    """A sink on a disk that is full."""

    def take(self, piece: bytes) -> None:
        raise OSError(28, "No space left on device")


async def poured(nursery: trio.Nursery, talk: Talk, basin: Basin, *, cap: int = 1000) -> Answer:
    server = await raw_server(nursery, talk)
    async with Peer(server.base) as peer:
        return await peer.call("GET", "/x", deadline=5, cap=cap, sink=basin)


async def test_the_body_of_a_good_answer_goes_to_the_sink(nursery: trio.Nursery) -> None:
    basin = Basin()
    got = await poured(nursery, answering(answer(b"abc" * 100)), basin)
    assert (got.status, got.body) == (200, b"")
    assert (basin.expected, basin.body) == ([300], b"abc" * 100)


async def test_a_body_of_unknown_size_goes_to_the_sink_too(nursery: trio.Nursery) -> None:
    async def talk(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc")
        await stream.aclose()

    basin = Basin()
    await poured(nursery, talk, basin)
    assert (basin.expected, basin.body) == ([None], b"abc")


@pytest.mark.parametrize("status", ["404 Not Found", "302 Found", "206 Partial Content"])
async def test_no_other_body_is_read(nursery: trio.Nursery, status: str) -> None:
    basin = Basin()
    got = await poured(nursery, answering(answer(b"sorry", status=status)), basin)
    assert (got.status, got.body) == (int(status[:3]), b"")
    assert (basin.expected, basin.body) == ([], b"")


async def test_a_size_beyond_the_cap_is_refused_before_a_byte_is_taken(nursery: trio.Nursery) -> None:
    basin = Basin()
    with pytest.raises(NoAnswer, match="larger than 1000 bytes"):
        await poured(nursery, answering(answer(bytes(1001))), basin)
    assert basin.expected == []


async def test_a_body_that_goes_beyond_the_cap_is_cut_off(nursery: trio.Nursery) -> None:
    async def talk(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(5000))

    basin = Basin()
    with pytest.raises(NoAnswer, match="larger than 1000 bytes"):
        await poured(nursery, talk, basin)
    assert len(basin.body) <= 1000


async def test_a_body_that_ends_too_soon_is_no_answer(nursery: trio.Nursery) -> None:
    async def talk(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
        await stream.aclose()

    with pytest.raises(NoAnswer, match="its answer broke off"):
        await poured(nursery, talk, Basin())


async def test_what_the_sink_raises_reaches_the_caller(nursery: trio.Nursery) -> None:
    with pytest.raises(OSError, match="No space left"):
        await poured(nursery, answering(answer(b"abc")), Full())


async def test_a_cancelled_download_leaves_the_peer_usable(nursery: trio.Nursery) -> None:
    async def talk(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
        await trio.sleep_forever()

    server = await raw_server(nursery, talk)
    async with Peer(server.base, connections=1) as peer:
        for _ in range(2):
            basin = Basin()
            with trio.move_on_after(0.2) as scope:
                await peer.call("GET", "/x", deadline=5, cap=1000, sink=basin)
            assert scope.cancelled_caught
            assert basin.body == b"abc"
