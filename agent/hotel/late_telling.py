"""[telemetry], from a file's first wish for it on: what it takes is loaded then.

It is kept for the files that follow, with what is not told yet.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import trio

from agent.control.words.events import StepTaken
from agent.foundation.http import Peer
from agent.hotel.beside import wait_first_poll
from agent.hotel.parts import Parts
from agent.hotel.site import Site
from agent.status.snapshot.facts import UpkeepFacts
from agent.status.snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    from agent.hotel.telling_others import TellingOthers
    from agent.status.telemetry.figures import Figures


class LateTelling:
    """`snapshot` and `figures` are what is told, `open_peer` the way to who is told."""

    def __init__(
        self,
        parts: Parts,
        snapshot: Callable[[], Snapshot],
        figures: "Callable[[], Figures]",
        open_peer: Callable[[str], Peer],
    ) -> None:
        self._parts, self._open_peer = parts, open_peer
        self._snapshot, self._figures = snapshot, figures
        self._telling: TellingOthers | None = None

    def lines(self) -> tuple[UpkeepFacts, ...]:
        """What the page says of it."""
        return () if self._telling is None else self._telling.lines()

    async def run(self, site: Site) -> None:
        """As this file says, until cancelled."""
        setting = site.telemetry
        if setting.remote_write is None and setting.webhook is None:
            return
        await wait_first_poll(site)
        if self._telling is None:
            self._telling = self._load()
        await self._telling.run(setting, site.name)

    def _load(self) -> "TellingOthers":
        from agent.hotel.telling_others import TellingOthers

        return TellingOthers(
            *(self._parts.health, self._parts.tally, self._snapshot, self._figures),
            clock=trio.current_time,
            now=self._parts.present.now,
            open_peer=self._open_peer,
            announce=lambda words: self._parts.hub.publish(StepTaken(words)),
        )
