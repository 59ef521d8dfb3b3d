"""The door audit of one hotel, joined: it asks Mews and the lock systems for their lists; the comparison is pure.

At the start, every few hours, and when a person asks. What is missing is a fault until an audit finds it there:
one that was not told of it ends none. A list that Mews refuses is said, and the rest is compared.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import msgspec
import trio

from agent.commands.driver import Driver, ListsDoors
from agent.foundation.errors import CallFailed
from agent.foundation.reading.text import plain
from agent.health import room_kinds
from agent.health.health import Health
from agent.health.kind import FaultKind
from agent.mews.calls import Busy, MewsError, NotReached, Refused, Silent, Unauthorised
from agent.mews.enquiries import Enquiries, NotAsked, NotOffered
from agent.rooms.audit import faults
from agent.rooms.audit.audit import audit
from agent.rooms.audit.findings import Audit, LockList
from provisioning.model import Provisioning

EVERY_SECONDS = 6 * 3600.0  # s; rooms and devices change by a person's hand, a few times a year
AGAIN_SECONDS = 300.0  # s after an audit that Mews did not answer
REFUSED_SECONDS = 3600.0  # s after one of which Mews refused a list: a person has to allow it
_AWAY = (NotAsked, NotReached, Busy, Unauthorised, Silent)  # of Mews as a whole: the poll says what is wrong
_WORDS = 120  # characters of Mews' own
_HOP = "box"
T = TypeVar("T")


class _Heard(msgspec.Struct, Generic[T], frozen=True):
    """A list of Mews, or None: it has none to tell, or fails at it, and `why` says so."""

    told: T | None
    why: str = ""


class DoorAudit:
    """One file's. `wait_reached` ends once Mews answers polls."""

    def __init__(
        self,
        file: Provisioning,
        drivers: Sequence[Driver],
        enquiries: Enquiries,
        wait_reached: Callable[[], Awaitable[None]],
        health: Health,
    ) -> None:
        self._file, self._drivers, self._enquiries = file, drivers, enquiries
        self._wait_reached, self._health = wait_reached, health
        self.latest: Audit | None = None
        self._is_refused = False  # a list, in the latest

    async def run(self) -> None:
        """Audit again and again, until cancelled."""
        while True:
            await self._wait_reached()
            try:
                await self.audit()
            except _AWAY:
                await trio.sleep(AGAIN_SECONDS)
            else:
                await trio.sleep(REFUSED_SECONDS if self._is_refused else EVERY_SECONDS)

    async def audit(self) -> Audit:
        """Compare now. Raises `MewsError` where Mews does not answer at all."""
        spaces = await _heard(self._enquiries.spaces)
        devices = await _heard(self._enquiries.devices)
        locks = [await _doors(driver) for driver in self._drivers]
        found = audit(
            *(self._file, locks, spaces.told, devices.told), rooms_why=spaces.why, devices_why=devices.why
        )
        self.latest, self._is_refused = found, bool(spaces.why or devices.why)
        standing = faults.standing(found)
        kept = {room_kinds.AUDIT_ROOMS} if spaces.why else set[FaultKind]()
        kept |= {room_kinds.AUDIT_DEVICES} if devices.why else set()
        self._health.clear(_HOP, *(kind for kind in faults.KINDS if kind not in standing and kind not in kept))
        for kind, text in standing.items():
            self._health.raise_fault(kind, _HOP, text)
        return found


async def _heard(ask: Callable[[], Awaitable[T]]) -> _Heard[T]:
    try:
        return _Heard(await ask())
    except NotOffered:
        return _Heard(None)
    except _AWAY:
        raise
    except MewsError as error:
        return _Heard(None, plain((error.words if isinstance(error, Refused) else "") or str(error), _WORDS))


async def _doors(driver: Driver) -> LockList:
    if not isinstance(driver, ListsDoors):
        return LockList(driver.hop, None)
    try:
        return LockList(driver.hop, tuple(door.name for door in await driver.list_doors()))
    except CallFailed as error:
        return LockList(driver.hop, None, f"it does not tell its doors ({error.reason})")
