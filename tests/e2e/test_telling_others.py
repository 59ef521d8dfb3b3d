"""[telemetry] by a real process: without it nothing of it is loaded; a new file begins it, moves it and ends it,
and leaves no connection behind.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import trio

from tests.canaries.receiver import receiving
from tests.e2e.processes import PATIENCE, AgentProcess, RealHotel, real_hotel

# The agent, which says at its end what it has loaded.
TELLS_MODULES = (
    "import atexit, runpy, sys\n"
    "atexit.register(lambda: print('LOADED', *sys.modules, file=sys.stderr))\n"
    "sys.argv = ['nightporter', 'run', *sys.argv[1:]]\n"
    "runpy.run_module('agent', run_name='__main__', alter_sys=True)\n"
)
OF_TELLING = ("agent.hotel.telling_others", "agent.status.telling", "agent.status.telemetry.ring")


async def loaded(hotel: RealHotel, *files: str) -> set[str]:
    """What an agent had loaded at its end that was given these files one after the other."""
    async with hotel.agent(main=(sys.executable, "-c", TELLS_MODULES)) as agent:
        await agent.wait_page()
        await agent.get("status.json")
        for number, more in enumerate(files, start=1):
            hotel.provision(more=more)
            agent.send(signal.SIGHUP)
            await agent.wait_line("E-LOCK-UNCONFIRMED", 1 + number)  # each new file says so again
        agent.send(signal.SIGTERM)
        assert await agent.wait_exit() == 0
    [line] = [line for line in agent.lines if line.startswith("LOADED")]
    return set(line.split()[1:])


async def test_without_telemetry_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel:
        modules = await loaded(hotel, "")
        assert "agent.status.web" in modules
        assert not [name for name in modules if name.startswith(OF_TELLING)]


async def test_a_new_file_begins_moves_and_ends_it_and_no_connection_stays(tmp_path: Path) -> None:
    async with real_hotel(tmp_path) as hotel, receiving() as first, receiving() as second, hotel.agent() as agent:
        await agent.wait_page()
        for receiver in (first, second):
            await take(
                hotel, agent, f'[telemetry]\nremote_write = "http://127.0.0.1:{receiver.port}/api/v1/write"\n'
            )
            with trio.fail_after(PATIENCE):
                await receiver.changes.wait_until(partial(bool, receiver.bodies["/api"]))
            assert receiver.port in peers(agent.pid)
        await left(agent.pid, first.port)
        count = len(first.bodies["/api"])
        await take(hotel, agent, "")
        await left(agent.pid, first.port, second.port)
        assert len(first.bodies["/api"]) == count


async def take(hotel: RealHotel, agent: AgentProcess, more: str) -> None:
    """Have the agent take a file with this, and wait until it has."""
    count = agent.log.count("E-LOCK-UNCONFIRMED")
    hotel.provision(more=more)
    agent.send(signal.SIGHUP)
    await agent.wait_line("E-LOCK-UNCONFIRMED", count + 1)


async def left(pid: int, *ports: int) -> None:
    """Wait until no connection to any of them is there: the file counts a moment before they are closed."""
    with trio.fail_after(PATIENCE):
        while peers(pid) & set(ports):  # noqa: ASYNC110 - a connection tells no one that it closes
            await trio.sleep(0.05)


def peers(pid: int) -> set[int]:
    """The ports at the other ends of a process's established connections; proc(5), /proc/PID/net/tcp."""
    ours = set(_open_files(pid))
    found = set()
    for row in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        fields = row.split()
        if fields[3] == "01" and f"socket:[{fields[9]}]" in ours:
            found.add(int(fields[2].partition(":")[2], 16))
    return found


def _open_files(pid: int) -> Iterator[str]:
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            yield str(each.readlink())
