"""The transport without sockets breaks as httpx breaks over sockets, and never more kindly."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
import trio

from agent.foundation.errors import CallFailed
from agent.foundation.websocket import WebSocket
from agent.simulators.base.presence import Absence
from agent.simulators.base.replies import AnyReply, Reply, Request
from agent.simulators.base.server import serve
from agent.simulators.base.trouble import FaultKind
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import DEMO_CLIENT_TOKEN, DEMO_TOKEN, Dialect, MewsSwitches
from tests.in_process import SENT, SimulatorTransport

PATH = "/api/connector/v1/commands/getAllActive"
BODY = {"AccessToken": DEMO_TOKEN}
NEVER_ENDS = (FaultKind.HANG, FaultKind.ENDLESS, FaultKind.GZIP_BOMB)


async def outcome(client: httpx.AsyncClient) -> tuple[object, ...]:
    """What a caller sees: the answer, or the error's type."""
    try:
        async with client.stream("POST", PATH, json=BODY) as response:
            body = b"".join([piece async for piece in response.aiter_raw()])
            headers = {name: value for name, value in response.headers.items() if name != "date"}
            return response.status_code, headers, body
    except httpx.HTTPError as error:
        return type(error), "complete message body" in str(error)


async def over_a_socket(mews: MewsSimulator) -> tuple[object, ...]:
    async with trio.open_nursery() as nursery:
        port = await nursery.start(serve, mews)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            seen = await outcome(client)
        nursery.cancel_scope.cancel()
    return seen


async def without_sockets(mews: MewsSimulator) -> tuple[object, ...]:
    async with httpx.AsyncClient(transport=SimulatorTransport(mews), base_url="http://mews") as client:
        return await outcome(client)


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind not in NEVER_ENDS])
async def test_a_caller_sees_the_same_with_and_without_sockets(mews: MewsSimulator, kind: FaultKind) -> None:
    mews.fail(kind, seconds=0, retry_after="7")
    assert await without_sockets(mews) == await over_a_socket(mews)


async def test_a_refused_connection_is_the_same_error_with_and_without_sockets(mews: MewsSimulator) -> None:
    with trio.socket.socket() as unused:
        await unused.bind(("127.0.0.1", 0))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused.getsockname()[1]}") as client:
            real = await outcome(client)
    mews.presence.leave(Absence.REFUSE)
    assert await without_sockets(mews) == real == (httpx.ConnectError, False)


@pytest.mark.parametrize("absence", [None, Absence.REFUSE])
async def test_the_trace_event_comes_only_when_a_byte_would_be_sent(
    mews: MewsSimulator, absence: Absence | None
) -> None:
    events: list[str] = []

    async def trace(event: str, _info: Mapping[str, Any]) -> None:
        assert mews.calls.total() == 0, "the simulator saw the request before it was sent"
        events.append(event)

    if absence is not None:
        mews.presence.leave(absence)
    async with httpx.AsyncClient(transport=SimulatorTransport(mews), base_url="http://mews") as client:
        request = client.build_request("POST", PATH, json=BODY, extensions={"trace": trace})
        try:
            await client.send(request)
        except httpx.ConnectError:
            assert absence is Absence.REFUSE
    assert events == ([SENT] if absence is None else [])


async def test_a_silent_network_ends_in_the_connect_time_out(
    mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    transport = SimulatorTransport(mews)
    transport.is_silent = True
    began = trio.current_time()
    async with httpx.AsyncClient(transport=transport, base_url="http://mews") as client:
        with pytest.raises(httpx.ConnectTimeout):
            await client.post(PATH, json=BODY, timeout=httpx.Timeout(None, connect=5.0))
    assert trio.current_time() - began == 5.0


async def test_a_body_is_produced_while_it_is_read(mews: MewsSimulator, autojump_clock: trio.abc.Clock) -> None:
    mews.fail("drip", seconds=1)
    transport = SimulatorTransport(mews)
    async with httpx.AsyncClient(transport=transport, base_url="http://mews") as client:
        began = trio.current_time()
        async with client.stream("POST", PATH, json=BODY) as response:
            assert isinstance(response.stream, httpx.AsyncByteStream)
            assert trio.current_time() - began == 0
            assert [piece async for piece in response.aiter_raw()] == [b"{", b"}"]
            assert trio.current_time() - began == 2


async def test_a_caller_that_hangs_up_in_the_middle_leaves_no_stream_open(
    mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    mews.fail("endless", seconds=1)
    transport = SimulatorTransport(mews)
    async with httpx.AsyncClient(transport=transport, base_url="http://mews") as client:
        with trio.move_on_after(3.5) as scope:
            async with client.stream("POST", PATH, json=BODY) as response:
                await response.aread()
    assert (scope.cancelled_caught, transport.open_streams) == (True, 0)


async def test_what_was_asked_for_takes_place_although_the_caller_gave_up(
    mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    mews.switch(latency_seconds=10)
    id = mews.add_key()
    async with httpx.AsyncClient(transport=SimulatorTransport(mews), base_url="http://mews") as client:
        with trio.move_on_after(1):
            body = {**BODY, "CommandId": id, "State": "Received"}
            await client.post("/api/connector/v1/commands/update", json=body)
        await trio.sleep(10)
    assert mews.command(id).states == ("Pending", "Received")


async def test_a_server_that_goes_away_ends_what_is_under_way(
    mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    mews.fail("hang")
    async with httpx.AsyncClient(transport=SimulatorTransport(mews), base_url="http://mews") as client:
        async with trio.open_nursery() as nursery:

            async def leave() -> None:
                await trio.sleep(3)
                mews.presence.leave(Absence.REFUSE, seconds=10)

            nursery.start_soon(leave)
            with pytest.raises(httpx.RemoteProtocolError):
                await client.post(PATH, json=BODY, timeout=None)
        await trio.sleep(10)
        mews.heal()
        assert json.loads((await client.post(PATH, json=BODY)).content) == {"Commands": []}


async def test_what_breaks_in_the_middle_of_a_body_is_an_error_of_the_stream(
    mews: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    mews.fail("endless", seconds=1)
    async with (
        httpx.AsyncClient(transport=SimulatorTransport(mews), base_url="http://mews") as client,
        client.stream("POST", PATH, json=BODY) as response,
    ):
        mews.presence.leave(Absence.REFUSE)
        with pytest.raises(httpx.RemoteProtocolError):
            await response.aread()


async def test_a_request_keeps_its_target_with_and_without_sockets(nursery: trio.Nursery) -> None:
    class Listener(MewsSimulator):
        async def handle(self, request: Request) -> AnyReply:
            heard.append(request.target)
            return Reply()

    heard: list[str] = []
    listener = Listener()
    port = await nursery.start(serve, listener)
    path = "/a b/é?encoder=Front Desk&x=%2f"
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        await client.get(path)
    async with httpx.AsyncClient(transport=SimulatorTransport(listener), base_url="http://mews") as client:
        await client.get(path)
    assert heard[0] == heard[1] == "/a%20b/%C3%A9?encoder=Front%20Desk&x=%2f"


# -- a line that is no call of HTTP's -----------------------------------------------------------------------------


class Ear:
    """Counts what is heard."""

    def __init__(self) -> None:
        self.opened_count, self.messages = 0, 0
        self.is_open = trio.Event()

    def opened(self) -> None:
        self.opened_count += 1
        self.is_open.set()

    def heard(self, message: str | bytes) -> None:
        self.messages += 1


async def end_of_line(socket: WebSocket, ear: Ear) -> str:
    """How a line ended or why none came about, in our words."""
    cookies = {"Cookie": f"ClientToken={DEMO_CLIENT_TOKEN}; AccessToken={DEMO_TOKEN}"}
    with pytest.raises(CallFailed) as raised:
        await socket.listen("/ws/connector", cookies, ear, cap=1000, seconds=3600)
    return f"{type(raised.value).__name__}: {raised.value.reason}"


@pytest.fixture
def today() -> MewsSimulator:
    return MewsSimulator(MewsSwitches(dialect=Dialect.CURRENT))


async def test_a_refused_line_is_the_same_error_with_and_without_sockets(today: MewsSimulator) -> None:
    with trio.socket.socket() as unused:
        await unused.bind(("127.0.0.1", 0))
        real = await end_of_line(WebSocket(f"ws://127.0.0.1:{unused.getsockname()[1]}"), Ear())
    today.presence.leave(Absence.REFUSE)
    here = WebSocket("ws://mews", connect=SimulatorTransport(today).connect)
    assert await end_of_line(here, Ear()) == real == "NotSent: it refused the connection"


async def test_a_line_carries_what_the_server_says_and_breaks_when_it_goes_away(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    ear, socket = Ear(), WebSocket("ws://mews", connect=SimulatorTransport(today).connect)

    async def say_and_go() -> None:
        await ear.is_open.wait()
        today.add_key()
        await trio.sleep(1)
        today.presence.leave(Absence.REFUSE)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(say_and_go)
        assert await end_of_line(socket, ear) == "NoAnswer: it closed the connection"
    assert (ear.opened_count, ear.messages) == (1, 1)


async def test_a_silent_wire_leaves_the_line_half_open_and_lets_no_new_one_come_about(
    today: MewsSimulator, autojump_clock: trio.abc.Clock
) -> None:
    transport, ear = SimulatorTransport(today), Ear()
    socket = WebSocket("ws://mews", connect=transport.connect)

    async def fall_silent() -> None:
        await ear.is_open.wait()
        transport.is_silent = True
        today.add_key()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(fall_silent)
        assert (await end_of_line(socket, ear)).startswith("Silence: it has not answered a ping")
    assert ear.messages == 0
    assert (await end_of_line(socket, ear)).startswith("NotSent: no WebSocket came about within")
    transport.is_silent = False
    today.presence.leave(Absence.REFUSE)
