"""Looks at the Coder Bridge while no key is cut, so that a fault shows before the next guest stands at the desk.

Makes safe calls only, log-in and list of rooms (reference/coder-bridge.md, section 4, warning 7), and never takes
a bridge that waits for a card for a broken one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import trio

from agent.drivers.coder_bridge.bridge import Bridge
from agent.drivers.coder_bridge.bridge_faults import BridgeFaults
from agent.drivers.coder_bridge.protocol import verdicts, wire
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.session import NoRooms, Unanswered
from agent.drivers.coder_bridge.protocol.wire import Room
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.foundation.errors import CallFailed, CertificateRefused, NoAnswer, NotSent

FIRST_ANSWER_SECONDS = 5.0  # s; who has never answered by then is said not to, though the look goes on


class ServerWatch:
    """The harmless look at one bridge."""

    def __init__(self, bridge: Bridge, profile: Profile, faults: BridgeFaults) -> None:
        self._bridge = bridge
        self._profile = profile
        self._faults = faults
        self._cutting = 0
        self._begun = 0

    @contextmanager
    def key_is_cut(self) -> Iterator[None]:
        """Whatever a look finds during this says nothing about the bridge."""
        self._cutting += 1
        self._begun += 1
        try:
            yield
        finally:
            self._cutting -= 1

    async def look(self) -> bool:
        """Bring the server's faults up to date, but not while a key is cut. False: no one answered."""
        if self._cutting:
            return True
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._tell_silence, self._begun)
            is_there = await self._look(self._begun)
            nursery.cancel_scope.cancel()
        return is_there

    async def rooms(self) -> tuple[Room, ...]:
        """The rooms that the lock system knows. Raises `CallFailed`, with a reason fit to be shown."""
        short = self._profile.limits.short_seconds.value
        said = await self._bridge.ask(Slot.CONFIG_ROOMS, {}, deadline=short, cap=wire.ROOMS_CAP)
        try:
            return verdicts.rooms(said.status, said.body, self._profile.answers, self._bridge.clean)
        except NoRooms:
            self._bridge.drop(said.kept)
            raise

    async def _tell_silence(self, begun: int) -> None:
        await trio.sleep(FIRST_ANSWER_SECONDS)
        if self._bridge.last_answer is None and begun == self._begun:
            self._faults.silent(f"no answer within {FIRST_ANSWER_SECONDS:g} s")

    async def _look(self, begun: int) -> bool:
        try:
            await self.rooms()
        except CallFailed as error:
            blamed = await self._blamed(error)
            if begun == self._begun:
                self._faults.found(blamed)
            return isinstance(blamed, CertificateRefused) or not isinstance(blamed, NotSent | Unanswered)
        self._faults.logged_in()
        self._faults.rooms_read()
        return True

    async def _blamed(self, error: CallFailed) -> CallFailed:
        """Tell a server that lets no one in any more from one that only has no list of rooms."""
        if not isinstance(error, NoAnswer | NoRooms):
            return error
        try:
            await self._bridge.log_in()
        except CallFailed as deeper:
            return deeper
        return error
