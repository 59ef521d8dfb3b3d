"""A server on a real socket that says exactly the bytes a test wants, and remembers what it was asked."""

import re
import ssl
from collections.abc import Awaitable, Callable

import trio

Stream = trio.SocketStream | trio.SSLStream[trio.SocketStream]
Talk = Callable[["RawServer", Stream], Awaitable[None]]


class RawServer:
    """`asked` holds the requests, `opened` and `is_open` count connections, `most_open` the most at a time."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.asked: list[bytes] = []
        self.opened = self.is_open = self.most_open = 0

    async def next_request(self, stream: Stream) -> bytes:
        """Head and body of the next request; empty when the client has hung up."""
        request = b""
        while not _is_whole(request):
            piece = await stream.receive_some()
            if not piece:
                return b""
            request += piece
        self.asked.append(request)
        return request


def answering(*answers: bytes) -> Talk:
    """Give these answers to one request after the other, the last one again and again."""

    async def talk(server: RawServer, stream: Stream) -> None:
        while await server.next_request(stream):
            await stream.send_all(answers[min(len(server.asked), len(answers)) - 1])

    return talk


def answer(body: bytes = b"{}", *headers: str, status: str = "200 OK") -> bytes:
    """The bytes of a whole answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(head).encode() + body


async def raw_server(nursery: trio.Nursery, talk: Talk, *, tls: ssl.SSLContext | None = None) -> RawServer:
    """Serve `talk` on a free port of the loopback, in `nursery`; a connection is closed when `talk` returns."""
    [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
    port = listener.socket.getsockname()[1]
    server = RawServer(f"http{'s' if tls else ''}://127.0.0.1:{port}")

    async def handle(socket: trio.SocketStream) -> None:
        server.opened += 1
        server.is_open += 1
        server.most_open = max(server.most_open, server.is_open)
        try:
            stream = trio.SSLStream(socket, tls, server_side=True, https_compatible=True) if tls else socket
            await talk(server, stream)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return  # the client went away: that is its right
        finally:
            server.is_open -= 1

    nursery.start_soon(trio.serve_listeners, handle, [listener])
    return server


def _is_whole(request: bytes) -> bool:
    head, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)
