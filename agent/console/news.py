"""What the lines say by themselves: the steps of a start, what is waited for, "ready", and each change. Pure.

Each thing is said once, until the box is ready; then a line for each change of the level.
"""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from agent.console import network_words
from agent.console.terminal.hotel_time import HotelTime, stamp
from agent.console.terminal.page_status import FAULT, ShownFault, Status
from board.base import Network, NetworkState

_TOLD_BY_NETWORK = frozenset({"E-BOX-CABLE", "E-BOX-ADDRESS"})


class BoxState(NamedTuple):
    """The box at one moment; `status` is None while the page does not answer."""

    network: Network
    status: Status | None
    url: str


class News:
    """One for all lines. `time` learns the hotel's zone from what is looked at."""

    def __init__(self, hotel_time: HotelTime, wall: Callable[[], float] = time.time) -> None:
        self._time, self._wall = hotel_time, wall
        self._is_silent = False
        self._said: set[str] = set()
        self._held: set[str] = set()
        self._level = ""
        self.is_ready = False

    def look(self, state: BoxState) -> list[str]:
        """What there is to say of the box as it is now."""
        news = [f"Times are from here on those of {self._time.zone}."] if self._time.learn(state.status) else []
        lines = self._changes(state) if self.is_ready else self._waits(state)
        return news + [f"{stamp(self._wall())} {line}" for line in lines]

    def _waits(self, state: BoxState) -> list[str]:
        if is_ready(state):
            self.is_ready, self._level = True, state.status.level if state.status else ""
            return [ready_line(state)]
        waits = dict(waited_for(state))
        new = [key for key in waits if key in self._held and key not in self._said]
        self._said.update(new)
        self._held = set(waits)
        return [waits[key] for key in new]

    def _changes(self, state: BoxState) -> list[str]:
        status = state.status
        was_silent, self._is_silent = self._is_silent, status is None
        if status is None and not was_silent:
            return []  # one look may have come at a bad moment
        level = status.level if status else ""
        if level == self._level:
            return []
        self._level = level
        return [f"now {level.upper()}: {status.text}" if status else "now: the box's page does not answer"]


def is_ready(state: BoxState) -> bool:
    """Whether the box works: the agent is there, nothing stops keys, Mews has answered, the network is up."""
    status = state.status
    if status is None or not status.is_agent or status.level == FAULT or status.waits_for_mews:
        return False
    return state.network.state in (NetworkState.READY, NetworkState.UNKNOWN)


def ready_line(state: BoxState) -> str:
    """Where the page is, and if something is not as it should be."""
    more = " (with a warning: type faults)" if state.status and state.status.troubles else ""
    return " ".join(("ready:", state.url, *state.network.addresses)) + more


def waited_for(state: BoxState) -> Iterator[tuple[str, str]]:
    """What keeps the box from its work: a name for each, and the line that says it."""
    yield from network_words.waited_for(state.network)
    if state.status is None:
        yield "page", "waiting for the box's page to answer"
        return
    if state.status.waits_for_mews:
        yield "mews", f"waiting for Mews: {state.status.waits_for_mews}"
    for trouble in state.status.troubles:
        if trouble.code not in _TOLD_BY_NETWORK:
            yield trouble.code, _trouble_line(trouble)


def _trouble_line(trouble: ShownFault) -> str:
    first = trouble.text.split("\n")[0]
    more = f": {first}" if first and first != trouble.title else ""
    return f"{trouble.title}{more} ({trouble.code})"
