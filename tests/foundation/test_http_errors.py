"""What the one way out says when there is no answer: above all whether a byte left the box."""

import errno
import socket
import struct
from collections.abc import Iterator
from typing import Any

import pytest
import trio

from agent.foundation.errors import CallFailed, NoAnswer, NotSent, Silence
from agent.foundation.http import CONNECT_SECONDS, Answer, Peer
from tests.free_port import free_port as free_port_now
from tests.raw_server import RawServer, Stream, Talk, answer, raw_server


async def ask(peer: Peer, *, deadline: float = 5) -> Answer:
    return await peer.call("POST", "/x", body=b"{}", deadline=deadline, cap=1000)


async def failure(base: str, *, deadline: float = 5) -> CallFailed:
    async with Peer(base) as peer:
        with pytest.raises(CallFailed) as caught:
            await ask(peer, deadline=deadline)
    return caught.value


def said(error: CallFailed) -> tuple[type[CallFailed], str]:
    return type(error), error.reason


# -- surely not sent ----------------------------------------------------------------------------------------------


class Names(trio.abc.HostnameResolver):
    """A name server that gives two addresses on which no server listens, fails, or (None) keeps silent."""

    def __init__(self, error: Exception | None = None, addresses: tuple[str, ...] = ()) -> None:
        self._error, self._addresses = error, addresses

    async def getaddrinfo(self, host: Any, port: Any, family: int = 0, type: int = 0, *rest: int) -> list[Any]:
        await trio.lowlevel.checkpoint()
        if self._error is not None:
            raise self._error
        if not self._addresses:
            await trio.sleep_forever()
        stream = socket.SOCK_STREAM
        return [(socket.AF_INET, stream, socket.IPPROTO_TCP, "", (name, port)) for name in self._addresses]

    async def getnameinfo(self, sockaddr: Any, flags: int) -> tuple[str, str]:
        raise NotImplementedError


@pytest.fixture
def free_port() -> int:
    return free_port_now()


async def test_a_refused_connection_is_called_so(free_port: int) -> None:
    assert said(await failure(f"http://127.0.0.1:{free_port}")) == (NotSent, "it refused the connection")


async def test_a_name_with_two_addresses_that_both_refuse_is_refused(free_port: int) -> None:
    trio.socket.set_custom_hostname_resolver(Names(addresses=("127.0.0.1", "127.0.0.2")))
    assert said(await failure(f"http://two.example:{free_port}")) == (NotSent, "it refused the connection")


async def test_a_name_that_nobody_knows_is_called_so() -> None:
    unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    trio.socket.set_custom_hostname_resolver(Names(unknown))
    assert said(await failure("http://nobody.example")) == (NotSent, "its name could not be looked up")


async def test_a_silent_name_server_takes_no_longer_than_a_connection_may(autojump_clock: object) -> None:
    trio.socket.set_custom_hostname_resolver(Names())
    began = trio.current_time()
    assert said(await failure("http://silent.example", deadline=60)) == (
        NotSent,
        f"it did not accept a connection within {CONNECT_SECONDS:g} s",
    )
    assert trio.current_time() - began == pytest.approx(CONNECT_SECONDS)


async def test_a_machine_that_cannot_be_reached_is_not_connected() -> None:
    trio.socket.set_custom_hostname_resolver(Names(OSError(errno.ENETUNREACH, "Network is unreachable")))
    assert said(await failure("http://far.example")) == (NotSent, "no connection to it could be made")


@pytest.mark.parametrize(
    "base",
    ["ftp://127.0.0.1", "127.0.0.1:80", "http://[::1", f"http://{'x' * 70}.example"],
)
async def test_an_address_that_is_none_is_called_so(base: str) -> None:
    assert said(await failure(base)) == (NotSent, "its address cannot be used")


@pytest.fixture
def full_house() -> Iterator[str]:
    """The address of a server that accepts no connection any more: its queue is full."""
    guests: list[socket.socket] = []
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen(0)
        for _ in range(4):
            guests.append(socket.socket())
            guests[-1].setblocking(False)
            guests[-1].connect_ex(line.getsockname())
        yield f"http://127.0.0.1:{line.getsockname()[1]}"
    for guest in guests:
        guest.close()


async def test_a_server_that_accepts_nobody_is_given_up_after_a_while(
    full_house: str, autojump_clock: object
) -> None:
    assert said(await failure(full_house, deadline=60)) == (
        NotSent,
        f"it did not accept a connection within {CONNECT_SECONDS:g} s",
    )


async def test_the_deadline_holds_while_connecting(full_house: str, autojump_clock: object) -> None:
    began = trio.current_time()
    assert said(await failure(full_house, deadline=2)) == (NotSent, "no whole answer within 2 s")
    assert trio.current_time() - began == pytest.approx(2)


# -- perhaps sent -------------------------------------------------------------------------------------------------


def breaking_off(*pieces: bytes) -> Talk:
    """Hang up after these pieces of an answer."""

    async def talk(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        for piece in pieces:
            await stream.send_all(piece)

    return talk


async def unread(server: RawServer, stream: Stream) -> None:
    await stream.receive_some(1)


CLOSED = "it closed the connection without an HTTP answer"
BROKE_OFF = "its answer broke off"
NO_HTTP = "what came back was not HTTP"


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (breaking_off(), CLOSED),
        (breaking_off(b"HTTP/1.1 200 OK\r\nContent-Le"), CLOSED),
        (breaking_off(answer(b"whole")[:-1]), BROKE_OFF),
        (breaking_off(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), BROKE_OFF),
        (breaking_off(b"\x00\x01garbage\r\n\r\n"), NO_HTTP),
        (breaking_off(b"\x15\x03\x01\x00\x02\x02\x16"), NO_HTTP),  # an alert of TLS
        (breaking_off(b"SSH-2.0-OpenSSH_9.2\r\n"), CLOSED),
        (breaking_off(b"HTTP/1.1 banana\r\n\r\n"), NO_HTTP),
        (breaking_off(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000), NO_HTTP),
    ],
)
async def test_an_answer_that_breaks_off_or_is_none_may_have_been_acted_on(
    nursery: trio.Nursery, talk: Talk, reason: str
) -> None:
    server = await raw_server(nursery, talk)
    error = await failure(server.base)
    assert said(error) == (NoAnswer, reason)
    assert isinstance(error, NoAnswer)
    assert error.is_heard is (reason != CLOSED)


async def test_a_reset_connection_may_have_been_acted_on(nursery: trio.Nursery) -> None:
    async def reset(server: RawServer, stream: Stream) -> None:
        assert isinstance(stream, trio.SocketStream)
        await server.next_request(stream)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    server = await raw_server(nursery, reset)
    assert said(await failure(server.base)) == (NoAnswer, "the connection broke")


async def test_a_request_that_nobody_read_whole_may_still_have_been_acted_on(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, unread)
    assert isinstance(await failure(server.base), NoAnswer)


async def silent(server: RawServer, stream: Stream) -> None:
    await server.next_request(stream)
    await trio.sleep_forever()


async def dripping(server: RawServer, stream: Stream) -> None:
    await server.next_request(stream)
    await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
    while True:
        await stream.send_all(b" ")
        await trio.sleep(0.01)


@pytest.mark.parametrize(("talk", "is_heard"), [(silent, False), (dripping, True)])
async def test_the_deadline_holds_however_little_comes(nursery: trio.Nursery, talk: Talk, is_heard: bool) -> None:
    server = await raw_server(nursery, talk)
    error = await failure(server.base, deadline=0.2)
    assert said(error) == (Silence, "no whole answer within 0.2 s")
    assert isinstance(error, Silence)
    assert error.is_heard is is_heard


async def test_a_kept_connection_that_the_server_closed_is_not_used_again(nursery: trio.Nursery) -> None:
    async def once(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(answer())

    server = await raw_server(nursery, once)
    async with Peer(server.base) as peer:
        for _ in range(3):
            assert (await ask(peer)).status == 200
            with trio.fail_after(5):
                while server.is_open:
                    await trio.lowlevel.checkpoint()
            await trio.testing.wait_all_tasks_blocked(0.01)
    assert server.opened == 3


async def test_who_cancels_a_call_gets_no_error_but_the_end(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, silent)
    async with Peer(server.base) as peer:
        with trio.move_on_after(0.05) as scope:
            await ask(peer)
    assert scope.cancelled_caught


async def test_no_reason_names_the_address(free_port: int) -> None:
    error = await failure(f"http://user:sesame@127.0.0.1:{free_port}/secret-path")
    assert not [word for word in ("127.0.0.1", "sesame", "secret-path") if word in repr(error)]


# -- requests that are given up -----------------------------------------------------------------------------------


async def test_a_thousand_rounds_of_cancelled_requests_leave_nothing_stuck(nursery: trio.Nursery) -> None:
    async def slow(server: RawServer, stream: Stream) -> None:
        while await server.next_request(stream):
            await trio.sleep(0.001 * (len(server.asked) % 4))
            await stream.send_all(answer(b"x" * 500))

    server = await raw_server(nursery, slow)
    async with Peer(server.base, connections=2) as peer:
        for number in range(1000):  # none of them waits for longer than 4 ms
            async with trio.open_nursery() as calls:
                calls.cancel_scope.deadline = trio.current_time() + 0.0005 * (number % 8)
                for _ in range(3):
                    calls.start_soon(ask, peer)
        answers: list[Answer] = []

        async def count() -> None:
            answers.append(await ask(peer))

        async with trio.open_nursery() as calls:
            for _ in range(20):
                calls.start_soon(count)
        assert [got.status for got in answers] == [200] * 20
        with trio.fail_after(5):
            while server.is_open > 2:
                await trio.lowlevel.checkpoint()


async def test_a_call_that_was_given_up_makes_room_for_the_next(nursery: trio.Nursery) -> None:
    async def first_silent(server: RawServer, stream: Stream) -> None:
        while await server.next_request(stream):
            if len(server.asked) > 1:
                await stream.send_all(answer(b"second"))

    server = await raw_server(nursery, first_silent)
    async with Peer(server.base, connections=1) as peer:
        with pytest.raises(NoAnswer):
            await ask(peer, deadline=0.05)
        assert (await ask(peer)).body == b"second"


async def test_answers_never_reach_the_wrong_call(nursery: trio.Nursery) -> None:
    async def echo(server: RawServer, stream: Stream) -> None:
        while request := await server.next_request(stream):
            await stream.send_all(answer(request.partition(b"\r\n\r\n")[2]))

    server = await raw_server(nursery, echo)
    async with Peer(server.base, connections=3) as peer:

        async def check(number: int) -> None:
            with trio.move_on_after(0.001 * (number % 5) + 0.0005):
                body = str(number).encode()
                assert (await peer.call("POST", "/", body=body, deadline=5, cap=99)).body == body

        async with trio.open_nursery() as calls:
            for number in range(300):
                calls.start_soon(check, number)
