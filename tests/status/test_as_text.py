"""The terminal text: its look, its width, and that nothing reaches the terminal raw."""

import re
import unicodedata

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.status.as_text import COLUMNS, as_json, render
from agent.status.snapshot.facts import UpkeepFacts
from agent.status.snapshot.snapshot import Snapshot
from provisioning.model import Support
from tests.status.samples import BOX, LINE, fault, hostile, snapshot


def columns(line: str) -> int:
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in line)
    marks = sum(unicodedata.category(char) in ("Mn", "Me", "Cf") for char in line)
    return len(line) + wide - marks


def test_the_whole_text_of_a_box_in_trouble() -> None:
    made = snapshot(
        fault("E-LOCK-UNREACHABLE", "lock-server:Coder Bridge", "The lock server refused the connection."),
        fault("E-MEWS-NO-DATE", "mews"),
        recent=[msgspec.structs.replace(LINE, state="FAILED", note="No card was presented: order it again.")],
    )
    assert render(made).splitlines() == [
        "Night Porter 0.1.0: aurora-desk, running for 1 min",
        "2026-03-28T23:30:00+01:00 Europe/Vienna",
        "",
        "FAULT: The lock server cannot be reached: no keys can be cut; 1 more problem is listed below.",
        "",
        "Mews                     WARNING    Mews' answers carry no date, since 23:29:00 (1 min)",
        "This box                 OK         running, since 23:28:30 (1 min)",
        "Lock server Coder Bridge FAULT      The lock server refused the connection, since 23:29:00 (1 min)",
        "Encoder 1                OK         Front desk left: ready, since 23:29:00 (1 min)",
        "Encoder 2                OK         Front desk right: ready, since 23:29:00 (1 min)",
        "Encoder 3                OK         Bar: ready, since 23:29:00 (1 min)",
        "",
        "Faults",
        "  The lock server cannot be reached",
        "    The lock server refused the connection.",
        "    At the front desk: Is the lock system's PC on? Switch it on if it is not. Cut keys at the lock",
        "    system's own PC until this is green.",
        "    For support: Is the lock system's PC on, its program running, and the address in the",
        "    provisioning file right?",
        "    E-LOCK-UNREACHABLE at Lock server Coder Bridge, since 23:29:00 (1 min)",
        "",
        "Warnings",
        "  Mews' answers carry no date",
        "    At the front desk: Nothing: this stops no key.",
        "    For support: The age of a key can only be counted from when the box first saw it. A proxy may",
        "    strip the header.",
        "    E-MEWS-NO-DATE at Mews, since 23:29:00 (1 min)",
        "",
        "Commands: 0 waiting, 0 running, 12 done, 0 failed, 0 unknown",
        "  23:30:00          failed     101        key    Front desk left",
        "      No card was presented: order it again.",
    ]


def test_what_the_hotel_wants_looked_after_stands_before_the_commands() -> None:
    rows = [
        UpkeepFacts("drill", "Drill", "Keys could be cut at 05:30."),
        UpkeepFacts("audit", "Door audit", "Well."),
    ]
    shown = render(snapshot(upkeep=rows)).partition("\n\nUpkeep\n")[2]
    assert shown.splitlines()[:4] == [
        "  Drill: Keys could be cut at 05:30.",
        "  Door audit: Well.",
        "",
        "Commands: 0 waiting, 0 running, 12 done, 0 failed, 0 unknown",
    ]


def test_whom_to_call_stands_with_each_fault_and_warning() -> None:
    made = snapshot(fault("E-MEWS-TOKEN", "mews"), fault("E-ENCODER", "encoder:2"))
    for support, line in ((Support("Lock service", "1"), "Lock service, 1"), (Support(phone="1"), "1")):
        text = render(msgspec.structs.replace(made, support=support))
        assert text.count(f"\n    Call: {line}\n") == 2
    assert "Call:" not in render(made)


def test_a_fault_of_an_older_box_has_no_words_for_the_front_desk() -> None:
    made = snapshot(fault("E-MEWS-TOKEN", "mews"))
    line = msgspec.structs.replace(made.faults[0], front_desk="")
    assert "At the front desk" not in render(msgspec.structs.replace(made, faults=(line,)))


def test_a_notice_that_only_its_writer_knows_has_no_advice() -> None:
    made = snapshot(fault("E-MEWS-TOKEN", "mews"))
    line = msgspec.structs.replace(made.faults[0], front_desk="", hint="")
    text = render(msgspec.structs.replace(made, faults=(line,)))
    assert not [label for label in ("At the front desk", "For support", "Call") if label in text]


def test_a_station_that_the_box_does_not_have_is_said_to_be_missing() -> None:
    assert "Lock server              Not set up\n" in render(snapshot(hops=()))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400) | st.text("Ｗ界e\u0301 ", max_size=400), st.integers(40, 200))
def test_no_line_is_wider_than_the_terminal_and_none_holds_a_control_character(text: str, width: int) -> None:
    raw = msgspec.structs.replace(hostile("x"), summary=msgspec.structs.replace(hostile("x").summary, text=text))
    for made in (hostile(text), raw):
        for line in render(made, width).splitlines():
            assert columns(line) <= width
            assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in line)


@pytest.mark.parametrize("letter", ["Z", "界", "\u0301"])
def test_a_word_that_fits_on_no_line_is_cut_and_not_lost(letter: str) -> None:
    made = snapshot(fault("E-ENCODER", "encoder:2", letter * 300))
    assert render(made).count(letter) == 2 * 300  # at its hop and in the list
    assert max(map(columns, render(made).splitlines())) <= COLUMNS


def test_what_a_lying_box_sends_does_not_reach_the_terminal_raw() -> None:
    made = snapshot()
    lying = msgspec.structs.replace(
        made,
        box=msgspec.structs.replace(made.box, name="\x1b]0;pwned\x07", time="\x1b[2J", uptime_seconds=-5),
        commands=msgspec.structs.replace(
            made.commands,
            recent=tuple(msgspec.structs.replace(made.commands.recent[0], note="\x1b[31m") for _ in "a"),
        ),
    )
    assert "\x1b" not in render(lying)


def test_reasons_stand_one_below_the_other() -> None:
    made = snapshot(fault("E-TAKE-REFUSED", "box", "Refused:\nbox.name: is missing.\nmews: is missing."))
    assert "\n    Refused:\n    box.name: is missing.\n    mews: is missing.\n    At the front desk: " in render(
        made
    )


def test_on_a_narrow_terminal_what_stands_beside_a_level_stands_below_it() -> None:
    text = render(snapshot(fault("E-ENCODER", "encoder:2", "The encoder at the bar is off.")), 40)
    assert (
        """
Encoder 1                OK
    Front desk left: ready, since
    23:29:00 (1 min)
Encoder 2                WARNING
    The encoder at the bar is off, since
    23:29:00 (1 min)
"""
        in text
    )


def test_a_wide_terminal_is_used() -> None:
    made = snapshot(fault("E-ENCODER", "encoder:2", "reason " * 30))
    assert max(map(columns, render(made, 150).splitlines())) > 140


@pytest.mark.parametrize("width", [40, 100])
def test_colours_are_beside_the_words_and_change_nothing_else(width: int) -> None:
    troubles = fault("E-LOCK-UNREACHABLE", "lock-server:Coder Bridge"), fault("E-MEWS-NO-DATE", "mews")
    made = snapshot(*troubles, recent=[msgspec.structs.replace(LINE, state=state) for state in ("DONE", "FAILED")])
    coloured = render(made, width, is_coloured=True)
    painted = re.findall(r"\x1b\[(\d+)m([^\x1b]*)\x1b\[0m", coloured)
    assert {
        ("31", "FAULT:"),
        ("31", "FAULT"),
        ("33", "WARNING"),
        ("32", "OK"),
        ("32", "done"),
        ("31", "failed"),
    } == (set(painted))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == render(made, width)


def test_json_has_escapes_where_the_console_has_no_such_letters() -> None:
    made = snapshot(box=msgspec.structs.replace(BOX, name="łódź"))
    assert '"name": "łódź"' in as_json(made, "utf-8")
    assert '"name": "\\u0142\\u00f3d\\u017a"' in as_json(made, "cp1252")
    assert as_json(made, "ascii").isascii()
    assert {msgspec.json.decode(as_json(made, name), type=Snapshot) == made for name in ("ascii", "UTF-8")} == {
        True
    }


def test_a_long_reason_is_wrapped_and_not_cut() -> None:
    made = snapshot(fault("E-TAKE-REFUSED", "box", "reason " * 400 + "end"))
    assert (render(made).count("reason") > 400, " end\n" in render(made)) == (True, True)
