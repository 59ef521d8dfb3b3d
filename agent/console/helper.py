"""What needs root, asked of the box's helper over its socket; and a machine that has none.

The words are those of `agent.handover.helper`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

import msgspec
import trio

from agent.handover.helper import SOCKET, Done, End, Request, Said, Told

_MOST_BYTES = 1024 * 1024  # of one line
_PIECE = 4096  # bytes; other lines have their turn between two of them
_NO_HELPER = Done(
    End.FAILED, "The box's helper does not answer, so this cannot be done here just now: see status."
)
_LOST = Done(End.FAILED, "The box's helper ended before it said what came of it: see status and faults.")

Hear = Callable[[str], None]


class Helper(Protocol):
    """Who does what needs root."""

    async def ask(self, request: Request, hear: Hear) -> Done:
        """Have it done; `hear` gets each line of progress. Cancelling breaks it off."""
        ...


class SocketHelper:
    """The box's own."""

    def __init__(self, path: Path = SOCKET) -> None:
        self._path = path

    async def ask(self, request: Request, hear: Hear) -> Done:
        """Have it done over a connection of its own."""
        try:
            stream = await trio.open_unix_socket(str(self._path))
        except OSError:
            return _NO_HELPER
        async with stream:
            try:
                await stream.send_all(msgspec.json.encode(request) + b"\n")
                return await _heard(stream, hear)
            except (OSError, trio.BrokenResourceError):
                return _LOST


class NoHelper:
    """A machine that is no box: `why` is a sentence."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def ask(self, request: Request, hear: Hear) -> Done:
        """Say why not."""
        return Done(End.REFUSED, self._why)


async def _heard(stream: trio.SocketStream, hear: Hear) -> Done:
    rest = b""
    while piece := await stream.receive_some(_PIECE):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            told = _told(line)
            if isinstance(told, Done):
                return told
            if told is not None:
                hear(told.text)
        if len(rest) > _MOST_BYTES:
            break
    return _LOST


def _told(line: bytes) -> Said | Done | None:
    try:
        return cast(Said | Done, msgspec.json.decode(line, type=Told))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
