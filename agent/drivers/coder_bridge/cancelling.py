"""Cancels guest keys by the number that the lock system gave each (reference/coder-bridge.md section 2, row 8).

No card is touched, so it may be asked for again.
"""

from agent.commands.model import Outcome
from agent.drivers.coder_bridge.acts import Acts
from agent.drivers.coder_bridge.protocol import requests
from agent.drivers.coder_bridge.protocol.act_notes import Act, End, act_ended
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.words import Slot


class Cancelling:
    """The cancelling of keys at one bridge."""

    def __init__(self, acts: Acts, profile: Profile) -> None:
        self._acts, self._profile = acts, profile

    async def cancel_key(self, room: str, key: str) -> Outcome:
        """Cancel the key `key` (a `tid`) of a room, by the name that keys have for it."""
        if not key:  # a bridge may tell no number of a key that it made (reference section 2.3)
            return act_ended(Act.CANCEL_KEY, End.NAMELESS)
        fields = requests.guest_key_checkout(self._profile, room, key)
        return await self._acts.carry_out(Act.CANCEL_KEY, Slot.GUEST_KEY_CHECKOUT, fields)
