"""The demo's reception: orders keys and papers by itself, and now and then arranges a trouble to be seen.

Must never arrange trouble in a demo that counts its commands: there all has to go well.
"""

from collections.abc import Callable
from itertools import count, cycle
from typing import Any
from uuid import uuid4

import msgspec
import trio

from agent.commands.model import Kind
from agent.demo.hotel_files import BRIDGE_NAMES, NAMES, VISIONLINE_NAMES
from agent.demo.lock_systems import LockSystems, mixed_rooms
from agent.demo.office import PRINTER, Office, registration_card
from agent.simulators.base.presence import Absence
from agent.simulators.base.trouble import FaultKind, When
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import Dialect

PAUSES = (3.0, 2.0, 4.0, 1.0)  # s between two orders of a demo without end; a quick one lets a queue be seen
COUNTED_PAUSE = 0.4  # s; the encoders at COUNTED_CARD keep up with that
CARD_SECONDS, COUNTED_CARD_SECONDS = 1.5, 0.6  # s that the simulated encoders take for a card
COPIES = (1, 1, 2, 1, 1)
TROUBLE_EVERY = 5  # orders; no multiple of the encoders, so that each gets its share
PAPER_EVERY, FIRST_PAPER = 6, 2  # orders
AWAY_SECONDS = 8.0  # s; long enough to see the page turn red and green again
NOBODY_SECONDS = 4.0  # s that an encoder waits for a card that no one presents, shorter than in life
UNKNOWN_CUTTER = "9"
OFFLINE, NO_CARD, INTERRUPTED = "encoder-offline", "no-card", "interrupted"  # as both lock systems call them


class Ordered(msgspec.Struct, frozen=True):
    """An order just made: Mews' id, the room, the key cutter's number or the printer's name, how many copies."""

    id: str
    room: str
    device: str
    copies: int
    kind: Kind = Kind.KEY


class Reception:
    """Orders in `mews`; `ordered` hears of each, `arranged` of each trouble, in words."""

    def __init__(
        self,
        mews: MewsSimulator,
        locks: LockSystems,
        office: Office,
        ordered: Callable[[Ordered], None],
        arranged: Callable[[str], None],
    ) -> None:
        self._mews, self._locks, self._office = mews, locks, office
        self._ordered, self._arranged = ordered, arranged
        self._rooms, self._copies = cycle(mixed_rooms()), cycle(COPIES)
        self._cutters = cycle(NAMES if locks.account else BRIDGE_NAMES)
        of_visionline = (self._too_soon,) if locks.account else ()
        self._troubles = cycle(
            (
                self._offline,
                self._printer_off,
                self._no_card,
                self._cable,
                self._elsewhere,
                self._mews_away,
                *of_visionline,
            )
        )

    async def order_some(self, number: int) -> None:
        """Order so many times, quickly and without trouble."""
        for index in range(1, number + 1):
            if index > 1:
                await trio.sleep(COUNTED_PAUSE)
            self._next(index)

    async def order_forever(self) -> None:
        """Order at a receptionist's pace, with some trouble, until cancelled."""
        for number, pause in zip(count(1), cycle(PAUSES), strict=False):
            if number % TROUBLE_EVERY:
                self._next(number)
            else:
                next(self._troubles)()
            await trio.sleep(pause)

    def _next(self, number: int) -> None:
        if number % PAPER_EVERY == FIRST_PAPER:
            self._print()
        else:
            self._order()

    def _print(self) -> None:
        room = next(self._rooms)
        id = self._mews.add_print(PRINTER, registration_card(room))
        self._ordered(Ordered(id, room, PRINTER, 1, Kind.PRINT))

    def _order(self, key_cutter: str | None = None, room: str | None = None) -> None:
        cutter, copies = key_cutter or next(self._cutters), next(self._copies)
        room = room or next(self._rooms)
        id = self._mews.add_key(cutter, (room,), copies, **self._members(cutter))
        self._ordered(Ordered(id, room, cutter, copies))

    def _members(self, cutter: str) -> dict[str, Any]:
        """What the order says beyond the key: a stay of its own, and for VisiOnline the server.

        User and password have been in an order only in 2016.
        """
        members: dict[str, Any] = {"stay": str(uuid4())}
        account = self._locks.account
        if cutter not in VISIONLINE_NAMES or account is None:
            return members
        members["ApiUrl"] = account.url
        if self._mews.switches.dialect is Dialect.CURRENT:
            return members
        return members | {"UserName": account.username, "Password": account.password}

    def _spoil(self, cutter: str, room: str, kind: str, **details: object) -> None:
        self._locks.spoil(room, kind, at_visionline=cutter in VISIONLINE_NAMES, **details)

    def _offline(self) -> None:
        cutter, room = next(self._cutters), next(self._rooms)
        self._spoil(cutter, room, OFFLINE)
        self._arranged(f"the encoder {NAMES[cutter]} will be off when room {room}'s key is due")
        self._order(cutter, room)

    def _printer_off(self) -> None:
        self._office.printer.power_off(AWAY_SECONDS)
        self._arranged(f"the printer is off for {AWAY_SECONDS:g} seconds; the paper for it waits")
        self._print()

    def _no_card(self) -> None:
        cutter, room = next(self._cutters), next(self._rooms)
        self._spoil(cutter, room, NO_CARD, seconds=NOBODY_SECONDS)
        self._arranged(f"nobody will present a card at {NAMES[cutter]} for room {room}")
        self._order(cutter, room)

    def _cable(self) -> None:
        cutter, room = next(self._cutters), next(self._rooms)
        self._spoil(cutter, room, FaultKind.DROP, when=When.AFTER)
        self._arranged(f"the line to the lock server will break right after room {room}'s key is cut")
        self._order(cutter, room)

    def _elsewhere(self) -> None:
        self._arranged(f"the next key is ordered for key cutter {UNKNOWN_CUTTER}, which no one has set up")
        self._order(UNKNOWN_CUTTER)

    def _mews_away(self) -> None:
        self._mews.presence.leave(Absence.DROP, AWAY_SECONDS)
        self._arranged(f"Mews will not answer for {AWAY_SECONDS:g} seconds; keys ordered meanwhile wait")
        self._order()

    def _too_soon(self) -> None:
        cutter, room = next(iter(VISIONLINE_NAMES)), next(self._rooms)
        self._spoil(cutter, room, INTERRUPTED)
        self._arranged(f"the card for room {room} will be taken off {NAMES[cutter]} too soon")
        self._order(cutter, room)
