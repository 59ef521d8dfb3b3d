"""The line to Mews, whatever dialect is spoken on it: one POST at a time, with its silences and its dates.

Knows no operation, no token, no schedule and no retry. It repeats nothing.
"""

from collections.abc import Callable
from typing import TypeVar

import trio

from agent.foundation.errors import CallFailed, CertificateRefused, NoAnswer, Silence
from agent.foundation.http import Answer, Peer
from agent.foundation.timing import MewsClock
from agent.mews.account.patience import Patience
from agent.mews.calls import ANSWER_CAP, CALL_SECONDS, Failed, NotReached, NotTrusted, Silent

T = TypeVar("T")

BASE = "/api/connector/v1"  # in both dialects (reference/mews.md section 1)
_HEADERS = {"Content-Type": "application/json"}


class MewsLine:
    """Mews behind one peer. The date of every answer that makes sense is handed to `clock`."""

    def __init__(self, peer: Peer, clock: MewsClock) -> None:
        self._peer = peer
        self._clock = clock
        self._patience = Patience()

    async def post(
        self,
        path: str,
        body: bytes,
        meaning: Callable[[Answer], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T:
        """Ask, and return what `meaning` makes of the answer, or raise what it raises (`calls.Post`)."""
        try:
            answer = await self._ask(path, body, deadline, cap)
        except CallFailed as error:
            raise _failed(error) from None
        value = meaning(answer)
        if answer.date is not None:  # of a sound answer only: a portal's date is not Mews'
            self._clock.heard(answer.date)
        return value

    async def _ask(self, path: str, body: bytes, deadline: float, cap: int) -> Answer:
        asked_at = trio.current_time()
        try:
            answer = await self._peer.call(
                "POST",
                BASE + path,
                body=body,
                headers=_HEADERS,
                deadline=deadline,
                silence=self._patience.seconds,
                cap=cap,
            )
        except Silence:
            self._patience.was_silent()
            await self._peer.hang_up()  # what killed this connection may have killed the others
            raise
        self._patience.answered(trio.current_time() - asked_at)
        return answer


def _failed(error: CallFailed) -> Failed:
    if isinstance(error, CertificateRefused):
        return NotTrusted(error.reason)
    if not isinstance(error, NoAnswer):
        return NotReached(error.reason)
    is_silent = isinstance(error, Silence) and not error.is_heard
    return Silent(error.reason) if is_silent else Failed(error.reason)
