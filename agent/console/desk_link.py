"""The console's side of the control socket: a verb a connection, told as it goes on; completions.

A verb that is broken off ends its side of the connection, and hears what that leaves behind (`agent.control`).
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import trio

from agent.control.place import NAME, reachable
from agent.control.words.events import FaultChanged, StepTaken
from agent.control.words.messages import PROTOCOL, Ask, Face, encode, greeting, told
from agent.control.words.told import End, Happened, Progress, Result, Told
from agent.foundation.errors import NightPorterError

GREETING_SECONDS = 10.0  # s for the agent's first line; it may be loading
COMPLETION_SECONDS = 1.0  # s; a person waits for the answer to Tab
LAST_WORDS = 5.0  # s that the agent has to say what breaking off leaves behind
_MOST_BYTES = 8 * 1024 * 1024  # of one line; a table of 5,000 rows with long names has some 5 MB
_NO_AGENT = "The agent does not run just now, so nothing can be done at the desk: see status and faults."
_LOST = Result(End.PERHAPS, "The agent ended before it said what came of it: look at status and journal.")
_GONE = (OSError, trio.BrokenResourceError, trio.ClosedResourceError)


class NoAgent(NightPorterError):
    """There is no agent, or it does not let us in."""


class DeskLink:
    """The desk of the agent in `state`. `place` is the line that a person is at, for the table of acts."""

    def __init__(self, state: Path, place: str = "") -> None:
        self._path, self._place = state / NAME, place

    @property
    def state(self) -> Path:
        """The agent's directory."""
        return self._path.parent

    def at(self, place: str) -> "DeskLink":
        """The same desk, asked from a line of that name."""
        return DeskLink(self._path.parent, place)

    async def carry_out(
        self, words: Sequence[str], tell: Callable[[Progress], None], broken_off: trio.Event
    ) -> Result:
        """Have it done, and say how it ended; `broken_off` ends it early. Raises `NoAgent`."""
        result = _LOST
        async with (
            self._asked(Ask(PROTOCOL, tuple(words), Face.CONSOLE, self._place)) as talk,
            trio.open_nursery() as nursery,
        ):
            nursery.start_soon(talk.end_when, broken_off, nursery.cancel_scope)
            result = await talk.result(tell)
            nursery.cancel_scope.cancel()
        return result

    async def completions(self, words: Sequence[str]) -> tuple[str, ...]:
        """What the last of these words may become; none while there is no agent, or it is slow."""
        with trio.move_on_after(COMPLETION_SECONDS):
            try:
                async with self._asked(Ask(PROTOCOL, tuple(words), Face.CONSOLE, is_begun=True)) as talk:
                    result = await talk.result(lambda _: None)
            except NoAgent:
                return ()
            return tuple(result.text.splitlines()) if result.end is End.DONE else ()
        return ()

    async def wait_changes(self, on_change: Callable[[], None]) -> None:
        """Call `on_change` now, and at each fault and step, as long as there is an agent. Raises `NoAgent`.

        Not at orders: a busy hotel has several a second, and none of them changes how the box is.
        """

        def tell(told: Progress) -> None:
            if isinstance(told, Happened) and isinstance(told.event, FaultChanged | StepTaken):
                on_change()

        async with self._asked(Ask(PROTOCOL, ("watch",), Face.CONSOLE)) as talk:
            on_change()
            await talk.result(tell)

    @asynccontextmanager
    async def _asked(self, ask: Ask) -> AsyncIterator["_Talk"]:
        async with await self._connected() as stream:
            talk = _Talk(stream)
            await talk.begin(ask)
            yield talk

    async def _connected(self) -> trio.SocketStream:
        try:
            with reachable(self._path) as address:
                return await trio.open_unix_socket(address)
        except OSError:
            raise NoAgent(_NO_AGENT) from None


class _Talk:
    """One connection."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self._stream = stream
        self._rest = b""

    async def begin(self, ask: Ask) -> None:
        """Hear the greeting, and ask. Raises `NoAgent`."""
        first = b""
        with trio.move_on_after(GREETING_SECONDS):
            first = await self._next()
        hello = greeting(first)
        if hello is None or hello.control != PROTOCOL:
            refusal = told(first)
            raise NoAgent(refusal.text if isinstance(refusal, Result) else _NO_AGENT)
        try:
            await self._stream.send_all(encode(ask))
        except _GONE:
            raise NoAgent(_NO_AGENT) from None

    async def result(self, tell: Callable[[Progress], None]) -> Result:
        """Hand on what is told, to the last word."""
        while line := await self._next():
            message: Told | None = told(line)
            if isinstance(message, Result):
                return message
            if message is not None:
                tell(message)
        return _LOST

    async def end_when(self, broken_off: trio.Event, patience: trio.CancelScope) -> None:
        """End our side at that moment; the agent then has `LAST_WORDS` to say what that leaves behind."""
        await broken_off.wait()
        patience.deadline = trio.current_time() + LAST_WORDS
        with suppress(*_GONE):
            await self._stream.send_eof()

    async def _next(self) -> bytes:
        """The next line; empty when no more comes."""
        while b"\n" not in self._rest and len(self._rest) <= _MOST_BYTES:
            try:
                piece = await self._stream.receive_some(65_536)
            except _GONE:
                return b""
            if not piece:
                return b""
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line
