"""Room sync of one hotel, joined: Mews' reservations, the file's doors, the room management, the journal's rows.

One for each provisioning file, and only where the file wants it; what is known of rooms goes on to the next one.
"""

from collections.abc import Callable, Iterable, Sequence

from agent.commands.driver import CancelsKeys, Driver, KeepsRooms
from agent.commands.model import Outcome, Verdict
from agent.health.health import Health
from agent.hotel.site import Site
from agent.journal.journal import Journal
from agent.journal.rows.kept_rooms import KeptRoom
from agent.mews.records import Spaces
from agent.pipeline.issued_keys import IssuedKeys
from agent.rooms.sync.faults import SyncFaults
from agent.rooms.sync.plan.places import Places
from agent.rooms.sync.plan.plan import Plan
from agent.rooms.sync.runner import RoomManagement, RoomSync, Rows, Sources


def room_sync(
    site: Site, rows: Iterable[KeptRoom], journal: Journal, issued: IssuedKeys, health: Health
) -> RoomSync | None:
    """The sync of a site; None where no lock system of the file keeps rooms. `rows` are what is known so far."""
    keeper = next((driver for driver in site.drivers if isinstance(driver, KeepsRooms)), None)
    if keeper is None:
        return None
    enquiries, routes = site.enquiries, site.routes

    def places(spaces: Spaces) -> Places:
        return Places(spaces.spaces, routes.doors, routes.rms_name)

    changed = enquiries.changed_stays if enquiries.finds_changes else None
    by_id = enquiries.stays_by_id if enquiries.looks_stays_up else None
    keys = StayKeys(site.drivers, issued, routes.rms_name)
    return RoomSync(
        Plan(rows, cancels_keys=site.cancels_keys_on_checkout),
        Sources(enquiries.stays, changed, by_id, enquiries.spaces, site.now),
        places,
        RoomManagement(keeper.check_in_room, keeper.check_out_room, keys.end),
        Rows(journal.write, journal.keep),
        SyncFaults(health, keeper.hop),
    )


class StayKeys:
    """The keys that this box has issued for a stay, to be made useless at their lock systems."""

    def __init__(self, drivers: Sequence[Driver], issued: IssuedKeys, rms_name: Callable[[str], str]) -> None:
        self._systems = {driver.hop: driver for driver in drivers if isinstance(driver, CancelsKeys)}
        self._issued, self._rms_name = issued, rms_name

    async def end(self, stay: str, room: str) -> Outcome | None:
        """Cancel those to a room, by its name at the room management; None where there was none to be cancelled.

        The first that is not cancelled ends it: it is asked for again later.
        """
        outcome = None
        for key in self._issued.of_stay(stay):
            system = self._systems.get(key.server)
            named = [name for name in key.room_names if self._rms_name(name) == room]
            if system is None or not named:
                continue
            outcome = await system.cancel_key(named[0], key.key)
            if outcome.verdict is not Verdict.DONE:
                return outcome
            self._issued.end(key.id)
        return outcome
