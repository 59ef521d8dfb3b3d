"""The snapshot by values: the names of the contract, times, levels, and what may not get through."""

import subprocess
import sys
from datetime import timedelta

import msgspec
import pytest

from agent.health.kind import Level
from agent.health.mews_kinds import TOKEN
from agent.status.snapshot.devices import DeviceFacts
from agent.status.snapshot.facts import Counts, HopFacts, HopState
from agent.status.snapshot.lengths import RECENT_COMMANDS
from agent.status.snapshot.more import MoreFacts
from agent.status.snapshot.snapshot import FaultLine, Snapshot, build
from provisioning.model import Support
from tests.status.samples import BOX, HOPS, LINE, NOW, WALL, fault, hostile, snapshot


def test_the_json_has_the_names_of_the_contract() -> None:
    sent = msgspec.json.decode(msgspec.json.encode(snapshot(fault("E-MEWS-BUSY", "mews"))))
    shape = {
        "top": list(sent),
        "box": list(sent["box"]),
        "summary": list(sent["summary"]),
        "hop": list(sent["hops"][0]),
        "fault": list(sent["faults"][0]),
        "commands": list(sent["commands"]),
        "support": list(sent["support"]),
        "recent": list(sent["commands"]["recent"][0]),
    }
    assert shape == {
        "top": [
            *("box", "summary", "hops", "faults", "commands", "support", "upkeep"),
            *("under_way", "devices", "history", "network", "ages", "acts"),
        ],
        "box": [
            *("name", "version", "uptime_seconds", "timezone", "time"),
            *("restart", "update", "supported_until", "fingerprint", "acting"),
        ],
        "summary": ["level", "text"],
        "hop": ["id", "level", "text", "since", "state", "name", "address", "last_answer", "next_try"],
        "fault": ["code", "hop", "title", "text", "hint", "since", "level", "front_desk"],
        "commands": ["waiting", "running", "done", "failed", "unknown", "recent", "keys"],
        "support": ["name", "phone"],
        "recent": ["id", "device", "kind", "target", "room", "state", "note", "at", "copies", "cut"],
    }


def test_a_snapshot_survives_the_way_over_json() -> None:
    before = snapshot(fault("E-ENCODER", "encoder:2"))
    assert msgspec.json.decode(msgspec.json.encode(before), type=Snapshot) == before


def older(made: Snapshot) -> bytes:
    """The JSON of a snapshot as an older box sends it."""
    sent = msgspec.to_builtins(made)
    for name in ("support", "under_way", "devices", "history", "network", "ages", "acts"):
        del sent[name]
    for name in ("restart", "update", "supported_until", "fingerprint", "acting"):
        del sent["box"][name]
    for line in sent["hops"]:
        for name in ("state", "name", "address", "last_answer", "next_try"):
            del line[name]
    for line in sent["faults"]:
        del line["level"], line["front_desk"]
    return msgspec.json.encode(sent)


def test_an_older_snapshot_is_read_and_its_faults_have_the_levels_of_the_catalogue() -> None:
    made = snapshot(fault("E-MEWS-TOKEN", "mews"), fault("E-ENCODER", "encoder:2"))
    read = msgspec.json.decode(older(made), type=Snapshot)
    assert [(line.code, line.level, line.is_fault) for line in read.faults] == [
        ("E-MEWS-TOKEN", Level.FAULT, True),
        ("E-ENCODER", Level.WARNING, False),
    ]
    assert (read.hops, read.support) == (made.hops, Support())


def test_a_level_that_is_told_counts_and_not_the_catalogues() -> None:
    line = snapshot(fault("E-ENCODER", "encoder:2")).faults[0]
    worse = msgspec.structs.replace(line, level=Level.FAULT)
    assert msgspec.json.decode(msgspec.json.encode(worse), type=FaultLine).level is Level.FAULT


def test_a_fault_that_an_older_version_does_not_know_counts_as_a_fault() -> None:
    made = snapshot(fault("E-ENCODER", "encoder:2"))
    unknown = older(made).replace(b"E-ENCODER", b"E-FROM-A-NEWER-BOX")
    assert msgspec.json.decode(unknown, type=Snapshot).faults[0].is_fault


def test_a_fault_says_what_the_front_desk_does() -> None:
    assert snapshot(fault("E-MEWS-TOKEN", "mews")).faults[0].front_desk == TOKEN.front_desk


@pytest.mark.parametrize(
    ("state", "level"),
    [(HopState.SEEN, Level.OK), (HopState.UNHEARD, Level.WARNING), (HopState.BEHIND, Level.WARNING)],
)
def test_a_hop_that_cannot_be_told_is_not_well(state: HopState, level: Level) -> None:
    hop = snapshot(hops=(HopFacts("mews", "x", NOW, state),)).hops[0]
    assert (hop.state, hop.level) == (state, level)


def test_a_fault_was_seen_whatever_else_is_known_of_its_hop() -> None:
    made = snapshot(fault("E-MEWS-TOKEN", "mews"), hops=(HopFacts("mews", "x", NOW, HopState.UNHEARD),))
    assert (made.hops[0].state, made.hops[0].level) == (HopState.SEEN, Level.FAULT)


def test_support_is_in_the_snapshot_cleaned() -> None:
    box = msgspec.structs.replace(BOX, support=Support("Lock\x1b service", "+43\n512 " + "0" * 1000))
    made = snapshot(box=box).support
    assert (made.name, made.phone.startswith("+43 512 000"), len(made.phone)) == ("Lock service", True, 100)


def test_times_are_in_the_hotels_zone_with_its_offset() -> None:
    assert snapshot().box.time == "2026-03-28T23:30:00+01:00"


def test_times_after_the_clock_change_have_the_summer_offset() -> None:
    box = msgspec.structs.replace(BOX, wall=WALL + timedelta(hours=3))
    assert snapshot(box=box).box.time == "2026-03-29T03:30:00+02:00"


@pytest.mark.parametrize("zone", ["", "Europe/Viena", "Europe", "../etc/passwd", "/etc/localtime", "\x00"])
def test_an_unknown_zone_falls_back_to_utc_and_says_so(zone: str) -> None:
    box = snapshot(box=msgspec.structs.replace(BOX, timezone=zone)).box
    assert (box.timezone, box.time) == ("UTC", "2026-03-28T22:30:00+00:00")


def test_monotonic_seconds_become_wall_time() -> None:
    line = snapshot(fault("E-MEWS-BUSY", "mews", since=NOW - 3600)).faults[0]
    assert line.since == "2026-03-28T22:30:00+01:00"


def test_a_moment_that_is_still_to_come_counts_as_now() -> None:
    assert snapshot(fault("E-MEWS-BUSY", "mews", since=NOW + 5)).faults[0].since == "2026-03-28T23:30:00+01:00"


def test_uptime_is_whole_seconds() -> None:
    assert snapshot(box=msgspec.structs.replace(BOX, now=NOW + 0.9)).box.uptime_seconds == 90


def test_a_hop_that_is_well_says_its_own_words() -> None:
    hop = snapshot().hops[3]
    assert (hop.id, hop.level, hop.text, hop.since) == (
        "encoder:1",
        Level.OK,
        "Front desk left: ready",
        "2026-03-28T23:29:00+01:00",
    )


def test_a_hop_is_as_bad_as_its_worst_fault_and_says_that_ones_words() -> None:
    hop = snapshot(
        fault("E-LOCK-UNCONFIRMED", "lock-server:Coder Bridge", since=1.0),
        fault("E-LOCK-AUTH", "lock-server:Coder Bridge", "The log-in is refused."),
    ).hops[2]
    assert (hop.level, hop.text) == (Level.FAULT, "The log-in is refused.")


def test_a_fault_at_a_hop_nobody_listed_gets_a_hop_of_its_own() -> None:
    last = snapshot(fault("E-ENCODER", "encoder:9", "No card.")).hops[-1]
    assert (last.id, last.level, last.text) == ("encoder:9", Level.WARNING, "No card.")


def test_the_summary_is_as_bad_as_the_worst_fault() -> None:
    made = snapshot(fault("E-ENCODER", "encoder:1"), fault("E-MEWS-TOKEN", "mews"))
    assert made.summary.level is Level.FAULT


def test_faults_come_worst_first_then_oldest() -> None:
    made = snapshot(
        fault("E-ENCODER", "encoder:1", since=1.0),
        fault("E-MEWS-TOKEN", "mews", since=3.0),
        fault("E-LOCK-AUTH", "lock-server:Coder Bridge", since=2.0),
    )
    assert [line.code for line in made.faults] == ["E-LOCK-AUTH", "E-MEWS-TOKEN", "E-ENCODER"]


def test_a_box_that_knows_nothing_yet_is_still_a_snapshot() -> None:
    made = build(BOX, [HopFacts("box", "starting", NOW)], [], Counts(), [])
    assert (made.summary.level, len(made.hops), made.commands.recent) == (Level.OK, 1, ())


def test_a_command_without_a_time_has_an_empty_one() -> None:
    assert snapshot(recent=[msgspec.structs.replace(LINE, at=None)]).commands.recent[0].at == ""


def test_the_newest_commands_are_kept_and_no_more_than_fit() -> None:
    lines = [msgspec.structs.replace(LINE, id=str(number)) for number in range(RECENT_COMMANDS + 10)]
    kept = snapshot(recent=lines).commands.recent
    assert [line.id for line in kept] == [str(number) for number in range(RECENT_COMMANDS)]


def test_counts_are_passed_on_one_by_one() -> None:
    made = build(BOX, HOPS, [], Counts(waiting=1, running=2, done=3, failed=4, unknown=5), []).commands
    assert (made.waiting, made.running, made.done, made.failed, made.unknown) == (1, 2, 3, 4, 5)


def test_no_control_character_or_direction_mark_gets_through() -> None:
    text = msgspec.json.encode(hostile()).decode()
    assert not [mark for mark in ("\x1b", "\\u001b", "\\u0000", "\u202e", "\u2066", "\ud83d") if mark in text]


def test_no_text_is_longer_than_a_line_that_somebody_reads() -> None:
    made = hostile("W" * 100_000)
    assert len(msgspec.json.encode(made)) < 9_000


def test_names_that_differ_only_at_their_ends_are_hops_of_their_own() -> None:
    ids = [f"{kind}:{'x' * 199}{number}" for kind in ("encoder", "printer", "lock-server") for number in range(2)]
    made = build(
        BOX,
        [HopFacts(id, "ready", 0.0) for id in ids],
        [fault("E-ENCODER", id) for id in ids[:2]],
        Counts(),
        (),
        more=MoreFacts(devices=tuple(DeviceFacts(id, "x", "key") for id in ids[:4])),
    )
    assert [hop.id for hop in made.hops] == ids
    assert [line.hop for line in made.faults] == ids[:2]
    assert [each.level for each in made.devices] == [Level.WARNING] * 2 + [Level.OK] * 2


def test_reasons_stay_lines_in_the_list_and_are_one_line_at_the_hop() -> None:
    made = snapshot(fault("E-TAKE-REFUSED", "box", "Refused:\r\nbox.name: is missing.\x1b"))
    assert made.faults[0].text == "Refused:\nbox.name: is missing."
    assert made.hops[1].text == "Refused: box.name: is missing."


def test_a_fault_without_readable_words_says_its_title() -> None:
    made = snapshot(fault("E-TAKE-REFUSED", "box", "\x00"), fault("E-ENCODER", "encoder:1", "\x00"))
    assert [line.text == line.title for line in made.faults] == [True, True]


def test_long_words_have_an_end() -> None:
    made = snapshot(fault("E-TAKE-REFUSED", "box", "W\n" * 100_000))
    assert len(msgspec.json.encode(made)) < 9_000


def test_making_a_snapshot_needs_no_network_and_no_event_loop() -> None:
    script = (
        "import sys, agent.status.snapshot.snapshot as s; print([m for m in sys.argv[1:] if m in sys.modules])"
    )
    banned = ["trio", "httpx", "sqlite3", "serial", "socket"]
    done = subprocess.run(  # an empty environment: measuring coverage in there would load more
        [sys.executable, "-c", script, *banned], env={}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
