"""The terminal text: its look, its width, and that nothing reaches the terminal raw."""

import unicodedata

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.status.text import COLUMNS, render
from tests.status.samples import LINE, fault, hostile, snapshot


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
        "    What to do: Is the lock system's PC on, its program running, and the address in the provisioning",
        "    file right?",
        "    E-LOCK-UNREACHABLE at Lock server Coder Bridge, since 23:29:00 (1 min)",
        "",
        "Warnings",
        "  Mews' answers carry no date",
        "    What to do: The age of a key can only be counted from when the box first saw it. A proxy may",
        "    strip the header.",
        "    E-MEWS-NO-DATE at Mews, since 23:29:00 (1 min)",
        "",
        "Commands: 0 waiting, 0 running, 12 done, 0 failed, 0 unknown",
        "  23:30:00          failed     101        key    Front desk left",
        "      No card was presented: order it again.",
    ]


def test_a_station_that_the_box_does_not_have_is_said_to_be_missing() -> None:
    assert "Lock server              Not set up\n" in render(snapshot(hops=()))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400) | st.text("Ｗ界e\u0301 ", max_size=400))
def test_no_line_is_wider_than_a_hundred_columns_and_none_holds_a_control_character(text: str) -> None:
    raw = msgspec.structs.replace(hostile("x"), summary=msgspec.structs.replace(hostile("x").summary, text=text))
    for made in (hostile(text), raw):
        for line in render(made).splitlines():
            assert columns(line) <= COLUMNS
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
    assert "\n    Refused:\n    box.name: is missing.\n    mews: is missing.\n    What to do: " in render(made)


def test_a_long_reason_is_wrapped_and_not_cut() -> None:
    made = snapshot(fault("E-TAKE-REFUSED", "box", "reason " * 400 + "end"))
    assert (render(made).count("reason") > 400, " end\n" in render(made)) == (True, True)
