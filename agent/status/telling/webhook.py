"""Red and green again, to an address of the hotel's: a POST of JSON when a fault holds, and when none does.

Sent again until it is taken, for a day at most; the newest state wins, so one that came and went while the
receiver was away is not told at all. After a start the state is told once, so that no receiver shows what was
before. It must never hold a key up, and tells neither guests nor rooms.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from secrets import token_hex

import msgspec
import trio

from agent.foundation.http import Peer
from agent.foundation.timing import Backoff, Clock
from agent.health import box_kinds
from agent.health.health import Health
from agent.health.kind import BOX, Level
from agent.status.snapshot.snapshot import Snapshot
from agent.status.telemetry.message import message
from agent.status.telemetry.red_and_green import Light, RedAndGreen
from agent.status.telling.delivery import Delivery, End, deliver

LOOK_SECONDS = 2.0
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0  # s between two tries
PATIENCE = 900.0  # s that a receiver may be away before the page says so
GIVE_UP_SECONDS = 86_400.0  # s after which a message is of no use any more


class Told:
    """What an address was told last (`light` None: it is not known). Outlives a reload of the file."""

    def __init__(self) -> None:
        self.lights = RedAndGreen()
        self.light: Light | None = None
        self.at: datetime | None = None


class Webhook:
    """One address. `headers` are those that authorise, `now` the time that messages carry."""

    def __init__(
        self,
        peer: Peer,
        path: str,
        told: Told,
        snapshot: Callable[[], Snapshot],
        health: Health,
        *,
        headers: Mapping[str, str],
        clock: Clock,
        now: Callable[[], datetime],
    ) -> None:
        self._peer, self._path, self._told, self._snapshot, self._health = peer, path, told, snapshot, health
        self._headers, self._clock, self._now = headers, clock, now
        self._pause = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        self._owed: tuple[Light, str] | None = None  # what is being told, and its id
        self._owed_since = self._next_try = 0.0
        self._words = ""  # why the last try was in vain

    async def run(self) -> None:
        """Look and tell, until cancelled."""
        while True:
            lights = self._told.lights
            lights.see(self._is_red(), self._clock())
            if lights.shown is not None:
                await self._settle(lights.shown)
            await trio.sleep(LOOK_SECONDS)

    def _is_red(self) -> bool:
        return any(fault.kind.level is Level.FAULT for fault in self._health.active())

    async def _settle(self, light: Light) -> None:
        """See to it that the address knows."""
        if light is self._told.light:
            if self._owed is not None:
                self._forget()
            return
        if self._owed is None or self._owed[0] is not light:
            self._owed, self._owed_since, self._next_try = (light, token_hex(8)), self._clock(), 0.0
            self._pause.reset()
        if self._clock() >= self._next_try:
            await self._tell(*self._owed)
        self._warn()

    async def _tell(self, light: Light, id: str) -> None:
        began = self._now() - timedelta(seconds=self._clock() - self._told.lights.since)
        body = msgspec.json.encode(message(light, began.isoformat(timespec="seconds"), self._snapshot(), id))
        done = await deliver(self._peer, self._path, body, {**self._headers, "Content-Type": "application/json"})
        if done.end is End.TAKEN:
            self._told.light, self._told.at = light, self._now()
            self._forget()
        elif self._clock() - self._owed_since >= GIVE_UP_SECONDS:
            self._told.light = light  # too old to matter; the next change is told
            self._owed = None
        else:
            self._fail(done)

    def _fail(self, done: Delivery) -> None:
        if done.is_perhaps_there:
            self._told.light = None  # it may know by now: whatever comes next has to be told
        self._next_try = self._clock() + max(done.wait, self._pause.pause())
        self._words = done.words

    def _warn(self) -> None:
        """Say on the page that a message is due for long."""
        age = self._clock() - self._owed_since
        if self._owed is not None and self._words and age >= PATIENCE:
            text = f"The address of webhook does not take the message that is due: {self._words}."
            self._health.raise_fault(box_kinds.TELEMETRY_WEBHOOK, BOX, text, age=age)

    def _forget(self) -> None:
        self._owed, self._words = None, ""
        self._pause.reset()
        self._health.clear(BOX, box_kinds.TELEMETRY_WEBHOOK)
