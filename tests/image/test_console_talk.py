"""The person at the emulated serial line: rows as a terminal shows them, and talks with the real console.

The console runs in a thread behind a socket, as QEMU's serial line is one, with a page, a desk and a helper of the
test's; the person is the one of the scenarios, so that a question that is asked otherwise is found without a boot.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from agent.console.helper import Hear
from agent.console.line import Descriptors
from agent.handover.helper import Done, End, FactoryReset, Request, SetNetwork, TakeFile
from agent.handover.site_facts import facts_of
from provisioning.interview import Interview
from provisioning.read import read
from tests.console.bench import Bench, FakeHelper
from tests.image.emulator import rows
from tests.image.emulator.console import Console, Step
from tests.image.emulator.hotel import NAME, Hotel
from tests.image.emulator.lan import BOX, HOST
from tests.image.emulator.patience import NeverCame
from tests.image.emulator.serial_line import SerialLine
from tests.image.scenarios import console as scenario

SECONDS = 30.0  # s; a busy machine
KERNEL = b"[   12.345678] usb 1-1: new high-speed USB device\r\n"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"one\r\ntwo", ["one", "two"]),
        (b"12 %\r100 %\r\nready", ["100 %", "ready"]),
        (b"nightporter> stx\b \batus", ["nightporter> status"]),
        (
            b"nightporter> sta\r                \r12:00:00 now OK\r\nnightporter> sta",
            ["12:00:00 now OK", "nightporter> sta"],
        ),
        (b"\x1b[2J\x1b[Hone\x1b]0;title\x07", ["one"]),
        (b"night" + KERNEL + b"porter> ", ["nightporter>"]),
        (b"> [    1.000001] unfinished", [">"]),
        (b"\x00\x07one\xff", ["one\ufffd"]),
        (b"\b\b\r\n", ["", ""]),
        (b"", [""]),
    ],
)
def test_rows_are_what_a_terminal_shows(raw: bytes, shown: list[str]) -> None:
    assert rows.rows(raw) == shown


@given(st.binary(max_size=200))
def test_whatever_comes_has_rows_without_control_characters(raw: bytes) -> None:
    assert all(row.isprintable() for row in rows.rows(raw))


def test_a_sentence_is_found_over_the_fold() -> None:
    assert rows.told(["  a long", "", "   sentence "]) == "a long sentence"


@pytest.mark.parametrize(
    ("shown", "is_asked"),
    [
        (["Which gateway?", ">"], True),
        (["Which", "   gateway?", "[10.4.5.1] >"], True),
        (["   For Which gateway?"], True),
        (["Which gateway?", "Go on? (yes/no)"], True),
        (["Which gateway?", "there is more"], False),
        (["Which gateway?", "nightporter>"], False),
        (["Which Mews?", ">"], False),
    ],
)
def test_a_question_is_asked_once_the_line_waits_for_its_answer(shown: list[str], is_asked: bool) -> None:
    assert rows.asks(shown, "Which gateway?") is is_asked


@pytest.mark.parametrize(
    ("shown", "is_answered"),
    [
        (["status", "all is well", "nightporter>"], True),
        (["12:00:00 now OK", "nightporter> status", "all is well", "nightporter>"], True),
        (["12:00:00 now OK", "nightporter>"], False),
        (["status", "all is well"], False),
        (["nightporter> status"], False),
    ],
)
def test_a_verb_is_answered_once_the_next_one_is_asked_for(shown: list[str], is_answered: bool) -> None:
    assert rows.is_answered(shown, "status") is is_answered


def test_the_questions_of_the_scenario_are_those_of_the_interview_and_give_a_good_file() -> None:
    hotel, talk = Hotel(), Interview(None)
    for step in scenario.interview_steps(hotel):
        assert talk.question is not None
        assert step.question in talk.question.text
        assert step.is_secret == (talk.question.is_secret and step.answer != "-")
        assert talk.answer(step.answer) == ""
    made, of_hotel = read(talk.text()), read(hotel.file(network=f'[network]\naddress = "{BOX}/24"').encode())
    ours, theirs = made.provisioning, of_hotel.provisioning
    assert ours is not None
    assert theirs is not None
    assert (ours.mews.platform, ours.network.address) == (theirs.mews.platform, theirs.network.address)
    assert ours.coder_bridge is not None
    assert theirs.coder_bridge is not None
    assert ours.coder_bridge.server == theirs.coder_bridge.server
    assert (ours.coder_bridge.active, len(ours.coder_bridge.encoders)) == (True, 1)


def test_the_two_files_of_a_trial_are_good_and_can_be_told_apart() -> None:
    from provisioning.check import summary

    hotel = Hotel()
    for file, is_marked in ((hotel.file(), False), (hotel.file(network=f"[limits]\n{scenario.SECOND}\n"), True)):
        provisioning = read(file.encode()).provisioning
        assert provisioning is not None
        assert (scenario.SHOWN in " ".join(summary(provisioning))) is is_marked


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ('{"type":"said","text":"a"}\n{"type":"done","end":"done","text":"b"}\n', Done(End.DONE, "b")),
        ('{"type":"done","end":"refused","text":"b","confirm_seconds":null}', Done(End.REFUSED, "b")),
    ],
)
def test_the_helpers_last_line_is_its_end(said: str, done: Done) -> None:
    assert scenario.done_of(said) == done


@pytest.mark.parametrize("said", ["", "\n", "Traceback", '{"type":"said","text":"a"}'])
def test_a_helper_without_an_end_is_trouble(said: str) -> None:
    with pytest.raises(ValueError, match="the helper"):
        scenario.done_of(said)


def test_root_asks_the_helper_as_the_console_does(tmp_path: Path) -> None:
    helper, offered = tmp_path / "helper", tmp_path / "offered.toml"
    text = Hotel().file(network='[support]\nname = "Zimmer für’s Gepäck"\n').encode()
    offered.write_bytes(text)
    heard: list[Request] = []
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(helper))
        door.listen()

        def answer() -> None:
            with door.accept()[0] as line:
                asked = line.makefile("rb").readline()
                heard.append(msgspec.json.decode(asked, type=Request))
                line.sendall(b'{"type":"said","text":"a"}\n{"type":"done","end":"done","text":"b"}\n')

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        command = scenario.take_command(str(offered), str(helper), sys.executable)
        said = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True).stdout
        thread.join(SECONDS)
    assert heard == [TakeFile(text)]
    assert scenario.done_of(said.rstrip("\n")) == Done(End.DONE, "b")
    assert len(command) < 4000


class TakingHelper(FakeHelper):
    """A helper by whose file the console goes from then on, and whose network settings are on trial."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench

    async def ask(self, request: Request, hear: Hear) -> Done:
        done = await super().ask(request, hear)
        if isinstance(request, TakeFile) and not request.is_trial_only:
            provisioning = read(request.text).provisioning
            assert provisioning is not None
            self._bench.facts = facts_of(provisioning)
        return msgspec.structs.replace(done, confirm_seconds=120.0) if isinstance(request, SetNetwork) else done


class Served:
    """A console on a socket, in a thread of its own, and the kernel that talks between."""

    def __init__(self, folder: Path) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._is_up, self._is_plugged_in = threading.Event(), threading.Event()
        self._folder, self._stop = folder, trio.CancelScope()
        self._thread = threading.Thread(target=trio.run, args=(self._run,), daemon=True)
        self.bench: Bench
        self._line: socket.socket

    def __enter__(self) -> "Served":
        self._thread.start()
        assert self._is_up.wait(SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        trio.from_thread.run_sync(self._stop.cancel, trio_token=self._loop)
        self._thread.join()
        self._door.close()

    def plugged_in(self) -> None:
        """The person's end is open; pyserial throws away what came before."""
        self._is_plugged_in.set()

    def interject(self, words: bytes) -> None:
        """Something else writes on the line."""
        self._line.sendall(words)

    async def _run(self) -> None:
        self._loop = trio.lowlevel.current_trio_token()
        self.bench = Bench(self._folder)
        self.bench.box.helper = self.bench.helper = TakingHelper(self.bench)
        with self._stop:
            async with trio.open_nursery() as nursery, self.bench.desk():
                self._is_up.set()
                nursery.start_soon(self._cut_keys)
                self._line = await trio.to_thread.run_sync(self._accepted)
                with self._line:
                    ends = Descriptors("ttyS0", os.dup(self._line.fileno()), is_dumb=True)
                    await self.bench.console.serve(ends, asks_for_code=True)
                    await trio.sleep_forever()

    def _accepted(self) -> socket.socket:
        line = self._door.accept()[0]
        assert self._is_plugged_in.wait(SECONDS)
        return line

    async def _cut_keys(self) -> None:
        await self.bench.hotel.ordered.wait()
        assert self.bench.hotel.order is not None
        self.bench.hotel.order.dispatch(1)
        self.bench.hotel.order.finish()


@contextmanager
def at_line(served: Served, folder: Path, notes: list[str]) -> Iterator[tuple[SerialLine, Console]]:
    """The person, before a prompt."""
    line = SerialLine(served.port, folder / "serial.log")
    served.plugged_in()
    try:
        console = Console(line, notes.append)
        console.wait_ready(SECONDS)
        yield line, console
    finally:
        line.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with Served(tmp_path) as served:
        yield served


def test_set_up_is_answered_to_a_cut_key_and_no_secret_is_noted(served: Served, tmp_path: Path) -> None:
    hotel, notes = Hotel(), list[str]()
    with at_line(served, tmp_path, notes) as (line, console):
        console.begin("setup")
        for step in [*scenario.file_steps(hotel), *scenario.key_steps()]:
            console.answer(step)
        assert f"cut for room {scenario.ROOM}" in console.ends(SECONDS)
        everything = "\n".join([*notes, line.text])
    taken = [request.text for request in served.bench.helper.asked if isinstance(request, TakeFile)]
    assert len(taken) == 2
    assert read(taken[1]).provisioning
    assert [secret for secret in hotel.secrets.values() if secret in everything] == []
    assert any("Which gateway?" in note and note.endswith(HOST) for note in notes)


def provisioned(served: Served, hotel: Hotel) -> None:
    file = read(hotel.file().encode()).provisioning
    assert file is not None
    served.bench.facts = facts_of(file)


def test_a_person_logs_in_and_sets_the_network(served: Served, tmp_path: Path) -> None:
    hotel = Hotel()
    provisioned(served, hotel)
    with at_line(served, tmp_path, []) as (_, console):
        console.log_in(hotel.code)
        said = console.obey(f"network set {scenario.ELSEWHERE}/24 {HOST}", SECONDS)
    assert "network confirm" in said
    assert served.bench.helper.asked == [SetNetwork(f"{scenario.ELSEWHERE}/24", HOST)]


def test_a_reset_asks_for_code_and_name_and_can_be_said_no_to(served: Served, tmp_path: Path) -> None:
    hotel = Hotel()
    provisioned(served, hotel)
    with at_line(served, tmp_path, []) as (_, console):
        console.begin("factory-reset another-box")
        console.answer(Step("Code:", hotel.code, is_secret=True))
        assert f"type factory-reset {NAME}" in console.ends(SECONDS)
        scenario.reset(console, "no")
        console.ends(SECONDS)
        assert served.bench.helper.asked == []
        scenario.reset(console, "yes")
        console.ends(SECONDS)
    assert served.bench.helper.asked == [FactoryReset(NAME)]


def test_what_the_kernel_says_in_between_is_no_answer(served: Served, tmp_path: Path) -> None:
    with at_line(served, tmp_path, []) as (_, console):
        served.interject(b"\r\n" + KERNEL)
        console.begin("setup")
        console.answer(Step("Make one by questions", "questions"))
        served.interject(KERNEL)
        console.answer(Step("What is the box called?", NAME))
        console.answer(Step("In which time zone is the hotel?", ""))


def test_a_question_that_does_not_come_is_said_with_what_came(served: Served, tmp_path: Path) -> None:
    with at_line(served, tmp_path, []) as (_, console):
        console.begin("setup")
        with pytest.raises(NeverCame, match=r"'Which floor.*Make one by questions"):
            console.answer(Step("Which floor?", "2", seconds=0.5))


def test_what_is_asked_ends_with_the_prompt_and_begins_with_the_verb(served: Served, tmp_path: Path) -> None:
    with at_line(served, tmp_path, []) as (line, _):
        said = line.ask("hops", SECONDS)
    assert said.lstrip().startswith("hops\n")  # the prompt's own blank may come later than its letters
    assert said.rstrip().endswith("nightporter>")
    assert "Mews" in said
