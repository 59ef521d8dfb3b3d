"""What people do from the page: each act goes on by itself, is looked at by its address, and ends in one result.

At most `MOST` at a time. Results are kept for ten minutes; what is told is bounded. Must never begin the same form
twice: `Session.sent` knows what became of each.
"""

from collections.abc import Awaitable, Callable, Mapping
from secrets import token_hex

import trio

from agent.control.words.told import End, Result

MOST = 4
KEPT_SECONDS = 600.0  # s
MOST_LINES = 400  # the last of them are kept
MOST_KEPT = 100  # acts
LAST_WORDS = 5.0  # s that an act has, when the page ends, to say what it leaves behind

Tell = Callable[[str], None]
Work = Callable[[Tell], Awaitable[Result]]


class UnderWay:
    """One act. `title` says what it is, `words` what was typed; `again` is the form that goes on with a yes."""

    def __init__(self, title: str, owner: str, again: Mapping[str, str] | None = None, words: str = "") -> None:
        self.id = token_hex(8)
        self.title, self.owner, self.again, self.words = title, owner, again or {}, words
        self.lines: list[str] = []
        self.result: Result | None = None
        self.ended = 0.0
        self.break_off: Callable[[], None] | None = None
        self.confirm_seconds: float | None = None  # a provisioning file is on trial for that long
        self.file: tuple[str, bytes] | None = None  # what can be downloaded: its name, and its content

    def tell(self, line: str) -> None:
        """Progress."""
        self.lines.append(line)
        del self.lines[:-MOST_LINES]


class Full(Exception):
    """As many acts as may be are under way."""


class ActsUnderWay:
    """All of them. `nursery` outlives every request."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self._nursery = nursery
        self._acts: dict[str, UnderWay] = {}

    def begin(self, act: UnderWay, work: Work) -> None:
        """Let it go on by itself. Raises `Full`."""
        self._forget()
        if sum(each.result is None for each in self._acts.values()) >= MOST:
            raise Full
        self._acts[act.id] = act
        self._nursery.start_soon(self._run, act, work)

    def find(self, id: str, owner: str) -> UnderWay | None:
        """The act of that id and session; None for one that is forgotten, or somebody else's."""
        self._forget()
        act = self._acts.get(id)
        return act if act is not None and act.owner == owner else None

    async def _run(self, act: UnderWay, work: Work) -> None:
        try:
            act.result = await work(act.tell)
        finally:
            act.ended = trio.current_time()
            if act.result is None:
                act.result = Result(End.PERHAPS, "It was broken off as the page ended: look at the status page.")

    def _forget(self) -> None:
        oldest = trio.current_time() - KEPT_SECONDS
        ended = [act for act in self._acts.values() if act.result is not None]
        for act in ended:
            if act.ended < oldest or len(self._acts) > MOST_KEPT:
                del self._acts[act.id]
