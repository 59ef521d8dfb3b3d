"""What brings about and ends the faults of certificates, of the page's own listeners, and of those who are told.

Certificates are met in real TLS, over lines in memory (`tests/memory_wire.py`), so that time stays virtual. A port
that is taken is a real one. Where the openssl program makes the page's certificate, time is real.
"""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import trio
import trio.testing

from agent.foundation import tls
from agent.foundation.http import Peer
from agent.health import box_kinds, file_kinds, lock_kinds, mews_kinds, print_kinds
from agent.hotel.site import MEWS_CONNECTIONS
from agent.simulators.base.certificates import Tls
from agent.simulators.base.presence import Absence
from agent.simulators.base.simulator import Simulator
from agent.status.acting import certificate
from board.fake import FakeBoard
from tests.fault_rows import Act, Row, file_with
from tests.in_process import SimulatorTransport
from tests.memory_wire import MemoryWire
from tests.print_hotel import PrintHotel
from tests.status.telling.receiver import Receiver

TOLD = '[telemetry]\n{setting} = "https://metrics.example.com/x"\n'
LISTEN, OTHER_LISTEN = 'listen = "127.0.0.1:8081"', 'listen = "127.0.0.1:8082"'
RESTARTED = "one that restarts is asked as soon as it is back, and any other at the next order or look: "
ONCE_A_MINUTE = "figures are told once a minute, and less often to who refuses them; no key waits for it"
QUARTER = (
    "a server may be away for a quarter of an hour, as in an update, and what is due is kept meanwhile; it is "
)
NOW_AND_THEN = QUARTER + "asked less and less often, as it is somebody else's and no key waits for it"


def replaced(hotel: PrintHotel, old: str, new: str) -> None:
    """The file, before the start."""
    text = hotel.config.read_text()
    assert old in text
    hotel.config.write_text(text.replace(old, new))


def mews_in_tls(hotel: PrintHotel) -> None:
    """The box trusts who signs Mews' certificates."""
    mews = hotel.mews
    known = ssl.create_default_context(cadata=mews.certificates.pem(Tls.OWN) + mews.certificates.pem(Tls.EXPIRED))
    mews.switch(tls=Tls.OWN)
    hotel.open_mews = lambda base: Peer(
        base, connections=MEWS_CONNECTIONS, transport=MemoryWire(mews, known, hotel.mews_line)
    )
    replaced(hotel, 'platform = "http:', 'platform = "https:')


def bridge_in_tls(hotel: PrintHotel) -> None:
    """The file has the fingerprint of the bridge's certificate."""
    hotel.bridge.switch(tls=Tls.OWN)
    hotel.open_server = pinned(hotel.bridge, hotel.bridge_line)
    pin = hotel.bridge.certificates.sha256(Tls.OWN)
    replaced(hotel, "http://127.0.0.1:9002", f'https://127.0.0.1:9002"\ncertificate_sha256 = "{pin}')


def printer_in_tls(hotel: PrintHotel) -> None:
    """Likewise of the printer's."""
    hotel.printer.switch(tls=Tls.OWN)
    bridge, printer = hotel.open_server, pinned(hotel.printer, hotel.printer_line)
    hotel.open_server = lambda base, pin: (printer if base.startswith("https:") else bridge)(base, pin)
    pin = hotel.printer.certificates.sha256(Tls.OWN)
    replaced(hotel, 'ipp://10.4.5.30/ipp/print"', f'ipps://10.4.5.30/ipp/print"\ncertificate_sha256 = "{pin}"')


def pinned(server: Simulator[Any], line: SimulatorTransport) -> Callable[[str, str | None], Peer]:
    """The way to a server in TLS, as the agent opens it."""

    def open_peer(base: str, pin: str | None) -> Peer:
        return Peer(base, connections=64, transport=MemoryWire(server, tls.context(base, pin), line))

    return open_peer


def shown_by(side: str, kind: Tls) -> Act:
    """A server has that certificate from now on; it hangs up, and is there again before a knock."""

    async def cause(hotel: PrintHotel) -> None:
        server = getattr(hotel, side)
        server.switch(tls=kind)
        server.presence.leave(Absence.REFUSE)
        await trio.testing.wait_all_tasks_blocked()
        server.presence.come_back()

    return cause


class TakenPort:
    """A port of this machine that another program has, for one row at a time."""

    def __init__(self, setting: str) -> None:
        self._setting = setting  # of the file; {port} in it
        self._line: socket.socket | None = None

    def take(self, hotel: PrintHotel) -> None:
        """It is taken."""
        self._line = socket.create_server(("127.0.0.1", 0))

    def take_from_the_page(self, hotel: PrintHotel) -> None:
        """It is taken, and the page is to have it from the start."""
        self.take(hotel)
        hotel.listen = None
        hotel.config.write_text(hotel.config.read_text() + self._text)

    async def ask_for_it(self, hotel: PrintHotel) -> None:
        """A new file asks for it."""
        await new_file(hotel, self._text)

    async def free(self, hotel: PrintHotel) -> None:
        """The other program ends."""
        assert self._line is not None
        self._line.close()

    @property
    def _text(self) -> str:
        assert self._line is not None
        return self._setting.format(port=self._line.getsockname()[1])


async def nothing(hotel: PrintHotel) -> None:
    """It is so from the start."""


async def new_file(hotel: PrintHotel, more: str) -> None:
    """A file with that in it is put in place and read."""
    hotel.config.write_text(hotel.config.read_text() + more)
    assert hotel.app is not None
    assert await hotel.app.reload_and_tell() == ""


ACTING = '[page]\nacting = "127.0.0.1:{port}"\npassword = "canary wicker boat 33"\n'
PAGE, ACTING_PAGE = TakenPort('[page]\nlisten = "127.0.0.1:{port}"\n'), TakenPort(ACTING)


async def ask_for_acting_without_room(hotel: PrintHotel) -> None:
    """A new file asks for the page that acts, and something is in the place of its certificate."""
    with socket.create_server(("127.0.0.1", 0)) as line:
        port = line.getsockname()[1]
    _certificate(hotel).mkdir(parents=True)
    await new_file(hotel, ACTING.format(port=port))


async def make_room(hotel: PrintHotel) -> None:
    """It is away."""
    _certificate(hotel).rmdir()


def _certificate(hotel: PrintHotel) -> Path:
    return hotel.state / certificate.FOLDER / certificate.NAME


def on_a_socket_of_the_supervisor(hotel: PrintHotel) -> None:
    """The page is served on a socket that is there already, as on a box."""
    hotel.listen = None
    hotel.board = FakeBoard(page_socket=socket.create_server(("127.0.0.1", 0)))


class Told:
    """Who is told by [telemetry], for one row at a time; `refusal` is what it may answer to all."""

    def __init__(self, refusal: int | Exception) -> None:
        self._refusal, self._receiver = refusal, Receiver(204)

    def listen(self, hotel: PrintHotel) -> None:
        """It takes what it is told."""
        receiver = self._receiver = Receiver(204)
        hotel.open_told = lambda base: Peer(base, connections=1, transport=receiver)

    async def refuse(self, hotel: PrintHotel) -> None:
        """It takes nothing any more."""
        self._receiver.answers = [self._refusal]

    async def take(self, hotel: PrintHotel) -> None:
        """It takes all again."""
        self._receiver.answers = [204]


AWAY = httpx.ConnectError("refused")
FIGURES, REFUSING, HOOK = Told(AWAY), Told(401), Told(AWAY)

ROWS: tuple[Row, ...] = (
    Row(
        kind=mews_kinds.CERTIFICATE,
        cause=shown_by("mews", Tls.EXPIRED),
        end=shown_by("mews", Tls.OWN),
        before=mews_in_tls,
        needs=("openssl",),
    ),
    Row(
        kind=lock_kinds.CERTIFICATE,
        cause=shown_by("bridge", Tls.CHANGED),
        end=shown_by("bridge", Tls.OWN),
        before=bridge_in_tls,
        says=63.0,
        shows=63.0,
        why=RESTARTED + "a look costs a log-in or a long list, so looks are a minute apart",
        needs=("openssl",),
    ),
    Row(
        kind=print_kinds.CERTIFICATE,
        cause=shown_by("printer", Tls.CHANGED),
        end=shown_by("printer", Tls.OWN),
        before=printer_in_tls,
        is_printer=True,
        needs=("openssl",),
    ),
    Row(
        kind=file_kinds.PAGE_ADDRESS,
        cause=nothing,
        end=PAGE.free,
        at_start=True,
        before=PAGE.take_from_the_page,
    ),
    Row(
        kind=file_kinds.PAGE_MOVED,
        cause=file_with(LISTEN, OTHER_LISTEN),
        end=file_with(OTHER_LISTEN, LISTEN),
        before=on_a_socket_of_the_supervisor,
        more=f"[page]\n{LISTEN}\n",
    ),
    Row(
        kind=file_kinds.PAGE_CERTIFICATE,
        cause=ask_for_acting_without_room,
        end=make_room,
        needs=("openssl",),
        is_real=True,
    ),
    Row(
        kind=file_kinds.PAGE_ACTING,
        cause=ACTING_PAGE.ask_for_it,
        end=ACTING_PAGE.free,
        before=ACTING_PAGE.take,
        needs=("openssl",),
        is_real=True,
    ),
    Row(
        kind=box_kinds.TELEMETRY_LATE,
        cause=FIGURES.refuse,
        end=FIGURES.take,
        before=FIGURES.listen,
        more=TOLD.format(setting="remote_write"),
        says=1300.0,
        shows=1300.0,
        ends=340.0,
        why=NOW_AND_THEN,
    ),
    Row(
        kind=box_kinds.TELEMETRY_REFUSED,
        cause=REFUSING.refuse,
        end=REFUSING.take,
        before=REFUSING.listen,
        more=TOLD.format(setting="remote_write"),
        says=63.0,
        shows=63.0,
        ends=70.0,
        why=ONCE_A_MINUTE,
    ),
    Row(
        kind=box_kinds.TELEMETRY_WEBHOOK,
        cause=HOOK.refuse,
        end=HOOK.take,
        at_start=True,
        before=HOOK.listen,
        more=TOLD.format(setting="webhook"),
        says=940.0,
        shows=940.0,
        ends=670.0,
        why=NOW_AND_THEN,
    ),
)
