"""The drill: each day at the file's hour a key is ordered at Mews, and followed to the encoder.

It shows before the guests come that the whole way works. Must never order twice in a day, nor late: a box that was
off at that hour drills the next day. The row of a drill is on the disk before its order. An order that surely did
not leave the box is given again within `LATE`.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta, tzinfo

import msgspec
import trio
from msgspec.structs import replace

from agent.control.errands.mews_lists import said
from agent.control.errands.mews_order import Following, Follows
from agent.control.words.told import End, Progress, Result
from agent.foundation.errors import JournalUnavailable
from agent.foundation.reading.moments import from_unix
from agent.foundation.reading.text import plain
from agent.health import mews_kinds
from agent.health.health import Health
from agent.journal.rows.kept_drill import DrillEnd, KeptDrill
from agent.mews.calls import Busy, MewsError, NotReached, Unauthorised
from agent.mews.enquiries import Enquiries, NotAsked
from provisioning.model import Drill as Setting

LOOK_SECONDS = 240.0  # s between two looks at a clock that Mews may set right meanwhile; less than LATE
LATE = timedelta(minutes=5)  # later than that it is not the hour that the file names
AGAIN_SECONDS = 5.0  # s before an order that surely did not leave the box, or had no effect, is given again
_AGAIN = timedelta(seconds=AGAIN_SECONDS)
_WITHOUT_EFFECT = (NotAsked, NotReached, Busy, Unauthorised)  # and passing; after others it may have been ordered
_HOP = "mews"


class Rows(msgspec.Struct, frozen=True):
    """The journal: `write` makes a row last or raises `JournalUnavailable`, `keep` makes one last that is true
    already."""

    write: Callable[[KeptDrill], Awaitable[None]]
    keep: Callable[[KeptDrill], Awaitable[None]]


class Drill:
    """One file's. `now` is the time at Mews, `hotel` what follows an order, `last` the drill before."""

    def __init__(
        self,
        setting: Setting,
        zone: tzinfo,
        enquiries: Enquiries,
        hotel: Follows,
        health: Health,
        now: Callable[[], datetime],
        rows: Rows,
        last: KeptDrill | None = None,
    ) -> None:
        self._setting, self._zone, self._enquiries = setting, zone, enquiries
        self._hotel, self._health, self._now, self._rows = hotel, health, now, rows
        self._last, self._text = last, ""
        if last is not None:
            self._tell(last)

    @property
    def last(self) -> KeptDrill | None:
        """The last drill, for the one that follows; None where there was none yet."""
        return self._last

    @property
    def text(self) -> str:
        """How the last one went, in a sentence; "" where there was none yet."""
        return self._text

    async def run(self) -> None:
        """Drill each day, until cancelled."""
        due = self._next(self._now())
        while True:
            now = self._now()
            due = min(due, self._next(now))  # of a clock that was ahead when it was looked at last
            if now < due:
                await trio.sleep(min(LOOK_SECONDS, (due - now).total_seconds()))
                continue
            if now - due <= LATE:
                await self.drill(due)
            due = self._next(max(self._now(), due))

    async def drill(self, due: datetime) -> KeptDrill:
        """Order one key, and follow it to its end; `due` is the hour that it is for."""
        begun = KeptDrill(at=int(self._now().timestamp()))
        try:
            await self._rows.write(begun)
        except JournalUnavailable as error:
            return self._tell(replace(begun, end=DrillEnd.FAILED), f"The disk takes no journal ({error}).")
        self._last, self._text = begun, f"The drill of {self._when(begun)} is under way."
        result = await self._ordered(due + LATE)
        ended = replace(begun, end=DrillEnd.WELL if result.end is End.DONE else DrillEnd.FAILED)
        await self._rows.keep(ended)
        return self._tell(ended, result.text)

    async def _ordered(self, until: datetime) -> Result:
        try:
            id = await self._order(until)
        except MewsError as error:
            return Result(End.FAILED, said(error))
        return await Following(id, self._hotel, _to_no_one).to_its_end()

    async def _order(self, until: datetime) -> str:
        """The command's id. Given again only where it surely had no effect, and not after `until`."""
        last = trio.current_time() + (until - self._now()).total_seconds()  # whatever the clock does meanwhile
        while True:
            try:
                return await self._enquiries.order_key(self._setting.key_cutter, self._setting.reservation, 1)
            except _WITHOUT_EFFECT:
                if self._now() + _AGAIN > until or trio.current_time() + AGAIN_SECONDS > last:
                    raise
            await trio.sleep(AGAIN_SECONDS)

    def _tell(self, drilled: KeptDrill, why: str = "") -> KeptDrill:
        """State how it stands; `why` no key was cut is known in the run that saw it."""
        self._last = drilled
        when = self._when(drilled)
        match drilled.end:
            case DrillEnd.WELL:
                self._text = f"Keys could be cut at {when}."
                self._health.clear(_HOP, mews_kinds.DRILL)
            case DrillEnd.FAILED:
                self._text = plain(f"No key could be cut at {when}{f': {why}' if why else '.'}", 300)
                self._health.raise_fault(mews_kinds.DRILL, _HOP, self._text)
            case _:
                self._text = f"The drill of {when} was broken off."
        return drilled

    def _when(self, drilled: KeptDrill) -> str:
        return f"{from_unix(drilled.at).astimezone(self._zone):%H:%M on %Y-%m-%d}"

    def _next(self, after: datetime) -> datetime:
        """The next time at which the hotel's clock shows the hour, on another day than that of the last drill."""
        hour = time.fromisoformat(self._setting.at)
        day = after.astimezone(self._zone).date()
        drilled = None if self._last is None else from_unix(self._last.at).astimezone(self._zone).date()
        while day == drilled or (due := datetime.combine(day, hour, self._zone)) <= after:
            day += timedelta(days=1)
        return due


def _to_no_one(progress: Progress) -> None:
    """No one watches a drill."""
