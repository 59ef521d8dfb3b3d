"""Lines, people, helpers and desks at their worst: no line hangs, takes another with it or lets a stranger in."""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from agent.console.desk_link import DeskLink, NoAgent
from agent.console.helper import Hear, SocketHelper
from agent.console.line import Descriptors, Line
from agent.console.login import FREE_TRIES, IDLE_SECONDS
from agent.console.server import FIRST_PAUSE
from agent.control.place import NAME
from agent.control.words.messages import PROTOCOL, Greeting, encode
from agent.control.words.told import End as DeskEnd
from agent.handover.helper import Done, End, Ping, ReadLog, Request, TakeFile
from agent.handover.site_facts import SiteFacts, code_check
from tests.console.bench import Bench
from tests.console.person import Person, at_terminal

CODE = "k7mp-3xqd"
LOCKED = SiteFacts(is_provisioned=True, code=code_check(CODE))
PROMPT = "nightporter>"
AT_ONCE = 2.0  # s; a busy machine


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    async with bench.desk():
        yield bench


@asynccontextmanager
async def until_gone(bench: Bench) -> AsyncIterator[Person]:
    """A person at a line; the block's end waits for the end of the session."""
    async with at_terminal() as (person, ends):
        gone = trio.Event()

        async def serve() -> None:
            await bench.console.serve(ends, asks_for_code=False)
            gone.set()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(serve)
            await person.sees(PROMPT)
            yield person
            with trio.fail_after(AT_ONCE):
                await gone.wait()


# -- lines ---------------------------------------------------------------------------------------------------


async def test_a_line_that_is_pulled_out_while_a_file_comes_ends_at_once(bench: Bench) -> None:
    async with until_gone(bench) as person:
        await person.types("provision receive\r")
        await person.sees("ready to receive")
        await person.types(b"~H.half a head")
        person.unplug()


async def test_ctrl_c_while_no_file_comes_brings_the_prompt_back_at_once(bench: Bench) -> None:
    async with bench.person() as person:
        await person.types("provision receive\r")
        await person.sees("ready to receive")
        with trio.fail_after(AT_ONCE):
            await person.types(b"\x03")
            await person.sees("Broken off.")
            await person.looks_until(lambda: person.last_line == PROMPT, "a prompt")


async def test_what_looks_like_ctrl_c_in_the_midst_of_a_transfer_is_noise(bench: Bench) -> None:
    async with bench.person() as person:
        await person.types("provision receive\r")
        await person.sees("ready to receive")
        await person.types(b"~D.k7mp")
        await trio.testing.wait_all_tasks_blocked()
        await person.types(b"\x03.000001")
        await trio.testing.wait_all_tasks_blocked()
        assert "Broken off." not in person.shown


async def test_nothing_waits_for_a_line_that_takes_nothing_any_more() -> None:
    ours, theirs = os.openpty()
    line = Line(Descriptors("ttyX", theirs))
    os.close(ours)
    try:
        with trio.fail_after(AT_ONCE):
            line.put("one\n")
            await line.write()
            for word in ("two\n", "three\n"):
                line.put(word)
                await line.wait_written()
    finally:
        os.close(theirs)


async def test_a_line_that_ends_as_soon_as_it_is_opened_is_not_opened_without_end(bench: Bench) -> None:
    opened: list[float] = []
    is_again = trio.Event()

    def open_line(name: str) -> "_Dead":
        opened.append(trio.current_time())
        if len(opened) > 1:
            is_again.set()
        return _Dead()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(bench.console.serve_all, lambda: ("dead",), open_line, None)
        with trio.fail_after(FIRST_PAUSE * 3):
            await is_again.wait()
        nursery.cancel_scope.cancel()
    assert opened[1] - opened[0] >= FIRST_PAUSE


class _Dead:
    """A line whose other end is gone already."""

    def __init__(self) -> None:
        ours, self._theirs = os.openpty()
        os.close(ours)

    def fileno(self) -> int:
        return self._theirs

    def close(self) -> None:
        os.close(self._theirs)


@pytest.mark.parametrize("columns", [1, 2, 9])
async def test_a_terminal_of_hardly_a_column_is_served(bench: Bench, columns: int) -> None:
    async with at_terminal(80) as (person, ends), trio.open_nursery() as nursery:
        narrow = Descriptors("ttyX", ends.reads, columns=lambda: columns)
        nursery.start_soon(partial(bench.console.serve, narrow, asks_for_code=False))
        await person.types("help key\r")
        await person.sees("--copies N")
        nursery.cancel_scope.cancel()


# -- floods --------------------------------------------------------------------------------------------------


class Flood:
    """A helper that says more than any line takes, and then, unless it ends, waits."""

    def __init__(self, lines: int, *, ends: bool) -> None:
        self._lines, self._ends = lines, ends
        self.is_over = trio.Event()

    async def ask(self, request: Request, hear: Hear) -> Done:
        for number in range(self._lines):
            hear(f"line {number} of very many that a log may have, each as long as such lines are")
            if number % 40 == 0:
                await trio.lowlevel.checkpoint()
        self.is_over.set()
        if not self._ends:
            await trio.sleep_forever()
        return Done(End.DONE, "That was the last one.")


async def test_after_a_flood_the_last_word_and_the_prompt_are_there(bench: Bench) -> None:
    bench.box.helper = Flood(100_000, ends=True)
    async with bench.person() as person:
        await person.types("log\r")
        await person.skims_until(lambda: person.came.endswith(b"last one.\r\nnightporter> "), "the end")
        assert b"line 99999 " in person.came


async def test_ctrl_c_in_a_flood_that_no_one_reads_brings_the_prompt_back_at_once(bench: Bench) -> None:
    bench.box.helper = flood = Flood(20_000, ends=False)
    async with bench.person() as person:
        await person.types("log -f\r")
        await flood.is_over.wait()
        await person.types(b"\x03")
        with trio.fail_after(AT_ONCE):
            await person.sees("Broken off.")
            await person.looks_until(lambda: person.last_line == PROMPT, "a prompt")
        assert len(person.came) < 64 * 1024
        assert b"(lines were left out" in person.came


async def test_what_is_announced_faster_than_a_line_takes_it_leaves_the_prompt_and_what_was_typed(
    bench: Bench,
) -> None:
    async with bench.person() as person:
        await person.types("provision rec")
        await person.looks_until(lambda: person.last_line.endswith(" rec"), "what was typed")
        for _ in range(10_000):
            bench.console.announce("something happened that takes a line of this screen to say")
        await person.skims_until(lambda: b"(lines were left out" in person.came, "a word of it")
        await person.skims_until(lambda: person.came.endswith(f"{PROMPT} provision rec".encode()), "the prompt")


async def test_eight_lines_that_flood_leave_the_ninth_its_answers(bench: Bench) -> None:
    bench.box.helper = Flood(20_000, ends=False)
    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(_flooded, bench)
        async with bench.person() as person:
            with trio.fail_after(10):
                for count in range(5):
                    await person.types("hops\r")
                    await person.looks_until(partial(_has_more, person, count), "hops")
        nursery.cancel_scope.cancel()


async def _flooded(bench: Bench) -> None:
    async with bench.person() as person:
        await person.types("log -f\r")
        await person.skims_until(lambda: False, "an end")


# -- log-in --------------------------------------------------------------------------------------------------


async def test_leaving_and_coming_back_frees_no_one_of_the_pause_after_wrong_codes(bench: Bench) -> None:
    bench.facts = LOCKED
    async with bench.person(asks_for_code=True) as person:
        await person.types("pause 1\r")
        for count in range(FREE_TRIES):
            await person.sees_times("Code:", count + 1)
            await person.types("wrong-code\r")
        await person.sees("Too many wrong codes")
        await person.types(b"\x04")
    async with bench.person(asks_for_code=True) as person:
        await person.types("pause 1\r")
        await person.sees("Too many wrong codes")
        assert "Code:" not in person.shown


async def test_a_log_in_ends_with_its_line(bench: Bench) -> None:
    bench.facts = LOCKED
    async with bench.person(asks_for_code=True) as person:
        await person.types(f"login\r{CODE}\rpause 1\r")
        await person.looks_until(lambda: bool(bench.hotel.paused), "a pause")
    async with bench.person(asks_for_code=True) as person:
        await person.types("resume 1\r")
        await person.sees("Code:")


async def test_what_was_typed_before_a_log_out_is_not_the_next_persons(bench: Bench) -> None:
    bench.facts = LOCKED
    async with bench.person(asks_for_code=True) as person:
        await person.types("hops\rlogout\r")
        await person.sees("You are not logged in.")
        await person.types(b"\x10\x10")
        await person.types("?")
        await person.sees("how the box, Mews, the lock servers")
        assert person.last_line == PROMPT


async def test_a_question_that_waits_for_the_next_person_is_broken_off_by_the_idle_log_out(
    bench: Bench, mock_clock: MockClock
) -> None:
    mock_clock.rate = 1.0
    bench.facts = LOCKED
    async with bench.person(asks_for_code=True) as person:
        await person.types(f"factory-reset aurora-desk\r{CODE}\r")
        await person.sees("(yes/no)")
        mock_clock.jump(IDLE_SECONDS + 1)
        await person.sees("Logged out: the line was idle")
        await person.types("yes\r")
        await person.sees("There is no verb")
    assert bench.helper.asked == []


# -- helpers -------------------------------------------------------------------------------------------------

ANSWERS = {
    "dies": b"",
    "dies in the middle": b'{"type":"said","text":"one"}\n{"type":"don',
    "lies": b'[]\n{"type":"done"}\n{"type":"done","end":"perhaps","text":""}\n' + b"[" * 10_000 + b"\n\xff\xfe\n",
    "never ends its line": b"x" * 3_000_000,
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_a_helper_that_is_none_is_one_sentence(tmp_path: Path, answer: bytes) -> None:
    async with serving(tmp_path / "helper", b"", answer):
        done = await SocketHelper(tmp_path / "helper").ask(Ping("10.4.5.1"), lambda _: None)
    assert done.end is End.FAILED
    assert done.text.startswith("The box's helper ended before it said")


async def test_no_helper_is_one_sentence(tmp_path: Path) -> None:
    done = await SocketHelper(tmp_path / "none").ask(ReadLog(), lambda _: None)
    assert done.text.startswith("The box's helper does not answer")


async def test_a_helper_that_takes_no_file_is_not_waited_for_after_ctrl_c(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "helper"))
        silent.listen()
        with trio.move_on_after(0.2) as patience:
            await SocketHelper(tmp_path / "helper").ask(TakeFile(b"x" * 1_000_000), lambda _: None)
        assert patience.cancelled_caught


# -- desks ---------------------------------------------------------------------------------------------------


@asynccontextmanager
async def serving(path: Path, greeting: bytes, answer: bytes) -> AsyncIterator[None]:
    """A server that says the same to whatever it is asked, and hangs up."""

    async def serve(line: trio.SocketStream) -> None:
        async with line:
            with trio.move_on_after(AT_ONCE):
                await line.send_all(greeting)
                await line.receive_some()
                await line.send_all(answer)

    listener = trio.socket.socket(trio.socket.AF_UNIX)
    await listener.bind(str(path))
    listener.listen()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.serve_listeners, serve, [trio.SocketListener(listener)])
        yield
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("answer", [*ANSWERS.values(), b'{"type":"line","text":"one"}\n'], ids=[*ANSWERS, "half"])
async def test_a_desk_that_dies_or_lies_in_the_middle_of_a_verb_may_have_done_it(
    tmp_path: Path, answer: bytes
) -> None:
    async with serving(tmp_path / NAME, encode(Greeting(PROTOCOL, "0.2.0")), answer):
        result = await DeskLink(tmp_path).carry_out(["key", "1", "101"], lambda _: None, trio.Event())
        assert result.end is DeskEnd.PERHAPS
        assert await DeskLink(tmp_path).completions(["key", ""]) == ()


@pytest.mark.parametrize("greeting", [b"", b"\n", b"[]\n", b"\xff\n", b'{"control":99,"version":"9"}\n'])
async def test_what_does_not_greet_as_an_agent_is_none(tmp_path: Path, greeting: bytes) -> None:
    async with serving(tmp_path / NAME, greeting, b""):
        with pytest.raises(NoAgent):
            await DeskLink(tmp_path).carry_out(["watch"], lambda _: None, trio.Event())


def _has_more(person: Person, count: int) -> bool:
    return person.came.count(b"Mews ") > count
