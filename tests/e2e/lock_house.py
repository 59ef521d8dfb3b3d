"""A hotel of real processes alone: simulated Mews and both lock systems, one agent, and verbs as further ones.

Nothing lives in the test's own process, so that many tests share one house. It waits for facts, never for seconds.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from agent.demo.hotel_files import PROFILE, profile
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.switches import DEMO_TOKEN
from agent.simulators.visionline.switches import VisionlineSwitches

PATIENCE = 30.0  # s; after that a test fails instead of hanging, even on a busy machine
PHONE, MAIL = "+43 664 555 0199", "jane.canary@hotel.example"  # a guest's, which no file may hold
CARD_SECONDS = 0.05  # s
_FILE = """
format = 1
[box]
name = "lock-house"
timezone = "Europe/Vienna"
[mews]
dialect = "2016"
platform = "{mews}"
connector_token = "{token}"
poll_seconds = 1.0
[coder_bridge]
active = true
server = "{bridge}"
username = "{client_id}"
password = "{client_pw}"
profile = "{profile}"
allow_precheckin = true
[[coder_bridge.encoders]]
name = "Front desk"
identifier = "1"
key_cutters = ["1"]
[[coder_bridge.encoders]]
name = "Telephones"
identifier = "8"
key_cutters = ["8"]
mobile = true
[[visionline]]
server = "{visionline}"
username = "{username}"
password = "{password}"
certificate_sha256 = "{pin}"
[[visionline.encoders]]
name = "Bar"
identifier = "BAR1"
key_cutters = ["2"]
[doors]
"POOL" = {{ area = "1" }}
"SUITE" = {{ room = "301", areas = ["2", "3"], rms = "3-SUITE" }}
"""


class Control:
    """The control side of a simulator that runs as a process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.web = httpx.Client(base_url=f"{url}/_sim", verify=False, trust_env=False, timeout=PATIENCE)

    def get(self, path: str) -> Any:
        """What it says."""
        return self.web.get(path).raise_for_status().json()

    def post(self, path: str, **form: Any) -> Any:
        """Have it do something."""
        return self.web.post(path, json=form).raise_for_status().json()

    def heal(self) -> None:
        """End all scripted trouble."""
        self.web.delete("/fail").raise_for_status()

    def calls(self, operation: str) -> int:
        """How often an operation was called."""
        count: int = self.get("/counts")["calls"].get(operation, 0)
        return count

    def is_there(self) -> bool:
        """Whether its port is open."""
        try:
            self.get("/counts")
        except httpx.TransportError:
            return False
        return True


class Said:
    """A verb that ended."""

    def __init__(self, process: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = process.returncode, process.stdout, process.stderr
        assert "Traceback" not in self.err, self.err

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of `--json`."""
        rows: list[dict[str, Any]] = json.loads(self.out)["rows"]
        return rows


class LockHouse:
    """`mews`, `bridge` and `visionline` are control sides.

    The agent runs in `state`, verbs without it in `alone`.
    """

    def __init__(self, folder: Path, mews: Control, bridge: Control, visionline: Control) -> None:
        self.folder = folder
        self.mews, self.bridge, self.visionline = mews, bridge, visionline
        self.config, self.state, self.alone = folder / "hotel.toml", folder / "state", folder / "alone"
        self.log = folder / "agent.log"

    def file(self, **changes: str) -> str:
        """The text of the provisioning file."""
        bridge, visionline = CoderBridgeSwitches(), VisionlineSwitches()
        values = {
            "mews": self.mews.url,
            "token": DEMO_TOKEN,
            "bridge": self.bridge.url,
            "client_id": bridge.client_id,
            "client_pw": bridge.client_pw,
            "profile": PROFILE,
            "visionline": self.visionline.url,
            "username": visionline.username,
            "password": visionline.password,
            "pin": self.visionline.get("/certificate")["sha256"],
        }
        return _FILE.format(**values | changes)

    def data(self, cutter: str, *locks: str, **members: Any) -> dict[str, Any]:
        """Data of a key command: a stay of its own, from now until tomorrow. A member that is None is left out."""
        now, switches = datetime.now(UTC), VisionlineSwitches()
        known = {
            "ApiUrl": self.visionline.url,
            "UserName": switches.username,
            "Password": switches.password,
            "KeyCutterId": cutter,
            "LockIds": list(locks),
            "ValidityStartUtc": utc(now),
            "ValidityEndUtc": utc(now + timedelta(days=1)),
            "KeyCount": 1,
            "Reservation": {"Id": str(uuid4())},
        }
        return {name: value for name, value in {**known, **members}.items() if value is not None}

    def order(self, cutter: str, *locks: str, **members: Any) -> str:
        """Order keys in Mews; the command's id."""
        id: str = self.mews.post("/commands", key_cutter=cutter, data=self.data(cutter, *locks, **members))["id"]
        return id

    def ended(self, id: str) -> dict[str, Any]:
        """Wait until a command is over."""
        command: dict[str, Any] = {}

        def is_over() -> bool:
            command.update(self.mews.get(f"/commands/{id}"))
            return command["state"] in ("Processed", "Error", "Cancelled")

        wait(is_over)
        return command

    def cut(self, cutter: str, *locks: str, **members: Any) -> None:
        """Order keys in Mews, and have them cut."""
        command = self.ended(self.order(cutter, *locks, **members))
        assert command["state"] == "Processed", command

    def refused(self, cutter: str, *locks: str, **members: Any) -> str:
        """Order keys in Mews that are not cut; what staff read."""
        command = self.ended(self.order(cutter, *locks, **members))
        assert command["state"] == "Error", command
        notes: str = command["notes"]
        return notes

    def words(self, *words: str, alone: bool) -> list[str]:
        """A verb's command line, for the running agent or without it."""
        place = (
            ("--config", str(self.config), "--state", str(self.alone)) if alone else ("--state", str(self.state))
        )
        return [sys.executable, "-u", "-m", "agent", "lock", *words, *place]

    def verb(self, *words: str, alone: bool = False, code: int = 0) -> Said:
        """`nightporter lock ...` as a process of its own."""
        argv = self.words(*words, alone=alone)
        said = Said(run(argv))
        assert said.code == code, (said.out, said.err)
        return said

    def page(self) -> dict[str, Any]:
        """What the agent's page says, for programs."""
        url = self.log.read_text().partition("status page at ")[2].split()[0]
        told: dict[str, Any] = httpx.get(f"{url}status.json", trust_env=False, timeout=PATIENCE).json()
        return told

    def cuts(self, room: str) -> list[dict[str, Any]]:
        """The cards that the bridge's encoders have written for a room."""
        return [cut for cut in self.bridge.get("/cuts") if cut["room"] == room]

    def mobile_keys(self, room: str) -> list[dict[str, Any]]:
        """The mobile keys of a room."""
        return [key for key in self.bridge.get("/mobile-keys") if key["room"] == room]

    def cards(self, door: str) -> list[dict[str, Any]]:
        """The cards that VisiOnline's encoders have written for a door."""
        return [card for card in self.visionline.get("/cards") if door in card["order"]["doors"]]


def run(argv: list[str]) -> subprocess.CompletedProcess[str]:
    """A process to its end, with no one at a keyboard."""
    return subprocess.run(
        argv, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, env=environment()
    )


def environment() -> dict[str, str]:
    """This one's, but that what is compiled once is kept: half a hundred processes load the same files."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def wait(is_so: Callable[[], bool]) -> None:
    """Wait for a fact of another process, which cannot call: ask again."""
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "it never came to be so"
        time.sleep(0.03)


def utc(moment: datetime) -> str:
    """As Mews writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def lock_house(folder: Path) -> Iterator[LockHouse]:
    """A house in `folder`, up and at work."""
    seconds = str(CARD_SECONDS)
    with ExitStack() as stack:
        mews = stack.enter_context(_simulator("mews"))
        bridge = stack.enter_context(
            _simulator("coder-bridge", "--card-seconds", seconds, "--rms-coupling", "--check-areas")
        )
        visionline = stack.enter_context(
            _simulator(
                "visionline",
                *("--card-seconds", seconds, "--card-wait-seconds", "0.5"),
                *("--more-accounts", "front:front-secret,sym:sym"),
            )
        )
        house = LockHouse(folder, mews, bridge, visionline)
        (folder / PROFILE).write_text(profile())
        house.config.write_text(house.file())
        agent = ("run", "--config", str(house.config), "--state", str(house.state), "--listen", "127.0.0.1:0")
        with house.log.open("wb") as log:
            stack.enter_context(_process(agent, stderr=log))
        wait((house.state / "control").exists)
        yield house


@contextmanager
def _simulator(kind: str, *flags: str) -> Iterator[Control]:
    with _process(("simulate", kind, "--listen", "127.0.0.1:0", *flags), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        control = Control(line.partition("control side: ")[2].partition("/_sim/")[0])
        with control.web:
            yield control


@contextmanager
def _process(words: tuple[str, ...], **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-u", "-m", "agent", *words], env=environment(), **streams) as process:
        try:
            yield process
        finally:
            process.kill()
