"""The desk as people use it: the agent as a process, and every verb as another one in a second terminal."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

import pytest
import trio

from tests.e2e.processes import PATIENCE, AgentProcess, RealHotel, real_hotel

CARD_SECONDS = 1.5  # long enough to be interrupted in


class Said:
    """A verb that ended: its exit code, and what it wrote."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err
        assert "Traceback" not in err


class Verb:
    """A verb under way in a second terminal."""

    def __init__(self, process: trio.Process) -> None:
        self.process = process
        self.out = ""

    async def wait_words(self, words: str) -> None:
        """Wait until it has written them."""
        assert self.process.stdout is not None
        with trio.fail_after(PATIENCE):
            while words not in self.out:
                piece = await self.process.stdout.receive_some()
                assert piece, self.out
                self.out += piece.decode()

    async def wait_end(self) -> Said:
        """Wait until it has ended."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        with trio.fail_after(PATIENCE):
            async for piece in self.process.stdout:
                self.out += piece.decode()
            err = b""
            async for piece in self.process.stderr:
                err += piece
            return Said(await self.process.wait(), self.out, err.decode())


@asynccontextmanager
async def asking(hotel: RealHotel, *words: str) -> AsyncIterator[Verb]:
    process = await trio.lowlevel.open_process(
        [sys.executable, "-u", "-m", "agent", *words, "--state", str(hotel.state)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield Verb(process)
    finally:
        process.kill()
        await process.wait()


async def ask(hotel: RealHotel, *words: str) -> Said:
    async with asking(hotel, *words) as verb:
        return await verb.wait_end()


async def wait_socket(hotel: RealHotel, agent: AgentProcess) -> None:
    """Wait until the desk is there."""
    await agent.wait_page()
    with trio.fail_after(PATIENCE):
        while not (hotel.state / "control").exists():  # noqa: ASYNC110 - a file cannot call
            await trio.sleep(0.02)


def rows(hotel: RealHotel, statement: str) -> list[Any]:
    with closing(sqlite3.connect(hotel.state / "journal.sqlite")) as journal:
        return journal.execute(statement).fetchall()


ACTS = "SELECT verb, end, note FROM act ORDER BY rowid"


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[RealHotel]:
    async with real_hotel(tmp_path) as hotel:
        hotel.bridge.switch(card_seconds=CARD_SECONDS)
        yield hotel


async def test_the_verbs_act_on_the_agent_and_what_acts_is_written_down(hotel: RealHotel) -> None:
    async with hotel.agent() as agent:
        await wait_socket(hotel, agent)
        tested = await ask(hotel, "test")
        assert (tested.code, "lock-server:coder-bridge: log-in: ok" in tested.out) == (0, True)
        cut = await ask(hotel, "key", "1", "101")
        assert (cut.code, cut.out.splitlines()[-1]) == (0, "1 key was cut for room 101.")
        assert "Present a card at Desk 1: key 1 of 1 for room 101." in cut.out
        mistake = await ask(hotel, "key", "17", "101")
        assert (mistake.code, mistake.out, len(mistake.err.splitlines())) == (2, "", 1)
        assert (await ask(hotel, "reload")).code == 0
        agent.send(signal.SIGTERM)
        assert await agent.wait_exit() == 0
    ends = [(verb, end) for verb, end, _ in rows(hotel, ACTS)]
    assert ends == [("test", "done"), ("key", "done"), ("reload", "done")]
    assert len(hotel.bridge.cuts) == 1
    assert not (hotel.state / "control").exists()
    gone = await ask(hotel, "test")
    assert (gone.code, "No agent runs in" in gone.err) == (1, True)


async def test_ctrl_c_in_the_middle_of_a_key_tells_that_it_counts_as_perhaps_cut(hotel: RealHotel) -> None:
    async with hotel.agent() as agent:
        await wait_socket(hotel, agent)
        async with asking(hotel, "key", "1", "101") as verb:
            await verb.wait_words("Present a card")
            verb.process.send_signal(signal.SIGINT)
            said = await verb.wait_end()
        agent.send(signal.SIGTERM)
        await agent.wait_exit()
    assert (said.code, "The key counts as perhaps cut" in said.err) == (1, True)
    assert [(verb, end) for verb, end, _ in rows(hotel, ACTS)] == [("key", "perhaps")]
    assert len(hotel.bridge.cuts) == 1


async def test_a_paused_lane_lets_a_key_wait_and_ctrl_c_takes_it_back(hotel: RealHotel) -> None:
    async with hotel.agent() as agent:
        await wait_socket(hotel, agent)
        assert (await ask(hotel, "pause", "1")).code == 0
        async with asking(hotel, "key", "1", "101") as verb:
            await verb.wait_words("Waits for someone to let it go on")
            verb.process.send_signal(signal.SIGINT)
            said = await verb.wait_end()
        assert "no key was cut" in said.err
        async with asking(hotel, "key", "1", "102") as verb:
            await verb.wait_words("Waits for")
            assert (await ask(hotel, "resume", "1")).code == 0
            assert (await verb.wait_end()).code == 0
    assert [cut.room for cut in hotel.bridge.cuts] == ["102"]


async def test_a_watcher_that_is_killed_is_missed_by_nobody(hotel: RealHotel) -> None:
    async with hotel.agent() as agent:
        await wait_socket(hotel, agent)
        async with asking(hotel, "watch") as killed, asking(hotel, "watch") as watching:
            await trio.sleep(1)  # both have to be there before something happens
            hotel.mews.add_key("1", ["101"])
            await killed.wait_words(" dispatched")
            killed.process.send_signal(signal.SIGKILL)
            await watching.wait_words(" reported")
            watching.process.send_signal(signal.SIGINT)
            assert (await watching.wait_end()).code == 0
        assert (await ask(hotel, "test", "box")).code == 0


async def test_a_kill_in_the_middle_of_a_key_is_told_truly_and_never_cut_twice(hotel: RealHotel) -> None:
    async with hotel.agent() as agent:
        await wait_socket(hotel, agent)
        async with asking(hotel, "key", "1", "101") as verb:
            await verb.wait_words("Present a card")
            with trio.fail_after(PATIENCE):
                await hotel.bridge.wait_calls("guest_key", 1)  # before that the key surely was not cut
            agent.send(signal.SIGKILL)
            said = await verb.wait_end()
    assert (said.code, "before it said what came of it" in said.err) == (1, True)
    async with hotel.agent() as agent:
        await wait_socket(hotel, agent)
        await ask(hotel, "test", "box")
        agent.send(signal.SIGTERM)
        await agent.wait_exit()
    (_, end, note), _ = rows(hotel, ACTS)
    assert (end, "the box restarted while the encoder was at work" in note) == ("perhaps", True)
    assert len(hotel.bridge.cuts) <= 1


async def test_a_stop_takes_back_what_waits_and_says_so(hotel: RealHotel) -> None:
    async with hotel.agent() as agent:
        await wait_socket(hotel, agent)
        await ask(hotel, "pause", "1")
        async with asking(hotel, "key", "1", "101") as verb:
            await verb.wait_words("Waits for")
            agent.send(signal.SIGTERM)
            said = await verb.wait_end()
        assert await agent.wait_exit() == 0
    assert (said.code, "no key was cut" in said.err.lower()) == (1, True)
    assert [end for _, end, _ in rows(hotel, ACTS)] == ["done", "failed"]
    assert not hotel.bridge.cuts


STRANGERS = [
    b"x" * 1_000_000 + b"\n",
    b'{"control": 1, "words": ["key"',
    b'{"control": 1, "words": ["dance"], "face": "command line"}\n',
    b'{"control": 99, "words": ["test"], "face": "command line"}\n',
    b"\xff\xfe\x00\n",
    b"",
]


async def seconds_for_keys(hotel: RealHotel, count: int = 15) -> float:
    """How long an encoder takes for so many keys."""
    ids = [hotel.mews.add_key("1", [f"1{number:02}"]) for number in range(count)]
    began = trio.current_time()
    with trio.fail_after(PATIENCE):
        for id in ids:
            await hotel.mews.wait_final(id)
    return trio.current_time() - began


async def pester(hotel: RealHotel, number: int) -> None:
    """A stranger who says one of these things, stays as long as he is let, and comes again."""
    while True:
        with suppress(OSError, trio.BrokenResourceError), trio.move_on_after(20):
            async with await trio.open_unix_socket(str(hotel.state / "control")) as stream:
                await stream.send_all(STRANGERS[number % len(STRANGERS)])
                async for _ in stream:
                    pass
        await trio.sleep(2)


async def test_keys_keep_their_times_while_two_hundred_strangers_are_at_the_socket(hotel: RealHotel) -> None:
    hotel.bridge.switch(card_seconds=0.2)
    async with hotel.agent() as agent:
        await wait_socket(hotel, agent)
        quiet = await seconds_for_keys(hotel)
        async with trio.open_nursery() as nursery:
            for number in range(200):
                nursery.start_soon(pester, hotel, number)
            await trio.sleep(1)
            loud = await seconds_for_keys(hotel)
            nursery.cancel_scope.cancel()
        assert (await ask(hotel, "pause", "2")).code == 0
        agent.send(signal.SIGTERM)
        assert await agent.wait_exit() == 0
    assert len(hotel.bridge.cuts) == 30
    assert loud < 2 * quiet + 2  # strangers and simulators share the test's own processor
