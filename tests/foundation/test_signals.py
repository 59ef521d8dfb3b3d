"""Signals at every step of a start and a stop: whole agent, virtual time, and the loop counted step by step."""

import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from agent.foundation.signals import Signals
from agent.hotel.app import GRACE_SECONDS, App
from agent.hotel.options import Options
from agent.hotel.process import run_obeying
from agent.simulators.base.presence import Absence
from tests.whole_hotel import Hotel

STEPS = 150  # of the loop; more than a start takes until it has nothing to do but to poll
AT_ONCE = 1.1  # s; no key is under way, and a peer's connection may take one to close
Trouble = Callable[[Hotel], object]
MEWS: dict[str, Trouble] = {
    "well": lambda hotel: None,
    "hangs": lambda hotel: hotel.mews.presence.leave(Absence.HANG),
    "absent": lambda hotel: hotel.mews.presence.leave(Absence.REFUSE),
}


class SignalsAt(trio.abc.Instrument):
    """Sends the signals, each at its step of the loop."""

    def __init__(self, signals: Signals, plan: Mapping[int, int]) -> None:
        self._signals, self._plan = signals, plan
        self._step = 0
        self.sent_at = 0.0  # of the loop's clock: the first of them

    def before_task_step(self, task: trio.lowlevel.Task) -> None:
        self._step += 1
        if self._step in self._plan:
            self.sent_at = self.sent_at or trio.current_time()
            self._signals.came(self._plan[self._step])


async def ran(hotel: Hotel, signals: Signals) -> float:
    """Run the agent as the process does, until it ends; when that is."""
    app = App(
        Options(hotel.config, hotel.state, "127.0.0.1:0"), hotel.board, wires=hotel.wires, run_sync=hotel.run_sync
    )
    with trio.fail_after(10 * GRACE_SECONDS):
        await run_obeying(app, signals)
    return trio.current_time()


def seconds_to_stop(hotel: Hotel, plan: Mapping[int, int]) -> float:
    """Run an agent until the planned signals stop it; the seconds from the first of them to its end."""
    signals = Signals()
    at = SignalsAt(signals, plan)
    return trio.run(ran, hotel, signals, clock=MockClock(autojump_threshold=0), instruments=[at]) - at.sent_at


@pytest.mark.parametrize("mews", MEWS)
def test_a_stop_at_any_step_of_a_start_ends_the_agent_without_an_error(tmp_path: Path, mews: str) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    MEWS[mews](hotel)
    for step in range(1, STEPS):
        assert seconds_to_stop(hotel, {step: signal.SIGTERM}) < AT_ONCE


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGHUP])
def test_signals_at_any_step_after_another_change_nothing_of_that(tmp_path: Path, first: signal.Signals) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    for begin in (5, 60):
        for gap in range(1, 60, 2):
            plan = {begin: first, begin + gap: signal.SIGINT, begin + gap + 3: signal.SIGHUP}
            assert seconds_to_stop(hotel, plan) < AT_ONCE


def test_a_stop_without_a_file_or_with_a_bad_one_is_one_at_any_step(tmp_path: Path) -> None:
    hotel = Hotel(tmp_path)
    for text in (None, "nonsense"):
        if text:
            hotel.config.write_text(text)
        for step in range(1, STEPS // 3):
            assert seconds_to_stop(hotel, {step: signal.SIGTERM}) < AT_ONCE


def test_a_stop_that_came_before_anybody_listened_is_not_lost() -> None:
    heard: list[int] = []
    signals = Signals()
    signals.came(signal.SIGTERM)
    with signals.told_to(heard.append):
        assert heard == [signal.SIGTERM]


def test_a_reload_that_came_before_anybody_listened_means_nothing() -> None:
    heard: list[int] = []
    signals = Signals()
    signals.came(signal.SIGHUP)
    with signals.told_to(heard.append):
        signals.came(signal.SIGHUP)
    assert heard == [signal.SIGHUP]


def test_what_comes_after_the_listener_has_gone_troubles_nobody() -> None:
    heard: list[int] = []
    signals = Signals()
    with signals.told_to(heard.append):
        pass
    signals.came(signal.SIGTERM)
    assert heard == []
