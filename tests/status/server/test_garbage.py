"""Bytes that are no HTTP, or nearly: whatever comes, the connection ends in time and nothing else breaks."""

import trio
from hypothesis import example, given, settings
from hypothesis import strategies as st
from trio.testing import MockClock, memory_stream_pair, wait_all_tasks_blocked

from agent.status.server.connection import LINGER_SECONDS, Connection, Http, Limits
from agent.status.web import web_app
from tests.status.samples import snapshot

HTTP = Http(web_app(snapshot), Limits())
LINES = (
    *(
        b"GET / HTTP/1.1",
        b"HEAD /metrics HTTP/1.0",
        b"POST /healthz HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"GET /%zz HTTP/1.1",
    ),
    *(
        b"OPTIONS * HTTP/1.1",
        b"GET http://a/ HTTP/1.1",
        b"CONNECT a:1 HTTP/1.1",
        b"Host: localhost",
        b"Host: \xff",
    ),
    *(
        b"Host:",
        b"Content-Length: 0",
        b"Content-Length: 5",
        b"Content-Length: 99999",
        b"Transfer-Encoding: chunked",
    ),
    *(b"Transfer-Encoding: x", b"Expect: 100-continue", b"Connection: close", b"Connection: keep-alive"),
    *(b"Connection: upgrade", b"Upgrade: h2c", b"HTTP2-Settings: AA", b"Upgrade: websocket"),
    *(b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: AA==", b"Sec-WebSocket-Extensions: permessage-deflate"),
    *(b"", b"", b"\r\n", b"hello", b"5", b"0", b"ffffffff", b"SM", b"\x81\x85abcdhello", b"\x88\x00"),
)
PIECES = st.sampled_from([line + b"\r\n" for line in LINES])
WEB_SOCKET = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
REQUESTS = st.sampled_from([GET, POST, WEB_SOCKET])


@settings(max_examples=300, deadline=None)
@example(pieces=[WEB_SOCKET, b"\r\n\r\n"], is_polite=False)  # spoken before it was let in
@given(st.lists(PIECES | REQUESTS | st.binary(max_size=40), max_size=12), st.booleans())
def test_whatever_comes_the_connection_ends_in_time_without_an_error(pieces: list[bytes], is_polite: bool) -> None:
    seconds = trio.run(talk, pieces, is_polite, clock=MockClock(autojump_threshold=0))
    assert seconds <= Limits().seconds + LINGER_SECONDS


async def talk(pieces: list[bytes], is_polite: bool) -> float:
    """Say all of it at once, as far as the other side listens; seconds until the connection is over."""
    client, server = memory_stream_pair()
    start = trio.current_time()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(Connection(HTTP, server).run)
        for piece in pieces:
            await client.send_all(piece)
            await wait_all_tasks_blocked()
        if is_polite:
            await client.send_eof()
    return trio.current_time() - start
