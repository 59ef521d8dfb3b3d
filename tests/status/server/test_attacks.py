"""A real agent whose page is attacked: limits hold, honest readers are answered, and it is at rest afterwards."""

import statistics
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio

from agent.simulators.mews.commands import State
from tests.attacks import UNDER_WAY
from tests.bench.processes import resident_mb
from tests.e2e.processes import PATIENCE, AgentProcess, real_hotel

SOON = 1.0  # s within which an honest reader has its answer, and
PATIENT = 10.0  # s at the latest, where the machine that runs this does other things as well
ROUNDS = 10
KEYS = 12
ATTACK_MB = 25.0  # that an attack may cost while it goes on; idle connections and their buffers
READERS = 50
READERS_MB = 3.0


@asynccontextmanager
async def under_attack(url: str) -> AsyncIterator[None]:
    """A process that does all of `tests/attacks.py`, once it is under way."""
    host, port = url.removeprefix("http://").strip("/").split(":")
    process = await trio.lowlevel.open_process([sys.executable, "-m", "tests.attacks", host, port], stdout=-1)
    assert process.stdout is not None
    try:
        with trio.fail_after(PATIENCE):
            assert UNDER_WAY.encode() in await process.stdout.receive_some()
        yield
    finally:
        process.kill()
        await process.wait()


async def ask(agent: AgentProcess, path: str) -> float:
    """One honest reader, on a connection of its own; how long it took, in seconds."""
    began = trio.current_time()
    with trio.fail_after(PATIENT):
        answer = await agent.get(path)
    assert answer.status_code in (200, 503), answer
    return trio.current_time() - began


def open_files(agent: AgentProcess) -> int:
    return len(list(Path(f"/proc/{agent.pid}/fd").iterdir()))


async def test_under_attack_keys_are_cut_and_honest_readers_answered_within_a_second(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel, hotel.agent() as agent:
        await agent.wait_page()
        await agent.get("")  # the first page loads what draws it
        files, memory = open_files(agent), resident_mb(agent.pid)
        async with under_attack(await agent.wait_page()):
            hotel.bridge.switch(card_seconds=0.01)
            ids = [hotel.mews.add_key(str(number % 3 + 1), ["101"]) for number in range(KEYS)]
            took: list[float] = []
            for _ in range(ROUNDS):
                took += [await ask(agent, "healthz"), await ask(agent, "")]
                assert open_files(agent) - files <= 140
            print(f"answers took {statistics.median(took):.3f} s, at most {max(took):.3f} s")
            assert statistics.median(took) < SOON
            with trio.fail_after(PATIENCE):
                ended = [await hotel.mews.wait_final(id) for id in ids]
            assert {command.state for command in ended} == {State.PROCESSED}
            print(f"the attack costs {resident_mb(agent.pid) - memory:.1f} MB")
            assert resident_mb(agent.pid) - memory < ATTACK_MB
        await ask(agent, "healthz")


async def test_fifty_live_readers_cost_little_and_the_box_is_at_rest_when_they_leave(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel, hotel.agent() as agent:
        url = await agent.wait_page()
        await read(url, 1)
        files, memory = open_files(agent), resident_mb(agent.pid)
        most = await read(url, READERS, agent)
        print(f"{most - memory:.2f} MB for {READERS} readers, {resident_mb(agent.pid) - memory:.2f} MB afterwards")
        assert most - memory <= READERS_MB
        with trio.fail_after(PATIENCE):
            while open_files(agent) > files + 1:  # noqa: ASYNC110 - what it waits for cannot call back
                await trio.sleep(0.05)


async def read(url: str, readers: int, agent: AgentProcess | None = None) -> float:
    """So many readers, each until it has heard two changes or signs of life; the memory they cost together, MB."""
    host, port = url.removeprefix("http://").strip("/").split(":")
    most = 0.0
    all_read = trio.Event()
    done = 0

    async def one() -> None:
        nonlocal done
        async with await trio.open_tcp_stream(host, int(port)) as stream:
            await stream.send_all(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            heard = b""
            while heard.count(b"event: ") < 4:
                piece = await stream.receive_some()
                assert piece, heard
                heard += piece
            done += 1
            if done == readers:
                all_read.set()
            await all_read.wait()
            await trio.sleep_forever()

    async with trio.open_nursery() as nursery:
        for _ in range(readers):
            nursery.start_soon(one)
        with trio.fail_after(PATIENCE):
            await all_read.wait()
        most = resident_mb(agent.pid) if agent else 0.0
        nursery.cancel_scope.cancel()
    return most
