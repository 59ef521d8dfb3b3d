"""From what is asked for to an order on its lane, or to a refusal with the reason. Asks no other machine."""

from collections.abc import Callable, Mapping

from agent.commands.driver import Driver, Job, KeyJob, Lane, PrintJob
from agent.commands.model import KeyRequest, Kind, Listed, Outcome, Request
from agent.commands.notes import Code, ended
from agent.commands.origin import Origin
from agent.commands.people import People
from agent.commands.record import Record
from agent.commands.routing import Routes
from agent.foundation.reading.text import plain
from agent.pipeline.orders import Order

ROOM_LIMIT = 80  # characters on the page and in the journal; a key for more rooms than that names only the first

ReadData = Callable[[bytes | None], Request]  # raises ValueError with the reason in a few words


class Intake:
    """Decides by the provisioning file's routes; `drivers` may object, by their hop. `read` is by kind."""

    def __init__(
        self, routes: Routes, drivers: Mapping[str, Driver], read: Mapping[Kind, ReadData], origin: Origin
    ) -> None:
        self._routes, self._drivers, self._read, self._origin = routes, drivers, read, origin

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All lanes that an order can go to."""
        return tuple(lane for driver in self._drivers.values() for lane in driver.lanes)

    def order(self, listed: Listed) -> Order:
        """The order on its lane, or one with a refusal."""
        kind = Kind.OTHER if listed.defect else self._routes.kind(listed)
        found = self._found(listed, kind)
        if isinstance(found, Outcome):
            return self._refused(listed, kind, found)
        lane, request = found
        if isinstance(lane, Outcome):
            return self._refused(listed, kind, lane, room=_wanted(request))
        return self._on_lane(listed, lane, self._job(listed, lane, request))

    def _found(self, listed: Listed, kind: Kind) -> Outcome | tuple[Lane | Outcome, Request]:
        if listed.defect:
            return ended(Code.UNREADABLE, kind, listed.defect)
        objection = self._routes.objection(listed, kind)
        if objection is not None:
            return objection
        try:
            request = self._read[kind](listed.data)
        except ValueError as problem:
            return ended(Code.UNREADABLE, kind, str(problem))
        return self._routes.find(listed, request), request

    def _job(self, listed: Listed, lane: Lane, request: Request) -> Job:
        if isinstance(request, KeyRequest):
            rooms, areas = self._routes.rooms(request), self._routes.areas(request, lane)
            return KeyJob(
                lane.identifier,
                rooms,
                areas,
                request.start,
                request.end,
                1,
                request.copies,
                reservation=request.reservation,
                account=request.account,
                contact=request.contact if lane.is_mobile else "",
                customer=request.customer,
                people=People(listed.data),
            )
        return PrintJob(lane.identifier, listed.id, request.document, request.file_type, request.copies)

    def _on_lane(self, listed: Listed, lane: Lane, job: Job) -> Order:
        room = doors(job)
        objection = self._drivers[lane.driver].objection(job)
        if objection is not None:
            return self._refused(listed, lane.kind, objection, room=room, target=lane.id)
        record = _record(listed, lane.kind, room, lane.id, job.copies)
        return Order(record, self._origin, created=listed.created, job=job)

    def _refused(self, listed: Listed, kind: Kind, refusal: Outcome, *, room: str = "", target: str = "") -> Order:
        return Order(_record(listed, kind, room, target, 0), self._origin, refusal=refusal)


def doors(job: Job) -> str:
    """The doors of a key, as page and journal name them; nothing for a document."""
    return plain(", ".join(job.rooms + job.areas), ROOM_LIMIT) if isinstance(job, KeyJob) else ""


def _wanted(request: Request) -> str:
    return ", ".join(request.lock_ids) if isinstance(request, KeyRequest) else ""


def _record(listed: Listed, kind: Kind, room: str, target: str, copies: int) -> Record:
    created = int(listed.created.timestamp()) if listed.created else 0
    return Record(listed.id, listed.device_name, kind, target, plain(room, ROOM_LIMIT), copies, created=created)
