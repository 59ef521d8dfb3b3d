"""What the page, metrics and others are given of this moment, out of what the parts know. Decides nothing, asks
nothing over the network, and holds no guest.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import trio

from agent.foundation.reading.moments import later
from agent.hotel.addresses import addresses
from agent.hotel.parts import Parts
from agent.hotel.site import Site
from agent.hotel.snapshot_facts import HotelFacts, snapshot_of
from agent.hotel.surroundings_watch import SurroundingsWatch
from agent.journal.rows.acts import Act
from agent.status.snapshot.facts import UpkeepFacts
from agent.status.snapshot.snapshot import Snapshot
from board.base import Board

if TYPE_CHECKING:
    from agent.status.snapshot.surroundings import AgeFacts
    from agent.status.telemetry.figures import Figures


class Shown:
    """`state` is the agent's directory, `acts` gives the last ones, `upkeep` what is looked after beside."""

    def __init__(
        self,
        parts: Parts,
        board: Board,
        state: Path,
        around: SurroundingsWatch,
        *,
        acts: Callable[[], Sequence[Act]],
        upkeep: Callable[[Site], tuple[UpkeepFacts, ...]],
    ) -> None:
        self._parts, self._board, self._state, self._around = parts, board, state, around
        self._acts, self._upkeep = acts, upkeep

    def snapshot(self) -> Snapshot:
        """What the page shows now."""
        self._parts.attention.pay()
        return self.for_programs()

    def for_programs(self) -> Snapshot:
        """The same for a program that asks all day: it has no eyes."""
        parts = self._parts
        return snapshot_of(
            self._place(),
            parts.health,
            parts.orders,
            perhaps=parts.loose_cards.perhaps,
            started=parts.started,
            now=trio.current_time(),
            surroundings=self._around.now(self._acts(), self._ages()),
        )

    def figures(self) -> "Figures":
        """What metrics tell beside the snapshot."""
        from agent.hotel.measures import measures
        from agent.status.telemetry.figures import Figures

        present = self._parts.present
        measured = measures(
            *(self._place(), self._board, self._parts.orders, self._state),
            ages=self._ages(),
            mews_now=present.mews_now(),
            wall=present.wall,
            now=trio.current_time(),
        )
        return Figures(self._parts.tally.counters(), measured)

    def _place(self) -> HotelFacts:
        file, site = self._parts.present.file, self._parts.present.site
        if file is None or site is None:
            return HotelFacts(self._board.host_name, box=self._around.box_text())
        return HotelFacts(
            file.box.name,
            file.box.timezone,
            site.connector,
            site.drivers,
            site.lanes,
            self._around.box_text(),
            file.support,
            self._upkeep(site),
            addresses(file),
        )

    def _ages(self) -> tuple["AgeFacts", ...]:
        present = self._parts.present
        if present.file is None or present.site is None:
            return ()
        from agent.hotel.ages import acting_ages, certificate_ages, token_ages

        wall, now, site = present.wall(), trio.current_time(), present.site
        tokens = token_ages(site.connector.signed_in_since, site.drivers, lambda at: later(wall, at - now))
        return (*acting_ages(self._around.acting()), *certificate_ages(present.file, site.certificates), *tokens)
