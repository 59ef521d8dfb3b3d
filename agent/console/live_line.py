"""What the serial line says by itself: the steps of a start, what is waited for, "ready", and changes. Pure.

Each thing is said once, until the box is ready. Then there is a prompt, and a line for each change of the level.
Somebody may type at any time: what the line says meanwhile stands on lines of its own, and what was typed stands
once more below it.
"""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from agent.console import network_words
from agent.console.terminal.hotel_time import HotelTime, stamp
from agent.console.terminal.page_status import FAULT, ShownFault, Status
from agent.console.terminal.screen import COLUMNS, shown
from agent.console.terminal.typed_line import ENTER, TypedLine
from agent.console.terminal.verbs import question
from board.base import Network, NetworkState

PROMPT = "nightporter> "
STEPS_SECONDS = 1.0  # s between two looks at the steps while the box starts
CALM_STEPS_SECONDS = 5.0  # s once it is ready
LOOK_SECONDS = 3.0  # s between two looks at page and network; what holds for two is worth a line
CALM_LOOK_SECONDS = 15.0
_TOLD_BY_NETWORK = frozenset({"E-BOX-CABLE", "E-BOX-ADDRESS"})


class BoxState(NamedTuple):
    """The box at one moment; `status` is None while the page does not answer."""

    network: Network
    status: Status | None
    url: str


class WatchedBox(Protocol):
    """What is looked at."""

    def state(self) -> BoxState:
        """The box as it is now."""
        ...

    def new_steps(self) -> list[str]:
        """The steps since the last call."""
        ...


class LiveLine:
    """One serial line. Methods give what to print; times are monotonic seconds.

    `echoes`: the terminal shows nothing of what is typed by itself. `get_columns` gives how long lines may be.
    """

    def __init__(
        self,
        box: WatchedBox,
        answer: Callable[[str], str],
        wall: Callable[[], float] = time.time,
        *,
        echoes: bool = False,
        get_columns: Callable[[], int] = lambda: COLUMNS,
    ) -> None:
        self._box, self._answer, self._wall = box, answer, wall
        self._echoes, self._get_columns = echoes, get_columns
        self._line, self._time = TypedLine(), HotelTime()
        self._is_prompting = self._is_ready = self._is_silent = False
        self._said: set[str] = set()
        self._held: set[str] = set()
        self._level = ""
        self._next_steps = self._next_look = float("-inf")

    def banner(self, name: str, version: str) -> str:
        """The first lines."""
        of = f" {version}" if version else ""
        return (
            self._shown(f"\nNight Porter{of}: {name}\nThis line shows how the box is. Type help and Enter.") + "\n"
        )

    def tick(self, now: float) -> str:
        """What there is to say at `now`; empty if nothing."""
        lines = []
        if now >= self._next_steps:
            self._next_steps = now + (CALM_STEPS_SECONDS if self._is_ready else STEPS_SECONDS)
            lines += self._box.new_steps()
        if now >= self._next_look:
            lines += self._look()
            self._next_look = now + (CALM_LOOK_SECONDS if self._is_ready else LOOK_SECONDS)
        return self._announced(lines)

    def due(self, now: float) -> float:
        """Seconds until there may be something to say."""
        return max(0.0, min(self._next_steps, self._next_look) - now)

    def typed(self, data: bytes) -> str:
        """The echo of what was typed, and the answers to the lines that it ends."""
        return "".join(self._key(chr(byte)) for byte in data)

    def interrupted(self) -> str:
        """Somebody pressed Ctrl-C: what was typed so far counts no more."""
        self._line.end()
        self._is_prompting = True
        return f"\n{PROMPT}"

    def _key(self, key: str) -> str:
        if key in ENTER:
            self._is_prompting = True
            return self._echo("\n") + self._shown(self._answer(question(self._line.end()))) + PROMPT
        echo = self._echo(self._line.take(key))
        if not echo or self._is_prompting:
            return echo
        self._is_prompting = True
        return PROMPT + echo

    def _echo(self, text: str) -> str:
        return text if self._echoes else ""

    def _shown(self, text: str) -> str:
        return shown(self._time.local(text), self._get_columns())

    def _announced(self, lines: list[str]) -> str:
        if not lines:
            return ""
        text = self._shown("\n".join(lines))
        if self._is_prompting:
            return f"\n{text}{PROMPT}{self._echo(self._line.text)}"
        self._is_prompting = self._is_ready
        return text + (PROMPT if self._is_prompting else "")

    def _look(self) -> list[str]:
        state = self._box.state()
        news = [f"Times are from here on those of {self._time.zone}."] if self._time.learn(state.status) else []
        lines = self._changes(state) if self._is_ready else self._waits(state)
        return news + [f"{stamp(self._wall())} {line}" for line in lines]

    def _waits(self, state: BoxState) -> list[str]:
        if is_ready(state):
            self._is_ready, self._level = True, state.status.level if state.status else ""
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
