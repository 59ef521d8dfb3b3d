"""All lines of a box in one process: each has a session, and they share one look at the box.

Lines come and go (a USB cable): the kernel's device events say when to look for them. A line that cannot be
opened is tried again with longer and longer pauses.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from socket import socket
from typing import Protocol

import trio

from agent.console.box import ConsoleBox
from agent.console.line import Descriptors, Ends, Line
from agent.console.login import LineLogin
from agent.console.news import BoxState, News
from agent.console.session import Session
from agent.console.terminal.hotel_time import HotelTime
from agent.console.verbs.carry_out import carry_out
from agent.console.watch import BoxWatch
from agent.handover import nudge
from board.serial_line import SerialGone, forget_news

MOST_STEPS = 40  # lines; a start has some twenty
SHORTEST = 0.1  # s; what ends sooner was no person's line
FIRST_PAUSE = 2.0  # s before a line that could not be opened, or ended at once, is opened again
LONGEST_PAUSE = 60.0  # s


class Opened(Protocol):
    """A line that was opened."""

    def fileno(self) -> int: ...

    def close(self) -> None: ...


class ConsoleServer:
    """`on_state` hears how the box is at each look: the front's lights show it."""

    def __init__(self, box: ConsoleBox, on_state: Callable[[BoxState], None] = lambda _: None) -> None:
        self._box = box
        box.new_steps()  # what has happened by now is in the banner
        self._time = HotelTime()
        self._news = News(self._time)
        self._sessions: list[Session] = []
        self._watch = BoxWatch(box, self._news, self.announce, on_state)
        self._lines: set[str] = set()
        self._pauses: dict[str, float] = {}
        self._logins: dict[str, LineLogin] = {}  # by line: leaving and coming back frees no one of a pause
        self._looked = trio.Event()

    async def serve_all(
        self, get_lines: Callable[[], Iterable[str]], open_line: Callable[[str], Opened], devices: socket | None
    ) -> None:
        """Serve each line that there is, as long as it is there, until cancelled; closes `devices`."""
        with devices or nullcontext():
            await self._serve_all(get_lines, open_line, devices)

    async def _serve_all(
        self, get_lines: Callable[[], Iterable[str]], open_line: Callable[[str], Opened], devices: socket | None
    ) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.watch)
            nursery.start_soon(self._wait_devices, devices)
            while True:
                for name in set(get_lines()) - self._lines:
                    self._lines.add(name)
                    nursery.start_soon(self._serve_port, name, open_line)
                await self._looked.wait()
                self._looked = trio.Event()

    async def serve(self, ends: Ends, *, asks_for_code: bool) -> None:
        """Serve one line until its person goes."""
        login = self._logins.setdefault(ends.name, LineLogin()) if asks_for_code else None
        if login is not None:
            login.log_out()
        session = Session(Line(ends), self._box, carry_out, self._time, login)
        self._sessions.append(session)
        try:
            await session.run(self._banner())
        finally:
            self._sessions.remove(session)

    async def watch(self) -> None:
        """Look at the box for all lines, until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._watch.run)
            nursery.start_soon(self._wait_nudges, self._box.run)

    def announce(self, text: str) -> None:
        """Say it on all lines."""
        for session in self._sessions:
            session.announce(text)

    async def _serve_port(self, name: str, open_line: Callable[[str], Opened]) -> None:
        try:
            port = open_line(name)
        except SerialGone:
            await self._rest(name, 0.0)
        else:
            began = trio.current_time()
            try:
                await self.serve(Descriptors(Path(name).name, port.fileno(), is_dumb=True), asks_for_code=True)
            finally:
                port.close()
            await self._rest(name, trio.current_time() - began)
        self._lines.discard(name)
        self._looked.set()

    async def _rest(self, name: str, served: float) -> None:
        """Wait longer and longer for a line that ends as soon as it is opened."""
        if served >= SHORTEST:
            self._pauses.pop(name, None)
            return
        pause = self._pauses.get(name, FIRST_PAUSE)
        self._pauses[name] = min(LONGEST_PAUSE, pause * 2)
        await trio.sleep(pause)

    async def _wait_devices(self, devices: socket | None) -> None:
        """At each device that comes or goes, look for lines."""
        while devices is not None:
            await trio.lowlevel.wait_readable(devices)
            forget_news(devices)
            self._looked.set()

    async def _wait_nudges(self, run: Path) -> None:
        line = nudge.listening(run)
        if line is None:
            return
        with line:
            while True:
                await trio.lowlevel.wait_readable(line)
                forget_news(line)
                self._watch.nudge()

    def _banner(self) -> str:
        of = f" {self._box.version}" if self._box.version else ""
        is_new = not self._box.facts().is_provisioned
        first = "This box has no provisioning file yet: type setup, and it asks for what is missing."
        then = first if is_new else "Type help, or ? for what may be typed."
        steps = "" if self._news.is_ready else self._box.last_steps(MOST_STEPS)
        return "\n".join(filter(None, (f"\nNight Porter{of}: {self._box.name}", self._box.about, steps, then)))
