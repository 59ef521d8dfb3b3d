"""httpx's real transport over streams in memory, so that TLS with its pins runs in virtual time.

Beside `tests/in_process.py`, which is quicker and knows no TLS: here httpcore, h11 and the simulators' own server
speak to each other as over a socket.
"""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx
import trio
from trio.testing import memory_stream_pair

from agent.simulators.base.server import SocketServer, converse
from tests.in_process import SimulatorTransport

_READ_ERRORS = (trio.BrokenResourceError, trio.ClosedResourceError, ssl.SSLError)


class MemoryWire(httpx.AsyncHTTPTransport):
    """One simulated server as the other end of every connection, in TLS where it has that; `context` is the
    client's, which holds its pin. No packet comes back while none does to `beside`."""

    def __init__(self, server: SocketServer, context: ssl.SSLContext, beside: SimulatorTransport) -> None:
        super().__init__()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context, max_connections=None, network_backend=_Backend(server, beside)
        )


class _Backend(httpcore.AsyncNetworkBackend):
    def __init__(self, server: SocketServer, beside: SimulatorTransport) -> None:
        self._server, self._beside = server, beside

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        await trio.lowlevel.checkpoint()
        if self._beside.is_silent:
            await trio.sleep(float("inf") if timeout is None else timeout)
            raise httpcore.ConnectTimeout("")
        if self._server.presence.is_refusing:
            raise httpcore.ConnectError("All connection attempts failed") from ConnectionRefusedError()
        here, there = memory_stream_pair()
        line = _Line(here, self._beside)
        trio.lowlevel.spawn_system_task(self._serve, there, line)
        return line

    async def _serve(self, there: trio.abc.Stream, line: "_Line") -> None:
        context = self._server.tls()
        secured = trio.SSLStream(there, context, server_side=True, https_compatible=True) if context else there
        await converse(self._server, secured)
        line.is_over = True


class _Line(httpcore.AsyncNetworkStream):
    def __init__(self, stream: trio.abc.Stream, beside: SimulatorTransport) -> None:
        self._stream, self._beside = stream, beside
        self.is_over = False  # the other side has hung up

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            piece = bytes(await self._stream.receive_some(max_bytes))
            await self._beside.wait_heard()
            return piece
        except _READ_ERRORS as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            if buffer:
                await self._stream.send_all(buffer)
        except _READ_ERRORS as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        stream = trio.SSLStream(
            self._stream, ssl_context, server_hostname=server_hostname or "", https_compatible=True
        )
        try:
            with trio.fail_after(float("inf") if timeout is None else timeout):
                await stream.do_handshake()
        except (trio.BrokenResourceError, trio.TooSlowError) as error:
            await trio.aclose_forcefully(stream)
            raise httpcore.ConnectError(str(error)) from error
        self._stream = stream
        return self

    def get_extra_info(self, info: str) -> Any:
        return self.is_over if info == "is_readable" else None
