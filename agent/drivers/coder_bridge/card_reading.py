"""Has an encoder read a card back (reference/coder-bridge.md section 2, row 12). Writes nothing onto it."""

from collections.abc import Collection

from agent.commands.driver import CardRead
from agent.commands.model import Outcome
from agent.drivers.coder_bridge.acts import Acts
from agent.drivers.coder_bridge.bridge import Bridge
from agent.drivers.coder_bridge.protocol import cards, requests
from agent.drivers.coder_bridge.protocol.act_notes import Act, End, act_ended
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.drivers.server_watch import ServerWatch


class CardReading:
    """The encoders of one bridge; those in `mobile` send keys to telephones and see no card."""

    def __init__(
        self, bridge: Bridge, acts: Acts, profile: Profile, watch: ServerWatch, mobile: Collection[str]
    ) -> None:
        self._bridge, self._acts, self._profile = bridge, acts, profile
        self._watch, self._mobile = watch, mobile

    async def read(self, encoder: str) -> CardRead | Outcome:
        """What the card says; the encoder waits for one as long as for a card to be cut."""
        if encoder in self._mobile:
            return act_ended(
                Act.READ_CARD, End.NOT_DONE, "mobile keys alone come from there, and it takes no card"
            )
        fields = requests.read_card(self._profile, encoder)
        with self._watch.encoder_waits():
            said = await self._acts.ask(
                Act.READ_CARD, Slot.READ_CARD, fields, self._profile.limits.key_seconds.value
            )
        if isinstance(said, Outcome):
            return said
        read = cards.card(said.body, self._profile)
        if read is not None:
            return self._bridge.clean_row(read)
        words = "the lock system's answer says nothing of a card"
        return act_ended(Act.READ_CARD, End.NOT_DONE, words)
