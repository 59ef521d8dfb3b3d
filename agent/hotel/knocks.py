"""Knocks at the servers and printers of the file (`drivers/knocking.py`): where they are, and how they are asked.

Must never cost more than it tells: while no one looks at the page, an answer counts for a quarter of a minute.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from agent.foundation.errors import NotSent
from agent.foundation.timing import Clock

if TYPE_CHECKING:
    from agent.foundation.reach import Server

UNSEEN_SECONDS = 15.0  # s for which an answer counts while no one looks; orders find out by themselves

Answers = Callable[["Server", str], Awaitable[bool | None]]  # of a server at an address, as `reach.answers`
LookUp = Callable[[str], Awaitable[Sequence[str]]]
IsOpen = Callable[[str, int], Awaitable[bool]]


class ServerKnock:
    """At the server of an address in the file. What is not given here is asked of the network itself."""

    def __init__(
        self,
        address: str,
        clock: Clock,
        is_watched: Callable[[], bool],
        answers: Answers | None = None,
        look_up: LookUp | None = None,
    ) -> None:
        self._address, self._clock, self._is_watched = address, clock, is_watched
        self._answers, self._look_up = answers, look_up
        self._place = ""  # what its name was looked up to, until a knock is not heard
        self._answer: bool | None = None  # the last one
        self._asked = float("-inf")

    async def __call__(self) -> bool | None:
        """Whether it says something; None where no connection comes about."""
        counts = bool(self._answer) and self._clock() - self._asked < UNSEEN_SECONDS
        if not counts or self._is_watched():
            self._asked = self._clock()
            self._answer = await self._ask()
        return self._answer

    async def _ask(self) -> bool | None:
        from agent.foundation import reach  # here, because a start is short, and this comes after it

        server = reach.server_at(self._address)
        try:
            if not self._place:
                look_up = self._look_up or reach.look_up_all
                self._place = (await look_up(server.host))[0] if server.is_named else server.host
            answer = await (self._answers or reach.answers)(server, self._place)
        except NotSent:
            answer = None
        if not answer:
            self._place = ""
        return answer


def of_connection(is_open: IsOpen | None) -> Answers:
    """By a connection alone: what a printer does about a question that is none of its own, no one knows."""

    async def answers(server: "Server", address: str) -> bool | None:
        from agent.foundation import reach

        return await (is_open or reach.is_open)(address, server.port) or None

    return answers
