"""The one way out, for a request whose body comes in pieces: what the server gets, and what ends the call."""

from collections.abc import AsyncIterator

import pytest
import trio

from agent.foundation.errors import NoAnswer, NotSent
from agent.foundation.http import Peer
from tests.raw_server import RawServer, Stream, answer, raw_server


class Broken(Exception):
    """What makes the pieces has failed."""


class Pieces:
    """Some pieces, then perhaps a failure."""

    def __init__(self, *pieces: bytes, failure: Exception | None = None) -> None:
        self._left, self._failure = list(pieces), failure

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        await trio.lowlevel.checkpoint()
        if self._left:
            return self._left.pop(0)
        raise self._failure or StopAsyncIteration


class Chunks:
    """A server that reads to the end of a chunked body, and keeps all that came."""

    def __init__(self) -> None:
        self.came = b""

    async def talk(self, server: RawServer, stream: Stream) -> None:
        while not self.came.endswith(b"0\r\n\r\n"):
            piece = await stream.receive_some(65_536)
            if not piece:
                return
            self.came += piece
        await stream.send_all(answer(b"well"))


async def test_pieces_are_sent_as_they_come(nursery: trio.Nursery) -> None:
    chunks = Chunks()
    server = await raw_server(nursery, chunks.talk)
    async with Peer(server.base) as peer:
        got = await peer.call("POST", "/x", body=Pieces(b"one", b"three"), deadline=5, cap=100)
    head, _, body = chunks.came.partition(b"\r\n\r\n")
    assert (got.status, got.body) == (200, b"well")
    assert b"transfer-encoding: chunked" in head.lower()
    assert b"content-length" not in head.lower()
    assert body == b"3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"


async def test_what_makes_the_pieces_may_fail_and_the_body_is_not_ended(nursery: trio.Nursery) -> None:
    chunks = Chunks()
    server = await raw_server(nursery, chunks.talk)
    async with Peer(server.base) as peer:
        with pytest.raises(Broken):
            await peer.call("POST", "/x", body=Pieces(b"one", failure=Broken()), deadline=5, cap=100)
    assert not chunks.came.endswith(b"0\r\n\r\n")


async def test_no_answer_to_pieces_that_were_sent_is_none(nursery: trio.Nursery) -> None:
    async def talk(server: RawServer, stream: Stream) -> None:
        await stream.receive_some(10)
        await stream.aclose()

    server = await raw_server(nursery, talk)
    async with Peer(server.base) as peer:
        with pytest.raises(NoAnswer):
            await peer.call("POST", "/x", body=Pieces(b"x" * 100_000), deadline=5, cap=100)


async def test_without_a_connection_no_piece_is_asked_for() -> None:
    async with Peer("http://127.0.0.1:1") as peer:
        with pytest.raises(NotSent):
            await peer.call("POST", "/x", body=Pieces(failure=AssertionError("asked for")), deadline=5, cap=100)
