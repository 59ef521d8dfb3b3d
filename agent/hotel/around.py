"""What the page tells beyond the pass: the last day, network, clock, ages, acts, and what the box did lately.

Loaded after the first poll. Nothing follows from it for a key.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from agent.foundation.reading.moments import from_unix
from agent.handover.notices import NOTICES
from agent.hotel.acting_place import ActingPlace
from agent.hotel.box_facts import restart_words, update_words
from agent.hotel.history import History
from agent.hotel.network_facts import NetworkFacts
from agent.hotel.snapshot_facts import Surroundings
from agent.journal.rows.acts import Act
from agent.status.snapshot.act_lines import ActFacts
from agent.status.snapshot.surroundings import AgeFacts
from board.base import Board

FILES_SECONDS = 10.0  # s that what the box's programs wrote counts as read


class Around:
    """`mews_now` is the time at Mews, `wall` the box's own; `acting` the page that acts."""

    def __init__(
        self,
        board: Board,
        mews_now: Callable[[], datetime | None],
        wall: Callable[[], datetime],
        folder: Path = NOTICES,
        acting: Callable[[], ActingPlace] = ActingPlace,
    ) -> None:
        self._mews_now, self._wall, self._folder, self._acting = mews_now, wall, folder, acting
        self.network = NetworkFacts(board, mews_now, wall)
        self._words = ("", "")
        self._read_at = float("-inf")

    def now(
        self,
        history: History,
        acts: Iterable[Act],
        *,
        ntp: tuple[str, ...] = (),
        ages: tuple[AgeFacts, ...] = (),
        now: float,
    ) -> Surroundings:
        """As it is; `ntp` are the file's time servers, `now` monotonic seconds."""
        at_mews, acting = self._mews_now() or self._wall(), self._acting()
        if now - self._read_at > FILES_SECONDS:
            self._words = (restart_words(folder=self._folder), update_words(self._folder))
            self._read_at = now
        restart, update = self._words
        return Surroundings(
            now=at_mews,
            history=history.last_day(int(at_mews.timestamp())),
            network=self.network.network(ntp, now),
            ages=ages,
            acts=tuple(map(_act, acts)),
            restart=restart,
            update=update,
            fingerprint=acting.fingerprint,
            acting=acting.listens_at,
        )


def _act(act: Act) -> ActFacts:
    """No more than the journal has: no secret."""
    at = from_unix(act.begun) if act.begun else None
    return ActFacts(at, act.who, act.face, act.words or act.verb, act.note or act.end)
