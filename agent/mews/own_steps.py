"""What can be tested of Mews once a connection comes about: an answer, its clock, whether it lets the box in.

Never signs in: in dialect 2016 that would end a session. What the connector knows is told instead.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import trio

from agent.commands.probe import Finding, Mark, Step
from agent.foundation.errors import CallFailed
from agent.foundation.http import Peer
from agent.foundation.reading.text import duration, opened
from agent.foundation.timing import Clock, utc_now
from agent.health.health import Health

HOP = "mews"
ANSWER_SECONDS = 15.0  # s; as a call has
ANSWER_CAP = 64 * 1024  # bytes; it is asked for a head alone
CLOCK_SECONDS = 60.0  # s that the box's clock may differ; keys do not depend on it, certificates do


class Known(Protocol):
    """What the connector knows; times are monotonic seconds."""

    @property
    def is_reached(self) -> bool: ...
    @property
    def last_answer(self) -> float | None: ...


class MewsSteps:
    """The steps at one Mews. `wall` is the box's own clock, `clock` gives monotonic seconds."""

    def __init__(
        self,
        peer: Peer,
        known: Known,
        health: Health,
        wall: Callable[[], datetime] = utc_now,
        clock: Clock = trio.current_time,
    ) -> None:
        self._peer, self._known, self._health = peer, known, health
        self._wall, self._clock = wall, clock
        self._date: datetime | None = None

    def steps(self) -> Sequence[Step]:
        """The steps in their order."""
        return [Step("answer", self._ask), Step("clock", self._compare), Step("access", self._tell_access)]

    async def _ask(self) -> Finding:
        try:
            answer = await self._peer.call("HEAD", "/", deadline=ANSWER_SECONDS, cap=ANSWER_CAP)
        except CallFailed as error:
            return Finding(Mark.BAD, opened(error.reason), "E-MEWS-SILENT")
        self._date = answer.date
        return Finding(Mark.GOOD, f"It answers in HTTP (status {answer.status}).")

    async def _compare(self) -> Finding:
        if self._date is None:
            return Finding(Mark.OPEN, "Its answer has no date to compare the box's clock with.")
        ahead = (self._wall() - self._date).total_seconds()
        if abs(ahead) < 2:  # its date is in whole seconds, and travelled
            return Finding(Mark.GOOD, "The box's clock and its clock agree.")
        by = f"{duration(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} its clock"
        return Finding(Mark.DOUBT if abs(ahead) > CLOCK_SECONDS else Mark.GOOD, f"The box's clock is {by}.")

    async def _tell_access(self) -> Finding:
        if self._known.is_reached and self._known.last_answer is not None:
            ago = duration(self._clock() - self._known.last_answer)
            return Finding(Mark.GOOD, f"It lets the box in: it has listed the commands {ago} ago.")
        for fault in self._health.active():
            if fault.hop == HOP:
                return Finding(Mark.BAD, fault.text, fault.kind.code)
        return Finding(Mark.OPEN, "The box has not asked it for commands yet.")
