"""Looks at a lock server while no key is cut, so that a fault shows before the next guest stands at the desk.

Never takes a server that waits for a card for a broken one: whatever a look finds while a key is cut is not told.
Between two looks it only knocks (`knocking.py`), which tells within seconds that a server is gone or hangs; and
while a look hangs it goes on knocking, so that the server is looked at as soon as it is back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, Protocol

import trio

from agent.drivers.knocking import Knock, Knocker
from agent.drivers.lock_server.looks import AWAY_SECONDS, is_away, rest_after
from agent.foundation.errors import CallFailed

# s; who has never answered by then, or hears no knock either, is said not to answer, though the look goes on.
FIRST_ANSWER_SECONDS = 5.0


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
    """The looks at one server, between its keys. `hint` is called as `late_since` begins and ceases to tell."""

    def __init__(self, look: Look, knock: Knock | None = None, hint: Callable[[], None] = lambda: None) -> None:
        self._look = look
        self._knocker = None if knock is None else Knocker(knock, lambda: not self._waiting, hint)
        self._waiting = 0
        self._begun = 0
        self._found: CallFailed | None = None  # by the last look
        self._wrong_since: float | None = None  # looks go wrong
        self.next_try: float | None = None  # monotonic seconds; only while a server that is away is waited for

    @property
    def late_since(self) -> float | None:
        """When a knock went out that is not answered yet; None while none is."""
        return None if self._knocker is None else self._knocker.late_since

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
            rest = rest_after(self._found, self._age) if is_there else AWAY_SECONDS
            if not is_there:
                is_wrong = False
                self.next_try = trio.current_time() + rest
                await trio.sleep(rest)
                self.next_try = None
            elif is_wrong or self._knocker is None:
                is_wrong = False
                await trio.sleep(rest)
            else:
                is_wrong = await self._knocker.was_unheard(rest)

    @property
    def _age(self) -> float:
        return 0.0 if self._wrong_since is None else trio.current_time() - self._wrong_since

    async def look(self) -> bool:
        """Bring the server's faults up to date, but not while a key is cut. False: no one answered."""
        while not self._waiting:
            found: list[bool] = []
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._tell_silence, self._begun)
                nursery.start_soon(self._end_when_back, nursery.cancel_scope)
                found.append(await self._ask(self._begun))
                nursery.cancel_scope.cancel()
            if found:
                return found[0]
        return True

    async def _end_when_back(self, look: trio.CancelScope) -> None:
        """A look that hangs at a server that is there again is begun once more."""
        if self._knocker is not None:
            await self._knocker.wait_heard_again()
            look.cancel()

    async def _tell_silence(self, begun: int) -> None:
        await trio.sleep(FIRST_ANSWER_SECONDS)
        is_silent = self._look.last_answer is None or self.late_since is not None
        if is_silent and begun == self._begun:
            self._look.silent(f"no answer within {FIRST_ANSWER_SECONDS:g} s")

    async def _ask(self, begun: int) -> bool:
        error = await self._look.ask()
        if error is None or begun == self._begun:
            self._look.tell(error)
            self._remember(error)
        return not is_away(error)

    def _remember(self, error: CallFailed | None) -> None:
        self._found = error
        if error is None:
            self._wrong_since = None
        elif self._wrong_since is None:
            self._wrong_since = trio.current_time()
        if self._knocker is not None and not is_away(error):
            self._knocker.well()
