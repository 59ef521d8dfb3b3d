"""A page served on a real socket for a test, and a raw client to be rude with."""

import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import trio

from agent.status.server.address import Address, bind
from agent.status.server.connection import Limits
from agent.status.server.serving import serve_listener
from agent.status.snapshot.snapshot import Snapshot
from agent.status.web import web_app
from tests.status.samples import snapshot

PATIENCE = 5.0  # s; nothing here takes a tenth of it


@asynccontextmanager
async def served(
    get_snapshot: Callable[[], Snapshot] = snapshot,
    limits: Limits | None = None,
    names: Callable[[], Collection[str]] = tuple,
) -> AsyncIterator[Address]:
    async with trio.open_nursery() as nursery:
        address: Address = await nursery.start(_serve, get_snapshot, limits, names)
        yield address
        nursery.cancel_scope.cancel()


async def _serve(
    get_snapshot: Callable[[], Snapshot],
    limits: Limits | None,
    names: Callable[[], Collection[str]],
    *,
    task_status: trio.TaskStatus[Address] = trio.TASK_STATUS_IGNORED,
) -> None:
    listener = await bind("127.0.0.1:0")
    await serve_listener(listener, web_app(get_snapshot, names), limits=limits, task_status=task_status)


async def connected(address: Address) -> trio.SocketStream:
    return await trio.open_tcp_stream(address.host, address.port)


async def said(address: Address, *parts: bytes) -> bytes:
    """Everything that the server answers to these bytes, until it hangs up."""
    stream = await connected(address)
    async with stream:
        for part in parts:
            await stream.send_all(part)
        return await everything(stream)


async def everything(stream: trio.abc.ReceiveStream) -> bytes:
    answer = bytearray()
    with trio.fail_after(PATIENCE):
        while chunk := await stream.receive_some():
            answer += chunk
    return bytes(answer)


@contextmanager
def page(box: Snapshot, code: int = 200) -> Iterator[str]:
    """`/status.json` alone, in a thread, for a command that brings its own loop; its address as HOST:PORT."""
    body = msgspec.json.encode(box)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Not on standard error, which is the command's."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
