"""Looks at the start, and then each hour, whether Mews and the file mean the same hotel: its zone, its clock.

Asks only while Mews answers polls, and last of all. Of a dialect that cannot tell nothing is said.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import trio

from agent.foundation.timing import jitter, utc_now
from agent.health import mews_kinds
from agent.health.asking_again import again_after
from agent.health.health import Health
from agent.mews.account.hotel import FAULTS, findings
from agent.mews.calls import MewsError, Refused
from agent.mews.contact import HOP
from agent.mews.enquiries import NotOffered
from agent.mews.records import Property

EVERY = 3600.0  # s; zones and clocks of a hotel hardly ever change
AGAIN = 60.0  # s; after a question without an answer, and at most while what Mews says differs
SOON = 2.0  # s; so often while that is new, for somebody may be setting it right


class HotelWatch:
    """`ask` brings what Mews says of the hotel, `wait_reached` waits until it may be asked.

    `zone` and `enterprise` ("": none) are the file's, `wall` is the box's own clock.
    """

    def __init__(
        self,
        ask: Callable[[], Awaitable[Property]],
        wait_reached: Callable[[], Awaitable[None]],
        health: Health,
        zone: ZoneInfo,
        *,
        enterprise: str = "",
        wall: Callable[[], datetime] = utc_now,
    ) -> None:
        self._ask, self._wait_reached, self._health = ask, wait_reached, health
        self._zone, self._enterprise, self._wall = zone, enterprise, wall
        self._differs_since: float | None = None  # what Mews says differs from what the box has

    async def run(self) -> None:
        """Look until cancelled, or until the dialect turns out to have no word for it."""
        while True:
            await self._wait_reached()
            try:
                await self._look()
            except NotOffered:
                return
            except MewsError as error:
                self._not_told(error)
                await trio.sleep(min(AGAIN, self._rest()))
            else:
                await trio.sleep(self._rest())

    async def _look(self) -> None:
        asked_at = trio.current_time()
        hotel = await self._ask()
        found = findings(hotel, self._zone, trio.current_time() - asked_at, self._wall())
        self._health.clear(HOP, *(kind for kind in FAULTS if kind not in found))
        self._differs_since = (self._differs_since or trio.current_time()) if found else None
        for kind, text in found.items():
            self._health.raise_fault(kind, HOP, text)

    def _rest(self) -> float:
        if self._differs_since is None:
            return EVERY
        return jitter(again_after(trio.current_time() - self._differs_since, SOON, AGAIN))

    def _not_told(self, error: MewsError) -> None:
        """Only where the file names one hotel of several does a refusal say something of the file."""
        if self._enterprise and isinstance(error, Refused):
            words = f"Mews refuses to say anything of the hotel that the file names ({error})."
            self._health.raise_fault(mews_kinds.ENTERPRISE, HOP, words)
            self._differs_since = self._differs_since or trio.current_time()
