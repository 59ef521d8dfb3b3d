"""How each encoder and printer did, by the orders that the box keeps in mind. Pure; no guest is in a record."""

from collections.abc import Iterable, Mapping, Sequence

from agent.commands.driver import Lane
from agent.commands.model import Verdict
from agent.commands.record import Record
from agent.foundation.reading.moments import from_unix
from agent.hotel.history import middle, order_to_end
from agent.status.snapshot.devices import DeviceFacts

TIMES = 20  # of the last orders that were done, for the median


def device_facts(
    lanes: Sequence[Lane], records: Iterable[Record], addresses: Mapping[str, str]
) -> tuple[DeviceFacts, ...]:
    """A line for each lane; `records` are the newest first, `addresses` by hop."""
    of_lane: dict[str, list[Record]] = {lane.id: [] for lane in lanes}
    for record in records:
        if record.verdict and record.target in of_lane:
            of_lane[record.target].append(record)
    return tuple(_device(lane, of_lane[lane.id], addresses.get(lane.id, "")) for lane in lanes)


def _device(lane: Lane, ended: Sequence[Record], address: str) -> DeviceFacts:
    by_verdict = {verdict: [record for record in ended if record.verdict == verdict] for verdict in Verdict}
    done, failed, unknown = (by_verdict[verdict] for verdict in (Verdict.DONE, Verdict.FAILED, Verdict.UNKNOWN))
    success = max((record.ended for record in done), default=0)
    error = max((*failed, *unknown), key=lambda record: record.ended, default=None)
    times = [seconds for record in done[:TIMES] if (seconds := order_to_end(record)) is not None]
    return DeviceFacts(
        hop=lane.id,
        name=lane.name,
        kind=lane.kind,
        address=address,
        done=len(done),
        failed=len(failed),
        unknown=len(unknown),
        success=from_unix(success) if success else None,
        error="" if error is None else error.note,
        error_at=from_unix(error.ended) if error is not None and error.ended else None,
        seconds=middle(times),
    )
