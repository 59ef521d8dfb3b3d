"""The look at a VisiOnline server: a session opened and closed, which proves account and signature.

Never takes a server that only refuses to close sessions for one that refuses whatever is signed: cards are signed.
A session that was left open is tried to be closed at the next looks, so that these leave no more of them.
"""

import math

from agent.drivers.visionline.faults import NotClosed, SignatureRefused, VisionlineFaults
from agent.drivers.visionline.protocol import requests, verdicts, wire
from agent.drivers.visionline.web_api import SHORT_SECONDS, Visit, WebApi
from agent.foundation.errors import CallFailed

ANEW_SECONDS = 59.0  # s; each look a minute apart opens a session of its own


class SessionLook:
    """The harmless look at one server, in the box's own account."""

    def __init__(self, api: WebApi, faults: VisionlineFaults) -> None:
        self._api = api
        self._faults = faults
        self._left: Visit | None = None  # with a session that the server did not close
        self._flaw: CallFailed | None = None
        self._anew_at = -math.inf  # the server may have ended that session by itself, which looks the same

    @property
    def last_answer(self) -> float | None:
        """When anything came back from the server (monotonic seconds); None before the first time."""
        return self._api.last_answer

    def silent(self, reason: str) -> None:
        """Put on the page that it has not answered so far."""
        self._faults.silent(reason)

    def tell(self, error: CallFailed | None) -> None:
        """Put it on the page."""
        self._faults.found(error)

    async def ask(self) -> CallFailed | None:
        """What went wrong; None if nothing did."""
        if self._left is not None and self._api.clock() < self._anew_at and not await self._is_closed(self._left):
            return self._flaw
        self._left = None
        try:
            async with self._api.visit() as visit:
                pass
        except CallFailed as error:
            return error
        self._flaw = await self._flaw_of(visit)
        if self._flaw is not None:
            self._left, self._anew_at = visit, self._api.clock() + ANEW_SECONDS
        return self._flaw

    async def _is_closed(self, left: Visit) -> bool:
        await left.close()
        return _flaw(left.closing) is None

    async def _flaw_of(self, visit: Visit) -> CallFailed | None:
        flaw = _flaw(visit.closing)
        is_only_that = isinstance(flaw, SignatureRefused) and await self._takes_signatures()
        return (
            NotClosed(f"to the closing of a session: it answered HTTP {visit.closing}") if is_only_that else flaw
        )

    async def _takes_signatures(self) -> bool:
        """Whether it surely lets another signed call in, one that changes nothing."""
        try:
            async with self._api.visit() as visit:
                said = await visit.ask(requests.DOORS, deadline=SHORT_SECONDS, cap=wire.DOORS_CAP)
        except CallFailed:
            return False
        return said.status not in verdicts.REFUSED


def _flaw(closing: CallFailed | int | None) -> CallFailed | None:
    if closing in verdicts.REFUSED:
        return SignatureRefused(f"it answered HTTP {closing} when a session was closed")
    if isinstance(closing, int) and 200 <= closing < 300:  # every 2xx (reference/visionline.md, section 2)
        return None
    why = (
        f"it answered HTTP {closing}"
        if isinstance(closing, int)
        else getattr(closing, "reason", "nothing was said")
    )
    return NotClosed(f"to the closing of a session: {why}")
