"""The box's front: its lights show how it is, its button asks for help where no terminal is.

Blinking is the kernel's: nothing wakes up here but for a change, a press, or the end of an identify.
"""

import math
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import trio

from agent.console.news import BoxState
from agent.console.panel.button import Press, PressedButton
from agent.console.panel.lights import Moment, Shown, patterns, shown_of
from agent.console.terminal.page_status import FAULT
from board.base import Lights
from board.button import Button

IDENTIFY_SECONDS = 60.0  # s
LEAST_SECONDS = 0.001  # s; a sleep that is too short to be one would be a loop
AGAIN_SHOWN_SECONDS = 1.0  # s
MOST_TRIES = 5
AGAIN_SECONDS = 60.0  # s between two looks for a button that was unplugged

UPDATING = "E-UPDATE-TRIAL"  # a new version runs, and is not judged yet

Act = Callable[[], Awaitable[None]]
Call = Callable[[Callable[[], bool]], Awaitable[bool]]  # in a thread, where it may take a while


class Front:
    """`acts` is what a press does; a short one is the front's own. `clock` is the one of the button's edges."""

    def __init__(
        self,
        lights: Lights,
        acts: Mapping[Press, Act],
        clock: Callable[[], float] = time.monotonic,
        call: Call = trio.to_thread.run_sync,
    ) -> None:
        self._lights, self._acts, self._clock, self._call = lights, acts, clock, call
        self._moment = Moment()
        self._identify_until = float("-inf")
        self._changed = trio.Event()

    def hear(self, state: BoxState) -> None:
        """How the box is now."""
        status = state.status
        is_agent = status is not None and status.is_agent
        troubles = status.troubles if status is not None and is_agent else ()
        self._moment = self._moment._replace(
            fault_hops=tuple(trouble.hop for trouble in troubles if trouble.level == FAULT),
            has_warning=bool(troubles),
            is_updating=any(trouble.code == UPDATING for trouble in troubles),
            is_answering=is_agent,
            was_answering=self._moment.was_answering or is_agent,
        )
        self._changed.set()

    def identify(self, seconds: float = IDENTIFY_SECONDS) -> bool:
        """Blink for a while; False without a light."""
        self._identify_until = trio.current_time() + seconds
        self._changed.set()
        return self._lights.count > 0

    async def run(self, open_button: Callable[[], Button | None]) -> None:
        """Show and obey until cancelled."""
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._show_forever)
                nursery.start_soon(self._obey_forever, open_button)
        finally:
            self._lights.close()

    async def _show_forever(self) -> None:
        tries = 0
        while True:
            left = self._identify_until - trio.current_time()
            self._moment = self._moment._replace(is_identifying=left > 0)
            tries = 0 if await self._show() else tries + 1
            # The files of a trigger are root's until udev has seen them.
            again = AGAIN_SHOWN_SECONDS if 0 < tries < MOST_TRIES else math.inf
            with trio.move_on_after(max(LEAST_SECONDS, min(left if left > 0 else math.inf, again))):
                await self._changed.wait()
                tries = 0
            self._changed = trio.Event()

    async def _show(self) -> bool:
        """Whether it is seen as asked. A light behind a chip that hangs may take a second."""
        shown = patterns(shown_of(self._moment), self._lights.count, can_count=self._lights.can_count)
        return await self._call(partial(self._lights.show, *shown))

    async def _obey_forever(self, open_button: Callable[[], Button | None]) -> None:
        while True:
            button = open_button()
            if button is None:
                return
            try:
                await self._obey(button)
            finally:
                button.close()
                self._press(None)
            await trio.sleep(AGAIN_SECONDS)

    async def _obey(self, button: Button) -> None:
        """Until the button is unplugged."""
        pressed = PressedButton()
        while True:
            with trio.move_on_after(max(LEAST_SECONDS, pressed.due() - self._clock())):
                await trio.lowlevel.wait_readable(button)
            edges = button.edges()
            if edges is None:
                return
            presses = [pressed.edge(edge.is_down, edge.at) for edge in edges]
            presses.append(pressed.tick(self._clock()))
            self._press(pressed.shown())
            for press in presses:
                if press is not None:
                    await self._act(press)

    async def _act(self, press: Press) -> None:
        if press is Press.SHORT:
            self.identify()
        elif press in self._acts:
            await self._acts[press]()

    def _press(self, shown: Shown | None) -> None:
        if self._moment.pressed is not shown:
            self._moment = self._moment._replace(pressed=shown)
            self._changed.set()
