"""What a hotel wants looked after beside the commands: room sync, the drill, the numbers of cards.

Each runs for one provisioning file, and only where that asks for it; what is known of rooms and of the last drill
goes on to the next one. What it takes is loaded once there was a poll.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import trio

from agent.health.health import Health
from agent.hotel.site import Site
from agent.journal.journal import Journal
from agent.journal.rows.kept_drill import KeptDrill
from agent.journal.rows.kept_rooms import KeptRoom
from agent.pipeline.issued_keys import IssuedKeys
from agent.status.snapshot.facts import UpkeepFacts

if TYPE_CHECKING:
    from agent.control.errands.mews_order import Follows
    from agent.hotel.drill import Drill
    from agent.rooms.sync.runner import RoomSync

POLL_PATIENCE = 1.0  # s that what is loaded after the first poll waits for it


class Beside:
    """`issued` are the keys of the pass."""

    def __init__(self, journal: Journal, issued: IssuedKeys, health: Health) -> None:
        self._journal, self._issued, self._health = journal, issued, health
        self._kept_rooms: Sequence[KeptRoom] = ()
        self._kept_drill: KeptDrill | None = None
        self._is_kept, self._desk_is_there = trio.Event(), trio.Event()
        self._desk: Follows | None = None
        self._drill: Drill | None = None
        self._rooms: RoomSync | None = None

    def remember(self, rooms: Sequence[KeptRoom], drills: Sequence[KeptDrill]) -> None:
        """The journal is open, and had these."""
        self._kept_rooms, self._kept_drill = rooms, next(iter(drills), None)
        self._is_kept.set()

    def enter_desk(self, desk: "Follows") -> None:
        """The desk is there, which follows orders."""
        self._desk = desk
        self._desk_is_there.set()

    async def run(self, site: Site) -> None:
        """All that this file asks for, until cancelled."""
        await self._is_kept.wait()
        async with trio.open_nursery() as nursery:
            if site.wants_room_sync:
                nursery.start_soon(self._sync_rooms, site)
            if site.drill is not None:
                nursery.start_soon(self._run_drill, site)
            if site.writes_card_numbers:
                nursery.start_soon(self._write_card_numbers, site)

    def lines(self, site: Site) -> tuple[UpkeepFacts, ...]:
        """What the page says of it, once Mews was reached: what that takes is loaded by then."""
        if site.connector.last_answer is None:
            return ()
        from agent.hotel import upkeep

        lines = [upkeep.of_audit(site.door_audit.latest)]
        if site.wants_room_sync:
            lines.append(upkeep.of_rooms(self._rooms.status if self._rooms else None))
        if site.drill is not None:
            lines.append(upkeep.of_drill(self._drill.text if self._drill else "", site.drill.at))
        return tuple(lines)

    async def _sync_rooms(self, site: Site) -> None:
        """Keep the room management in step with Mews."""
        await wait_first_poll(site)
        from agent.hotel.room_work import room_sync

        sync = room_sync(site, self._kept_rooms, self._journal, self._issued, self._health)
        if sync is None:
            return
        if site.listener is not None:
            site.listener.on_news = lambda _news: sync.hint()
        self._rooms = sync
        try:
            await sync.run()
        finally:
            self._rooms, self._kept_rooms = None, sync.kept

    async def _write_card_numbers(self, site: Site) -> None:
        """Tell Mews the numbers of cards."""
        await wait_first_poll(site)
        from agent.hotel.card_numbers import CardNumbers

        await CardNumbers(self._issued, site.enquiries, self._health).run()

    async def _run_drill(self, site: Site) -> None:
        """Order a key each day at the hour of the file."""
        await self._desk_is_there.wait()
        from agent.hotel.drill import Drill, Rows

        if site.drill is None or self._desk is None:
            raise AssertionError("the file names a drill, and the desk is there")
        self._drill = drill = Drill(
            *(site.drill, site.zone, site.enquiries, self._desk, self._health, site.now),
            rows=Rows(self._journal.write, self._journal.keep),
            last=self._kept_drill,
        )
        try:
            await drill.run()
        finally:
            self._drill, self._kept_drill = None, drill.last


async def wait_first_poll(site: Site | None) -> None:
    """What is not needed for the first poll is loaded after it."""
    if site is not None:
        with trio.move_on_after(POLL_PATIENCE):
            await site.connector.polled.wait()
