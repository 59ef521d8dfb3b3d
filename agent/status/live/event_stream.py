"""An answer that goes on until its reader leaves, and how many there are of them at a time.

Who leaves is noticed at once; who does not take what is sent is cut off by `server/connection.py`, which counts
each piece as an answer. Must never wait for a reader with anything that others need.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import trio
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

STREAMS = 64  # at a time; half of the connections, so that the others stay for pages and `/healthz`
RETRY_AFTER = 5  # s; a page without a stream asks that often by itself
TYPE = "text/event-stream"

Say: TypeAlias = Callable[[bytes], Awaitable[None]]


class StreamPlaces:
    """Places for streams, of all kinds together."""

    def __init__(self, most: int = STREAMS) -> None:
        self.free = most

    @contextmanager
    def taken(self) -> Iterator[None]:
        """One of those that are free, of which there must be one."""
        self.free -= 1
        try:
            yield
        finally:
            self.free += 1


class EventStream(Response):
    """`talk` says piece after piece until it has no more to say. Without a free place: 503, and when to return."""

    media_type = TYPE

    def __init__(self, places: StreamPlaces, talk: Callable[[Say], Awaitable[None]]) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._places, self._talk = places, talk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] == "HEAD":
            await super().__call__(scope, receive, send)
        elif not self._places.free:
            await _full()(scope, receive, send)
        else:
            with self._places.taken():
                await self._stream(receive, send)

    async def _stream(self, receive: Receive, send: Send) -> None:
        async def say(piece: bytes) -> None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})

        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_end_with_reader, receive, nursery.cancel_scope)
            await self._talk(say)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            nursery.cancel_scope.cancel()


async def _end_with_reader(receive: Receive, stream: trio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.cancel()


def _full() -> Response:
    text = "So many pages watch this box already that this one has to ask by itself.\n"
    return PlainTextResponse(text, status_code=503, headers={"Retry-After": str(RETRY_AFTER)})
