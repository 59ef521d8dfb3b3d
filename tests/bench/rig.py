"""A hotel for one measurement: the simulators' process, and the agent's where it is wanted.

Everything is asked over the simulators' control side; nothing reaches into the agent.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from agent.simulators.mews.switches import DEMO_CLIENT_TOKEN, DEMO_TOKEN, Dialect
from tests.bench.processes import box_python, disk_folder, running
from tests.free_port import free_port

ENCODERS = 8
_HEAD = """format = 1
[box]
name = "bench"
timezone = "Europe/Vienna"
[mews]
platform = "http://127.0.0.1:{mews}"
access_token = "{token}"
{manner}
[limits]
key_age_seconds = 3600
[coder_bridge]
active = true
server = "http://127.0.0.1:{bridge}"
username = "night-porter"
password = "bridge-password"
allow_unconfirmed = true
"""
_OF_2016 = """dialect = "2016"
poll_seconds = 1.0"""
_BY_PUSH = f"""dialect = "current"
client_token = "{DEMO_CLIENT_TOKEN}"
poll_seconds = {{poll_seconds}}"""
_VISIONLINE = """[[visionline]]
server = "https://127.0.0.1:{visionline}"
username = "night-porter"
password = "visionline-password"
certificate_sha256 = "{pin}"
[[visionline.encoders]]
name = "Bar"
identifier = "BAR1"
key_cutters = ["BAR1"]
"""
PRINTER = "Front Office"
_PRINTERS = f"""[[printers]]
name = "{PRINTER}"
uri = "ipp://127.0.0.1:{{printer}}/ipp/print"
[[printers]]
name = "Bar"
uri = "ipp://127.0.0.1:{{printer}}/printers/bar"
"""
_ENCODER = """[[coder_bridge.encoders]]
name = "Encoder {number}"
identifier = "{number}"
key_cutters = ["{number}"]
"""
_PATIENCE = 20.0  # s; a process that is not there by then never will be
_LOOK = 0.25  # s between two looks at the counts: seldom enough to cost the simulators nothing


class Hotel:
    """The simulators' process, from outside. The hotel has both lock systems, VisiOnline's with one encoder, and
    two printers, which are one machine."""

    def __init__(self, manner: str, *, mews: int, bridge: int, visionline: int, printer: int, pin: str) -> None:
        self.mews, self.bridge = f"http://127.0.0.1:{mews}", f"http://127.0.0.1:{bridge}"
        self.printer = f"http://127.0.0.1:{printer}"
        encoders = "".join(_ENCODER.format(number=number) for number in range(1, ENCODERS + 1))
        self.provisioning = (
            _HEAD.format(mews=mews, bridge=bridge, token=DEMO_TOKEN, manner=manner)
            + encoders
            + _VISIONLINE.format(visionline=visionline, pin=pin)
            + _PRINTERS.format(printer=printer)
        )

    def order(self, count: int, *, cutters: int = ENCODERS, prefix: str = "R") -> list[str]:
        """Order keys in one go, in turn over the encoders, each for a room of its own; their ids."""
        form = {"count": count, "cutters": cutters, "prefix": prefix}
        ids: list[str] = self.control(self.mews, "POST", "bulk", form)["ids"]
        return ids

    def seen(self) -> dict[str, float]:
        """When the list that first carried a command left Mews, in seconds of the simulators' clock."""
        seen: dict[str, float] = self.control(self.mews, "GET", "seen")
        return seen

    def said(self) -> dict[str, float]:
        """When the news of a new command was about to be sent, in seconds of the same clock."""
        said: dict[str, float] = self.control(self.mews, "GET", "said")
        return said

    def cuts(self) -> list[dict[str, Any]]:
        """The cards written: encoder, room, and `began` and `at` on the same clock."""
        cuts: list[dict[str, Any]] = self.control(self.bridge, "GET", "cuts")
        return cuts

    def wait_cuts(self, count: int, seconds: float) -> None:
        """Wait until so many cards are written; raises TimeoutError."""
        until = time.monotonic() + seconds
        while (cuts := self.control(self.bridge, "GET", "counts")["cuts"]) < count:
            if time.monotonic() > until:
                raise TimeoutError(f"{cuts} of {count} keys were cut within {seconds:.0f} s")
            time.sleep(_LOOK)

    def polls(self) -> int:
        """How often Mews was asked for its list."""
        calls: dict[str, int] = self.control(self.mews, "GET", "counts")["calls"]
        return calls.get("commands/getAllActive", 0)

    def wait_polls(self, count: int) -> None:
        """Wait until Mews was polled so often."""
        until = time.monotonic() + _PATIENCE + 2 * count
        while self.polls() < count:
            if time.monotonic() > until:
                raise TimeoutError("nobody polls Mews")
            time.sleep(_LOOK)

    def control(self, server: str, method: str, path: str, form: object = None) -> Any:
        """One call to a control side."""
        answer = httpx.request(method, f"{server}/_sim/{path}", json=form, timeout=30.0)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def hotel(*, latency: float = 0.0, card_seconds: float = 0.2, by_push: float | None = None) -> Iterator[Hotel]:
    """The simulators, with a round trip to Mews of `latency` and encoders that take `card_seconds` a card.

    `by_push`: Mews speaks today's dialect and says by itself that there is news; the file's poll interval (s).
    """
    manner = _OF_2016 if by_push is None else _BY_PUSH.format(poll_seconds=by_push)
    dialect = Dialect.V2016 if by_push is None else Dialect.CURRENT
    with running("-m", "tests.bench.hotel_process", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        place = Hotel(manner, **json.loads(process.stdout.readline()))
        place.control(place.mews, "POST", "switches", {"latency_seconds": latency, "dialect": dialect})
        place.control(place.bridge, "POST", "switches", {"card_seconds": card_seconds})
        yield place


class Box(msgspec.Struct, frozen=True):
    """The running agent: its process, and its page."""

    pid: int
    url: str


@contextmanager
def files(place: Hotel, listen: str = "127.0.0.1:0") -> Iterator[list[str]]:
    """The words that start the agent for that hotel, with its file and its state on a real disk."""
    with tempfile.TemporaryDirectory(dir=disk_folder(), ignore_cleanup_errors=True) as folder:
        config = Path(folder) / "provisioning.toml"
        config.write_text(place.provisioning)
        state = str(Path(folder) / "state")
        yield ["-m", "agent", "run", "--config", str(config), "--state", state, "--listen", listen]


@contextmanager
def agent(place: Hotel) -> Iterator[Box]:
    """The agent as a real process at that hotel, after its second poll."""
    listen = f"127.0.0.1:{free_port()}"
    with files(place, listen) as words, running(*words, python=box_python()) as process:
        place.wait_polls(place.polls() + 2)
        yield Box(process.pid, f"http://{listen}/")
