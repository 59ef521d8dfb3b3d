"""The serial console as an installer has it: the agent as a process, its line a pty, read off a screen."""

import os
import subprocess
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
import trio

from agent.simulators.mews.switches import DEMO_TOKEN
from tests.console.person import Person
from tests.e2e.processes import AgentProcess, RealHotel, real_hotel, running

PROMPT = "nightporter>"
TYPED_A_SECOND = 5  # letters; a person who reads what is asked


@asynccontextmanager
async def at_the_line(hotel: RealHotel, speed: int | None = None) -> AsyncIterator[tuple[AgentProcess, Person]]:
    """An agent with a serial line, and a person at the other end of the cable, who sees a prompt."""
    ours, theirs = os.openpty()
    person = Person(ours, speed=speed)
    command = [*hotel.command(), "--console", os.ttyname(theirs)]
    try:
        async with running(command) as agent:
            await person.looks_until(lambda: person.last_line == PROMPT, "a prompt")
            yield agent, person
    finally:
        os.close(theirs)
        person.unplug()


def answers(hotel: RealHotel) -> list[tuple[str, str]]:
    """What the set-up asks, and what an installer types: a question's words, and the answer."""
    mews, bridge = hotel.ports
    return [
        ("by questions, or send", "questions"),
        ("What is the box called?", "aurora-desk"),
        ("In which time zone", "Vienna"),
        ("[Europe/Vienna]", ""),
        ("How does the box get its address?", ""),
        ("Which Mews?", "own"),
        ("At which address is Mews?", f"http://127.0.0.1:{mews}"),
        ("Which connector token?", DEMO_TOKEN),
        ("Which lock system?", "coder-bridge"),
        ("At which address is the lock system's PC?", f"http://127.0.0.1:{bridge}"),
        ("Which user there?", hotel.bridge.switches.client_id),
        ("Which password?", hotel.bridge.switches.client_pw),
        ("What is encoder 1 called?", "Front desk"),
        ("Which identifier has encoder 1?", "1"),
        ("Which key cutters of Mews is encoder 1?", "1"),
        ("Is there another encoder?", ""),
        ("May the box cut keys?", ""),
        ("calls that the vendor has not confirmed?", "yes"),
        ("Which code for the serial line?", ""),
        ("Which password for the page?", ""),
        ("Use it? (yes/no)", "yes"),
        ("Cut one now? (yes/no)", "yes"),
        ("At which encoder (encoder:1)?", "encoder:1"),
        ("For which room?", "101"),
    ]


@pytest.mark.parametrize("speed", [9600, 115_200])
async def test_a_box_without_a_file_cuts_its_first_key_in_one_session(tmp_path: Path, speed: int) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.config.unlink()
        async with at_the_line(hotel, speed) as (_, person):
            begun, typed = trio.current_time(), 0
            await person.types("setup\r")
            for question, answer in answers(hotel):
                await person.looks_until(partial(_is_asked, person, question), question)
                await person.types(answer + "\r")
                typed += len(answer) + 1
            await person.sees("1 key was cut for room 101.")
            took = trio.current_time() - begun
        assert [cut.room for cut in hotel.bridge.cuts] == ["101"]
        assert took + typed / TYPED_A_SECOND < 180
        assert hotel.bridge.switches.client_pw.encode() not in person.came
        assert hotel.bridge.switches.client_pw in hotel.config.read_text()


def _is_asked(person: Person, question: str) -> bool:
    """Whether the question stands in the last rows, with the cursor behind it or below."""
    rows = [row.rstrip() for row in person.screen.display[: person.screen.cursor.y + 1]]
    return question in " ".join(row.strip() for row in rows[-3:]) and rows[-1] != ""


async def test_the_line_acts_on_the_running_agent_after_the_code(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.config.write_text(hotel.config.read_text() + '\n[console]\ncode = "k7mp-3xqd"\n')
        async with at_the_line(hotel) as (agent, person):
            await agent.wait_snapshot(lambda snapshot: any(hop.id == "encoder:1" for hop in snapshot.hops))
            await person.types("key 1 101\r")
            await person.looks_until(lambda: person.last_line == "Code:", "the question for the code")
            await person.types("k7mp-3xqd\r")
            await person.sees("1 key was cut for room 101.")
            await person.types("provision show\r")
            await person.sees("Mews ")
        assert [cut.room for cut in hotel.bridge.cuts] == ["101"]
        assert "k7mp" not in agent.log
        assert b"k7mp" not in person.came


async def test_a_line_that_is_no_line_is_no_end_of_the_agent(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel, running([*hotel.command(), "--console", str(tmp_path)]) as agent:
        hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.mews.wait_all_final()
        assert (await agent.snapshot()).box.name


def test_a_console_that_is_ended_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    before = termios.tcgetattr(theirs)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "agent", "console", "--state", str(tmp_path)], stdin=theirs, stdout=theirs
        )
        said = b""
        while b"nightporter>" not in said:
            said += os.read(ours, 4096)
        assert termios.tcgetattr(theirs) != before
        process.terminate()
        assert process.wait(30) == 0
        assert termios.tcgetattr(theirs) == before
    finally:
        os.close(theirs)
        os.close(ours)
