"""The desk of the running agent with its socket and its acts, joined. Loaded after the first poll."""

from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

import trio

from agent.commands.record import Record
from agent.control.acts import Acts
from agent.control.desk import Desk
from agent.control.hub import Hub
from agent.control.socket import ControlSocket
from agent.control.words.events import StepTaken
from agent.foundation.errors import UserMistake
from agent.hotel.desk_hotel import DeskHotel
from agent.journal.journal import Journal
from agent.journal.rows.acts import Act

LAST_WORDS = 2.0  # s that a stop gives to what is under way at the desk; orders have ended by then
AGAIN_SECONDS = 30.0  # s between two tries to have a socket


class Acting:
    """`now` gives Unix seconds by Mews' clock, `state` is the agent's directory."""

    def __init__(self, hotel: DeskHotel, hub: Hub, journal: Journal, now: Callable[[], int], state: Path) -> None:
        self.hotel, self._hub = hotel, hub
        self._acts = Acts(journal, hub, now)
        self.desk = Desk(hotel, hub, self._acts)
        self._socket = ControlSocket(state, self.desk, version("nightporter"))

    async def serve(self) -> None:
        """Serve the socket until cancelled. Where none can be had, that is told once, and tried again."""
        said = ""
        while True:
            try:
                await self._socket.serve()
            except UserMistake as mistake:
                if str(mistake) != said:
                    said = str(mistake)
                    self._hub.publish(StepTaken(said))
            await trio.sleep(AGAIN_SECONDS)

    def remember(self, acts: Iterable[Act], order: Callable[[str], Record | None]) -> None:
        """Take over what the journal had; `order` gives an order as it is now, those from before included."""
        self._acts.remember(acts, order)

    def recent(self) -> tuple[Act, ...]:
        """The last twenty acts, the newest first, for the page."""
        return self._acts.recent()

    async def close(self) -> None:
        """The agent ends: break off what is under way, and give its last words a moment."""
        with trio.move_on_after(LAST_WORDS):
            await self.desk.close()
            await self._socket.wait_left()
