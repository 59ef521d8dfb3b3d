"""The demo's display by values: what a terminal shows after the codes, and what a pipe gets."""

import os
import re
from io import StringIO

import msgspec
import pytest

from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.record import Record
from agent.demo.lines import Line, Mood, ordered, stepped
from agent.demo.reception import Ordered
from agent.demo.screen import LiveLines, PlainLines, Screen, output_for
from agent.foundation import streams

ORDER = Ordered("c1", "101", "1", 2)
RECORD = Record("c1", "Key cutter 1", Kind.KEY, "encoder:1", "101", 2)
CODES = re.compile(r"\r(?:\x1b\[(\d+)A)?\x1b\[J")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def shown(written: str) -> list[str]:
    """The rows of a terminal that was wide and high enough, colours left out."""
    rows: list[str] = []
    parts = CODES.split(re.sub(r"\x1b\[\d+m", "", written))
    for up, text in zip(parts[1::2], parts[2::2], strict=True):
        rows = rows[: len(rows) - int(up or 0)] + text.splitlines()
    return rows


def line(step: str, *, is_final: bool = False) -> Line:
    return Line("10:00:00", "room 101", step, Mood.QUIET, is_final=is_final)


def gone() -> None:
    raise AssertionError("somebody still reads")


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


def test_a_terminal_keeps_one_row_for_a_key(terminal: Terminal) -> None:
    live = LiveLines(terminal, gone)
    for step in ("ordered", "waiting", "cutting"):
        live.show("c1", line(step))
    assert shown(terminal.getvalue()) == ["10:00:00  room 101  cutting"]


def test_a_key_that_is_over_scrolls_above_those_under_way(terminal: Terminal) -> None:
    live = LiveLines(terminal, gone)
    live.show("c1", line("cutting"))
    live.show("c2", line("waiting"))
    live.show("c2", line("withdrawn", is_final=True))
    assert shown(terminal.getvalue()) == ["10:00:00  room 101  withdrawn", "10:00:00  room 101  cutting"]


def test_what_is_said_stands_above_the_keys_under_way(terminal: Terminal) -> None:
    live = LiveLines(terminal, gone)
    live.show("c1", line("cutting"))
    live.say("Warning: something")
    assert shown(terminal.getvalue()) == ["Warning: something", "10:00:00  room 101  cutting"]


def test_a_row_never_wraps(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    LiveLines(terminal, gone).show("c1", line("cutting 1 of 2 and a very long step"))
    assert [len(row) for row in shown(terminal.getvalue())] == [23]


def test_keys_that_find_no_row_are_counted(terminal: Terminal) -> None:
    live = LiveLines(terminal, gone)
    for number in range(15):
        live.show(f"c{number}", line("waiting"))
    assert shown(terminal.getvalue())[-1] == "and 3 more"


def test_no_color_leaves_colours_out(terminal: Terminal) -> None:
    output_for(terminal, gone, {"TERM": "xterm", "NO_COLOR": "1"}).show("c1", line("cut"))
    assert not re.search(r"\x1b\[\d+m", terminal.getvalue())


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(terminal: Terminal) -> None:
    output_for(terminal, gone, {"TERM": "dumb"}).show("c1", line("cut"))
    assert "\x1b" not in terminal.getvalue()


def test_a_step_without_news_is_not_repeated() -> None:
    out = StringIO()
    screen = Screen(PlainLines(out, gone))
    screen.ordered(ORDER)
    dispatched = RECORD.claim(1).dispatch(1)
    for record in (dispatched, dispatched.make(), dispatched.dispatch(2)):
        screen.step(record)
    assert [row.rsplit("  ", 1)[1] for row in out.getvalue().splitlines()] == [
        "ordered",
        "cutting 1 of 2",
        "cutting 2 of 2",
    ]


def test_a_command_that_the_demo_did_not_order_is_not_shown() -> None:
    out = StringIO()
    Screen(PlainLines(out, gone)).step(RECORD)
    assert out.getvalue() == ""


def test_every_state_of_a_command_has_words() -> None:
    first = ordered(ORDER, "10:00:00")
    assert all(stepped(first, msgspec.structs.replace(RECORD, state=state)).step for state in State)


def test_a_reader_that_went_away_is_told_once_and_nothing_raises() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    calls: list[str] = []
    with os.fdopen(writer, "w") as text:
        plain = PlainLines(streams.kept(text, writer), lambda: calls.append("gone"))
        plain.say("one")
        plain.say("two")
    assert calls == ["gone"]
