"""The line to Mews: what of a call that got no whole answer is known, and whose date counts."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import trio
import trio.testing

from agent.foundation.http import Answer, Peer
from agent.foundation.timing import MewsClock
from agent.foundation.tls import PinMismatch
from agent.mews.calls import Failed, NotReached, NotTrusted, Silent
from agent.mews.line import MewsLine

DATE = {"Date": "Thu, 26 Nov 2026 11:00:00 GMT"}
Behaviour = Callable[[httpx.Request], "httpx.Response | Exception | None"]


class Network(httpx.AsyncBaseTransport):
    """Behaves as a function says: an answer, an error, or (None) silence. Counts what it was asked and closed."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self.asked: list[httpx.Request] = []
        self.closed = 0

    async def aclose(self) -> None:
        self.closed += 1

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        trace = request.extensions["trace"]
        result = self._behaviour(request)
        if isinstance(result, httpx.ConnectError):
            if result.__cause__ is not None:  # the connection was made, and no TLS on it
                await trace("connection.connect_tcp.complete", {})
            raise result
        await trace("http11.send_request_headers.started", {})
        if result is None:
            await trio.sleep_forever()
        if isinstance(result, Exception):
            raise result
        assert isinstance(result, httpx.Response)
        return result


class Pieces(httpx.AsyncByteStream):
    """A body in one piece."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = iter(pieces)

    def __aiter__(self) -> "Pieces":
        return self

    async def __anext__(self) -> bytes:
        for piece in self._pieces:
            return piece
        raise StopAsyncIteration


class Half(httpx.AsyncByteStream):
    """Half a body, and then nothing more."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        await trio.sleep_forever()


def dated(body: bytes) -> Behaviour:
    return lambda request: httpx.Response(200, headers=DATE, stream=Pieces(body))


def text(answer: Answer) -> bytes:
    return answer.body


async def failure(behaviour: Behaviour) -> Failed:
    line = MewsLine(Peer("http://mews.test", transport=Network(behaviour)), MewsClock())
    with pytest.raises(Failed) as raised:
        await line.post("/commands/update", b"{}", text)
    return raised.value


async def test_a_call_goes_to_the_connector_api_as_json() -> None:
    network = Network(dated(b"{}"))
    line = MewsLine(Peer("http://mews.test", transport=network), MewsClock())
    assert await line.post("/app/signIn", b'{"a":1}', text) == b"{}"
    [request] = network.asked
    assert (request.method, str(request.url)) == ("POST", "http://mews.test/api/connector/v1/app/signIn")
    assert request.headers["content-type"] == "application/json"


async def test_the_date_of_an_answer_that_makes_sense_tells_the_time_at_mews() -> None:
    clock = MewsClock()
    line = MewsLine(Peer("http://mews.test", transport=Network(dated(b"{}"))), clock)
    await line.post("/commands/update", b"{}", text)
    assert clock.is_known


async def test_the_date_of_a_portals_page_does_not() -> None:
    clock = MewsClock()
    line = MewsLine(Peer("http://mews.test", transport=Network(dated(b"<html>"))), clock)

    def no_sense(answer: Answer) -> None:
        raise Failed("it is not Mews' answer")

    with pytest.raises(Failed):
        await line.post("/commands/update", b"{}", no_sense)
    assert not clock.is_known


async def test_without_a_connection_surely_nothing_was_sent() -> None:
    error = await failure(lambda request: httpx.ConnectError("refused"))
    assert (type(error), error.is_sent) == (NotReached, False)


async def test_nor_was_it_where_the_certificate_is_refused() -> None:
    def refuse(request: httpx.Request) -> Exception:
        error = httpx.ConnectError("no TLS")
        error.__cause__ = PinMismatch("f00d")
        return error

    error = await failure(refuse)
    assert (type(error), error.is_sent) == (NotTrusted, False)


async def test_a_connection_that_breaks_may_have_brought_the_call_to_mews() -> None:
    error = await failure(lambda request: httpx.ReadError("broken"))
    assert (type(error), error.is_sent, str(error)) == (Failed, True, "the connection broke")


async def test_silence_is_given_up_and_each_later_one_is_waited_for_longer(autojump_clock: object) -> None:
    line = MewsLine(Peer("http://mews.test", transport=Network(lambda request: None)), MewsClock())
    waited = []
    for _ in range(2):
        began = trio.current_time()
        with pytest.raises(Failed) as raised:
            await line.post("/commands/update", b"{}", text, deadline=60.0)
        waited.append(trio.current_time() - began)
        assert (type(raised.value), raised.value.is_sent) == (Silent, True)
    assert waited == pytest.approx([10.0, 20.0])


async def test_after_a_quick_answer_silence_is_noticed_sooner(autojump_clock: object) -> None:
    answers: list[Behaviour] = [dated(b"{}"), lambda request: None]
    network = Network(lambda request: answers.pop(0)(request))
    line = MewsLine(Peer("http://mews.test", transport=network), MewsClock())
    await line.post("/commands/update", b"{}", text)
    began = trio.current_time()
    with pytest.raises(Failed):
        await line.post("/commands/update", b"{}", text)
    assert trio.current_time() - began == pytest.approx(3.0)


async def test_an_answer_that_stops_half_way_is_no_silence(autojump_clock: object) -> None:
    error = await failure(lambda request: httpx.Response(200, stream=Half()))
    assert (type(error), error.is_sent) == (Failed, True)


async def test_after_a_silence_the_other_connections_are_not_trusted_either(autojump_clock: object) -> None:
    network = Network(lambda request: None if request.url.path.endswith("/hang") else dated(b"{}")(request))
    line = MewsLine(Peer("http://mews.test", transport=network), MewsClock())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(expect_silence, line)
        await trio.testing.wait_all_tasks_blocked()
        await line.post("/commands/update", b"{}", text)
        assert network.closed == 0
    assert network.closed == 2


async def expect_silence(line: MewsLine) -> None:
    with pytest.raises(Silent):
        await line.post("/hang", b"{}", text)
