"""The hub: whatever happens is told to all who watch, at once, and nothing waits for any of them.

Two kinds of watchers. A listener is called on the spot; it must neither wait nor raise (the log, whose lines have
a bounded queue of their own). A watch is a bounded queue that its task reads; who does not keep up is dropped, and
learns it by the end of what comes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self, TypeAlias

import trio

from agent.control.words.events import Event

ROOM = 256  # events that a watch may be behind: a busy hotel's half minute

Listener: TypeAlias = Callable[[Event], None]


class Hub:
    """Where events are told, and watched."""

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()
        self._watches: tuple[Watch, ...] = ()
        self._lookers: tuple[Callable[[], None], ...] = ()
        self._is_closed = False

    def publish(self, event: Event) -> None:
        """Tell it to all. Costs a call a watcher, never waits and never raises."""
        for listener in self._listeners:
            listener(event)
        for watch in self._watches:
            watch.put(event)

    def listen(self, listener: Listener) -> None:
        """From now on, have it called with each event."""
        self._listeners = (*self._listeners, listener)

    def forget(self, listener: Listener) -> None:
        """Do not call it any more."""
        self._listeners = tuple(other for other in self._listeners if other != listener)

    def hint(self) -> None:
        """Something that the page says is otherwise than a moment ago, and no event. Costs a call a looker."""
        for looker in self._lookers:
            looker()

    def take_hints(self, looker: Callable[[], None]) -> None:
        """From now on, have it called with each hint; as a listener it neither waits nor raises."""
        self._lookers = (*self._lookers, looker)

    def leave_hints(self, looker: Callable[[], None]) -> None:
        """Do not call it any more."""
        self._lookers = tuple(other for other in self._lookers if other != looker)

    @contextmanager
    def watch(self, room: int = ROOM) -> Iterator["Watch"]:
        """A watch of what is told from now on; at most `room` events wait in it."""
        watch = Watch(room)
        self._watches = (*self._watches, watch)
        if self._is_closed:
            watch.end()
        try:
            yield watch
        finally:
            self._watches = tuple(other for other in self._watches if other is not watch)
            watch.end()

    def close(self) -> None:
        """Nothing happens any more: every watch ends after what waits in it."""
        self._is_closed = True
        for watch in self._watches:
            watch.end()


class Watch:
    """Iterate it for the events. `is_dropped`: it ended because it did not keep up, and events are missing."""

    def __init__(self, room: int) -> None:
        self._send, self._receive = trio.open_memory_channel[Event](room)
        self.is_dropped = self._is_over = False

    def put(self, event: Event) -> None:
        """Add an event, or drop the watch that has no room for it."""
        if self._is_over:
            return
        try:
            self._send.send_nowait(event)
        except trio.WouldBlock:
            self.is_dropped = True
            self.end()

    def end(self) -> None:
        """Nothing more comes."""
        self._is_over = True
        self._send.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        return await self._receive.__anext__()
