"""Looks at the box for all lines at once, and hands them what is new. Wakes for nothing while nothing happens.

Once the box is ready it waits for the agent's events and for the nudge of the box's programs. While the agent is
away, or the box starts, it looks every few seconds.
"""

from collections.abc import Callable
from contextlib import suppress

import trio

from agent.console.box import ConsoleBox
from agent.console.desk_link import NoAgent
from agent.console.news import BoxState, News

STARTING_SECONDS = 1.0  # s between two looks while the box starts: its steps are read by a person
LOOK_SECONDS = 3.0  # s while there is no agent that tells of changes
SETTLES_SECONDS = 0.5  # s; one trouble often comes as several events
_TURNS = 3  # looks at the steps for one at page and network, while the box starts


class BoxWatch:
    """`announce` gets lines, ready to be fitted to a screen. `on_state` hears how the box is at each look."""

    def __init__(
        self,
        box: ConsoleBox,
        news: News,
        announce: Callable[[str], None],
        on_state: Callable[[BoxState], None] = lambda _: None,
    ) -> None:
        self._box, self._news, self._announce, self._on_state = box, news, announce, on_state
        self._changed = trio.Event()
        self._hears_agent = False

    async def run(self) -> None:
        """Watch until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._listen)
            await self._look_forever()

    def nudge(self) -> None:
        """Something may be new: look."""
        self._changed.set()

    async def _look_forever(self) -> None:
        turn = 0
        while True:
            lines = self._box.new_steps()
            is_starting = not self._news.is_ready
            is_settled = False
            if not is_starting or turn % _TURNS == 0:
                state = BoxState(self._box.get_network(), await self._box.page.status(), self._box.url)
                self._on_state(state)
                lines += self._news.look(state)
                is_settled = state.status is not None
            if lines:
                self._announce("\n".join(lines))
            turn += 1
            await self._pause(is_starting=is_starting, is_settled=is_settled)

    async def _pause(self, *, is_starting: bool, is_settled: bool) -> None:
        if is_starting:
            await trio.sleep(STARTING_SECONDS)
        elif self._hears_agent and is_settled:
            await self._changed.wait()
            await trio.sleep(SETTLES_SECONDS)
        else:
            with trio.move_on_after(LOOK_SECONDS):
                await self._changed.wait()
        self._changed = trio.Event()

    async def _listen(self) -> None:
        while True:
            with suppress(NoAgent):
                await self._box.desk.wait_changes(self._heard)
            self._hears_agent = False
            self.nudge()
            await trio.sleep(LOOK_SECONDS)

    def _heard(self) -> None:
        self._hears_agent = True
        self.nudge()
