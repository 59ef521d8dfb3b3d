"""A stop at any moment from when the process takes signals until it has ended: exit code 0, no traceback."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import trio

from agent.simulators.base.presence import Absence
from tests.e2e.processes import PATIENCE, AgentProcess, RealHotel, real_hotel

LAST_MOMENT = 2.0  # s after the process takes signals; it has long come to rest by then
Trouble = Callable[[RealHotel], object]
MEWS: dict[str, Trouble] = {
    "well": lambda hotel: None,
    "hangs": lambda hotel: hotel.mews.presence.leave(Absence.HANG),
    "absent": lambda hotel: hotel.mews.presence.leave(Absence.REFUSE),
}


def takes(process: int, number: signal.Signals) -> bool:
    """Whether the process has a handler of its own for that signal (proc(5), SigCgt)."""
    status = Path(f"/proc/{process}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


async def wait_takes(agent: AgentProcess, number: signal.Signals) -> None:
    with trio.fail_after(PATIENCE):
        while not takes(agent.pid, number):  # noqa: ASYNC110 - the kernel tells no one
            await trio.sleep(0.001)


async def stopped(hotel: RealHotel, after: float, *numbers: signal.Signals) -> tuple[int, str]:
    """Exit code and log of an agent that gets the signals, some milliseconds apart, so long after its start."""
    async with hotel.agent() as agent:
        await wait_takes(agent, signal.SIGTERM)
        await trio.sleep(after)
        for number in numbers:
            if agent.process.returncode is None:
                agent.send(number)
            await trio.sleep(0.005)
        return await agent.wait_exit(), agent.log


def moments(step: float) -> list[float]:
    return [step * count for count in range(round(LAST_MOMENT / step) + 1)]


@pytest.mark.parametrize(("mews", "step"), [("hangs", 0.1), ("absent", 0.25), ("well", 0.25)])
async def test_a_stop_at_any_moment_of_a_start_ends_well(tmp_path: Path, mews: str, step: float) -> None:
    async with real_hotel(tmp_path) as hotel:
        MEWS[mews](hotel)
        for at, after in enumerate(moments(step)):
            number = (signal.SIGTERM, signal.SIGINT)[at % 2]
            code, log = await stopped(hotel, after, number)
            assert (code, "Traceback" in log) == (0, False), f"after {after} s: {log}"


@pytest.mark.parametrize("gap", [signal.SIGTERM, signal.SIGHUP])
async def test_further_signals_while_it_ends_change_nothing(tmp_path: Path, gap: signal.Signals) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.mews.presence.leave(Absence.HANG)
        for after in moments(0.4):
            code, log = await stopped(hotel, after, signal.SIGTERM, *[gap, signal.SIGINT] * 20)
            assert (code, "Traceback" in log) == (0, False), f"after {after} s: {log}"
