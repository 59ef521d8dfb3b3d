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
from agent.hotel.options import Options
from agent.hotel.process import run_process
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from board.fake import FakeBoard
from tests.print_hotel import printers_text
from tests.whole_hotel import provisioning_text

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
NOT_FOR_A_POLL = (
    "agent.hotel.acting",
    "agent.hotel.acting_service",
    "agent.hotel.ages",
    "agent.hotel.around",
    "agent.hotel.box_facts",
    "agent.hotel.bundle_parts",
    "agent.hotel.measures",
    "agent.hotel.network_facts",
    "agent.hotel.support_bundle",
    "agent.hotel.telling_others",
    "agent.languages.mo_file",
    "agent.languages.phrasebook",
    "agent.languages.shapes",
    "agent.status.acting",
    "agent.status.as_text",
    "agent.status.bundle",
    "agent.status.client",
    "agent.status.live",
    "agent.status.manual",
    "agent.status.page",
    "agent.status.server.serving",
    "agent.status.telemetry.metrics",
    "agent.status.telling",
    "agent.status.web",
    "h11",
    "python_multipart",
    "starlette",
    *LATER,
)
EVERYTHING = """
[page]
acting = "127.0.0.1:8443"
password = "copper lamp 2094 by the door"
[telemetry]
remote_write = "https://metrics.example.com/api/v1/write"
webhook = "https://hook.example.com/red"
"""


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
    modules = "agent.hotel.process, agent.status.server.serving, agent.hotel.machine_faults, board.linux"
    loading = f"import {modules}, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loading], check=True, capture_output=True, text=True)
    assert not set(LATER) & set(done.stdout.split())


def test_a_start_loads_nothing_for_readers_or_others_before_its_first_call_to_mews(tmp_path: Path) -> None:
    file = tmp_path / "provisioning.toml"
    text = provisioning_text(CoderBridgeSimulator(), more=printers_text() + EVERYTHING)
    file.write_text(text.replace("timezone =", 'language = "de"\ntimezone =', 1))
    words = [sys.executable, "-m", "tests.first_poll", str(file), str(tmp_path / "state")]
    done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60)
    loaded = set(done.stdout.split())
    assert "agent.mews.connector" in loaded, done.stderr
    assert not set(NOT_FOR_A_POLL) & loaded
