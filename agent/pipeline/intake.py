"""From what Mews listed to an order on its lane, or to a refusal with the reason. Asks nobody."""

from collections.abc import Callable, Mapping

from agent.commands.driver import Driver, KeyJob, Lane
from agent.commands.model import KeyRequest, Kind, Listed, Outcome
from agent.commands.notes import Code, ended
from agent.commands.record import Record
from agent.commands.routing import Routes
from agent.foundation.reading.text import plain
from agent.pipeline.orders import Order

ROOM_LIMIT = 80  # characters on the page and in the journal; a key for more rooms than that names only the first

ReadRequest = Callable[[bytes | None], KeyRequest]  # raises ValueError with the reason in a few words


class Intake:
    """Decides by the provisioning file's routes; `drivers` may object, by their server's hop."""

    def __init__(self, routes: Routes, drivers: Mapping[str, Driver], read_request: ReadRequest) -> None:
        self._routes, self._drivers, self._read_request = routes, drivers, read_request

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All lanes that an order can go to."""
        return tuple(dict.fromkeys(self._routes.cutters.values()))

    def order(self, listed: Listed) -> Order:
        """The order on its lane, or one with a refusal."""
        if listed.defect:
            return _refused(listed, Kind.OTHER, ended(Code.UNREADABLE, listed.defect))
        kind = self._routes.kind(listed)
        if kind is not Kind.KEY:
            return _refused(listed, kind, self._routes.unsupported(listed))
        try:
            request = self._read_request(listed.data)
        except ValueError as problem:
            return _refused(listed, kind, ended(Code.UNREADABLE, str(problem)))
        lane = self._routes.lane(listed, request)
        if isinstance(lane, Outcome):
            return _refused(listed, kind, lane, room=", ".join(request.lock_ids))
        return self._for_lane(listed, request, lane)

    def _for_lane(self, listed: Listed, request: KeyRequest, lane: Lane) -> Order:
        rooms, areas = self._routes.rooms(request), self._routes.areas(request)
        job = KeyJob(lane.identifier, rooms, areas, request.start, request.end, 1, request.copies)
        objection = self._drivers[lane.driver].objection(job)
        room = ", ".join(rooms + areas)
        if objection is not None:
            return _refused(listed, Kind.KEY, objection, room=room, target=lane.id)
        record = _record(listed, Kind.KEY, room, lane.id, request.copies)
        return Order(record, created=listed.created, job=job)


def _refused(listed: Listed, kind: Kind, refusal: Outcome, *, room: str = "", target: str = "") -> Order:
    return Order(_record(listed, kind, room, target, 0), refusal=refusal)


def _record(listed: Listed, kind: Kind, room: str, target: str, copies: int) -> Record:
    created = int(listed.created.timestamp()) if listed.created else 0
    return Record(listed.id, listed.device_name, kind, target, plain(room, ROOM_LIMIT), copies, created=created)
