"""What an update does to the rest of the box: programs, lasting files, the own page, time.

Each program of an update takes them as an argument; a test has its own.
"""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from agent.box.tools.live_program import Follow, follow
from agent.box.tools.paths import Paths
from agent.box.tools.programs import Run, run
from agent.foundation import files
from agent.foundation.errors import NightPorterError
from agent.handover import steps
from agent.handover.notices import boottime
from agent.status.snapshot.snapshot import Snapshot


def own_page(url: str = "http://127.0.0.1:80/") -> Snapshot | None:
    """What the box's own page says, None where it says nothing."""
    import trio  # here, because a boot without an update needs none of it

    from agent.status import client

    try:
        return trio.run(client.fetch, url)
    except NightPorterError:
        return None


class Effects(msgspec.Struct, frozen=True, kw_only=True):
    """The real box. `keep` and `remove` change files that last, each on the disk when it returns.

    `clock` gives seconds since the machine started, `pause` lets some pass.
    """

    paths: Paths = Paths()
    run: Run = run
    follow: Follow = follow
    page: Callable[[], Snapshot | None] = own_page
    keep: Callable[[Path, bytes], None] = files.write
    remove: Callable[[Path], None] = files.remove
    clock: Callable[[], float] = boottime
    pause: Callable[[float], None] = time.sleep

    def say(self, text: str) -> None:
        """A step, for a person who waits at a serial line or for this command."""
        steps.say(f"update: {text}", self.paths.steps)
