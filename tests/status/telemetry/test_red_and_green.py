"""A flap is one message, and green is only told once it stays."""

import pytest

from agent.status.snapshot.snapshot import Snapshot
from agent.status.telemetry.message import message
from agent.status.telemetry.red_and_green import Light, RedAndGreen
from tests.status.samples import fault, snapshot


def lights(*reds: tuple[int, int], until: int) -> list[tuple[int, Light]]:
    """What is shown when, of a box that is red from the first second of each pair to before the second."""
    found: list[tuple[int, Light]] = []
    machine = RedAndGreen()
    for now in range(until):
        machine.see(any(begin <= now < end for begin, end in reds), now)
        if machine.shown is not None and (not found or found[-1][1] is not machine.shown):
            found.append((now, machine.shown))
    return found


@pytest.mark.parametrize(
    ("reds", "wanted"),
    [
        ((), [(30, Light.GREEN)]),
        (((0, 200),), [(30, Light.RED), (230, Light.GREEN)]),
        (((100, 120),), [(30, Light.GREEN)]),
        (((100, 200),), [(30, Light.GREEN), (130, Light.RED), (230, Light.GREEN)]),
        (((100, 110), (115, 140), (150, 160)), [(30, Light.GREEN), (130, Light.RED), (190, Light.GREEN)]),
        (((100, 105), (132, 140)), [(30, Light.GREEN), (132, Light.RED), (170, Light.GREEN)]),
    ],
)
def test_what_is_told_and_when(reds: tuple[tuple[int, int], ...], wanted: list[tuple[int, Light]]) -> None:
    assert lights(*reds, until=400) == wanted


def test_since_is_when_it_began_and_not_when_it_was_told() -> None:
    machine = RedAndGreen()
    for now in range(100, 160):
        machine.see(True, now)
    assert (machine.shown, machine.since) == (Light.RED, 100)


def text(light: Light, shown: Snapshot) -> str:
    return message(light, "", shown, "1").text


def test_a_message_says_titles_and_how_many_more() -> None:
    one, two = fault("E-MEWS-TOKEN", "mews", "Room 101"), fault("E-FILE-BAD", "box", "Room 101")
    assert text(Light.RED, snapshot(one)) == f"{one.kind.title}."
    assert text(Light.RED, snapshot(one, two)).endswith(", and 1 more fault.")
    assert text(Light.RED, snapshot(one, two, fault("E-TAKE-NAME", "box"))).endswith(", and 2 more faults.")
    assert text(Light.RED, snapshot()) == "There was a fault that went and came."
    assert text(Light.GREEN, snapshot()) == "No fault holds any more."


def test_a_message_holds_faults_and_no_words_of_this_case() -> None:
    shown = snapshot(fault("E-MEWS-TOKEN", "mews", "Mr Kettle in 101"), fault("E-ENCODER", "encoder:1", "101"))
    told = message(Light.RED, "2026-03-28T23:29:00+01:00", shown, "1")
    assert [each.code for each in told.faults] == ["E-MEWS-TOKEN"]
    assert "101" not in str(told)
    assert "Kettle" not in str(told)


def test_green_with_a_warning_says_so_by_its_level() -> None:
    warned = message(Light.GREEN, "", snapshot(fault("E-ENCODER", "encoder:1")), "1")
    assert (warned.level, message(Light.GREEN, "", snapshot(), "1").level) == ("warning", "ok")
