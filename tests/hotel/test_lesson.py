"""`lock learn` as it is hosted: the file that it reads, the person that it asks, what Ctrl-C leaves behind."""

import os
import signal
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
import trio

from agent.drivers.check import beside, judge
from agent.drivers.coder_bridge.learning.steps import Choice, Question
from agent.foundation.errors import UserMistake
from agent.foundation.http import Peer
from agent.hotel.lesson import Terminal, learn
from agent.journal import state_folder
from tests.drivers.coder_bridge.bridge_bench import PASSWORD
from tests.drivers.coder_bridge.learning.site_bench import Person, SiteSimulator, Ways, at_once
from tests.in_process import SimulatorTransport

FILE = """
format = 1
[box]
name = "aurora"
timezone = "Europe/Vienna"
[mews]
dialect = "2016"
platform = "http://127.0.0.1:9"
access_token = "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"
"""
BRIDGE = """
[coder_bridge]
server = "http://10.4.5.6:7331"
username = "{user}"
password = "{password}"
[[coder_bridge.encoders]]
name = "Left"
identifier = "1"
key_cutters = ["1"]
"""


class Face(Person):
    """The person of the site, at a terminal."""

    def tell(self, text: str) -> None:
        """Remember it."""
        self.told.append(text)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "provisioning.toml"
    path.write_text(FILE + BRIDGE.format(user=SiteSimulator(Ways()).switches.client_id, password=PASSWORD))
    return path


def lesson(config: Path, site: SiteSimulator, face: Face) -> Callable[[], Awaitable[bool]]:
    """One, to be started."""
    transport = SimulatorTransport(site)
    return partial(
        learn,
        config,
        None,
        config.with_name("state"),
        face,
        open_bridge=lambda server, _pin: Peer(server, transport=transport),
        now=site.clock.now,
        run_sync=at_once,
    )


async def test_a_lesson_ends_with_a_profile_that_its_words_tell_how_to_use(
    config: Path, autojump_clock: object
) -> None:
    site = SiteSimulator(Ways())
    face = Face(site)
    assert await lesson(config, site, face)() is True
    assert 'Write profile = "site.toml" in [coder_bridge]' in face.told[-1]
    assert doubts(config) == []


def doubts(config: Path) -> list[str]:
    """What `check` has against the calls of the file, once it does what the last words say."""
    text = config.read_text().replace("[[coder", 'profile = "site.toml"\n[[coder', 1)
    judged = judge(text.replace("server =", "active = true\nserver =").encode(), beside(config))
    assert judged.provisioning is not None
    return [problem.wrong for problem in judged.problems if "confirmed" in problem.wrong]


async def test_a_person_who_goes_away_ends_it_and_nothing_is_ready(config: Path, autojump_clock: object) -> None:
    site = SiteSimulator(Ways())
    face = Face(site, wrongly=lambda question, true: None)
    assert await lesson(config, site, face)() is False
    assert site.cuts == ()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_it_with_what_it_leaves_behind(
    config: Path, number: signal.Signals, autojump_clock: object
) -> None:
    site = SiteSimulator(Ways())

    class Leaving(Face):
        async def ask(self, question: Question) -> str | None:
            os.kill(os.getpid(), number)
            await trio.sleep_forever()
            raise AssertionError("not reached")

    face = Leaving(site)
    assert await lesson(config, site, face)() is False
    assert "Nothing was asked of the lock system just then." in face.told[-1]


async def test_an_agent_that_holds_the_directory_keeps_the_lesson_out(config: Path) -> None:
    with state_folder.held(config.with_name("state")), pytest.raises(UserMistake, match="two must never share"):
        await lesson(config, SiteSimulator(Ways()), Face(SiteSimulator(Ways())))()


@pytest.mark.parametrize(
    ("text", "words"),
    [(FILE, "has no \\[coder_bridge\\]"), (FILE.replace("format = 1", "format = 2"), "cannot be used")],
)
async def test_a_file_without_anything_to_learn_is_said(config: Path, text: str, words: str) -> None:
    await trio.Path(config).write_text(text)
    with pytest.raises(UserMistake, match=words):
        await lesson(config, SiteSimulator(Ways()), Face(SiteSimulator(Ways())))()


async def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="There is no file"):
        await learn(tmp_path / "none.toml", None, tmp_path / "state", Face(SiteSimulator(Ways())))


# -- the terminal -------------------------------------------------------------------------------------------------


async def test_a_question_shows_its_choices_and_takes_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    async def typed(prompt: str) -> str:
        return f"{prompt}yes"

    question = Question(
        "Does it open " + "the door " * 12 + "?", (Choice("yes", "yes"), Choice("no", "it stays shut"))
    )
    assert await Terminal(typed).ask(question) == "> yes"
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-2:] == ["  yes", "  no: it stays shut"]


def test_nothing_that_is_no_letter_gets_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().tell("Room \x1b[2J101\x07 is\x9b31m there.\nAnd 102.")
    assert capsys.readouterr().out.splitlines() == ["Room [2J101 is 31m there.", "And 102."]


async def test_the_end_of_the_input_is_no_answer() -> None:
    async def typed(prompt: str) -> str:
        raise EOFError

    assert await Terminal(typed).ask(Question("Well?")) is None
