"""Tells the lock system's room management which rooms are taken (reference/coder-bridge.md section 2, rows 5, 6).

Never tells it anything while the site's profile says `rms.send = false`: nothing public says what else it moves.
"""

from agent.commands.model import Outcome
from agent.drivers.coder_bridge.acts import Acts
from agent.drivers.coder_bridge.protocol import requests
from agent.drivers.coder_bridge.protocol.act_notes import Act, End, act_ended
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.words import Slot


class RoomManagement:
    """The rooms of one bridge, by the names that its room management has."""

    def __init__(self, acts: Acts, profile: Profile) -> None:
        self._acts, self._profile = acts, profile

    async def check_in(self, room: str) -> Outcome:
        """The room is taken. May be asked again."""
        return await self._tell(Act.CHECK_IN_ROOM, Slot.ROOM_CHECKIN, room)

    async def check_out(self, room: str) -> Outcome:
        """The room is free. May be asked again."""
        return await self._tell(Act.CHECK_OUT_ROOM, Slot.ROOM_CHECKOUT, room)

    async def _tell(self, act: Act, slot: Slot, room: str) -> Outcome:
        if not self._profile.rms.send.value:
            return self._acts.refused(act, slot) or act_ended(act, End.SWITCHED_OFF)
        return await self._acts.carry_out(act, slot, requests.room_state(self._profile, slot, room))
