"""The server's end of a WebSocket that was asked for over HTTP (RFC 6455, by wsproto), on a stream of trio.

Must never decide what is said: it carries texts, answers pings and closes, as long as it is told to. What the
other side says is read and forgotten, because no vendor here listens.
"""

from collections.abc import Callable, Mapping

import trio
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import AcceptConnection, CloseConnection, Event, Ping, TextMessage
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

_READ = 65_536  # bytes at a time


class NotAWebSocket(Exception):
    """The request does not ask for a WebSocket as the standard has it."""


class WebSocket:
    """One that is open. Its methods raise as its stream does when the other side went away."""

    def __init__(self, stream: trio.abc.Stream, connection: WSConnection) -> None:
        self._stream, self._connection = stream, connection
        self._sending = trio.Lock()

    async def send(self, text: str) -> bool:
        """Send a text; whether it was sent, which it is not once the other side is closing."""
        return await self._put(TextMessage(text))

    async def hear(self, is_answering: Callable[[], bool]) -> None:
        """Until the other side has had enough. While not `is_answering()` no ping and no close is answered."""
        while data := await self._stream.receive_some(_READ):
            self._connection.receive_data(bytes(data))
            for event in self._connection.events():
                if is_answering() and await self._is_last(event):
                    return

    async def _is_last(self, event: Event) -> bool:
        if isinstance(event, Ping):
            await self._put(event.response())
        if not isinstance(event, CloseConnection):
            return False
        if self._connection.state is ConnectionState.REMOTE_CLOSING:
            await self._put(event.response())
        return True

    async def _put(self, event: Event) -> bool:
        async with self._sending:
            try:
                data = self._connection.send(event)
            except LocalProtocolError:  # it is closing already
                return False
            await self._stream.send_all(data)
            return True


async def accept(stream: trio.abc.Stream, target: str, headers: Mapping[str, str], begun: bytes) -> WebSocket:
    """Agree to a request for a WebSocket; `begun` is what has come behind it. Raises NotAWebSocket."""
    connection = WSConnection(ConnectionType.SERVER)
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    try:
        connection.initiate_upgrade_connection(pairs, target)
        agreed = connection.send(AcceptConnection())
        connection.receive_data(begun)
    except (RemoteProtocolError, LocalProtocolError) as error:
        raise NotAWebSocket(str(error)) from None
    await stream.send_all(agreed)
    return WebSocket(stream, connection)
