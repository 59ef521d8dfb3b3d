"""The look at a Coder Bridge: log-in and list of rooms, which do no harm (reference/coder-bridge.md, section 4,
warning 7).
"""

from agent.drivers.coder_bridge.bridge import Bridge
from agent.drivers.coder_bridge.bridge_faults import BridgeFaults
from agent.drivers.coder_bridge.protocol import verdicts, wire
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.session import NoRooms
from agent.drivers.coder_bridge.protocol.wire import Room
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.foundation.errors import CallFailed, NoAnswer


class BridgeLook:
    """The harmless look at one bridge."""

    def __init__(self, bridge: Bridge, profile: Profile, faults: BridgeFaults) -> None:
        self._bridge = bridge
        self._profile = profile
        self._faults = faults

    @property
    def last_answer(self) -> float | None:
        """When anything came back from the bridge (monotonic seconds); None before the first time."""
        return self._bridge.last_answer

    def silent(self, reason: str) -> None:
        """Put on the page that it has not answered so far."""
        self._faults.silent(reason)

    async def ask(self) -> CallFailed | None:
        """What went wrong; None if nothing did."""
        try:
            await self.rooms()
        except CallFailed as error:
            return await self._blamed(error)
        return None

    def tell(self, error: CallFailed | None) -> None:
        """Put it on the page."""
        if error is not None:
            self._faults.found(error)
            return
        self._faults.logged_in()
        self._faults.rooms_read()

    async def rooms(self) -> tuple[Room, ...]:
        """The rooms that the lock system knows. Raises `CallFailed`, with a reason fit to be shown."""
        short = self._profile.limits.short_seconds.value
        said = await self._bridge.ask(Slot.CONFIG_ROOMS, {}, deadline=short, cap=wire.ROOMS_CAP)
        try:
            return verdicts.rooms(said.status, said.body, self._profile.answers, self._bridge.clean)
        except NoRooms:
            self._bridge.drop(said.kept)
            raise

    async def _blamed(self, error: CallFailed) -> CallFailed:
        """Tell a server that lets no one in any more from one that only has no list of rooms."""
        if not isinstance(error, NoAnswer | NoRooms):
            return error
        try:
            await self._bridge.log_in()
        except CallFailed as deeper:
            return deeper
        return error
