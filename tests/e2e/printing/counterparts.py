"""A real IPP Everywhere printer (`ippeveprinter`) and a private CUPS (`cupsd`) as processes of a test.

Traps: reference/printing.md, sections 4 and 5. Each has a port of the loopback and a folder of its own, and none
of it outlives its block.
"""

import grp
import hashlib
import os
import re
import shutil
import signal
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import trio

from agent.box.queues.spool import sweep
from tests.e2e.printing.paper import Paper
from tests.e2e.processes import AgentProcess, running
from tests.free_port import free_port

BOX = Path(__file__).parents[3] / "image/root/usr/share/nightporter/cups"
PROGRAMS = ("cupsd", "dbus-daemon", "ippeveprinter", "lpadmin", "setpriv")
BUS = """<busconfig><type>system</type><listen>unix:path={place}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow own="*"/><allow send_destination="*"/><allow eavesdrop="true"/></policy>
</busconfig>"""
PDF, RASTER = "application/pdf", "image/pwg-raster"


class Plugged:
    """A process that is started, killed with all that it runs, and started again, by whatever task."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self._nursery = nursery
        self._pulled, self._is_off = trio.Event(), trio.Event()
        self._now: AgentProcess | None = None

    @property
    def now(self) -> AgentProcess:
        """The one that runs."""
        assert self._now is not None, "it is off"
        return self._now

    async def start(self, command: Sequence[str], environment: Mapping[str, str], ready: str) -> None:
        """Start it, and wait for the line of its log that says that it is ready."""
        self._now = await self._nursery.start(self._run, command, environment)
        await self.now.wait_line(ready)

    async def kill(self) -> None:
        """SIGKILL for it and for what it runs: what has a session of its own, as systemd's cgroup would do."""
        if self._now is not None:
            self._now.send(signal.SIGKILL)
            _kill_session(self._now.pid)
            self._now = None
            self._pulled.set()
            await self._is_off.wait()

    async def _run(
        self, command: Sequence[str], environment: Mapping[str, str], task_status: trio.TaskStatus[AgentProcess]
    ) -> None:
        self._pulled, self._is_off = trio.Event(), trio.Event()
        async with running(command, environment=environment) as process:
            task_status.started(process)
            await self._pulled.wait()
        self._is_off.set()


class RealPrinter:
    """An ippeveprinter with these formats; it can be switched off, as by its plug, and on again."""

    def __init__(self, folder: Path, bus: str, port: int, formats: tuple[str, ...], nursery: trio.Nursery) -> None:
        self.paper = Paper(folder)
        self.port, self.formats = port, formats
        self._folder, self._bus = folder, bus
        self._process = Plugged(nursery)

    @property
    def uri(self) -> str:
        """Its address."""
        return f"ipp://localhost:{self.port}/ipp/print"

    async def switch_on(self) -> None:
        """Start it, and wait until it takes connections. It knows nothing of what was before."""
        spool, keys = self._folder / "spool", self._folder / "keys"
        for each in (spool, keys):
            each.mkdir(exist_ok=True)
        words = ("ippeveprinter", "-v", "-n", "localhost", "-r", "off", "-f", ",".join(self.formats))
        places = ("-d", str(spool), "-K", str(keys), "-c", str(self.paper.program), "-p", str(self.port))
        bus = {"DBUS_SYSTEM_BUS_ADDRESS": self._bus}
        await self._process.start((*words, *places, "Front"), bus, "printer-uri-supported=")

    async def switch_off(self) -> None:
        """SIGKILL for it and its engine, with all that it has."""
        await self._process.kill()

    async def wait_heard(self, operation: str, count: int = 1) -> None:
        """Wait for so many lines of its log that begin with these words: an operation, and what it answered."""
        await self._process.now.wait_line(f" {operation}", count)

    def heard(self, operation: str) -> int:
        """How many such lines there are since it was switched on."""
        return self._process.now.log.count(f" {operation}")

    async def fingerprint(self) -> str:
        """SHA-256 of the certificate that it shows."""
        at = ("localhost", self.port)
        shown = await trio.to_thread.run_sync(ssl.get_server_certificate, at)
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(shown)).hexdigest()


@asynccontextmanager
async def message_bus(folder: Path) -> AsyncIterator[str]:
    """A D-Bus of one's own, without which ippeveprinter does not start; its address."""
    file = folder / "bus.conf"
    file.write_text(BUS.format(place=folder / "bus"))
    words = ("dbus-daemon", f"--config-file={file}", "--nofork", "--nopidfile", "--print-address=2")
    async with running(words) as bus:
        await bus.wait_line("unix:path=")
        yield f"unix:path={folder / 'bus'}"


@asynccontextmanager
async def real_printer(folder: Path, *formats: str) -> AsyncIterator[RealPrinter]:
    """A real printer that is on, for PDF unless told otherwise."""
    async with message_bus(folder) as bus, trio.open_nursery() as nursery:
        printer = RealPrinter(folder, bus, free_port(), formats or (PDF, RASTER), nursery)
        async with printer.paper.served():
            await printer.switch_on()
            try:
                yield printer
            finally:
                await printer.switch_off()


class PrivateCups:
    """A cupsd with the box's own configuration, at other places. As root it runs as the user nobody."""

    def __init__(self, folder: Path, port: int, nursery: trio.Nursery) -> None:
        self.folder, self.port = folder, port
        self.process = Plugged(nursery)
        folder.chmod(0o755)
        (folder / "run").mkdir(0o750)
        if os.geteuid() == 0:
            shutil.chown(folder / "run", "nobody", "nogroup")

    def uri(self, queue: str) -> str:
        """The address of a queue."""
        return f"ipp://127.0.0.1:{self.port}/printers/{queue}"

    async def start(self) -> None:
        """Sweep its spool as the box does, start it, and wait until it takes connections."""
        sweep(self.folder / "run/spool")
        words = ("cupsd", "-f", "-c", str(self._file("cupsd.conf")), "-s", str(self._file("cups-files.conf")))
        await self.process.start((*_as_nobody(), *words), {}, "Resuming new connection processing")

    async def kill(self) -> None:
        """SIGKILL for it and for what it runs."""
        await self.process.kill()

    async def kill_and_start(self) -> None:
        """As systemd would after the main process was killed."""
        await self.kill()
        await self.start()

    async def add_queue(self, name: str, device: str, model: str = "everywhere") -> None:
        """Make a queue as the box does. CUPS 2.4 answers before it knows what the printer takes, and would send
        a document as it is until then."""
        await trio.run_process(self.adding(str(self.folder / "run/control"), name, device, model))
        await self.process.now.wait_line(f'Printer "{name}" is now available.')

    def adding(self, server: str, name: str, device: str, model: str = "everywhere") -> tuple[str, ...]:
        """The command that makes a queue."""
        return (*_as_nobody(), "lpadmin", "-h", server, "-p", name, "-E", "-v", device, "-m", model)

    @property
    def log(self) -> str:
        """What it has said since it was started."""
        return self.process.now.log

    def spooled(self) -> list[str]:
        """The files of its spool, the temporary ones too."""
        return sorted(path.name for path in (self.folder / "run/spool").rglob("*") if path.is_file())

    def files_with(self, text: bytes) -> list[str]:
        """The files of all its folders in which this text is."""
        files = (path for path in (self.folder / "run").rglob("*") if path.is_file())
        return [path.name for path in files if text in path.read_bytes()]

    def _file(self, name: str) -> Path:
        """A configuration file of the box, with our places in it."""
        text = (BOX / name).read_text()
        text = text.replace("/run/nightporter-queues", str(self.folder / "run"))
        text = text.replace("127.0.0.1:631", f"127.0.0.1:{self.port}").replace("LogLevel warn", "LogLevel info")
        text = re.sub("^SystemGroup .*", f"SystemGroup {_group()}", text, flags=re.MULTILINE)
        file = self.folder / name
        file.write_text(text)
        return file


@asynccontextmanager
async def private_cups() -> AsyncIterator[PrivateCups]:
    """A CUPS that runs. Its folder is none of pytest's, into which only their owner may look."""
    with TemporaryDirectory(prefix="cups-") as name:  # in /tmp: a socket's name has to be short
        async with trio.open_nursery() as nursery:
            cups = PrivateCups(Path(name), free_port(), nursery)
            await cups.start()
            try:
                yield cups
            finally:
                await cups.kill()


def _as_nobody() -> tuple[str, ...]:
    return ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups") if os.geteuid() == 0 else ()


def _group() -> str:
    return "nogroup" if os.geteuid() == 0 else grp.getgrgid(os.getegid()).gr_name


def _kill_session(session: int) -> None:
    """CUPS gives each of its filters a process group; the session stays the same."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            process, rest = stat.parent.name, stat.read_text().rpartition(")")[2].split()
            if int(rest[3]) == session:
                os.kill(int(process), signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
