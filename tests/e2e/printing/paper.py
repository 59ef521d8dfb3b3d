"""The engine of a real printer in the hands of a test: what comes to it, what it says, what comes out on paper.

A job waits at the engine until the test has it printed. Paper is counted where the test lets it come out.
"""

import json
import shlex
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import trio

from agent.simulators.base.presence import Changes

ENGINE = Path(__file__).with_name("engine.py")
PATIENCE = 30.0  # s; after that a test fails instead of hanging
PAGE_OUT = "ATTR: job-impressions-completed=1"


class Print(msgspec.Struct, frozen=True):
    """A job as the engine was given it."""

    name: str
    format: str
    copies: int
    document: bytes


class AtEngine:
    """A job that the engine has in hand."""

    def __init__(self, job: Print, line: trio.SocketStream, paper: "Paper") -> None:
        self.job = job
        self._line, self._paper = line, paper

    async def say(self, *lines: str) -> None:
        """Have the printer report these."""
        await self._line.send_all("".join(f"{line}\n" for line in lines).encode())

    async def come_out(self) -> None:
        """All of it is on paper, and the printer says so."""
        self._paper.out.append(self.job)
        await self.say(PAGE_OUT)
        await self.end()

    async def end(self, status: int = 0) -> None:
        """The engine has done with it; any status but 0 is a failure."""
        await self.say(str(status))


async def wait_so(is_so: Callable[[], bool], told: Callable[[], str] = str) -> None:
    """Wait until it is so. (A driver and a file cannot call back: they are asked again.) If it never is, `told`
    says what is."""
    with trio.move_on_after(PATIENCE):
        while not is_so():  # noqa: ASYNC110
            await trio.sleep(0.02)
        return
    raise AssertionError(told())


Play = Callable[[AtEngine], Coroutine[Any, Any, None]]


async def at_once(work: AtEngine) -> None:
    """Print it."""
    await work.come_out()


async def never(work: AtEngine) -> None:
    """An engine that begins, and does no more."""
    await trio.sleep_forever()


class Paper:
    """`out` is what came out, in order. `play` is what the engine does with a job."""

    def __init__(self, folder: Path) -> None:
        self.out: list[Print] = []
        self.begun: list[Print] = []
        self.play: Play = at_once
        self.program = folder / "engine"
        self._place = folder / "engine.socket"
        self._changes = Changes()
        words = shlex.join((sys.executable, "-IS", str(ENGINE), str(self._place)))
        self.program.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        self.program.chmod(0o755)

    @property
    def names(self) -> list[str]:
        """The jobs that came out, by name."""
        return [each.name for each in self.out]

    async def wait_begun(self, count: int = 1) -> None:
        """Wait until the engine has been given so many jobs."""
        with trio.fail_after(PATIENCE):
            await self._changes.wait_until(lambda: len(self.begun) >= count)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """The engine can be run meanwhile."""
        with trio.socket.socket(trio.socket.AF_UNIX) as listener:
            await listener.bind(str(self._place))
            self._place.chmod(0o777)
            listener.listen()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(trio.serve_listeners, self._serve, [trio.SocketListener(listener)])
                yield
                nursery.cancel_scope.cancel()

    async def _serve(self, line: trio.SocketStream) -> None:
        async with line:
            told = b""
            while not told.endswith(b"\n"):
                told += await line.receive_some()
            job = _read(told)
            self.begun.append(job)
            self._changes.announce()
            try:
                await self.play(AtEngine(job, line, self))
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                return  # the printer was switched off, and its engine with it


def _read(told: bytes) -> Print:
    said = json.loads(told)
    return Print(said["name"], said["format"], said["copies"], Path(said["file"]).read_bytes())
