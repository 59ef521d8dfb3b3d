"""The lines of the control socket, there and back; a line that is none is answered in a sentence."""

import pytest

from agent.commands.model import Kind
from agent.commands.probe import Mark
from agent.commands.record import Record
from agent.control.words.events import ActBegan, ActEnded, Event, FaultChanged, OrderChanged, StepTaken
from agent.control.words.messages import PROTOCOL, Ask, Face, Greeting, ask, encode, greeting, told
from agent.control.words.told import End, Happened, Line, Result, StepTested, Told
from agent.foundation.errors import UserMistake
from agent.health.kind import Level
from agent.journal.rows.acts import Act

ACT = Act("act-1", "root", "command line", "key", "key 1 101", "desk-1", 5, 6, "done", "1 key was cut.")
RECORD = Record("desk-1", "", Kind.KEY, "encoder:1", "101", 1)
EVENTS: list[Event] = [
    OrderChanged(RECORD, "its turn"),
    FaultChanged("E-BOX-CABLE", "box", Level.FAULT, "No link.", is_over=True),
    StepTaken("it began"),
    ActBegan(ACT),
    ActEnded(ACT),
]
TOLD: list[Told] = [
    Line("Present a card.", 1, 2),
    StepTested("mews", "connection", Mark.BAD, "It refused.", 0.25),
    Result(End.PERHAPS, "Look."),
    *map(Happened, EVENTS),
]
GARBAGE = [
    b"",
    b"{",
    b"[]",
    b'"x"',
    b"\xff\xfe",
    b"[" * 10_000,
    b"null",
    b'{"control": 1e400}',
    b'{"control": "1"}',
]


@pytest.mark.parametrize("message", TOLD, ids=lambda message: type(message).__name__)
def test_what_is_told_arrives_as_it_was(message: Told) -> None:
    line = encode(message)
    assert (line.count(b"\n"), line[-1:]) == (1, b"\n")
    assert told(line) == message


def test_a_request_and_a_greeting_arrive_as_they_were() -> None:
    request = Ask(PROTOCOL, ("key", "1", "Süd\n"), Face.CONSOLE)
    assert ask(encode(request), "0.2.0") == request
    assert greeting(encode(Greeting(PROTOCOL, "0.2.0"))) == Greeting(PROTOCOL, "0.2.0")


def test_who_sends_no_face_is_the_command_line() -> None:
    assert ask(b'{"control": 1, "words": ["test"]}\r', "0.2.0").face is Face.COMMAND_LINE


@pytest.mark.parametrize("line", [*GARBAGE, b'{"control": 1}', b'{"control": 1, "words": [1]}'])
def test_a_line_that_is_no_request_is_answered_with_how_one_looks(line: bytes) -> None:
    with pytest.raises(UserMistake, match=r'send one line with a JSON object, like \{"control": 1'):
        ask(line, "0.2.0")


def test_a_request_of_another_version_is_told_which_one_is_spoken() -> None:
    with pytest.raises(UserMistake, match=r"This box \(0.2.0\) speaks version 1 .* and not 7: use"):
        ask(b'{"control": 7, "verb": "anything"}', "0.2.0")


@pytest.mark.parametrize("line", GARBAGE)
def test_a_line_that_no_agent_sends_is_nothing(line: bytes) -> None:
    assert (greeting(line), told(line)) == (None, None)
