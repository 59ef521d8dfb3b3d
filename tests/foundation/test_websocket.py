"""The second way out: who is listened to and how, every way in which a line ends, and that none lasts too long."""

import math
import ssl
import traceback
from functools import partial

import pytest
import trio
import trustme
from hypothesis import example, given
from hypothesis import strategies as st
from trio.testing import memory_stream_pair
from trio_websocket import WebSocketRequest, serve_websocket

from agent.foundation.errors import CallFailed, CertificateRefused, Flaw, NoAnswer, NotSent, Silence
from agent.foundation.websocket import OPEN_SECONDS, Declined, WebSocket
from tests.news_line import Ear, NewsServer

HEADERS = {"Cookie": "ClientToken=canary-client; AccessToken=canary-access"}
CAP = 1000  # characters
HALF_OPEN_SECONDS = 60.0  # s within which a dead line has to show


class Line:
    """A WebSocket in memory, and how it ended."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self.server = NewsServer(nursery)
        self.ear = Ear()
        self.error: CallFailed | None = None
        self.ended_at = math.nan
        self._ended = trio.Event()

    async def run(self, seconds: float = math.inf) -> None:
        socket = WebSocket("ws://mews.example:9001", connect=self.server.connect)
        try:
            await socket.listen("/ws/connector", HEADERS, self.ear, cap=CAP, seconds=seconds)
        except CallFailed as error:
            self.error = error
        self.ended_at = trio.current_time()
        self._ended.set()

    async def end(self) -> CallFailed | None:
        """The error that it ends with."""
        await self._ended.wait()
        return self.error


@pytest.fixture
def line(nursery: trio.Nursery) -> Line:
    return Line(nursery)


async def test_it_asks_with_its_headers_and_hands_on_each_message_in_order(
    line: Line, nursery: trio.Nursery
) -> None:
    nursery.start_soon(line.run)
    await line.server.wait_open()
    for text in ("first", b"second", "third \u2713"):
        await line.server.say(text)
    await line.ear.wait_heard(3)
    assert line.ear.messages == ["first", b"second", "third \u2713"]
    [request] = line.server.requests
    headers = dict(request.headers)
    assert request.path == "/ws/connector"
    assert (headers[b"cookie"], headers[b"user-agent"]) == (HEADERS["Cookie"].encode(), b"NightPorter")
    assert b"sec-websocket-extensions" not in headers  # nothing is compressed


async def test_after_its_time_it_takes_its_leave_and_ends_well(
    line: Line, nursery: trio.Nursery, autojump_clock: object
) -> None:
    nursery.start_soon(line.run, 3600.0)
    await line.server.wait_open()
    [socket] = line.server.sockets
    assert await line.end() is None
    assert line.ended_at - line.ear.opened_at == pytest.approx(3600, abs=1)
    assert (socket.closed and socket.closed.code, line.server.wires[0].is_closed) == (1000, True)


async def test_a_line_that_answers_pings_is_held_for_hours_though_nothing_is_said(
    line: Line, nursery: trio.Nursery, autojump_clock: object
) -> None:
    nursery.start_soon(line.run)
    await line.ear.wait_opened()
    await trio.sleep(6 * 3600)
    assert line.error is None
    await line.server.say("news")
    await line.ear.wait_heard(1)


@pytest.mark.parametrize("quiet", [0.0, 1.0, 19.9, 20.0, 1000.0])
async def test_a_line_that_died_without_a_word_is_noticed_within_a_minute(
    line: Line, nursery: trio.Nursery, autojump_clock: object, quiet: float
) -> None:
    nursery.start_soon(line.run)
    await line.ear.wait_opened()
    await trio.sleep(quiet)
    line.server.wires[0].is_dead = True
    died_at = trio.current_time()
    assert isinstance(await line.end(), Silence)
    assert line.ended_at - died_at <= HALF_OPEN_SECONDS


async def test_a_line_that_says_much_and_answers_no_ping_is_dead(
    line: Line, nursery: trio.Nursery, autojump_clock: object
) -> None:
    """A proxy may go on with what it has, though the other end has gone."""
    nursery.start_soon(line.run)
    await line.ear.wait_opened()
    line.server.wires[0].is_mute = True
    with trio.move_on_after(HALF_OPEN_SECONDS) as limit:
        while line.error is None:
            await trio.sleep(1)
            await line.server.say("noise")
    assert not limit.cancelled_caught
    assert isinstance(line.error, Silence)
    assert len(line.ear.messages) > 20


async def test_an_end_by_the_other_side_says_so(line: Line, nursery: trio.Nursery) -> None:
    nursery.start_soon(line.run)
    await line.ear.wait_opened()
    await line.server.sockets[0].aclose(1001, "an update of Mews")
    error = await line.end()
    assert (type(error), str(error)) == (NoAnswer, "it closed the WebSocket")


async def test_a_line_that_breaks_says_so(line: Line, nursery: trio.Nursery) -> None:
    nursery.start_soon(line.run)
    await line.ear.wait_opened()
    line.server.wires[0].break_off()
    error = await line.end()
    assert (type(error), str(error)) == (NoAnswer, "the connection broke")


async def test_a_message_that_is_longer_than_the_cap_ends_the_line(line: Line, nursery: trio.Nursery) -> None:
    nursery.start_soon(line.run)
    await line.ear.wait_opened()
    await line.server.say("x" * CAP)
    await line.server.say("y" * (CAP + 1))
    error = await line.end()
    assert (type(error), str(error)) == (NoAnswer, "its message is too long")
    assert line.ear.messages == ["x" * CAP]


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (401, [], None),
        (404, [], None),
        (302, [(b"Location", b"https://elsewhere.example/")], None),
        (429, [(b"Retry-After", b"7")], 7.0),
        (
            503,
            [
                (b"Date", b"Thu, 26 Nov 2026 10:00:00 GMT"),
                (b"Retry-After", b"Thu, 26 Nov 2026 10:01:00 GMT"),
            ],
            60.0,
        ),
    ],
)
async def test_an_answer_without_a_websocket_is_told_with_its_status_and_pause(
    line: Line, status: int, headers: list[tuple[bytes, bytes]], pause: float | None
) -> None:
    line.server.status, line.server.headers = status, headers
    await line.run()
    assert isinstance(line.error, Declined)
    assert (line.error.status, line.error.pause) == (status, pause)
    assert len(line.server.wires) == 1  # it follows no one
    assert line.server.wires[0].is_closed


async def test_where_no_one_is_there_that_is_what_it_says(line: Line) -> None:
    line.server.is_away = True
    await line.run()
    assert (type(line.error), str(line.error)) == (NotSent, "it refused the connection")


async def test_the_other_sides_agreement_has_a_deadline(autojump_clock: object) -> None:
    client, _server = memory_stream_pair()

    async def connect() -> trio.abc.Stream:
        return client

    began = trio.current_time()
    with pytest.raises(NotSent, match="no WebSocket came about within 15 s"):
        await WebSocket("ws://mews.example", connect=connect).listen("/", {}, Ear(), cap=CAP, seconds=9)
    assert trio.current_time() - began == pytest.approx(OPEN_SECONDS)


async def test_the_way_there_has_a_deadline(autojump_clock: object) -> None:
    with pytest.raises(NotSent, match="no WebSocket came about"):
        await WebSocket("ws://mews.example", connect=_never).listen("/", {}, Ear(), cap=CAP, seconds=9)


async def _never() -> trio.abc.Stream:
    await trio.sleep_forever()
    raise AssertionError


async def test_who_is_cancelled_leaves_no_line_behind(line: Line, nursery: trio.Nursery) -> None:
    with trio.CancelScope() as scope:
        nursery.start_soon(line.server.wait_open)
        async with trio.open_nursery() as inner:
            inner.start_soon(line.run)
            await line.ear.wait_opened()
            scope.cancel()
    assert scope.cancelled_caught
    assert line.server.wires[0].is_closed


class Clumsy(Ear):
    """Has a bug."""

    def heard(self, message: str | bytes) -> None:
        raise ZeroDivisionError


async def test_a_bug_of_the_listener_stays_a_bug(nursery: trio.Nursery) -> None:
    server = NewsServer(nursery)
    with pytest.RaisesGroup(ZeroDivisionError, flatten_subgroups=True):
        async with trio.open_nursery() as inner:
            socket = WebSocket("ws://mews.example", connect=server.connect)
            inner.start_soon(partial(socket.listen, "/", {}, Clumsy(), cap=CAP, seconds=9))
            await server.wait_open()
            await server.say("news")


async def test_no_error_holds_a_token(line: Line) -> None:
    line.server.status = 401
    socket = WebSocket("ws://mews.example", connect=line.server.connect)
    with pytest.raises(Declined) as caught:
        await socket.listen("/", HEADERS, line.ear, cap=CAP, seconds=1)
    told = f"{caught.value!r} {socket!r} {''.join(traceback.format_exception(caught.value))}"
    assert "canary" not in told


# -- any bytes ----------------------------------------------------------------------------------------------------


AGREED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"


async def answered(head: bytes, rest: bytes) -> tuple[CallFailed | None, Ear]:
    """How a line ends on which that is said, with a good key where the head agrees, and then the end."""
    client, server = memory_stream_pair()
    ear = Ear()

    async def connect() -> trio.abc.Stream:
        return client

    async def answer() -> None:
        request = bytes(await server.receive_some(10_000))
        assert b"\r\nHost: mews.example\r\n" in request
        await server.send_all(head.replace(b"KEY", accept_key(request)) + rest)
        await server.send_stream.aclose()

    error = None
    async with trio.open_nursery() as nursery:
        nursery.start_soon(answer)
        try:
            await WebSocket("ws://mews.example", connect=connect).listen("/", {}, ear, cap=CAP, seconds=99)
        except CallFailed as caught:
            error = caught
        nursery.cancel_scope.cancel()
    return error, ear


def accept_key(request: bytes) -> bytes:
    from wsproto.utilities import generate_accept_token

    [line] = [line for line in request.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:")]
    return generate_accept_token(line.partition(b":")[2].strip())


@given(st.binary(max_size=300))
@example(b"")
@example(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
@example(AGREED + b"Sec-WebSocket-Accept: wrong\r\n\r\n")
@example(AGREED + b"Sec-WebSocket-Accept: KEY\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
@example(AGREED + b"Sec-WebSocket-Accept: KEY\r\nSec-WebSocket-Protocol: other\r\n\r\n")
@example(b"HTTP/1.1 100 Continue\r\n\r\n" * 20)
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello")
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
@example(b"HTTP/1.1 503 Busy\r\nRetry-After: \xff\r\nContent-Length: 0\r\n\r\n")
@example(b"\x16\x03\x01\x02\x00")
def test_whatever_is_answered_is_one_plain_error(head: bytes) -> None:
    error, ear = trio.run(answered, head, b"")
    assert error is not None
    assert (ear.messages, error.reason.isprintable()) == ([], True)


@given(st.binary(max_size=300))
@example(b"\x81\x02hi")
@example(b"\x81\x02\xff\xfe")  # no UTF-8
@example(b"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff")
@example(b"\x81\x7e\xff\xff" + b"x" * 2000)
@example(b"\xc1\x02hi")  # compressed
@example(b"\x88\x01\x00")
@example(b"\x88\x02\x00\x00")
@example(b"\x80\x00")
@example(b"\x89\x7e\x00\x7e" + b"x" * 126)
@example(b"\x8a\x00" * 50)
@example(b"\x83\x00")
@example(b"\x81\x82\x00\x00\x00\x00hi")  # masked, as only a client may
def test_whatever_is_said_on_the_line_ends_it_with_one_plain_error_at_worst(said: bytes) -> None:
    error, ear = trio.run(answered, AGREED + b"Sec-WebSocket-Accept: KEY\r\n\r\n", said)
    assert error is not None  # for the line ends
    assert not math.isnan(ear.opened_at)
    assert error.reason.isprintable()


def test_an_answer_without_an_end_is_broken_off() -> None:
    body = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n" + b"400\r\n" + b"x" * 1024 + b"\r\n"
    error, _ = trio.run(answered, body, (b"400\r\n" + b"x" * 1024 + b"\r\n") * 100)
    assert (type(error), str(error)) == (NoAnswer, "what came back was no WebSocket")


# -- real sockets -------------------------------------------------------------------------------------------------


async def hello(request: WebSocketRequest) -> None:
    socket = await request.accept()
    await socket.send_message("hello")
    await socket.aclose()


async def served(nursery: trio.Nursery, tls: ssl.SSLContext | None) -> int:
    server = await nursery.start(partial(serve_websocket, hello, "127.0.0.1", 0, tls))
    port: int = server.port
    return port


async def heard_at(base: str, authorities: ssl.SSLContext | None = None) -> list[str | bytes]:
    """What is heard until the other side closes."""
    ear = Ear()
    with pytest.raises(NoAnswer, match="it closed the WebSocket"):
        await WebSocket(base, authorities=authorities).listen("/", HEADERS, ear, cap=CAP, seconds=5)
    return ear.messages


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_it_is_opened_over_plain_tcp(nursery: trio.Nursery) -> None:
    port = await served(nursery, None)
    assert await heard_at(f"ws://127.0.0.1:{port}/") == ["hello"]


async def test_it_is_opened_by_name_over_tls(nursery: trio.Nursery, authority: trustme.CA) -> None:
    port = await served(nursery, server_context(authority, "localhost"))
    assert await heard_at(f"wss://localhost:{port}", trusting(authority)) == ["hello"]


@pytest.mark.parametrize(
    ("name", "flaw"), [("localhost", Flaw.UNKNOWN_ISSUER), ("other.example", Flaw.OTHER_NAME)]
)
async def test_a_certificate_that_is_not_good_for_it_is_refused(
    nursery: trio.Nursery, authority: trustme.CA, name: str, flaw: Flaw
) -> None:
    port = await served(nursery, server_context(authority, name))
    known = trusting(authority) if flaw is Flaw.OTHER_NAME else None
    with pytest.raises(CertificateRefused) as refused:
        await WebSocket(f"wss://localhost:{port}", authorities=known).listen("/", {}, Ear(), cap=CAP, seconds=5)
    assert refused.value.flaw is flaw


async def test_a_server_without_tls_is_named_as_what_it_is(nursery: trio.Nursery) -> None:
    port = await served(nursery, None)
    with pytest.raises(NotSent, match="it speaks plain HTTP"):
        await WebSocket(f"wss://127.0.0.1:{port}").listen("/", {}, Ear(), cap=CAP, seconds=5)


async def test_a_port_where_no_one_listens_refuses() -> None:
    [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
    port = listener.socket.getsockname()[1]
    await listener.aclose()
    with pytest.raises(NotSent, match="it refused the connection"):
        await WebSocket(f"ws://localhost:{port}").listen("/", {}, Ear(), cap=CAP, seconds=5)
