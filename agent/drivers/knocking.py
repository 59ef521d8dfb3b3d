"""Knocks at a server or printer between two looks at it: within seconds it is known that one is gone.

A knock is a connection, and at a lock server one question about nothing: it must cost the other side neither a
log-in nor a list, and never come while a card or a document is made.
"""

from collections.abc import Callable
from typing import Protocol

import trio

KNOCK_SECONDS = 1.8  # s between two knocks; with what one may take, the page tells of it within three


class Knock(Protocol):
    """Tries one server."""

    async def __call__(self) -> bool | None:
        """Whether a connection came about (else None) and something was said on it, all within a short time."""
        ...

    async def rest(self) -> None:
        """Wait until the next one is due."""
        ...


class Knocker:
    """The knocks at one. `is_idle` says whether it may be knocked at just now; `hint` is called as `late_since`
    begins and ceases to tell."""

    def __init__(self, knock: Knock, is_idle: Callable[[], bool], hint: Callable[[], None]) -> None:
        self._knock, self._is_idle, self._hint = knock, is_idle, hint
        self._has_answered = False
        self._wants_answer = True  # who takes connections and says nothing to a question about nothing may be well
        self.late_since: float | None = None  # when a knock went out that was not heard, and none was since

    async def was_unheard(self, seconds: float) -> bool:
        """Knock for so long. True: one was not heard, and that ends it at once."""
        until = trio.current_time() + seconds
        while trio.current_time() < until:
            with trio.move_on_at(until):
                await self._knock.rest()
            if not await self._is_heard():
                return True
        return False

    async def wait_heard_again(self) -> None:
        """Knock until one is not heard, or none was before, and then one is."""
        while self.late_since is None:
            await self.was_unheard(float("inf"))
        while not self._is_idle() or not await self._is_heard():  # noqa: ASYNC110 - it is knocked, not waited for
            await trio.sleep(KNOCK_SECONDS)

    def well(self) -> None:
        """A look was answered: a server that has never said a thing to a knock is not waited for any more."""
        if self.late_since is not None and not self._has_answered:
            self._wants_answer = False
        self._say(None)

    async def _is_heard(self) -> bool:
        """Knock, if that may be; what is not knocked at counts as heard."""
        if not self._is_idle():
            return True
        began = trio.current_time()
        said = await self._knock()
        self._has_answered = self._has_answered or said is True
        is_heard = bool(said) or (said is False and not self._wants_answer)
        self._say(None if is_heard else self.late_since or began)
        return is_heard

    def _say(self, late_since: float | None) -> None:
        was_late, self.late_since = self.late_since is not None, late_since
        if was_late is not (late_since is not None):
            self._hint()
