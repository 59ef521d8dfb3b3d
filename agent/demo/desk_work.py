"""A person at the demo's desk: checks a room in and has a card read, by the verbs that anyone may write.

Must never reach into the agent: the words go through its socket, as those of a second terminal do.
"""

from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import trio

from agent.control import client
from agent.control.words.told import End, Result
from agent.foundation.errors import NightPorterError

ERRANDS = (("lock", "room-in", "101"), ("lock", "read", "1"))  # the reception's first room, and its encoder
PAUSE = 17.0  # s between two errands of a demo without end


class DeskWork:
    """Acts at the agent in `state`; `done` hears whether each errand went well."""

    def __init__(self, state: Path, done: Callable[[bool], None]) -> None:
        self._state, self._done = state, done

    async def each_once(self) -> None:
        """Every errand, one after the other."""
        for words in ERRANDS:
            await self._act(words)

    async def now_and_then(self) -> None:
        """One after the other, until cancelled."""
        for words in cycle(ERRANDS):
            await trio.sleep(PAUSE)
            await self._act(words)

    async def _act(self, words: tuple[str, ...]) -> None:
        result = await trio.to_thread.run_sync(self._ask, words, abandon_on_cancel=True)
        self._done(result.end is End.DONE)

    def _ask(self, words: tuple[str, ...]) -> Result:
        try:
            return client.ask(self._state, words, lambda _: True)
        except NightPorterError as trouble:  # the agent is ending
            return Result(End.FAILED, str(trouble))
