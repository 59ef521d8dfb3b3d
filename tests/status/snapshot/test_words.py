"""Times, spans, levels and places in the words that people use."""

import pytest

from agent.health.kind import Level, worst
from agent.status.snapshot.facts import HopFacts
from agent.status.snapshot.snapshot import Hop
from agent.status.snapshot.stations import stations, title
from agent.status.snapshot.words import level_word, moment, since, span, state_light
from tests.status.samples import HOPS, NOW, fault, snapshot

TODAY = "2026-03-28T23:30:00+01:00"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_600, "1 h"),
        (3_661, "1 h 1 min"),
        (86_400, "1 day"),
        (2 * 86_400 + 3_600 + 60, "2 days 1 h"),
    ],
)
def test_a_span_is_said_in_its_two_biggest_units(seconds: int, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-03-28T08:05:09+01:00", "08:05:09"),
        ("2026-03-27T08:05:09+01:00", "27 Mar 08:05"),
        ("2025-12-01T08:05:09+01:00", "1 Dec 2025 08:05"),
        ("no time at all", "no time at all"),
    ],
)
def test_a_moment_carries_as_much_date_as_is_needed(at: str, words: str) -> None:
    assert moment(at, TODAY) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-03-28T21:25:00+01:00", "since 21:25:00 (2 h 5 min)"),
        ("2026-03-28T23:30:05+01:00", "since 23:30:05 (0 s)"),
        ("2026-03-28T21:25:00", "since 2026-03-28T21:25:00"),
        ("", "since "),
    ],
)
def test_since_says_when_and_how_long(at: str, words: str) -> None:
    assert since(at, TODAY) == words


@pytest.mark.parametrize(
    ("state", "light"),
    [("DONE", Level.OK), ("failed", Level.FAULT), ("UNKNOWN", Level.WARNING), ("DISPATCHED", None)],
)
def test_a_state_has_its_colour_in_either_case(state: str, light: Level | None) -> None:
    assert state_light(state) is light


def test_every_level_has_its_own_word() -> None:
    assert len({level_word(light) for light in (*Level, None)}) == 4


def test_nothing_at_all_is_well() -> None:
    assert worst([]) is Level.OK


@pytest.mark.parametrize(
    ("hop", "words"),
    [
        ("mews", "Mews"),
        ("box", "This box"),
        ("lock-server:Coder Bridge", "Lock server Coder Bridge"),
        ("encoder:1", "Encoder 1"),
        ("printer:a:b", "Printer a:b"),
        ("teapot:1", "Other teapot:1"),
    ],
)
def test_a_hop_is_called_as_people_call_it(hop: str, words: str) -> None:
    assert title(hop) == words


def test_the_four_stations_stand_in_the_order_of_the_way() -> None:
    assert [station.title for station in stations(snapshot().hops)] == [
        "Mews",
        "This box",
        "Lock server",
        "Encoders",
    ]


def test_a_station_is_as_bad_as_its_worst_hop() -> None:
    made = stations(snapshot(fault("E-ENCODER", "encoder:2")).hops)
    assert [station.level for station in made] == [Level.OK, Level.OK, Level.OK, Level.WARNING]


def test_a_station_without_hops_has_no_level() -> None:
    assert stations(snapshot(hops=HOPS[:2]).hops)[2].level is None


def test_printers_stand_beside_the_encoders() -> None:
    hops = snapshot(hops=(*HOPS, HopFacts("printer:Bar", "ready", NOW))).hops
    assert stations(hops)[3].title == "Encoders and printers"


def test_every_hop_stands_in_exactly_one_station() -> None:
    hops = snapshot(fault("E-ENCODER", "teapot:1"), fault("E-ENCODER", "")).hops
    placed = [hop for station in stations(hops) for hop in station.hops]
    assert sorted(placed, key=_id) == sorted(hops, key=_id)


def _id(hop: Hop) -> str:
    return hop.id
