"""Real processes for tests: the agent as a child of its own, simulators on real sockets in the test's own loop.

The simulators stay in the test's process so that their counts are at hand. Nothing in here waits for seconds: it
waits for a line of the log, for a fact in a simulator, or for the end of the process.
"""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import trio

from agent.simulators.base.certificates import Tls
from agent.simulators.base.presence import Changes
from agent.simulators.base.server import serve
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import MewsSwitches
from agent.simulators.printer.raw import serve_raw
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.visionline.simulator import VisionlineSimulator
from agent.status import client
from agent.status.snapshot.snapshot import Snapshot
from tests.print_hotel import printers_text
from tests.whole_hotel import MEWS_ACCOUNT, provisioning_text, visionline_text

AGENT = (sys.executable, "-m", "agent", "run")
PATIENCE = 30.0  # s; after that a test fails instead of hanging, even on a busy machine
_PAGE = "status page at "
# What systemd does between fork and exec: the socket to descriptor 3, and the words of sd_listen_fds(3).
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="nightporter-page.socket")
os.execv(sys.argv[2], sys.argv[2:])
"""


class AgentProcess:
    """One agent process: its log as it comes, its end, its page."""

    def __init__(self, process: trio.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._changes = Changes()
        self._is_read = False

    @property
    def pid(self) -> int:
        """The agent's own, also under a tracer."""
        return self.process.pid

    @property
    def log(self) -> str:
        """All that it wrote to stderr by now."""
        return "\n".join(self.lines)

    async def read(self) -> None:
        """Take its log in, line by line, until it is closed."""
        assert self.process.stderr is not None
        rest = b""
        async for chunk in self.process.stderr:
            *lines, rest = (rest + chunk).split(b"\n")
            self.lines += [line.decode(errors="replace") for line in lines]
            self._changes.announce()
        self.lines += [rest.decode(errors="replace")] if rest else []
        self._is_read = True
        self._changes.announce()

    async def wait_line(self, words: str, count: int = 1) -> str:
        """Wait for the log's `count`-th line with these words. An end before that fails the test."""
        with trio.fail_after(PATIENCE):
            await self._changes.wait_until(lambda: self._is_read or len(self._with(words)) >= count)
        assert len(self._with(words)) >= count, f"{words!r} never came:\n{self.log}"
        return self._with(words)[count - 1]

    async def wait_page(self) -> str:
        """Wait until the status page is served; its address, with a slash at the end."""
        return (await self.wait_line(_PAGE)).partition(_PAGE)[2].strip()

    async def wait_exit(self) -> int:
        """Wait for the end and the whole log; the exit code, negative for a signal."""
        with trio.fail_after(PATIENCE):
            code = await self.process.wait()
            await self._changes.wait_until(lambda: self._is_read)
        return code

    async def while_alive(self, wait: Callable[..., Awaitable[object]], *args: object) -> None:
        """Wait for something that this agent is there for. Its own end before that fails the test."""

        async def watch() -> None:
            await self.process.wait()
            raise AssertionError(f"the agent ended with {self.process.returncode}:\n{self.log}")

        async with trio.open_nursery() as nursery:
            nursery.start_soon(watch)
            await wait(*args)
            nursery.cancel_scope.cancel()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    async def snapshot(self) -> Snapshot:
        """What its page says now."""
        return await client.fetch(await self.wait_page())

    async def get(self, path: str) -> httpx.Response:
        """Ask its page's server."""
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as web:
            return await web.get((await self.wait_page()) + path)

    async def wait_snapshot(self, is_so: Callable[[Snapshot], bool]) -> Snapshot:
        """Wait until the page says so. (A page cannot call back: this one asks again.)"""
        with trio.fail_after(PATIENCE):
            while True:
                snapshot = await self.snapshot()
                if is_so(snapshot):
                    return snapshot
                await trio.sleep(0.05)

    def _with(self, words: str) -> list[str]:
        return [line for line in self.lines if words in line]


@asynccontextmanager
async def running(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, pass_fds: Sequence[int] = ()
) -> AsyncIterator[AgentProcess]:
    """A process of that command line. Whatever the test does, none of its group outlives the block."""
    process = await trio.lowlevel.open_process(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        pass_fds=pass_fds,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
    )
    agent = AgentProcess(process)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(agent.read)
        try:
            yield agent
        finally:
            _kill_group(process.pid)
            with trio.CancelScope(shield=True):
                await process.wait()
            nursery.cancel_scope.cancel()


class RealHotel:
    """Simulated Mews, lock systems and printer on real sockets, a provisioning file, and agents as processes.

    `visionline_encoders` are how many the VisiOnline has; without any the file names no VisiOnline. `printer` is
    in the file once it has ports, for IPP and for bytes.
    """

    def __init__(self, folder: Path, mews: MewsSimulator, bridge: CoderBridgeSimulator) -> None:
        self.mews, self.bridge = mews, bridge
        self.visionline = VisionlineSimulator()
        self.visionline_encoders = 0
        self.visionline_port = 0
        self.printer = PrinterSimulator()
        self.printer_ports: tuple[int, int] | None = None
        self.config = folder / "provisioning.toml"
        self.state = folder / "state"
        self.ports = (0, 0)

    def file(self, **values: Any) -> str:
        """The text of a provisioning file; `values` as in `tests.whole_hotel.provisioning_text`."""
        mews, bridge = self.ports
        values.setdefault("dialect", self.mews.switches.dialect)
        if self.visionline_encoders or self.printer_ports:
            values = {"more": self._visionline() + self._printers()} | values
        text = provisioning_text(self.bridge, **values)
        return text.replace("127.0.0.1:9001", f"127.0.0.1:{mews}").replace("127.0.0.1:9002", f"127.0.0.1:{bridge}")

    @property
    def visionline_server(self) -> str:
        """Its address."""
        return f"https://127.0.0.1:{self.visionline_port}"

    def _printers(self) -> str:
        if self.printer_ports is None:
            return ""
        return printers_text(*(f"127.0.0.1:{port}" for port in self.printer_ports))

    def _visionline(self) -> str:
        if not self.visionline_encoders:
            return ""
        return visionline_text(
            self.visionline,
            server=self.visionline_server,
            pin=self.visionline.certificates.sha256(Tls.OWN),
            encoders=self.visionline_encoders,
        )

    def provision(self, **values: Any) -> None:
        """Write the provisioning file."""
        self.config.write_text(self.file(**values))

    def command(self, *main: str) -> list[str]:
        """The command line of an agent for this hotel; `main` instead of the product's own `agent run`."""
        places = ("--config", str(self.config), "--state", str(self.state), "--listen", "127.0.0.1:0")
        return [*(main or AGENT), *places]

    @asynccontextmanager
    async def agent(
        self, *before: str, main: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> AsyncIterator[AgentProcess]:
        """An agent process; `before` are words in front of its command line, for a tracer or a namespace."""
        async with running([*before, *self.command(*main)], environment=environment) as agent:
            yield agent


@asynccontextmanager
async def real_hotel(
    folder: Path,
    *,
    mews: MewsSwitches | None = None,
    bridge: CoderBridgeSwitches | None = None,
    visionline_encoders: int = 0,
    has_printers: bool = False,
    **values: Any,
) -> AsyncIterator[RealHotel]:
    """A hotel in `folder` with its servers up and its provisioning file written; a VisiOnline needs openssl."""
    hotel = RealHotel(folder, MewsSimulator(mews), CoderBridgeSimulator(bridge))
    async with trio.open_nursery() as nursery:
        hotel.ports = (await nursery.start(serve, hotel.mews), await nursery.start(serve, hotel.bridge))
        if visionline_encoders:
            hotel.visionline.switch(more_accounts=(MEWS_ACCOUNT,))
            hotel.visionline_encoders = visionline_encoders
            hotel.visionline_port = await nursery.start(serve, hotel.visionline)
        if has_printers:
            ipp, raw = await nursery.start(serve, hotel.printer), await nursery.start(serve_raw, hotel.printer)
            hotel.printer_ports = (ipp, raw)
        hotel.provision(**values)
        yield hotel
        nursery.cancel_scope.cancel()


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # all of it has ended
