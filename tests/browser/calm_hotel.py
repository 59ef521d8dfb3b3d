"""A hotel in which nothing happens by itself: what a test wants wrong, or ordered, it says to the simulators.

`python -m tests.browser.calm_hotel FOLDER` serves the simulators, prints as JSON where they are, does what each
line of its input wants (`Wish`, JSON), and ends with its input. The agent and the box's away page are processes of
their own. The socket of the page is held here, as systemd holds it on a box, so that it outlives them all.
"""

import json
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.request import Request, urlopen

import msgspec
import trio

from agent.demo.hotel_files import PROFILE, profile
from agent.demo.office import registration_card
from agent.simulators.base.presence import Absence
from tests.box.away.test_down import Down
from tests.box.away.test_down import running as away_page
from tests.e2e.processes import HAND_OVER, RealHotel, real_hotel
from tests.free_port import free_port
from tests.print_hotel import OFFICE

PASSWORD = "calm wicker boat 33"  # of the page that acts
MEWS, BRIDGE, VISIONLINE, PRINTER = "mews", "bridge", "visionline", "printer"
PATIENCE = 60.0  # s; a busy machine
_BLIND = ssl.create_default_context()
_BLIND.check_hostname, _BLIND.verify_mode = False, ssl.CERT_NONE  # VisiOnline's own certificate


class Wish(msgspec.Struct, frozen=True):
    """What one of the simulators, `at`, is to do: its plug is pulled, or put in again; an order is in Mews.

    An order is a key at the encoder `at` by its key cutter, for `room`, or a document for the printer.
    """

    do: Literal["pull", "plug in", "key", "print"]
    at: str
    room: str = "101"


class CalmHotel:
    """`home` is the page that looks, `acting` the one that acts, once the agent has started."""

    def __init__(
        self, folder: Path, servers: "subprocess.Popen[str]", controls: dict[str, str], held: socket.socket
    ) -> None:
        self.config, self.state, self.log = folder / "provisioning.toml", folder / "state", folder / "agent.log"
        self.good_file = self.config.read_text()
        self.run = folder / "run"
        self._servers, self._controls, self._held = servers, controls, held
        self._agent: subprocess.Popen[bytes] | None = None
        self.home = f"http://127.0.0.1:{held.getsockname()[1]}/"
        self.acting = f"https://{_acting_in(self.good_file)}/"

    def post(self, simulator: str, path: str, **asked: object) -> Any:
        """Say something to a simulator's control side; `path` begins behind `/_sim/`."""
        body, headers = json.dumps(asked).encode(), {"Content-Type": "application/json"}
        request = Request(f"{self._controls[simulator]}{path}", body, headers)
        with urlopen(request, timeout=10, context=_BLIND) as answer:
            return json.load(answer)

    def heal(self, simulator: str) -> None:
        """End all trouble of one."""
        request = Request(f"{self._controls[simulator]}fail", method="DELETE")
        with urlopen(request, timeout=10, context=_BLIND):
            pass

    def pull(self, simulator: str) -> None:
        """Pull its plug: its port is closed."""
        self._wish(Wish("pull", simulator))

    def plug_in(self, simulator: str) -> None:
        """And in again."""
        self._wish(Wish("plug in", simulator))

    def order_key(self, key_cutter: str = "1", room: str = "101") -> None:
        """A key is ordered in Mews."""
        self._wish(Wish("key", key_cutter, room))

    def order_document(self) -> None:
        """A registration card is ordered in Mews."""
        self._wish(Wish("print", PRINTER))

    def _wish(self, wish: Wish) -> None:
        assert self._servers.stdin is not None
        assert self._servers.stdout is not None
        print(msgspec.json.encode(wish).decode(), file=self._servers.stdin, flush=True)
        assert self._servers.stdout.readline() == "done\n"

    def start_agent(self) -> None:
        """On the held socket."""
        number = self._held.fileno()
        run = (sys.executable, "-m", "agent", "run", "--config", str(self.config), "--state", str(self.state))
        with self.log.open("ab") as log:
            words = [sys.executable, "-c", HAND_OVER, str(number), *run]
            self._agent = subprocess.Popen(words, pass_fds=[number], stdout=log, stderr=log)

    def end_agent(self, how: signal.Signals = signal.SIGKILL) -> None:
        """By a signal; returns when it is gone."""
        if self._agent is not None:
            self._agent.send_signal(how)
            self._agent.wait(PATIENCE)
            self._agent = None

    def reload(self, file: str) -> None:
        """A new provisioning file."""
        assert self._agent is not None
        self.config.write_text(file)
        self._agent.send_signal(signal.SIGHUP)

    @contextmanager
    def away(self) -> Iterator[Down]:
        """The box's away page on the held socket."""
        self.run.mkdir(exist_ok=True)
        with away_page(self.run, "printf", "a line of the log", listener=self._held.dup()) as down:
            yield down
            down.terminated()

    def status(self) -> Any:
        """What `/status.json` says."""
        with urlopen(f"{self.home}status.json", timeout=PATIENCE) as answer:
            return json.load(answer)

    def wait_acting(self) -> None:
        """Until the page that acts is there."""
        self._wait(lambda status: bool(status["box"]["acting"]))

    def wait_well(self) -> None:
        """Until nothing is wrong. On a busy machine the first session is not closed in time; a key clears that."""
        self.order_key("bar1")
        self._wait(lambda status: status["commands"]["done"] and status["summary"]["level"] == "ok")

    def _wait(self, is_so: Callable[[Any], bool]) -> None:
        """A page cannot call back."""
        until = time.monotonic() + PATIENCE
        while not is_so(status := self.status()):
            assert time.monotonic() < until, f"{status['summary']} {status['faults']}\n{self.log.read_text()}"
            time.sleep(0.1)  # without trio: the browser of these tests has a loop of its own


@contextmanager
def calm_hotel(folder: Path) -> Iterator[CalmHotel]:
    """Its simulators; the agent is started by whom it is for."""
    words = [sys.executable, "-m", "tests.browser.calm_hotel", str(folder)]
    with ExitStack() as ends:
        servers = ends.enter_context(
            subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        ends.callback(servers.kill)
        assert servers.stdout is not None
        controls: dict[str, str] = json.loads(servers.stdout.readline())
        held = ends.enter_context(socket.create_server(("127.0.0.1", 0)))
        hotel = CalmHotel(folder, servers, controls, held)
        ends.callback(hotel.end_agent)
        yield hotel


def _acting_in(file: str) -> str:
    return file.partition('acting = "')[2].partition('"')[0]


async def serve(folder: Path) -> None:
    """The simulators and the provisioning file, until the input ends."""
    (folder / PROFILE).write_text(profile())
    proved = f'profile = "{PROFILE}"\nallow_precheckin = true'
    async with real_hotel(folder, visionline_encoders=1, has_printers=True, profile=proved, encoders=2) as hotel:
        hotel.bridge.switch(card_seconds=0.3)
        hotel.visionline.switch(card_seconds=0.3)
        page = f'\n[page]\nacting = "127.0.0.1:{free_port()}"\npassword = "{PASSWORD}"\n'
        hotel.config.write_text(hotel.config.read_text() + page)
        print(json.dumps(_controls(hotel)), flush=True)
        while line := await trio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True):
            _grant(hotel, msgspec.json.decode(line, type=Wish))
            print("done", flush=True)


def _grant(hotel: RealHotel, wish: Wish) -> None:
    plugs = {MEWS: hotel.mews.presence, BRIDGE: hotel.bridge.presence, VISIONLINE: hotel.visionline.presence}
    match wish.do:
        case "key":
            members: dict[str, Any] = {"ApiUrl": hotel.visionline_server} if wish.at.startswith("bar") else {}
            hotel.mews.add_key(wish.at, [wish.room], 1, **members)
        case "print":
            hotel.mews.add_print(OFFICE, registration_card(wish.room))
        case "pull" if wish.at == PRINTER:
            hotel.printer.power_off()
        case "plug in" if wish.at == PRINTER:
            hotel.printer.power_on()
        case "pull":
            plugs[wish.at].leave(Absence.REFUSE)
        case "plug in":
            plugs[wish.at].come_back()


def _controls(hotel: RealHotel) -> dict[str, str]:
    assert hotel.printer_ports is not None
    mews, bridge = hotel.ports
    places = {MEWS: f"http://127.0.0.1:{mews}", BRIDGE: f"http://127.0.0.1:{bridge}"}
    places[VISIONLINE] = hotel.visionline_server
    places[PRINTER] = f"http://127.0.0.1:{hotel.printer_ports[0]}"
    return {name: f"{place}/_sim/" for name, place in places.items()}


if __name__ == "__main__":
    trio.run(serve, Path(sys.argv[1]))
