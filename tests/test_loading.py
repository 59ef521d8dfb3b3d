"""What a start loads, and what it leaves for later: on a small box loading is most of a start."""

import gc
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio

from agent.foundation.signals import Signals
from agent.hotel.app import Options, run_process
from board.fake import FakeBoard

PATIENCE = 10.0  # s
LATER = (
    "jinja2",
    "agent.control.desk",
    "agent.drivers.visionline",
    "agent.control.words.verbs",
    "agent.status.page.page",
    "agent.simulators",
    "serial",
    "trio_websocket",
)


@pytest.fixture
def without_collector() -> Iterator[None]:
    """As the command line leaves it to the agent."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collector")
async def test_garbage_is_collected_again_once_all_is_loaded(tmp_path: Path) -> None:
    options = Options(tmp_path / "none.toml", tmp_path / "state", "127.0.0.1:0")
    async with trio.open_nursery() as nursery:
        signals = Signals()
        nursery.start_soon(run_process, options, FakeBoard(), signals)
        with trio.fail_after(PATIENCE):
            while not gc.isenabled():  # noqa: ASYNC110 - no one is told of it
                await trio.sleep(0.01)
        signals.came(signal.SIGTERM)


def test_the_pages_templates_wait_for_the_first_reader() -> None:
    modules = "agent.hotel.app, agent.status.server.serving, agent.hotel.machine_faults, board.linux"
    loading = f"import {modules}, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loading], check=True, capture_output=True, text=True)
    assert not set(LATER) & set(done.stdout.split())
