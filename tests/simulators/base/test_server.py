"""The simulators' HTTP server on real sockets: honest HTTP/1.1 where it should be, and broken on demand."""

import gzip
import ssl
from collections.abc import AsyncIterator

import httpx
import pytest
import trio
import trustme

from agent.simulators.base.presence import Absence, Presence
from agent.simulators.base.replies import AnyReply, Reply, Request
from agent.simulators.base.server import serve, serve_silence
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import DEMO_TOKEN

PATH = "/api/connector/v1/commands/getAllActive"
BODY = {"AccessToken": DEMO_TOKEN}


@pytest.fixture
async def port(mews: MewsSimulator, nursery: trio.Nursery) -> int:
    real_port: int = await nursery.start(serve, mews)
    return real_port


@pytest.fixture
async def client(port: int) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10) as client:
        yield client


async def raw_exchange(port: int, request: bytes) -> bytes:
    """Everything that comes back until the server hangs up."""
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(request)
        return b"".join([bytes(piece) async for piece in stream])


async def test_one_connection_serves_many_requests(mews: MewsSimulator, port: int) -> None:
    request = b"GET /_sim/counts HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /_sim/counts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answers = await raw_exchange(port, request * 3 + last)
    assert answers.count(b"HTTP/1.1 200") == 4


async def test_the_date_header_is_the_simulators_clock_and_not_the_machines(
    mews: MewsSimulator, client: httpx.AsyncClient
) -> None:
    mews.clock.shift(3600)
    assert (await client.post(PATH, json=BODY)).headers["date"] == "Wed, 04 May 2016 13:00:00 GMT"


async def test_the_date_header_can_be_switched_off(mews: MewsSimulator, client: httpx.AsyncClient) -> None:
    mews.switch(date_header=False)
    assert "date" not in (await client.post(PATH, json=BODY)).headers


async def test_a_body_announced_above_the_cap_is_refused_before_it_comes(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 70000000\r\n\r\n"
    assert (await raw_exchange(port, head)).startswith(b"HTTP/1.1 413")


async def test_a_body_that_grows_above_the_cap_reaches_nobody(mews: MewsSimulator, port: int) -> None:
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"100000\r\n" + b"x" * (1 << 20) + b"\r\n"
        with pytest.raises(trio.BrokenResourceError):
            await stream.send_all(chunk * 70)
    assert mews.calls.total() == 0


async def test_what_is_not_http_gets_one_answer_and_the_end_of_the_connection(port: int) -> None:
    answer = await raw_exchange(port, b"\x16\x03\x01 hello\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")


async def test_a_client_that_hangs_up_in_the_middle_of_a_request_harms_nobody(
    port: int, client: httpx.AsyncClient
) -> None:
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab")
    assert (await client.post(PATH, json=BODY)).status_code == 200


async def test_a_large_body_is_asked_for_with_100_continue(port: int) -> None:
    head = b"POST /_sim/online HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(head)
        assert bytes(await stream.receive_some(100)).startswith(b"HTTP/1.1 100")
        await stream.send_all(b"{}")
        assert bytes(await stream.receive_some(100)).startswith(b"HTTP/1.1 200")


async def test_head_is_answered_without_a_body(port: int) -> None:
    answer = await raw_exchange(port, b"HEAD /_sim/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n")


async def test_a_hang_leaves_the_other_connections_alone(mews: MewsSimulator, client: httpx.AsyncClient) -> None:
    mews.fail("hang", calls=1)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(lambda: client.post(PATH, json=BODY))
        await mews.wait_calls("commands/getAllActive", 1)
        assert (await client.post(PATH, json=BODY)).json() == {"Commands": []}
        nursery.cancel_scope.cancel()


async def test_a_reset_is_a_reset_and_not_an_end(mews: MewsSimulator, port: int) -> None:
    mews.fail("reset")
    with pytest.raises(trio.BrokenResourceError) as raised:
        await raw_exchange(port, f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert isinstance(raised.value.__cause__, ConnectionResetError)


async def test_a_gzip_bomb_is_small_on_the_wire_and_large_inside(
    mews: MewsSimulator, client: httpx.AsyncClient
) -> None:
    mews.fail("gzip-bomb", megabytes=20)
    async with client.stream("POST", PATH, json=BODY) as response:
        wire = b"".join([piece async for piece in response.aiter_raw()])
    assert (len(wire) < 40_000, len(gzip.decompress(wire))) == (True, 20 << 20)


async def test_an_endless_body_outgrows_any_cap(mews: MewsSimulator, port: int) -> None:
    mews.fail("endless", seconds=0)
    received = 0
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while received < 5_000_000:
            received += len(await stream.receive_some(65_536))
    assert received >= 5_000_000


async def test_a_refusing_server_closes_its_port_ends_connections_and_comes_back_on_the_same_port(
    mews: MewsSimulator, port: int, client: httpx.AsyncClient
) -> None:
    async with await trio.open_tcp_stream("127.0.0.1", port) as open_before:
        mews.presence.leave(Absence.REFUSE)
        assert await open_before.receive_some(1) == b""
    with pytest.raises(httpx.ConnectError):
        await client.post(PATH, json=BODY)
    mews.presence.come_back()
    await trio.testing.wait_all_tasks_blocked()
    assert (await client.post(PATH, json=BODY)).status_code == 200


async def test_a_server_can_speak_tls(mews: MewsSimulator, nursery: trio.Nursery) -> None:
    authority, theirs, ours = (
        trustme.CA(),
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH),
        ssl.create_default_context(),
    )
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    authority.configure_trust(ours)
    port = await nursery.start(lambda task_status: serve(mews, tls=theirs, task_status=task_status))
    async with httpx.AsyncClient(verify=ours, trust_env=False) as client:
        assert (await client.post(f"https://127.0.0.1:{port}{PATH}", json=BODY)).status_code == 200


async def test_a_client_that_does_not_trust_the_certificate_harms_nobody(
    mews: MewsSimulator, nursery: trio.Nursery
) -> None:
    authority, theirs = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    port = await nursery.start(lambda task_status: serve(mews, tls=theirs, task_status=task_status))
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            await client.post(f"https://127.0.0.1:{port}{PATH}", json=BODY)
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    async with httpx.AsyncClient(verify=ours, trust_env=False) as client:
        assert (await client.post(f"https://127.0.0.1:{port}{PATH}", json=BODY)).status_code == 200


async def test_a_port_in_use_is_an_os_error(mews: MewsSimulator, port: int) -> None:
    with pytest.raises(OSError, match="in use"):
        await serve(mews, port=port)


async def test_a_silent_port_hears_everything_and_says_nothing(nursery: trio.Nursery) -> None:
    port = await nursery.start(serve_silence, Presence())
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
        await stream.send_eof()
        assert await stream.receive_some(1) == b""


async def test_a_silent_port_closes_and_opens_again(nursery: trio.Nursery) -> None:
    presence = Presence()
    port = await nursery.start(serve_silence, presence)
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        presence.leave(Absence.REFUSE)
        assert await stream.receive_some(1) == b""
    with pytest.raises(OSError, match="connect"):
        await trio.open_tcp_stream("127.0.0.1", port)
    presence.come_back()
    await trio.testing.wait_all_tasks_blocked()
    async with await trio.open_tcp_stream("127.0.0.1", port):
        pass


async def test_a_request_keeps_its_target_as_it_came_over_the_wire(nursery: trio.Nursery) -> None:
    target = "/a%20b+c/%C3%A9?z=%2F&a"

    class Listener(MewsSimulator):
        async def handle(self, request: Request) -> AnyReply:
            heard.append(request)
            return Reply()

    heard: list[Request] = []
    port = await nursery.start(serve, Listener())
    await raw_exchange(port, f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert [(request.target, request.path) for request in heard] == [(target, "/a b+c/é")]
