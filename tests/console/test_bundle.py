"""A support bundle over a real pty: as text for a saved log, and sent to a laptop, over a line that spoils it."""

import os
import random
from pathlib import Path

import msgspec
import pytest
import trio

from agent.control.words.bundle import SupportBundle
from agent.laptop.conversation.conversation import Conversation
from agent.laptop.conversation.fetching import FETCH, Fetch, file_name
from agent.status.bundle.opening import opened
from agent.status.bundle.summary import summary
from provisioning.transfer.outcome import Received
from provisioning.transfer.printed import put_together
from tests.console.bench import Bench
from tests.console.person import PATIENCE, Person

CONTENT = random.Random(1).randbytes(20_000)
STEM = "aurora-desk-20261126-1300"
BUNDLE = SupportBundle(f"{STEM}.nightporter.tar.gz", CONTENT)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.hotel.bundle = BUNDLE
    return bench


async def test_it_is_printed_as_text_that_a_log_keeps(bench: Bench) -> None:
    async with bench.desk(), bench.person() as person:
        await person.types("bundle\r")
        await person.skims_until(lambda: b"all of it." in person.came, "the end")
    assert put_together(bytes(person.came)) == Received(STEM, CONTENT)
    assert f"{STEM}.nightporter.tar.gz, 20000 bytes".encode() in person.came


async def test_ctrl_c_ends_the_printing_at_once(bench: Bench) -> None:
    bench.hotel.bundle = msgspec.structs.replace(BUNDLE, content=CONTENT * 50)
    async with bench.desk(), bench.person() as person:
        await person.types("bundle\r")
        await person.skims_until(lambda: person.came.count(b"~D.") > 20, "some of it")
        await person.types("\x03")
        await person.skims_until(lambda: b"Broken off." in person.came, "the end")
        assert person.came.count(b"~D.") < 10_000


class Noise:
    """Flips a bit in some pieces and loses others; `every` is how many pieces are well before one is spoilt."""

    def __init__(self, every: int) -> None:
        self._every, self._count = every, 0

    def passed(self, data: bytes) -> bytes:
        self._count += bool(data)
        if not data or self._count % self._every:
            return data
        if self._count % (2 * self._every):
            at = self._count % len(data)
            return data[:at] + bytes([data[at] ^ 8]) + data[at + 1 :]
        return data[: len(data) // 2]


async def fetched(person: Person, noise: Noise, code: str = "") -> tuple[Conversation, Fetch]:
    """What the laptop has at the end."""
    fetch = Fetch()
    conversation = Conversation(fetch, code, FETCH)
    with trio.fail_after(PATIENCE * 2):
        while conversation.result is None:
            if going := conversation.due(trio.current_time()):
                await person.types(going)
            data = b""
            with trio.move_on_after(0.1):
                await trio.lowlevel.wait_readable(person._terminal)
                data = os.read(person._terminal, 500)
            conversation.heard(noise.passed(data), trio.current_time())
    return conversation, fetch


@pytest.mark.parametrize("every", [1_000_000, 5])
async def test_the_laptop_gets_it_whole_over_any_line(bench: Bench, every: int) -> None:
    async with bench.desk(), bench.person() as person:
        conversation, fetch = await fetched(person, Noise(every))
    assert conversation.result is not None
    assert conversation.result.is_done, conversation.result.text
    assert fetch.result == Received(STEM, CONTENT)


async def test_without_an_agent_it_is_made_by_a_program_of_its_own(bench: Bench) -> None:
    async with bench.person() as person:
        await person.types("bundle\r")
        await person.skims_until(lambda: b"all of it." in person.came, "the end")
    received = put_together(bytes(person.came))
    assert isinstance(received, Received)
    assert "status.json: no agent runs here" in summary(opened(received.content))


def test_a_name_from_the_box_is_no_path() -> None:
    assert file_name(STEM) == f"{STEM}.nightporter.tar.gz"
    assert file_name("../../etc/x") == "support.nightporter.tar.gz"
