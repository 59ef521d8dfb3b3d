"""The support bundle of the running agent: what it knows at this moment, given to be packed.

What packs it is loaded when a bundle is asked for.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import trio

from agent.hotel.parts import Parts
from agent.journal import state_folder
from agent.status.log_ring import LogRing
from agent.status.snapshot.snapshot import Snapshot
from board.base import Board

if TYPE_CHECKING:
    from agent.control.hotel import Hotel, Say
    from agent.control.words.bundle import SupportBundle


class BundleOfAgent:
    """`state` is the agent's directory."""

    def __init__(self, parts: Parts, board: Board, state: Path, snapshot: Callable[[], Snapshot]) -> None:
        self._parts, self._board, self._state, self._snapshot = parts, board, state, snapshot

    async def pack(self, hotel: "Hotel", say: "Say") -> "SupportBundle":
        """As it is now; `hotel` has its hops tested, and `say` is told how far it is."""
        from agent.hotel.support_bundle import Facts, in_zone, of_agent

        present = self._parts.present
        facts = Facts(
            self._snapshot(),
            self._parts.health.active(),
            trio.current_time(),
            present.file,
            present.refusal,
            in_zone(present.wall(), present.file),
        )
        journal, lines = self._state / state_folder.JOURNAL, _lines(self._parts.ring)
        return await of_agent(facts, hotel, self._board, self._state, journal, lines, say)


def _lines(ring: LogRing) -> list[str]:
    return [f"{each.at:%Y-%m-%dT%H:%M:%SZ} {each.level} {each.text}" for each in ring.after(0)]
