"""Which lane a command belongs to, or why it belongs to none. Decisions only, no I/O."""

from collections.abc import Iterable, Mapping

import msgspec

from agent.commands.driver import Lane
from agent.commands.model import KeyRequest, Kind, Listed, Outcome, PrintRequest, Request
from agent.commands.notes import WORDS, Code, ended
from agent.foundation.reading.text import quoted
from provisioning.ids import same_id

# Device types of the 2016 page and of today's (reference/mews.md 6.4 and 7).
KINDS = {"VisiOnlineKeyCutter": Kind.KEY, "KeyCutter": Kind.KEY, "Printer": Kind.PRINT}
MOST_NAMED = 6  # printers that a note names


class Door(msgspec.Struct, frozen=True):
    """What a Mews lock id stands for in the lock system: rooms with the areas that their keys open too, or areas
    alone."""

    rooms: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


class Limits(msgspec.Struct, frozen=True):
    """What holds for one kind of command: how long an order may wait (s), and how many copies it may want."""

    age_seconds: float
    copies: int


class Routes(msgspec.Struct, frozen=True):
    """The provisioning file's answer to "where does this go?".

    `cutters` maps Mews' KeyCutterId or Device.Id, as `same_id` spells it, to a lane, `printers` a printer's name
    without regard to case; `doors` a lock id to a door; a lock id that is not in it is the room of that name.
    `common_areas` are those of each key for a room, by the driver's hop; `rms` is what the room management calls a
    room, where that is another name.
    """

    cutters: Mapping[str, Lane]
    doors: Mapping[str, Door]
    limits: Mapping[Kind, Limits]
    printers: Mapping[str, Lane] = {}
    common_areas: Mapping[str, tuple[str, ...]] = {}
    rms: Mapping[str, str] = {}

    def kind(self, listed: Listed) -> Kind:
        """What the command asks for, by its device's type; without a type, a known key cutter means a key."""
        if not listed.device_type:
            return Kind.KEY if same_id(listed.device_id) in self.cutters else Kind.OTHER
        return KINDS.get(listed.device_type, Kind.OTHER)

    def objection(self, listed: Listed, kind: Kind) -> Outcome | None:
        """Why no device of this box can do what the command asks for, whatever its data say; None if one can."""
        if kind is Kind.PRINT and not self.printers:
            return ended(Code.NO_PRINT, kind)
        if kind is Kind.OTHER:
            return ended(Code.NO_DEVICE, kind, quoted(listed.device_type or "unknown"))
        return None

    def find(self, listed: Listed, request: Request) -> Lane | Outcome:
        """The lane for what is asked for, or the refusal."""
        kind = Kind.KEY if isinstance(request, KeyRequest) else Kind.PRINT
        lane = self._cutter(listed, request) if isinstance(request, KeyRequest) else self._printer(request)
        if isinstance(lane, Outcome):
            return lane
        return self._miscounted(kind, request.copies) or lane

    def rooms(self, request: KeyRequest) -> tuple[str, ...]:
        """The rooms that the key shall open, in the order given, each once."""
        return _each_once(room for door in self._doors(request) for room in door.rooms)

    def areas(self, request: KeyRequest, lane: Lane) -> tuple[str, ...]:
        """The special areas that the key shall open: as ordered, those of its rooms and, where it is for a room,
        the common ones of the lane's lock system; each once."""
        common = self.common_areas.get(lane.driver, ()) if self.rooms(request) else ()
        return _each_once([*(area for door in self._doors(request) for area in door.areas), *common])

    def rms_name(self, room: str) -> str:
        """What the lock system's room management calls a room that keys have by this name."""
        return self.rms.get(room, room)

    def _cutter(self, listed: Listed, request: KeyRequest) -> Lane | Outcome:
        """The request's own key cutter comes before the device's id."""
        for cutter in (request.key_cutter, listed.device_id):
            lane = self.cutters.get(same_id(cutter))
            if lane is not None:
                return lane
        named = request.key_cutter or listed.device_name or listed.device_id
        return ended(Code.NO_CUTTER, Kind.KEY, quoted(named))

    def _printer(self, request: PrintRequest) -> Lane | Outcome:
        lane = self.printers.get(request.printer.casefold())
        if lane is not None:
            return lane
        names = [quoted(lane.name) for lane in self.printers.values()]
        known = ", ".join(names[:MOST_NAMED]) + (" and others" if len(names) > MOST_NAMED else "")
        what = f"{quoted(request.printer)} is not set up on this box, which has {known}"
        return ended(Code.NO_PRINTER, Kind.PRINT, what)

    def _doors(self, request: KeyRequest) -> tuple[Door, ...]:
        return tuple(self.doors.get(lock, Door((lock,))) for lock in request.lock_ids)

    def _miscounted(self, kind: Kind, copies: int) -> Outcome | None:
        many, most = WORDS[kind].many, self.limits[kind].copies
        if copies < 1:
            return ended(Code.COUNT, kind, f"{copies} {many} were ordered")
        if copies > most:
            return ended(Code.COUNT, kind, f"{copies} {many} were ordered, and {most} is the most at once")
        return None


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
