"""What is told of each device by the orders that ended there."""

from agent.commands.driver import Lane
from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.record import Record
from agent.foundation.reading.moments import from_unix
from agent.hotel.device_facts import device_facts
from agent.status.snapshot.devices import DeviceFacts

NOW = 1_774_000_000
LANE = Lane("encoder:1", "1", "Front desk", "lock-server:x")


def ended(id: str, verdict: str, ago: int, note: str = "", target: str = "encoder:1", took: int = 10) -> Record:
    return Record(
        *(id, "d-1", Kind.KEY, target, "101", 1, State.REPORTED),
        verdict=verdict,
        created=NOW - ago - took,
        ended=NOW - ago,
        note=note,
    )


def test_a_device_tells_its_counts_its_last_success_and_its_last_error() -> None:
    records = [
        ended("1", "failed", 10, "No card was presented."),
        ended("2", "done", 20, took=8),
        ended("3", "unknown", 30, "older"),
        ended("4", "done", 40, took=12),
        ended("5", "done", 1, target="encoder:gone"),
        ended("6", "", 1),
    ]
    (told,) = device_facts([LANE], records, {"encoder:1": "10.0.0.9"})
    assert told == DeviceFacts(
        *("encoder:1", "Front desk", "key", "10.0.0.9", 2, 1, 1),
        success=from_unix(NOW - 20),
        error="No card was presented.",
        error_at=from_unix(NOW - 10),
        seconds=10.0,
    )


def test_a_device_that_did_nothing_yet_has_a_line_all_the_same() -> None:
    assert device_facts([LANE], [], {}) == (DeviceFacts("encoder:1", "Front desk", "key"),)


def test_a_row_without_times_tells_none() -> None:
    records = [
        Record("1", "d", Kind.KEY, "encoder:1", "", 1, State.REPORTED, verdict=word) for word in ("done", "failed")
    ]
    (told,) = device_facts([LANE], records, {})
    assert (told.done, told.failed, told.success, told.error_at, told.seconds) == (1, 1, None, None, None)
