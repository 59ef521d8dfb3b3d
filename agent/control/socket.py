"""The desk on a Unix socket in the state directory: a greeting, one request, what is told of it, one result.

Only root and the agent's own user are let in. One JSON object a line; the end of the client's side breaks off what
it asked for, and it still hears what that leaves behind. Whatever a client sends, or does not read, keys go on:
all is bounded, and a client that does not keep up is let go. unix(7) for SO_PEERCRED.
"""

import os
import pwd
import socket
import stat
import struct
from contextlib import suppress
from pathlib import Path

import trio

from agent.control.acts import By
from agent.control.desk import Desk, Doing
from agent.control.place import NAME, reachable
from agent.control.words.messages import PROTOCOL, Ask, Greeting, encode
from agent.control.words.messages import ask as read_ask
from agent.control.words.reading import Asked
from agent.control.words.told import End, Progress, Result, Told
from agent.foundation.errors import UserMistake
from agent.foundation.reading.text import plain

MOST_BYTES = 64 * 1024  # of a request, and of whatever else a client sends
REQUEST_SECONDS = 10.0  # s; a program sends its line at once
MOST_CLIENTS = 16
PLACE_LENGTH = 40  # characters
MOST_COMPLETIONS = 200  # words; more are no help
BACKLOG = 256  # lines that a client may be behind
LAST_WORDS = 2.0  # s that a client has to take what is left to tell
_CREDENTIALS = struct.Struct("3i")  # struct ucred: process, user, group
_GONE = (trio.BrokenResourceError, trio.ClosedResourceError)


class ControlSocket:
    """The socket of the desk in `folder`; `version` is the box's."""

    def __init__(self, folder: Path, desk: Desk, version: str) -> None:
        self._path, self._desk, self._version = folder / NAME, desk, version
        self._clients = 0
        self._left = trio.Event()

    async def serve(self) -> None:
        """Serve until cancelled. Raises `UserMistake` where no safe socket can be had.

        Whatever had the name before is replaced: the lock of the state directory says that we are alone.
        """
        listener = trio.SocketListener(trio.socket.from_stdlib_socket(_listening(self._path)))
        try:
            await trio.serve_listeners(self._serve, [listener])
        finally:
            with suppress(
                OSError
            ):  # somebody took it away, or the disk does not let us: the next start replaces it
                self._path.unlink()

    async def wait_left(self) -> None:
        """Wait until no client is there."""
        while self._clients:
            await self._left.wait()

    async def _serve(self, stream: trio.SocketStream) -> None:
        self._clients += 1
        try:
            async with stream:
                await self._talk(stream)
        except _GONE:
            return
        finally:
            self._clients -= 1
            self._left.set()
            self._left = trio.Event()

    async def _talk(self, stream: trio.SocketStream) -> None:
        user = _user(stream)
        if user not in (0, os.geteuid()):
            await _say(stream, _failed("Only root and the box's own user may use this socket."))
        elif self._clients > MOST_CLIENTS:
            await _say(stream, _failed(f"The box serves {MOST_CLIENTS} others already: try again in a moment."))
        else:
            await self._answer(stream, user)

    async def _answer(self, stream: trio.SocketStream, user: int) -> None:
        await _say(stream, Greeting(PROTOCOL, self._version))
        try:
            ask = await self._request(stream)
            if ask.is_begun:
                await _say(
                    stream, Result(End.DONE, "\n".join(self._desk.completions(ask.words)[:MOST_COMPLETIONS]))
                )
                return
            asked = self._desk.read(ask.words)
        except UserMistake as mistake:
            await _say(stream, Result(End.MISTAKE, str(mistake)))
            return
        await _Client(self._desk, stream).serve(asked, By(_who(user, ask.place), ask.face))

    async def _request(self, stream: trio.SocketStream) -> Ask:
        line = b""
        with trio.move_on_after(REQUEST_SECONDS) as patience:
            while b"\n" not in line:
                piece = await stream.receive_some(MOST_BYTES)
                line += piece
                if len(line) > MOST_BYTES:
                    raise UserMistake(f"A request has at most {MOST_BYTES} bytes.")
                if not piece:
                    raise UserMistake("The connection ended before a whole line came.")
        if patience.cancelled_caught:
            raise UserMistake(f"No whole line came within {REQUEST_SECONDS:g} s.")
        return read_ask(line.partition(b"\n")[0], self._version)


class _Client:
    """One client, and the errand that it asked for."""

    def __init__(self, desk: Desk, stream: trio.SocketStream) -> None:
        self._desk, self._stream = desk, stream
        self._send, self._receive = trio.open_memory_channel[Told](BACKLOG)
        self._doing, self._all_told = Doing(), trio.Event()

    async def serve(self, asked: Asked, by: By) -> None:
        """Have it carried out and tell of it, to the last word."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._tell_all)
            nursery.start_soon(self._listen)
            result = await self._desk.carry_out(asked, by, self._doing, self._tell)
            with suppress(trio.WouldBlock):  # it did not keep up: it gets what waits already, and no last word
                self._send.send_nowait(result)
            self._send.close()
            with trio.move_on_after(LAST_WORDS):
                await self._all_told.wait()
            nursery.cancel_scope.cancel()

    def _tell(self, told: Progress) -> None:
        try:
            self._send.send_nowait(told)
        except trio.WouldBlock:
            self._doing.break_off()

    async def _tell_all(self) -> None:
        try:
            async for told in self._receive:
                await self._stream.send_all(encode(told))
        except _GONE:
            self._doing.break_off()
        self._all_told.set()

    async def _listen(self) -> None:
        """A client that ends its side, or goes on talking, wants no more of it."""
        left = MOST_BYTES
        with suppress(*_GONE):
            while (
                left > 0 and (piece := await self._stream.receive_some(left)).isspace()
            ):  # the rest of a line end
                left -= len(piece)
        self._doing.break_off()


async def _say(stream: trio.SocketStream, message: Greeting | Told) -> None:
    with trio.move_on_after(LAST_WORDS):
        await stream.send_all(encode(message))


def _failed(text: str) -> Result:
    return Result(End.FAILED, text)


def _user(stream: trio.SocketStream) -> int:
    credentials = stream.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(credentials)[1])


def _who(user: int, place: str) -> str:
    """The name that the system has for a user, and where that one is, as it says itself."""
    try:
        name = pwd.getpwuid(user).pw_name
    except KeyError:
        name = f"user {user}"
    return f"{name} at {plain(place, PLACE_LENGTH)}" if place else name


def _listening(path: Path) -> socket.socket:
    """A listening socket under that name, for its owner alone. Raises `UserMistake`."""
    try:
        _refuse_unsafe(path.parent)
        coming = path.with_name(f".{NAME}.new")
        coming.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with reachable(coming) as address:
            listening.bind(address)
        coming.chmod(0o600)
        listening.listen(MOST_CLIENTS)
        coming.replace(path)
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise UserMistake(f"The socket {path} for acting cannot be made: {reason}.") from None
    return listening


def _refuse_unsafe(folder: Path) -> None:
    found = folder.stat()
    if found.st_uid not in (0, os.geteuid()) or stat.S_IMODE(found.st_mode) & 0o022:
        raise UserMistake(f"No socket for acting is made in {folder}: others than its owner may write there.")
