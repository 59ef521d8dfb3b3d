"""What is around the pass, watched once there was a poll: the machine, its network and what the box did lately.

Before that, and where nothing can be read, the page says what it knows without.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import trio

from agent.hotel.acting_place import ActingPlace
from agent.hotel.beside import wait_first_poll
from agent.hotel.parts import Parts
from agent.hotel.site import Site
from agent.hotel.snapshot_facts import BOX_WORKS, NOTHING_AROUND, Surroundings
from agent.journal.rows.acts import Act
from board.base import Board

if TYPE_CHECKING:
    from agent.hotel.around import Around
    from agent.status.snapshot.surroundings import AgeFacts


class SurroundingsWatch:
    """`state` is the agent's directory, `notices` where the box's programs leave facts (None: as on a box), and
    `acting` tells where the page that acts is.
    """

    def __init__(
        self, parts: Parts, board: Board, state: Path, notices: Path | None, acting: Callable[[], ActingPlace]
    ) -> None:
        self._parts, self._board, self._state = parts, board, state
        self._notices, self.acting = notices, acting
        self._around: Around | None = None
        self.box_text: Callable[[], str] = lambda: BOX_WORKS

    def now(self, acts: Iterable[Act], ages: tuple["AgeFacts", ...]) -> Surroundings:
        """As it is, with these acts and ages."""
        if self._around is None:
            return NOTHING_AROUND
        file = self._parts.present.file
        return self._around.now(
            self._parts.history,
            acts,
            ntp=() if file is None else file.network.ntp,
            ages=ages,
            now=trio.current_time(),
        )

    async def watch(self, site: Site | None) -> None:
        """Until cancelled, once `site` has asked Mews."""
        await wait_first_poll(site)
        from agent.handover.notices import NOTICES
        from agent.hotel.around import Around
        from agent.hotel.machine_faults import MachineFaults

        present, folder = self._parts.present, self._notices or NOTICES
        faults = MachineFaults(
            *(self._board, self._parts.health, self._state, present.mews_now),
            folder=folder,
            wall=present.wall,
        )
        self.box_text = faults.box_text
        self._around = Around(self._board, present.mews_now, present.wall, folder, self.acting)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._around.network.watch)
            await faults.watch()
