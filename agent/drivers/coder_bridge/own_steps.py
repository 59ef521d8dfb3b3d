"""What can be tested of a Coder Bridge once a connection comes about: the log-in, and its rooms where the site's
profile has proved that call. Asks for no card, and does no harm (reference/coder-bridge.md, section 4, warning 7).
"""

from collections.abc import Awaitable, Callable, Sequence

from agent.commands.probe import Finding, Mark, Step
from agent.drivers.coder_bridge.bridge import Bridge
from agent.drivers.coder_bridge.bridge_faults import trouble
from agent.drivers.coder_bridge.protocol.profile import Profile, unconfirmed
from agent.drivers.coder_bridge.protocol.wire import Room
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.foundation.errors import CallFailed
from agent.foundation.reading.text import duration, sentence


class BridgeSteps:
    """The steps at one bridge; `rooms` asks for its rooms. While not `active` nothing is sent."""

    def __init__(
        self,
        bridge: Bridge,
        profile: Profile,
        rooms: Callable[[], Awaitable[Sequence[Room]]],
        *,
        active: bool,
        allow_unconfirmed: bool,
    ) -> None:
        self._bridge, self._rooms, self._active = bridge, rooms, active
        self._may_ask = allow_unconfirmed or not unconfirmed(profile, Slot.CONFIG_ROOMS)

    def steps(self) -> Sequence[Step]:
        """The steps in their order."""
        return [Step("log-in", self._log_in), Step("rooms", self._ask_rooms)]

    async def _log_in(self) -> Finding:
        if not self._active:
            return Finding(Mark.BAD, "The file says active = false: nothing is sent.", "E-LOCK-INACTIVE")
        before = self._bridge.log_ins
        try:
            await self._bridge.log_in()
        except CallFailed as error:
            return _bad(error)
        if self._bridge.log_ins == before:
            ago = duration(self._bridge.answered_ago or 0.0)
            return Finding(
                Mark.GOOD, f"The box was logged in before, and is not again; the last answer came {ago} ago."
            )
        return Finding(Mark.GOOD, "The box is logged in.")

    async def _ask_rooms(self) -> Finding:
        if not self._may_ask:
            return Finding(Mark.OPEN, "Its profile has not confirmed how it is asked for its rooms.")
        try:
            rooms = await self._rooms()
        except CallFailed as error:
            return Finding(Mark.DOUBT, sentence(f"It does not tell its rooms: {error.reason}"), "E-LOCK-ROOMS")
        return Finding(Mark.GOOD, f"It knows {len(rooms)} room{'' if len(rooms) == 1 else 's'}.")


def _bad(error: CallFailed) -> Finding:
    found = trouble(error)
    return Finding(Mark.BAD, " ".join(filter(None, (found.text, found.hint))), found.kind.code)
