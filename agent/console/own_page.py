"""This machine's own page, asked over the loopback: the agent's, or the away page's. Bounded in time and size."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import trio

from agent.console.terminal.page_status import Status, decode
from agent.status.own_address import DROP_IN, PageAddress, page_address
from agent.status.snapshot.snapshot import Snapshot

SECONDS = 3.0  # s for an answer
MOST_BYTES = 1_000_000
_REQUEST = b"GET /status.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

WhereIsPage = Callable[[], PageAddress]


def page_of_box(drop_in: Path = DROP_IN) -> WhereIsPage:
    """Where a box has its page, looked up at each question."""
    return lambda: page_address(drop_in)


class OwnPage:
    """`where` gives the page's address."""

    def __init__(self, where: WhereIsPage, seconds: float = SECONDS) -> None:
        self._where, self._seconds = where, seconds

    def url(self, name: str) -> str:
        """The page's address in a browser, for a box of that name."""
        return self._where().url(name)

    async def status(self) -> Status | None:
        """How the box is; None if the page does not answer."""
        return decode(*await self._asked())

    async def snapshot(self) -> Snapshot | None:
        """All that the agent's page shows; None while it is not the agent that answers."""
        code, body = await self._asked()
        if code != 200:
            return None
        try:
            return msgspec.json.decode(body, type=Snapshot)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    async def _asked(self) -> tuple[int, bytes]:
        """Code and body; (0, b"") if there is no whole answer in time."""
        host, port = self._where().from_here
        answer = b""
        with trio.move_on_after(self._seconds):
            try:
                async with await trio.open_tcp_stream(host, port) as stream:
                    await stream.send_all(_REQUEST)
                    async for piece in stream:
                        answer += piece
                        if len(answer) > MOST_BYTES:
                            return 0, b""
                    return _parts(answer)
            except (OSError, trio.BrokenResourceError):  # there is no page, or it broke off
                pass
        return 0, b""


def _parts(answer: bytes) -> tuple[int, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    code = head[9:12]
    return (int(code), body) if head.startswith(b"HTTP/1.") and code.isdigit() else (0, b"")
