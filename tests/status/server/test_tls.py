"""The second listener, in TLS: over real sockets, with a certificate that a test trusts."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import trio
import trustme
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from agent.status.server.address import Address, bind
from agent.status.server.connection import Limits
from agent.status.server.serving import serve_listener
from tests.status.server.serving import PATIENCE, connected, everything

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
LAST = b"Connection: close\r\n\r\n"
AUTHORITY = trustme.CA()


async def tell(scope: Scope, receive: Receive, send: Send) -> None:
    """Says what an application is told of the way here."""
    await JSONResponse({"scheme": scope["scheme"], "client": scope["client"]})(scope, receive, send)


@asynccontextmanager
async def in_tls(limits: Limits | None = None) -> AsyncIterator[Address]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    async with trio.open_nursery() as nursery:
        listener = await bind("127.0.0.1:0")

        async def serve(*, task_status: trio.TaskStatus[Address]) -> None:
            await serve_listener(listener, tell, limits=limits, tls=context, task_status=task_status)

        yield await nursery.start(serve)
        nursery.cancel_scope.cancel()


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


async def in_trust(address: Address) -> trio.SSLStream[trio.SocketStream]:
    return trio.SSLStream(await connected(address), trusting(), server_hostname="127.0.0.1")


async def test_a_reader_in_tls_is_answered_and_its_address_is_told() -> None:
    async with in_tls() as address, httpx.AsyncClient(verify=trusting(), trust_env=False) as reader:
        told = (await reader.get(f"https://127.0.0.1:{address.port}/")).json()
    assert told["scheme"] == "https"
    assert told["client"][0] == "127.0.0.1"


async def test_an_answer_in_tls_ends_with_a_last_word_so_that_a_cut_shows() -> None:
    async with in_tls() as address:
        stream = await in_trust(address)  # one that takes a missing last word for a broken line
        await stream.send_all(GET + LAST)
        assert b'"https"' in await everything(stream)
        await stream.aclose()


async def test_what_is_no_tls_ends_that_connection_alone() -> None:
    async with in_tls() as address:
        other = await in_trust(address)
        await other.do_handshake()
        async with await connected(address) as plain:
            await plain.send_all(GET + LAST)
            assert b"HTTP/" not in await everything(plain)
        await other.send_all(GET + LAST)
        assert b"HTTP/1.1 200 " in await everything(other)
        await other.aclose()


async def test_a_reader_that_does_not_trust_the_certificate_ends_that_connection_alone() -> None:
    async with in_tls() as address:
        stream = trio.SSLStream(await connected(address), ssl.create_default_context(), server_hostname="a")
        with pytest.raises(trio.BrokenResourceError):
            await stream.do_handshake()
        await stream.aclose()
        other = await in_trust(address)
        await other.send_all(GET + LAST)
        assert b"HTTP/1.1 200 " in await everything(other)
        await other.aclose()


@pytest.mark.parametrize("beginning", [b"", b"\x16\x03\x01\x02\x00\x01"])
async def test_a_handshake_that_does_not_come_about_is_ended_in_time(beginning: bytes) -> None:
    async with in_tls(Limits(seconds=0.3)) as address, await connected(address) as stream:
        await stream.send_all(beginning)
        started = trio.current_time()
        await everything(stream)
        assert trio.current_time() - started < PATIENCE / 2


async def test_a_handshake_that_is_not_made_counts_as_a_connection_and_makes_room() -> None:
    async with in_tls(Limits(connections=2)) as address:
        silent = [await connected(address) for _ in range(6)]
        reader = await in_trust(address)
        await reader.send_all(GET + LAST)
        assert b"HTTP/1.1 200 " in await everything(reader)
        await reader.aclose()
        for stream in silent:
            await stream.aclose()


async def test_a_reader_in_tls_is_told_why_before_the_line_ends_though_it_sends_on() -> None:
    async with in_tls() as address:
        stream = await in_trust(address)
        await stream.send_all(b"GET / HTTP/2.7\r\n\r\n" + b"x" * 20_000)
        assert (await stream.receive_some()).startswith(b"HTTP/1.1 4")
        await trio.aclose_forcefully(stream)
