"""The hotel around the box: simulated Mews, lock server, printer on real sockets of its network, and its papers.

They run in a thread with a trio loop of its own, on one clock, so that the ledger (tests/ledger.py) can judge
every promise, the order of times included. Each run has secrets of its own, to be found where they belong alone.
"""

import secrets
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from itertools import count
from typing import Any, TypeVar

import msgspec
import trio

from agent.demo.office import registration_card
from agent.simulators.base.server import serve
from agent.simulators.coder_bridge.encoders import Cut
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.commands import Command
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import MewsSwitches
from agent.simulators.printer.prints import Print
from agent.simulators.printer.raw import serve_raw
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches
from provisioning.codes import CONSOLE_GROUPS, code
from tests import books, ledger
from tests.image.emulator.lan import HOST
from tests.image.emulator.patience import until

T = TypeVar("T")
MEWS_PORT, BRIDGE_PORT, PRINTER_PORT, RAW_PORT = 9001, 7331, 8631, 9100
KEY_AGE_SECONDS = 180.0  # s; the product's default
_SLACK_SECONDS = 2.0  # s; how long the emulated network may take to carry a key that was asked for in time
ENCODERS = 3
NAME, ZONE = "aurora-desk", "Europe/Vienna"

_FILE = """format = 1
[box]
name = "{name}"
timezone = "{zone}"
{network}
[mews]
dialect = "2016"
platform = "http://{host}:{mews}"
connector_token = "{token}"
poll_seconds = 1.0
[coder_bridge]
active = true
server = "http://{host}:{bridge}"
username = "night-porter"
password = "{password}"
profile = "site.toml"
[console]
code = "{code}"
"""
_ENCODER = """[[coder_bridge.encoders]]
name = "Desk {number}"
identifier = "{number}"
key_cutters = ["{number}"]
"""
# One printer, which is spoken to in both ways.
FRONT, BACK = "Front Office", "Back Office"
PRINTERS = f"""[[printers]]
name = "{FRONT}"
uri = "ipp://{HOST}:{PRINTER_PORT}/ipp/print"
[[printers]]
name = "{BACK}"
uri = "ipp://127.0.0.1:631/printers/back-office"
device = "socket://{HOST}:{RAW_PORT}"
model = "drv:///sample.drv/laserjet.ppd"
"""


class Key(msgspec.Struct, frozen=True):
    """An ordered key: the command's id in Mews, and its room, which no other order has."""

    id: str
    room: str


class Hotel:
    """The simulators, served. Everything in here may be called from any thread but the loop's own."""

    def __init__(self) -> None:
        self.token = secrets.token_hex(32).upper()
        self.password = "canary " + secrets.token_hex(12)
        self.code = code(secrets.choice, CONSOLE_GROUPS)
        self.page_password = "canary " + secrets.token_hex(12)
        self._mews = MewsSimulator(MewsSwitches(token=self.token))
        self._bridge = CoderBridgeSimulator(CoderBridgeSwitches(client_pw=self.password))
        self._printer = PrinterSimulator(PrinterSwitches(formats=("image/pwg-raster",)))
        self._rooms = count(1)
        self._judged: set[tuple[str, str]] = set()
        self._loop: trio.lowlevel.TrioToken | None = None
        self._stop = trio.CancelScope()
        self._is_up = threading.Event()
        self._thread = threading.Thread(target=trio.run, args=(self._run,), daemon=True)

    @property
    def secrets(self) -> dict[str, str]:
        """What may be nowhere else, by what it is."""
        return {"token": self.token, "password": self.password, "console code": self.code}

    @property
    def acting(self) -> str:
        """What a provisioning file has of a page that acts: what `network` takes in `file`."""
        return f'[page]\nacting = "0.0.0.0:443"\npassword = "{self.page_password}"'

    def file(self, *, network: str = "", name: str = NAME, bridge: int = BRIDGE_PORT) -> str:
        """A good provisioning file for this hotel; `network` is text for it, `bridge` the lock server's port."""
        head = _FILE.format(
            name=name,
            zone=ZONE,
            network=network,
            host=HOST,
            mews=MEWS_PORT,
            bridge=bridge,
            token=self.token,
            password=self.password,
            code=self.code,
        )
        return head + "".join(_ENCODER.format(number=number) for number in range(1, ENCODERS + 1))

    def order(self, encoder: int = 1, copies: int = 1) -> Key:
        """Order a key, for a room of its own."""
        room = f"R{next(self._rooms)}"
        return Key(self.call(lambda: self._mews.add_key(str(encoder), (room,), copies)), room)

    def order_print(self, printer: str) -> Key:
        """Order a registration card, for a room of its own."""
        room = f"R{next(self._rooms)}"
        return Key(self.call(lambda: self._mews.add_print(printer, registration_card(room))), room)

    def papers(self) -> list[Print]:
        """All that came out of the printer."""
        return self.call(lambda: list(self._printer.tray))

    def ended(self, key: Key, seconds: float) -> Command:
        """The command, once it is in a final state."""
        return until(lambda: self._if_final(key), seconds, f"the end of the command for room {key.room}")

    def wait_all_ended(self, seconds: float) -> None:
        """Wait until no command is open any more."""
        until(lambda: not self.call(lambda: tuple(self._mews.commands.open)), seconds, "the end of all commands")

    def cuts(self, key: Key) -> list[Cut]:
        """The cards written for a key."""
        return self.cuts_for(key.room)

    def cuts_for(self, room: str) -> list[Cut]:
        """The cards written for a room."""
        return [cut for cut in self.call(lambda: self._bridge.cuts) if cut.room == room]

    def orders(self) -> int:
        """How many commands there were in all."""
        return len(self.call(lambda: tuple(self._mews.commands)))

    def entries(self) -> list[ledger.Entry]:
        """The books of all commands by now."""
        return self.call(
            lambda: books.entries(
                self._mews, self._bridge, key_age_seconds=KEY_AGE_SECONDS, queue_seconds=_SLACK_SECONDS
            )
        )

    def new_findings(self) -> list[ledger.Finding]:
        """Every breach of the promise that was not returned before. No card may be under way."""
        found = [each for each in ledger.findings(self.entries()) if (each.crime, each.id) not in self._judged]
        self._judged |= {(each.crime, each.id) for each in found}
        return found

    def polls(self) -> int:
        """How often the box asked Mews for its list."""
        return self.call(lambda: self._mews.calls["commands/getAllActive"])

    def wait_encoders_idle(self, seconds: float = 60.0) -> None:
        """Wait until no encoder writes a card."""
        until(lambda: self.call(self._is_idle), seconds, "encoders that are idle")

    def give_up(self) -> None:
        """Have staff cancel what is open, and forget what was found: the next machine starts with a clean desk."""
        self.call(self._cancel_all)
        self.new_findings()

    def shift_mews(self, seconds: float) -> None:
        """Set Mews' clock forward, or back: for the box it is the world's time."""
        self.call(lambda: self._mews.clock.shift(seconds))

    @contextmanager
    def guests(self, every: float) -> Iterator[list[Key]]:
        """Guests order a key each `every` seconds, over all encoders in turn, while the block runs; their keys."""
        keys: list[Key] = []
        ends = threading.Event()

        def order_on() -> None:
            for number in count():
                keys.append(self.order(number % ENCODERS + 1))
                if ends.wait(every):
                    return

        thread = threading.Thread(target=order_on, daemon=True)
        thread.start()
        try:
            yield keys
        finally:
            ends.set()
            thread.join()

    def call(self, function: Callable[[], T]) -> T:
        """Run a function in the simulators' loop."""
        assert self._loop is not None
        return trio.from_thread.run_sync(function, trio_token=self._loop)

    def open(self) -> None:
        """Open the doors; returns when all are served."""
        self._thread.start()
        assert self._is_up.wait(30.0)

    def close(self) -> None:
        """Close all servers."""
        self.call(self._stop.cancel)
        self._thread.join()

    async def _run(self) -> None:
        self._loop = trio.lowlevel.current_trio_token()
        with self._stop:
            async with trio.open_nursery() as nursery:
                await nursery.start(serve, self._mews, HOST, MEWS_PORT)
                await nursery.start(serve, self._bridge, HOST, BRIDGE_PORT)
                await nursery.start(serve, self._printer, HOST, PRINTER_PORT)
                await nursery.start(serve_raw, self._printer, HOST, RAW_PORT)
                self._is_up.set()

    def _cancel_all(self) -> None:
        for command in tuple(self._mews.commands.open):
            self._mews.cancel(command.id)

    def _is_idle(self) -> bool:
        return not any(self._bridge.encoders.is_busy(str(number)) for number in range(1, ENCODERS + 1))

    def _if_final(self, key: Key) -> Command | None:
        command = self.call(lambda: self._mews.command(key.id))
        return command if command.is_final else None


@contextmanager
def open_hotel() -> Iterator[Hotel]:
    """A hotel for as long as the block runs."""
    hotel = Hotel()
    hotel.open()
    try:
        yield hotel
    finally:
        hotel.close()


def site_profile() -> str:
    """A site's own profile in which all that a guest key needs is confirmed: the page has nothing to warn of."""
    shipped = resources.files("agent.drivers.coder_bridge") / "profiles" / "coder-bridge-v2.toml"
    known = tomllib.loads(shipped.read_text("utf-8"))
    lines = ['base = "coder-bridge-v2"']
    groups = ("calls", "dates", "areas", "duplicates")
    for name, entry in _entries({group: known[group] for group in groups}, ""):
        if not entry["confirmed"]:
            value = _toml(entry["value"])
            lines.append(f'{name} = {{ value = {value}, confirmed = true, source = "the emulated hotel" }}')
    return "\n".join(lines) + "\n"


def _entries(table: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in table.items():
        if not isinstance(value, dict):
            continue
        if "confirmed" in value:
            yield prefix + name, value
        else:
            yield from _entries(value, f"{prefix}{name}.")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
