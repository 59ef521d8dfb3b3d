"""What a snapshot tells beyond hops, faults and orders: by values, and with any clock."""

from datetime import UTC, date, datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.health.kind import Level
from agent.status import as_text
from agent.status.snapshot.act_lines import ActFacts, ActLine
from agent.status.snapshot.devices import DeviceFacts
from agent.status.snapshot.facts import Counts, HopFacts
from agent.status.snapshot.history import SlotFacts
from agent.status.snapshot.more import MoreFacts
from agent.status.snapshot.snapshot import Snapshot, build
from agent.status.snapshot.support_until import SUPPORTED_UNTIL
from agent.status.snapshot.surroundings import Age, AgeFacts, Network
from agent.status.snapshot.work import Stage, UnderWay, WorkFacts
from tests.status.samples import BOX, HOPS, HOSTILE, NOW, WALL, fault

AT = "2026-03-28T23:30:00+01:00"
WORK = WorkFacts("c-1", "key", "Front desk", "101", Stage.MAKING, 2, 1, NOW - 5, limit=90.0, ordered=WALL)
DEVICE = DeviceFacts("encoder:1", "Front desk", "key", "", 4, 1, 0, WALL, "No card was presented.", WALL, 12.5)


def made(more: MoreFacts, *faults: str) -> Snapshot:
    return build(BOX, HOPS, [fault(code, "encoder:1") for code in faults], Counts(), [], (), more)


def test_work_under_way_has_times_of_the_hotel_and_a_limit() -> None:
    waiting = msgspec.structs.replace(WORK, state=Stage.WAITING, waits_for="its turn", limit=0.0, ordered=None)
    shown = made(MoreFacts(under_way=(WORK, waiting))).under_way
    since = "2026-03-28T23:29:55+01:00"
    assert shown == (
        UnderWay("c-1", "key", "Front desk", "101", Stage.MAKING, 2, 1, since, "", 90, AT),
        UnderWay("c-1", "key", "Front desk", "101", Stage.WAITING, 2, 1, since, "its turn"),
    )


def test_a_device_has_the_level_of_its_hop() -> None:
    more = MoreFacts(devices=(DEVICE, DeviceFacts("encoder:9", "Bar", "key")))
    told, idle = made(more, "E-ENCODER").devices
    assert (told.level, told.last_success, told.last_error_at, told.seconds) == (Level.WARNING, AT, AT, 12.5)
    assert (idle.level, idle.last_success, idle.last_error_at, idle.seconds) == (Level.OK, "", "", None)


def test_acts_and_ages_have_times_or_none() -> None:
    more = MoreFacts(
        acts=(
            ActFacts(WALL, "support", "page", "test encoder 1", "done"),
            ActFacts(None, "x", "console", "pause"),
        ),
        ages=(
            AgeFacts("mews", "token", "Session.", since=WALL),
            AgeFacts("mews", "certificate", "C.", until=WALL),
        ),
    )
    shown = made(more)
    assert shown.acts[0] == ActLine(AT, "support", "page", "test encoder 1", "done")
    assert shown.acts[1].at == ""
    assert shown.ages == (Age("mews", "token", "Session.", AT), Age("mews", "certificate", "C.", "", AT))


def test_an_offset_that_is_no_number_is_not_told() -> None:
    network = Network(host="box", clock_offset_mews=float("nan"), clock_offset_ntp=-0.5)
    shown = made(MoreFacts(network=network)).network
    assert (shown.clock_offset_mews, shown.clock_offset_ntp) == (None, -0.5)


def test_a_next_try_is_told_while_it_is_to_come() -> None:
    hops = [
        HopFacts("mews", "m", NOW, last_answer=NOW - 30, next_try=NOW + 30),
        HopFacts("box", "b", NOW, next_try=NOW - 1),
    ]
    mews, box = build(BOX, hops, [], Counts(), []).hops
    assert (mews.last_answer, mews.next_try) == ("2026-03-28T23:29:30+01:00", "2026-03-28T23:30:30+01:00")
    assert (box.last_answer, box.next_try) == ("", "")


def test_the_text_for_a_terminal_tells_devices_work_and_network() -> None:
    waiting = msgspec.structs.replace(WORK, state=Stage.WAITING, waits_for="its turn", room="")
    page = msgspec.structs.replace(WORK, kind="print", room="")
    bare = msgspec.structs.replace(WORK, limit=0.0)
    network = Network("box", "eth0", ("10.4.5.20",), "10.4.5.1", ("10.4.5.1",), (), "chrony", True, 3.0, -0.001)
    old = msgspec.structs.replace(DEVICE, error_at=None)
    text = as_text.render(made(MoreFacts((WORK, waiting, page, bare), (DEVICE, old), (), network)))
    for line in (
        "Front desk: key 2 of 2 for 101, since 23:29:55 (5 s); a card is waited for up to 90 s",
        "Front desk: key waits for its turn, since 23:29:55 (5 s)",
        "Front desk: print is being made, since 23:29:55 (5 s)",
        "last error at 23:30:00: No card was presented.",
        "last error: No card was presented.",
        "Addresses: 10.4.5.20 (eth0)",
        "gateway 10.4.5.1; DNS 10.4.5.1",
        "Clock: 3.0 s ahead of Mews; agrees with chrony",
    ):
        assert line in text, line


def test_this_version_is_still_supported() -> None:
    assert date.fromisoformat(SUPPORTED_UNTIL) > datetime.now(UTC).date()


TIMES = st.floats() | st.sampled_from([0.0, 1e300])
WALLS = st.datetimes(timezones=st.just(UTC))


@settings(deadline=None)
@given(TIMES, TIMES, WALLS, TIMES, TIMES)
def test_no_clock_and_no_text_keep_it_from_being_made(
    since: float, limit: float, at: datetime, offset: float, next_try: float
) -> None:
    more = MoreFacts(
        under_way=(WorkFacts(HOSTILE, HOSTILE, HOSTILE, HOSTILE, Stage.MAKING, 1, 0, since, HOSTILE, limit, at),),
        devices=(DeviceFacts(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 0, 0, 0, at, HOSTILE, at, 1.0),),
        history=(SlotFacts(at),),
        network=Network(HOSTILE, HOSTILE, (HOSTILE,), clock_offset_mews=offset, clock_offset_ntp=offset),
        ages=(AgeFacts(HOSTILE, HOSTILE, HOSTILE, at, at),),
        acts=(ActFacts(at, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
    )
    box = msgspec.structs.replace(BOX, restart=HOSTILE, update=HOSTILE, fingerprint=HOSTILE)
    hops = [HopFacts("mews", "m", since, name=HOSTILE, address=HOSTILE, last_answer=since, next_try=next_try)]
    shown = build(box, hops, [], Counts(), [], (), more)
    sent = msgspec.json.encode(shown)
    assert msgspec.json.decode(sent, type=Snapshot) == shown
    assert as_text.render(shown)
    assert not [mark for mark in ("\x1b", "\\u001b", "\u202e") if mark in sent.decode()]
