"""Events and progress as lines: one line each, whatever happened."""

import pytest

from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.probe import Mark
from agent.commands.record import Record
from agent.control.words.events import ActBegan, ActEnded, FaultChanged, OrderChanged, StepTaken
from agent.control.words.sentences import line, tells_failure
from agent.control.words.told import Happened, Line, Progress, StepTested, Table
from agent.health.kind import Level
from agent.journal.rows.acts import Act

ACT = Act("act-1", "root", "page", "pause", "pause 1", note="encoder:1 begins nothing more.")
CUTTING = Record("c-1", "Key cutter 1", Kind.KEY, "encoder:1", "101", 2, State.DISPATCHED, copy=1)
FAILED = Record("c-1", "Fax", Kind.OTHER, "", "", 1, State.FAILED, code="E-X", note="Not done.")


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (Line("Present a card.", 0, 2), "Present a card."),
        (StepTested("mews", "TLS", Mark.GOOD, "90 days.", 0.0123), "mews: TLS: ok, 12 ms. 90 days."),
        (StepTested("box", "clock", Mark.DOUBT, "5 s off.", 2.34), "box: clock: look at it, 2.3 s. 5 s off."),
        (Table(("ROOM", "STATE"), (("101", "clean"), ("102", ""))), "101 clean; 102"),
        (Happened(OrderChanged(CUTTING)), "c-1 key encoder:1 copy 1 of 2 dispatched"),
        (Happened(OrderChanged(FAILED, "its turn")), "c-1 other Fax failed E-X: Not done., waits for its turn"),
        (Happened(FaultChanged("E-X", "box", Level.FAULT, "One.\nTwo.")), "E-X at box: One. Two."),
        (Happened(FaultChanged("E-X", "box", Level.FAULT, "One.", is_over=True)), "E-X at box is over"),
        (Happened(StepTaken("the file was taken")), "the file was taken"),
        (Happened(ActBegan(ACT)), "root (page) began: pause 1"),
        (Happened(ActEnded(ACT)), "root (page) ended: pause 1: encoder:1 begins nothing more."),
    ],
)
def test_what_is_told_is_one_line(told: Progress, text: str) -> None:
    assert line(told) == text


@pytest.mark.parametrize("mark", Mark)
def test_every_mark_has_a_word(mark: Mark) -> None:
    assert line(StepTested("box", "disk", mark, "Text.", 0)).startswith("box: disk: ")


@pytest.mark.parametrize("mark", Mark)
def test_a_step_that_failed_is_told_from_all_others_by_its_line(mark: Mark) -> None:
    assert tells_failure(line(StepTested("box", "disk", mark, "It FAILS, they say.", 0))) is (mark is Mark.BAD)
