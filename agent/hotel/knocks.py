"""Knocks at the servers and printers of the file (`drivers/knocking.py`): where they are, and how they are asked.

Must never cost more than it tells: while no one looks at the page, the next one after an answer comes in a quarter
of a minute, and a box at rest is not woken for more.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import trio

from agent.drivers.eyes import Eyes
from agent.drivers.knocking import KNOCK_SECONDS
from agent.foundation.errors import NotSent

if TYPE_CHECKING:
    from agent.foundation.reach import Server

UNSEEN_SECONDS = 15.0  # s between two while no one looks; orders find out by themselves

Answers = Callable[["Server", str], Awaitable[bool | None]]  # of a server at an address, as `reach.answers`
LookUp = Callable[[str], Awaitable[Sequence[str]]]
IsOpen = Callable[[str, int], Awaitable[bool]]


class ServerKnock:
    """At the server of an address in the file. What is not given here is asked of the network itself."""

    def __init__(
        self,
        address: str,
        eyes: Eyes,
        answers: Answers | None = None,
        look_up: LookUp | None = None,
    ) -> None:
        self._address, self._eyes = address, eyes
        self._answers, self._look_up = answers, look_up
        self._place = ""  # what its name was looked up to, until a knock is not heard
        self._answer: bool | None = None  # the last one

    async def __call__(self) -> bool | None:
        """Whether it says something; None where no connection comes about."""
        self._answer = await self._ask()
        return self._answer

    async def rest(self) -> None:
        """Until the next one is due: soon for who looks, and at a server that may be gone."""
        with trio.move_on_after(UNSEEN_SECONDS):
            await trio.sleep(KNOCK_SECONDS)
            if self._answer:
                await self._eyes.wait_there()

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
