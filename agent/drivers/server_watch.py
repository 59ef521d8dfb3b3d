"""Looks at a lock server while no key is cut, so that a fault shows before the next guest stands at the desk.

Never takes a server that waits for a card for a broken one: whatever a look finds while a key is cut is not told.
Between two looks it only knocks: a connection, ended at once, tells within seconds that a server is gone, and
costs the server neither a log-in nor a list.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, Protocol

import trio

from agent.drivers.lock_server.log_in import Unanswered
from agent.foundation.errors import CallFailed, NotSent

FIRST_ANSWER_SECONDS = 5.0  # s; who has never answered by then is said not to, though the look goes on
AWAY_SECONDS = 2.0  # s between two looks for a server that is not there: the page is green right after it is back
KNOCK_SECONDS = 2.0  # s between two connections to a server that was there at the last look
CHECK_SECONDS = 60.0  # s between two looks at the server; a fault shows before the next guest stands there

Knock = Callable[[], Awaitable[bool]]  # whether a connection comes about, within a short time


class Look(Protocol):
    """A look at one server, by calls that can do no harm."""

    @property
    def last_answer(self) -> float | None:
        """When anything came back from it (monotonic seconds); None before the first time."""
        ...

    async def ask(self) -> CallFailed | None:
        """What went wrong; None if nothing did."""
        ...

    def tell(self, error: CallFailed | None) -> None:
        """Put it on the page."""
        ...

    def silent(self, reason: str) -> None:
        """Put on the page that it has not answered so far."""
        ...


class ServerWatch:
    """The looks at one server, between its keys."""

    def __init__(self, look: Look, knock: Knock | None = None) -> None:
        self._look, self._knock = look, knock
        self._waiting = 0
        self._begun = 0
        self.next_try: float | None = None  # monotonic seconds; only while a server that is away is waited for

    @contextmanager
    def encoder_waits(self) -> Iterator[None]:
        """While an encoder waits for a card, whatever a look finds says nothing about the server."""
        self._waiting += 1
        self._begun += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def watch(self) -> NoReturn:
        """Look again and again; more often at a server that is away: the box may start before its network."""
        is_wrong = False  # a knock was not heard, and the look that followed found the server there all the same
        while True:
            is_there = await self.look()
            if not is_there:
                is_wrong = False
                self.next_try = trio.current_time() + AWAY_SECONDS
                await trio.sleep(AWAY_SECONDS)
                self.next_try = None
            elif is_wrong or self._knock is None:
                is_wrong = False
                await trio.sleep(CHECK_SECONDS)
            else:
                is_wrong = await self._was_unheard(self._knock)

    async def _was_unheard(self, knock: Knock) -> bool:
        """Knock until it is time for the next look. True: it was not heard, so that it is time at once."""
        due = trio.current_time() + CHECK_SECONDS
        while trio.current_time() < due:
            await trio.sleep(KNOCK_SECONDS)
            if not self._waiting and not await knock():
                return True
        return False

    async def look(self) -> bool:
        """Bring the server's faults up to date, but not while a key is cut. False: no one answered."""
        if self._waiting:
            return True
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._tell_silence, self._begun)
            is_there = await self._ask(self._begun)
            nursery.cancel_scope.cancel()
        return is_there

    async def _tell_silence(self, begun: int) -> None:
        await trio.sleep(FIRST_ANSWER_SECONDS)
        if self._look.last_answer is None and begun == self._begun:
            self._look.silent(f"no answer within {FIRST_ANSWER_SECONDS:g} s")

    async def _ask(self, begun: int) -> bool:
        error = await self._look.ask()
        if error is None or begun == self._begun:
            self._look.tell(error)
        return not isinstance(error, NotSent | Unanswered)
