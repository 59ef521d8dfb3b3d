"""Where the box tells others: takes remote-write and the webhook on a real socket, and keeps what came."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import cramjam
import trio

from agent.simulators.base.presence import Changes


class Receiver:
    """`bodies` has what came, unpacked, by the beginning of its path; heads are kept without what authorises."""

    def __init__(self) -> None:
        self.bodies: dict[str, list[bytes]] = {"/api": [], "/hooks": []}
        self.changes = Changes()
        self.port = 0

    def took(self, path: str, head: str, body: bytes) -> None:
        """A request came."""
        self.bodies[path[: path.index("/", 1)]].append(head.encode() + b"\n" + body)
        self.changes.announce()

    async def wait_for_both(self) -> None:
        """Wait until each kind has come at least once."""
        await self.changes.wait_until(lambda: all(self.bodies.values()))


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that listens on a port of the loopback."""
    receiver, token = Receiver(), trio.lowlevel.current_trio_token()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] == "snappy":
                body = bytes(cramjam.snappy.decompress_raw(body))
            head = "".join(f"{name}: {value}\n" for name, value in self.headers.items() if name != "Authorization")
            token.run_sync_soon(receiver.took, self.path, head, body)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    receiver.port = server.server_port
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        await trio.to_thread.run_sync(server.shutdown)
        thread.join()
        server.server_close()
