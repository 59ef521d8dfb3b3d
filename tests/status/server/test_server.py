"""Where the page listens, and that serving touches nothing else of the process."""

import fcntl
import logging
import signal
import socket
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
import trio

from agent.foundation.errors import UserMistake
from agent.status.server.address import Address, address_of, bind, parse_listen, take_over
from agent.status.server.serving import serve_listener
from agent.status.web import web_app
from tests.status.samples import snapshot
from tests.status.server.serving import PATIENCE, connected, said, served


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("0.0.0.0:80", Address("0.0.0.0", 80)),
        ("127.0.0.1:0", Address("127.0.0.1", 0)),
        (" localhost:8080 ", Address("127.0.0.1", 8080)),
        ("[::]:80", Address("::", 80)),
    ],
)
def test_an_address_is_read(listen: str, address: Address) -> None:
    assert parse_listen(listen) == address


@pytest.mark.parametrize(
    ("listen", "what"),
    [
        ("", "HOST:PORT"),
        ("80", "HOST:PORT"),
        ("0.0.0.0:", "HOST:PORT"),
        ("0.0.0.0:http", "HOST:PORT"),
        ("0.0.0.0:65536", "HOST:PORT"),
        ("0.0.0.0:" + "9" * 5000, "HOST:PORT"),
        ("0.0.0.0:-1", "HOST:PORT"),
        ("0.0.0.0:٨٠", "HOST:PORT"),
        (":80", "IP address"),
        ("*:80", "IP address"),
        ("aurora-desk.local:80", "IP address"),
        ("http://0.0.0.0:80", "IP address"),
        ("::1:80", "brackets"),
        ("[127.0.0.1]:80", "brackets"),
    ],
)
def test_a_wrong_address_is_refused_with_what_to_write(listen: str, what: str) -> None:
    with pytest.raises(UserMistake, match=f'{what}.*Write.*"0.0.0.0:80"'):
        parse_listen(listen)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (Address("127.0.0.1", 8080), "http://127.0.0.1:8080/"),
        (Address("0.0.0.0", 80), "http://127.0.0.1:80/"),
        (Address("::", 80), "http://[::1]:80/"),
    ],
)
def test_an_address_has_a_url_that_can_be_opened_here(address: Address, url: str) -> None:
    assert address.url == url


async def test_port_0_is_reported_as_the_real_one() -> None:
    async with served() as address, httpx.AsyncClient(trust_env=False) as reader:
        assert (await reader.get(address.url + "healthz")).text == "ok\n"


async def test_a_port_in_use_is_the_users_mistake() -> None:
    async with served() as address:
        with pytest.raises(UserMistake, match=rf'^Port {address.port} is in use by another.*"0\.0\.0\.0:8080"\.$'):
            await bind(f"127.0.0.1:{address.port}")


async def test_an_address_of_another_machine_is_the_users_mistake() -> None:
    with pytest.raises(UserMistake, match=r'203\.0\.113\.7, which is no address of this machine: write "0'):
        await bind("203.0.113.7:0")


async def test_the_port_is_free_again_afterwards() -> None:
    async with served() as address:
        pass
    listener = await bind(f"127.0.0.1:{address.port}")
    async with listener:
        assert address_of(listener) == address


@pytest.fixture
def held() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as line:
        yield line


async def test_two_that_share_a_listening_socket_answer_whoever_is_faster(held: socket.socket) -> None:
    listeners = [take_over(held.dup()) for _ in range(2)]  # each wakes both, and one of them is too late
    answers = []
    async with trio.open_nursery() as nursery:
        for listener in listeners:
            nursery.start_soon(serve_listener, listener, web_app(snapshot))
        for _ in range(20):
            answers.append(
                await said(address_of(listeners[0]), b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            )
        nursery.cancel_scope.cancel()
    assert all(answer.endswith(b"ok\n") for answer in answers)


async def test_a_shared_socket_still_listens_when_one_of_two_has_closed_it(held: socket.socket) -> None:
    await take_over(held.dup()).aclose()
    listener = take_over(held.dup())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(serve_listener, listener, web_app(snapshot))
        assert await said(address_of(listener), b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
        nursery.cancel_scope.cancel()


async def test_the_end_does_not_wait_for_a_reader_who_stopped_reading() -> None:
    async with trio.open_nursery() as nursery:
        async with served() as address:
            stream = await connected(address)
            nursery.start_soon(ask_without_reading, stream)
            await wait_stuck(stream)
            started = trio.current_time()
        assert trio.current_time() - started < 1
        await stream.aclose()


async def ask_without_reading(stream: trio.SocketStream) -> None:
    with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
        await stream.send_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1_000_000)


async def wait_stuck(stream: trio.SocketStream) -> None:
    """Until the server answers no more, because its answers are not read."""
    with trio.fail_after(PATIENCE):
        waiting = -1
        while (now := waiting_bytes(stream)) != waiting:
            waiting = now
            await trio.sleep(0.2)


def waiting_bytes(stream: trio.SocketStream) -> int:
    """Bytes that the kernel has from the server and no one fetched (Linux, FIONREAD)."""
    answer = fcntl.ioctl(stream.socket.fileno(), termios.FIONREAD, b"\0\0\0\0")
    return int.from_bytes(answer, sys.byteorder)


def loud() -> set[str]:
    """The loggers that write somewhere by themselves."""
    return {name for name in logging.root.manager.loggerDict if logging.getLogger(name).handlers}


async def test_serving_leaves_signals_and_logging_alone() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    logging_before = loud()
    async with served() as address, httpx.AsyncClient(trust_env=False) as reader:
        await reader.get(address.url)
        during = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    assert during == before
    assert loud() == logging_before


async def test_nothing_is_written_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    async with served() as address, httpx.AsyncClient(trust_env=False) as reader:
        await reader.get(address.url)
        await reader.get(address.url + "nothing")
        (await connected(address)).socket.close()
    assert capfd.readouterr() == ("", "")
