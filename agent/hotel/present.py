"""The provisioning file that holds, the site made of it, and the time there.

Reads and judges; runs nothing of a site. A new file is taken whole or not at all: a bad one never takes the place
of a good one.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import trio

from agent.drivers.check import beside, judge, sound
from agent.foundation.errors import UserMistake
from agent.health import file_kinds
from agent.health.kind import FaultKind
from agent.hotel.site import Shared, Site, Wires
from provisioning.file import content, why_not
from provisioning.model import Provisioning


class Present:
    """`config` is the file, `wall` the box's own clock."""

    def __init__(self, config: Path, shared: Shared, wires: Wires, wall: Callable[[], datetime]) -> None:
        self._config, self._shared, self._wires = config, shared, wires
        self.wall = wall
        self.file: Provisioning | None = None  # the last good one; its site runs a moment later
        self.site: Site | None = None  # the one that runs
        self.refusal = ""  # why the file was refused the last time
        self._reload = trio.Event()
        self._read = trio.Event()  # set, and replaced, when what came of reading the file holds

    def reload(self) -> None:
        """Have the file read again."""
        self._reload.set()

    async def reload_and_tell(self) -> str:
        """The same, and wait for it; why the file is refused, empty if it is taken."""
        read = self._read
        self.reload()
        await read.wait()
        return self.refusal

    async def wait_read(self) -> None:
        """Wait until what came of reading the file again holds."""
        await self._read.wait()

    async def wait_following(self) -> Site:
        """Wait for a good new file."""
        while True:
            await self._reload.wait()
            self._reload = trio.Event()
            following = self.read()
            if following is not None:
                return following
            self._tell_read()

    def enter(self, site: Site) -> None:
        """This one runs from now on, and what was found with the one before says nothing more."""
        if self.site is not None:
            self.site.forget_faults()
        self.site = site
        self._tell_read()

    def mews_now(self) -> datetime | None:
        """What time it is at Mews; None until it has told."""
        return None if self.site is None else self.site.mews_now

    def now(self) -> datetime:
        """The time by Mews' clock, or by the box's own until Mews has told it."""
        return self.mews_now() or self.wall()

    def unix_now(self) -> int:
        """The same in Unix seconds."""
        return int(self.now().timestamp())

    def read(self) -> Site | None:
        """The site of the file as it is now; else None, and a fault says why."""
        health = self._shared.health
        try:
            judgement = judge(content(self._config), beside(self._config))
            file = sound(self._config, judgement)
            site = Site(file, judgement.profile, self._shared, self._wires)
        except OSError as error:
            self.refusal = why_not(self._config, error)
            health.raise_fault(self._kind(file_kinds.FILE_MISSING), "box", self.refusal)
        except UserMistake as mistake:
            self.refusal = str(mistake)
            health.raise_fault(self._kind(file_kinds.FILE_BAD), "box", self.refusal)
        else:
            self.refusal = ""
            health.clear("box", file_kinds.FILE_MISSING, file_kinds.FILE_BAD, file_kinds.FILE_REFUSED)
            self.file = file
            return site
        return None

    def _kind(self, without_any: FaultKind) -> FaultKind:
        return without_any if self.site is None else file_kinds.FILE_REFUSED

    def _tell_read(self) -> None:
        """What came of reading the file holds from now on."""
        read, self._read = self._read, trio.Event()
        read.set()
