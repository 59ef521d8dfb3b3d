"""A clock in any year, times of any size, any zone: page, JSON, metrics and text are made all the same."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.record import Record
from agent.health.health import Health
from agent.health.lock_kinds import ENCODER
from agent.hotel.machine_faults import MachineFaults
from agent.hotel.snapshot_facts import HotelFacts, snapshot_of
from agent.pipeline.orders import Orders
from agent.status import as_text
from agent.status.page import page
from agent.status.snapshot.facts import BoxFacts, CommandLine, HopFacts
from agent.status.snapshot.snapshot import Snapshot
from agent.status.telemetry import metrics
from board.fake import FakeBoard
from tests.status.samples import BOX, fault, snapshot

YEARS = (datetime.min, datetime.max, datetime(1970, 1, 1), datetime(9999, 12, 31, 23, 59, 59))
WALLS = st.datetimes(timezones=st.just(UTC)) | st.sampled_from([year.replace(tzinfo=UTC) for year in YEARS])
TIMES = st.floats() | st.sampled_from([0.0, 1e15, -1e12, 1e300])
ROW_TIMES = st.integers(-(2**63), 2**63 - 1) | st.sampled_from([10**15, -(10**12), 0, 1])
ZONES = st.sampled_from(
    ["", "UTC", "Europe/Vienna", "Pacific/Kiritimati", "Pacific/Niue", "Etc/GMT+12", "no zone"]
)


def is_shown(made: Snapshot) -> bool:
    """Whether every face of the page can be made of it."""
    faces = (page.render(made), metrics.render(made), as_text.render(made))
    return all(faces) and msgspec.json.decode(msgspec.json.encode(made), type=Snapshot) == made


@settings(deadline=None)
@given(WALLS, TIMES, TIMES, TIMES, ZONES, WALLS)
def test_no_clock_no_since_and_no_zone_keep_the_page_from_being_made(
    wall: datetime, started: float, now: float, since: float, zone: str, at: datetime
) -> None:
    made = snapshot(
        fault("E-ENCODER", "encoder:1", since=since),
        box=BoxFacts(BOX.name, BOX.version, zone, started, now, wall),
        hops=[HopFacts("mews", "connected", since)],
        recent=[CommandLine("c-1", "d-1", "key", "Desk", "101", "DONE", "", at)],
    )
    assert is_shown(made)


@settings(deadline=None)
@given(ROW_TIMES, ROW_TIMES, ROW_TIMES, ROW_TIMES, TIMES, TIMES, ZONES)
def test_no_time_of_a_journals_row_keeps_the_page_from_being_made(
    created: int, claimed: int, ended: int, reported: int, age: float, now: float, zone: str
) -> None:
    record = Record(
        *("c-1", "d-1", Kind.KEY, "encoder:1", "101", 1, State.REPORTED),
        created=created,
        claimed=claimed,
        ended=ended,
        reported=reported,
    )
    orders, health = Orders(), Health(lambda: now)
    orders.remember([record], now)
    health.raise_fault(ENCODER, "encoder:1", age=age)
    assert is_shown(snapshot_of(HotelFacts("desk", zone), health, orders, perhaps=0, started=0.0, now=now))


@settings(deadline=None)
@given(WALLS, st.none() | WALLS, TIMES)
def test_no_clock_keeps_the_look_at_the_surroundings_from_being_taken(
    wall: datetime, at_mews: datetime | None, now: float
) -> None:
    health = Health(lambda: now)
    looking = MachineFaults(
        FakeBoard(),
        health,
        Path("/nowhere"),
        lambda: at_mews,
        folder=Path("/nowhere"),
        wall=lambda: wall,
    )
    looking.look()
    assert is_shown(snapshot_of(HotelFacts("desk"), health, Orders(), perhaps=0, started=0.0, now=now))
