"""The box's program for its queues with a real CUPS, and what the agent is told of a queue that it has made."""

import os
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

import pytest
import trio

from agent.box.queues import queues
from agent.box.queues.decisions.wanted import Queue, written
from agent.box.tools import programs
from agent.box.tools.paths import Paths
from agent.box.tools.programs import Finished
from agent.drivers.printing.talk import IppTalk
from agent.foundation.http import Peer
from tests.e2e.printing.counterparts import PrivateCups, private_cups

pytestmark = pytest.mark.needs(
    "/usr/lib/cups/filter/pdftopdf", "/usr/lib/cups/filter/rastertohp", "cupsd", "lpadmin", "lpstat", "setpriv"
)
# The user that `private_cups` has for it.
AS_CUPS = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups") if os.geteuid() == 0 else ()
BACK = Queue("back-office", "socket://127.0.0.1:9", "drv:///sample.drv/laserjet.ppd")
BAR = Queue("bar", "socket://127.0.0.1:9", "drv:///sample.drv/generic.ppd")


class Box:
    """A box whose CUPS runs as another user, and whose program for the queues is run as that one."""

    def __init__(self, folder: Path, cups: PrivateCups) -> None:
        self.paths = Paths(run=folder / "run", queues=cups.folder / "run")
        self.paths.run.mkdir()
        self.said: list[str] = []

    async def put_right(self, *wanted: Queue) -> bool:
        """With a file that wants these."""
        self.paths.queues_wanted.write_text(written(wanted) or "")
        return await trio.to_thread.run_sync(queues.put_right, self.paths, _run, self.said.append)

    async def there(self) -> list[str]:
        """The queues that lpstat lists."""
        look = ("lpstat", "-h", str(self.paths.queues_control), "-e")
        finished = await trio.to_thread.run_sync(partial(_run, look, timeout=30.0, fine=(0, 1)))
        return sorted(finished.out.split())


def _run(argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)) -> Finished:
    return programs.run((*AS_CUPS, *argv), timeout=timeout, stdin=stdin, fine=fine)


async def test_queues_come_and_go_with_the_file(tmp_path: Path) -> None:
    async with private_cups() as cups:
        box = Box(tmp_path, cups)
        assert await box.put_right(BACK, BAR)
        assert await box.there() == ["back-office", "bar"]
        assert await box.put_right(BAR)
        assert await box.there() == ["bar"]
        assert await box.put_right()
        assert (await box.there(), box.said) == ([], [])


async def test_a_model_that_cups_does_not_have_is_said_and_the_other_queue_is_made(tmp_path: Path) -> None:
    async with private_cups() as cups:
        box = Box(tmp_path, cups)
        assert not await box.put_right(Queue("old", BAR.device, "drv:///sample.drv/none.ppd"), BACK)
        assert await box.there() == ["back-office"]
        assert "the queue old is not as the provisioning file has it" in box.said


async def test_the_agent_is_told_of_a4_and_of_pdf_by_such_a_queue(tmp_path: Path) -> None:
    async with private_cups() as cups:
        await Box(tmp_path, cups).put_right(BACK)
        async with Peer(f"http://127.0.0.1:{cups.port}") as peer:
            printer = await IppTalk(cups.uri("back-office"), peer, trio.current_time).printer()
    assert printer.is_cups
    assert printer.media == "iso_a4_210x297mm"
    assert "application/pdf" in printer.formats


async def test_a_cups_that_was_killed_has_its_queues_again(tmp_path: Path) -> None:
    async with private_cups() as cups:
        box = Box(tmp_path, cups)
        await box.put_right(BACK)
        await cups.kill_and_start()
        assert await box.put_right(BACK)
        assert await box.there() == ["back-office"]
