"""Looks at the start, and then each hour, whether Mews and the file mean the same hotel: its zone, its clock.

Asks only while Mews answers polls, and last of all. Of a dialect that cannot tell nothing is said.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import trio

from agent.foundation.timing import utc_now
from agent.health import mews_kinds
from agent.health.health import Health
from agent.mews.account.hotel import FAULTS, findings
from agent.mews.calls import MewsError, Refused
from agent.mews.contact import HOP
from agent.mews.enquiries import NotOffered
from agent.mews.records import Property

EVERY = 3600.0  # s; zones and clocks of a hotel hardly ever change
AGAIN = 60.0  # s; after a question without an answer


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
                await trio.sleep(AGAIN)
            else:
                await trio.sleep(EVERY)

    async def _look(self) -> None:
        asked_at = trio.current_time()
        hotel = await self._ask()
        found = findings(hotel, self._zone, trio.current_time() - asked_at, self._wall())
        self._health.clear(HOP, *(kind for kind in FAULTS if kind not in found))
        for kind, text in found.items():
            self._health.raise_fault(kind, HOP, text)

    def _not_told(self, error: MewsError) -> None:
        """Only where the file names one hotel of several does a refusal say something of the file."""
        if self._enterprise and isinstance(error, Refused):
            words = f"Mews refuses to say anything of the hotel that the file names ({error})."
            self._health.raise_fault(mews_kinds.ENTERPRISE, HOP, words)
