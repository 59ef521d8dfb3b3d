"""The snapshot by values: the names of the contract, times, levels, and what may not get through."""

import subprocess
import sys
from datetime import timedelta

import msgspec
import pytest

from agent.health.catalogue import Level
from agent.status.snapshot.facts import Counts, HopFacts
from agent.status.snapshot.level import Light
from agent.status.snapshot.snapshot import RECENT_COMMANDS, Snapshot, build
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
        "recent": list(sent["commands"]["recent"][0]),
    }
    assert shape == {
        "top": ["box", "summary", "hops", "faults", "commands"],
        "box": ["name", "version", "uptime_seconds", "timezone", "time"],
        "summary": ["level", "text"],
        "hop": ["id", "level", "text", "since"],
        "fault": ["code", "hop", "title", "text", "hint", "since"],
        "commands": ["waiting", "running", "done", "failed", "unknown", "recent", "keys"],
        "recent": ["id", "device", "kind", "target", "room", "state", "note", "at", "copies", "cut"],
    }


def test_a_snapshot_survives_the_way_over_json() -> None:
    before = snapshot(fault("E-ENCODER", "encoder:2"))
    assert msgspec.json.decode(msgspec.json.encode(before), type=Snapshot) == before


def test_levels_are_those_of_health() -> None:
    assert [light.value for light in Light] == [level.value for level in Level]


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
        Light.OK,
        "Front desk left: ready",
        "2026-03-28T23:29:00+01:00",
    )


def test_a_hop_is_as_bad_as_its_worst_fault_and_says_that_ones_words() -> None:
    hop = snapshot(
        fault("E-LOCK-UNCONFIRMED", "lock-server:Coder Bridge", since=1.0),
        fault("E-LOCK-AUTH", "lock-server:Coder Bridge", "The log-in is refused."),
    ).hops[2]
    assert (hop.level, hop.text) == (Light.FAULT, "The log-in is refused.")


def test_a_fault_at_a_hop_nobody_listed_gets_a_hop_of_its_own() -> None:
    last = snapshot(fault("E-ENCODER", "encoder:9", "No card.")).hops[-1]
    assert (last.id, last.level, last.text) == ("encoder:9", Light.WARNING, "No card.")


def test_the_summary_is_as_bad_as_the_worst_fault() -> None:
    made = snapshot(fault("E-ENCODER", "encoder:1"), fault("E-MEWS-TOKEN", "mews"))
    assert made.summary.level is Light.FAULT


def test_faults_come_worst_first_then_oldest() -> None:
    made = snapshot(
        fault("E-ENCODER", "encoder:1", since=1.0),
        fault("E-MEWS-TOKEN", "mews", since=3.0),
        fault("E-LOCK-AUTH", "lock-server:Coder Bridge", since=2.0),
    )
    assert [line.code for line in made.faults] == ["E-LOCK-AUTH", "E-MEWS-TOKEN", "E-ENCODER"]


def test_a_box_that_knows_nothing_yet_is_still_a_snapshot() -> None:
    made = build(BOX, [HopFacts("box", "starting", NOW)], [], Counts(), [])
    assert (made.summary.level, len(made.hops), made.commands.recent) == (Light.OK, 1, ())


def test_a_command_without_a_time_has_an_empty_one() -> None:
    assert snapshot(recent=[msgspec.structs.replace(LINE, at=None)]).commands.recent[0].at == ""


def test_the_newest_commands_are_kept_and_no_more_than_fit() -> None:
    lines = [msgspec.structs.replace(LINE, id=str(number)) for number in range(500)]
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
    assert len(msgspec.json.encode(made)) < 8_000


def test_reasons_stay_lines_in_the_list_and_are_one_line_at_the_hop() -> None:
    made = snapshot(fault("E-TAKE-REFUSED", "box", "Refused:\r\nbox.name: is missing.\x1b"))
    assert made.faults[0].text == "Refused:\nbox.name: is missing."
    assert made.hops[1].text == "Refused: box.name: is missing."


def test_a_fault_without_readable_words_says_its_title() -> None:
    made = snapshot(fault("E-TAKE-REFUSED", "box", "\x00"), fault("E-ENCODER", "encoder:1", "\x00"))
    assert [line.text == line.title for line in made.faults] == [True, True]


def test_long_words_have_an_end() -> None:
    made = snapshot(fault("E-TAKE-REFUSED", "box", "W\n" * 100_000))
    assert len(msgspec.json.encode(made)) < 8_000


def test_making_a_snapshot_needs_no_network_and_no_event_loop() -> None:
    script = (
        "import sys, agent.status.snapshot.snapshot as s; print([m for m in sys.argv[1:] if m in sys.modules])"
    )
    banned = ["trio", "httpx", "sqlite3", "serial", "socket"]
    done = subprocess.run(  # an empty environment: measuring coverage in there would load more
        [sys.executable, "-c", script, *banned], env={}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
