"""One connection in virtual time: when exactly it ends."""

import re

import pytest
import trio
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from trio.testing import MockClock, lockstep_stream_pair, memory_stream_pair

from agent.status.server.connection import LINGER_SECONDS, READ_BYTES, Connection, Http, Limits

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
EXPECTING = POST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")
GO_ON, OK, REFUSED = b"100", b"200", b"400"
SECONDS = Limits().seconds
Duplex = trio.StapledStream[trio.testing.MemorySendStream, trio.testing.MemoryReceiveStream]

hello = PlainTextResponse("hello")


async def patient(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the whole body before it answers."""
    while (await receive()).get("more_body"):
        pass
    await hello(scope, receive, send)


class Line:
    """A connection being served, and the client's end of it."""

    def __init__(self, nursery: trio.Nursery, app: ASGIApp = hello) -> None:
        self.client, server = memory_stream_pair()
        self.ended: float | None = None
        nursery.start_soon(self._serve, Http(app, Limits()), server)

    async def _serve(self, http: Http, server: Duplex) -> None:
        await Connection(http, server).run()
        self.ended = trio.current_time()
        await server.aclose()

    async def drip(self, data: bytes, seconds: float) -> None:
        for number in range(len(data)):
            await self.client.send_all(data[number : number + 1])
            await trio.sleep(seconds)

    async def answer(self) -> bytes:
        answer = bytearray()
        while not answer.endswith(b"hello"):
            answer += await self.client.receive_some()
        return bytes(answer)

    async def hang_up_time(self) -> float:
        """When the server says that nothing more comes."""
        while await self.client.receive_some():
            pass
        return trio.current_time()


def statuses(said: bytes | bytearray) -> list[bytes]:
    return re.findall(rb"HTTP/1\.1 (\d+) ", said)


async def test_silence_ends_after_the_limit(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        start = trio.current_time()
        assert await Line(nursery).hang_up_time() - start == pytest.approx(SECONDS)


async def test_dripping_headers_do_not_put_off_the_end(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        start, line = trio.current_time(), Line(nursery)
        nursery.start_soon(line.drip, GET[:-2] + b"X: x", 1.0)
        assert await line.hang_up_time() - start == pytest.approx(SECONDS)
        nursery.cancel_scope.cancel()


async def test_a_dripping_body_does_not_put_off_the_end(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        start, line = trio.current_time(), Line(nursery, patient)
        await line.client.send_all(POST)
        nursery.start_soon(line.drip, b"x" * 100, 1.0)
        assert await line.hang_up_time() - start == pytest.approx(SECONDS)
        nursery.cancel_scope.cancel()


async def test_each_answer_puts_off_the_end(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        line = Line(nursery)
        for _ in range(5):
            await trio.sleep(SECONDS - 1)
            await line.client.send_all(GET)
            await line.answer()
        last = trio.current_time()
        assert await line.hang_up_time() - last == pytest.approx(SECONDS)


async def test_an_application_that_never_answers_does_not_hold_the_connection(autojump_clock: MockClock) -> None:
    async def stuck(scope: Scope, receive: Receive, send: Send) -> None:
        await trio.sleep_forever()

    async with trio.open_nursery() as nursery:
        start, line = trio.current_time(), Line(nursery, stuck)
        await line.client.send_all(GET)
        assert await line.hang_up_time() - start == pytest.approx(SECONDS)


async def test_a_client_that_does_not_hang_up_is_left_a_moment_later(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        start, line = trio.current_time(), Line(nursery)
        await trio.sleep(SECONDS + LINGER_SECONDS + 1)
        assert line.ended is not None
        assert line.ended - start == pytest.approx(SECONDS + LINGER_SECONDS)


async def test_an_answer_without_reading_the_body_does_not_lock_up(autojump_clock: MockClock) -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await trio.sleep(1)
        await hello(scope, receive, send)

    async with trio.open_nursery() as nursery:
        start, line = trio.current_time(), Line(nursery, slow)
        await line.client.send_all(POST)
        nursery.start_soon(line.drip, b"x" * 100, 0.01)
        assert await line.hang_up_time() - start == pytest.approx(1)
        nursery.cancel_scope.cancel()


async def test_an_answer_waits_for_the_word_to_go_on_that_is_still_being_sent() -> None:
    async def hasty(scope: Scope, receive: Receive, send: Send) -> None:
        """Reads the body in one task, and answers in another without waiting for it."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(receive)
            await trio.testing.wait_all_tasks_blocked()
            await hello(scope, receive, send)
            nursery.cancel_scope.cancel()

    client, server = lockstep_stream_pair()  # a send is over only when the other side has read it
    async with trio.open_nursery() as nursery:
        nursery.start_soon(Connection(Http(hasty, Limits()), server).run)
        await client.send_all(EXPECTING)
        await trio.testing.wait_all_tasks_blocked()
        said = bytearray()
        while not said.endswith(b"hello"):
            said += await client.receive_some()
        nursery.cancel_scope.cancel()
    assert statuses(said) == [GO_ON, OK]


async def test_a_client_that_waits_is_told_to_go_on_once_its_body_is_asked_for(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        line = Line(nursery, patient)
        await line.client.send_all(EXPECTING)
        assert statuses(await line.client.receive_some()) == [GO_ON]
        await line.drip(b"x" * 1000, 0.001)
        assert statuses(await line.answer()) == [OK]
        nursery.cancel_scope.cancel()


async def test_a_client_that_waits_is_not_asked_for_a_body_that_nobody_reads(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        start, line = trio.current_time(), Line(nursery)
        await line.client.send_all(EXPECTING)
        assert statuses(await line.answer()) == [OK]
        assert await line.hang_up_time() == start
        nursery.cancel_scope.cancel()


async def test_the_application_gets_the_body_whole(autojump_clock: MockClock) -> None:
    got = bytearray()

    async def keeping(scope: Scope, receive: Receive, send: Send) -> None:
        is_more = True
        while is_more:
            event = await receive()
            got.extend(event["body"])
            is_more = event["more_body"]
        await hello(scope, receive, send)

    async with trio.open_nursery() as nursery:
        line = Line(nursery, keeping)
        await line.client.send_all(POST)
        await line.drip(b"x" * 1000, 0.001)
        await line.answer()
        nursery.cancel_scope.cancel()
    assert got == b"x" * 1000


async def test_an_application_hears_that_the_client_is_gone(autojump_clock: MockClock) -> None:
    heard: list[str] = []

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        heard.extend([(await receive())["type"], (await receive())["type"]])

    async with trio.open_nursery() as nursery:
        line = Line(nursery, listening)
        await line.client.send_all(GET)
        await line.client.aclose()
    assert heard == ["http.request", "http.disconnect"]


async def test_a_client_that_listens_no_more_ends_the_connection_soon(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        start, line = trio.current_time(), Line(nursery)
        await line.client.receive_stream.aclose()
        await line.client.send_all(GET)
        await trio.sleep(LINGER_SECONDS + 0.1)
        assert line.ended == pytest.approx(start + LINGER_SECONDS)


async def test_a_bug_of_the_application_comes_out(autojump_clock: MockClock) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a bug")

    with pytest.RaisesGroup(RuntimeError, flatten_subgroups=True):
        async with trio.open_nursery() as nursery:
            await Line(nursery, broken).client.send_all(GET)


async def test_an_application_that_answers_nothing_is_a_bug_too(autojump_clock: MockClock) -> None:
    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    with pytest.RaisesGroup(AssertionError, flatten_subgroups=True):
        async with trio.open_nursery() as nursery:
            await Line(nursery, silent).client.send_all(GET)


async def test_an_answer_leaves_in_one_piece() -> None:
    client, server = lockstep_stream_pair()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(Connection(Http(hello, Limits()), server).run)
        await client.send_all(GET)
        assert (await client.receive_some()).endswith(b"hello")
        nursery.cancel_scope.cancel()


async def test_head_is_answered_like_get_without_the_body(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        line = Line(nursery)
        await line.client.send_all(GET.replace(b"GET", b"HEAD") + GET)
        head, _, rest = (await line.answer()).partition(b"\r\n\r\n")
        assert b"content-length: 5" in head
        assert statuses(rest) == [OK]
        nursery.cancel_scope.cancel()


async def test_an_answer_says_when_it_was_made(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        line = Line(nursery)
        await line.client.send_all(GET)
        assert b"\r\ndate: " in await line.answer()
        nursery.cancel_scope.cancel()


async def test_the_last_request_of_a_connection_is_told_so(autojump_clock: MockClock) -> None:
    client, server = memory_stream_pair()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(Connection(Http(hello, Limits(requests=3)), server).run)
        await client.send_all(GET * 5)
        said = bytearray()
        while piece := await client.receive_some():
            said += piece
        nursery.cancel_scope.cancel()
    assert len(statuses(said)) == 3
    assert said.count(b"connection: close") == 1
    assert said.rindex(b"connection: close") > said.rindex(b"HTTP/1.1")


async def test_a_body_that_came_unread_does_not_end_the_connection(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        line = Line(nursery)
        for _ in range(2):
            await line.client.send_all(POST + b"x" * 1000)
            await line.answer()
        nursery.cancel_scope.cancel()


async def test_what_is_asked_ahead_is_not_read_while_the_application_waits(autojump_clock: MockClock) -> None:
    async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            await receive()

    client, server = memory_stream_pair()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(Connection(Http(waiting, Limits()), server).run)
        await client.send_all(GET * 10_000)
        await trio.testing.wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert len(await server.receive_some()) >= len(GET) * 10_000 - 2 * READ_BYTES


async def test_a_body_that_breaks_off_is_refused(autojump_clock: MockClock) -> None:
    async with trio.open_nursery() as nursery:
        line = Line(nursery, patient)
        await line.client.send_all(POST + b"x" * 10)
        await line.client.send_eof()
        assert statuses(await line.client.receive_some()) == [REFUSED]
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("request_line", [b"CONNECT a:1 HTTP/1.1", b"PRI * HTTP/2.0"])
async def test_what_is_not_for_a_page_is_refused(autojump_clock: MockClock, request_line: bytes) -> None:
    async with trio.open_nursery() as nursery:
        line = Line(nursery)
        await line.client.send_all(request_line + b"\r\nHost: a\r\n\r\n")
        assert statuses(await line.client.receive_some()) == [REFUSED]
        nursery.cancel_scope.cancel()


async def test_an_application_that_is_done_hears_of_no_next_request(autojump_clock: MockClock) -> None:
    heard: list[str] = []

    async def curious(scope: Scope, receive: Receive, send: Send) -> None:
        await hello(scope, receive, send)
        heard.append((await receive())["type"])

    async with trio.open_nursery() as nursery:
        line = Line(nursery, curious)
        await line.client.send_all(GET + GET)
        await line.hang_up_time()
        nursery.cancel_scope.cancel()
    assert heard == ["http.disconnect"] * 2
