"""The WebSockets of the simulated Mews: who listens, and every way in which a listener may be let down.

Must never keep what was told: who was not there has missed it, as the docs promise no replay.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import cycle

import trio

from agent.simulators.base.presence import Changes
from agent.simulators.base.websocket import WebSocket
from agent.simulators.mews.events import GARBAGE, Event, message
from agent.simulators.mews.switches import MewsSwitches

_GONE = (trio.BrokenResourceError, trio.ClosedResourceError)  # a socket's, and a stream's in memory


class _Listener:
    """An open socket: what is still to be said to it and when, and how much was said."""

    def __init__(self) -> None:
        self.scope = trio.CancelScope()
        self.said = 0
        self._to_say, self.waiting = trio.open_memory_channel[tuple[float, str]](math.inf)

    def say(self, text: str, at: float) -> None:
        self._to_say.send_nowait((at, text))


class Push:
    """All open sockets. `switches` gives those of the moment."""

    def __init__(self, switches: Callable[[], MewsSwitches], changes: Changes) -> None:
        self._switches, self._changes = switches, changes
        self._listeners: list[_Listener] = []
        self._garbage = cycle(GARBAGE)
        self.opened = 0  # sockets so far
        self.refused = 0  # requests for one, with a token that is not good
        self.events = 0  # told to at least one socket
        self.messages = 0  # sent, over all sockets

    @property
    def sockets(self) -> int:
        """How many are open."""
        return len(self._listeners)

    def tell(self, events: Sequence[Event]) -> None:
        """Tell all who listen, as the switches have it."""
        switches = self._switches()
        if not self._listeners:
            return
        self.events += len(events)
        for _ in range(switches.push_copies):
            if switches.push_garbage:
                self.say(next(self._garbage))
            self.say(message(events))

    def say(self, text: str) -> int:
        """Send a text as it is to all who listen; how many that are."""
        at = trio.current_time() + self._switches().push_delay_seconds
        for listener in self._listeners:
            listener.say(text, at)
        return len(self._listeners)

    def drop(self) -> int:
        """Break all sockets off; how many that were."""
        for listener in self._listeners:
            listener.scope.cancel()
        return len(self._listeners)

    async def serve(self, socket: WebSocket) -> None:
        """One socket, until either side has had enough."""
        listener = _Listener()
        self._listeners.append(listener)
        self.opened += 1
        self._changes.announce()
        try:
            with listener.scope:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._hear, socket, listener)
                    await self._speak(socket, listener)
        finally:
            self._listeners.remove(listener)
            self._changes.announce()

    def counts(self) -> dict[str, int]:
        """What was counted."""
        return {
            "sockets": self.sockets,
            "opened": self.opened,
            "refused": self.refused,
            "events": self.events,
            "messages": self.messages,
        }

    async def wait_sockets(self, count: int) -> None:
        """Wait until so many are open."""
        await self._changes.wait_until(lambda: self.sockets == count)

    async def wait_opened(self, count: int) -> None:
        """Wait until so many were opened in all."""
        await self._changes.wait_until(lambda: self.opened >= count)

    async def _hear(self, socket: WebSocket, listener: _Listener) -> None:
        with suppress(*_GONE):
            await socket.hear(lambda: not self._switches().push_silent)
        listener.scope.cancel()

    async def _speak(self, socket: WebSocket, listener: _Listener) -> None:
        async for at, text in listener.waiting:
            await trio.sleep_until(at)
            if self._switches().push_silent:
                continue
            if not await _is_said(socket, text):
                break
            self._count(listener)
        listener.scope.cancel()

    def _count(self, listener: _Listener) -> None:
        listener.said += 1
        self.messages += 1
        most = self._switches().push_drop_after
        if most is not None and listener.said >= most:
            listener.scope.cancel()
        self._changes.announce()


async def _is_said(socket: WebSocket, text: str) -> bool:
    try:
        return await socket.send(text)
    except _GONE:
        return False
