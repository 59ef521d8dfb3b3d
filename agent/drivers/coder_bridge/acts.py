"""Requests that may be made again: what cancels a key, reports a room, or reads a card, and how each ended.

Never makes one that the site's profile has no proof for, unless the installer allowed it, and lets no word of the
bridge out before it is cleaned.
"""

from collections.abc import Mapping

from agent.commands.model import Outcome, Verdict
from agent.drivers.coder_bridge.bridge import Bridge, Said
from agent.drivers.coder_bridge.protocol import verdicts
from agent.drivers.coder_bridge.protocol.act_notes import Act, End, act_ended
from agent.drivers.coder_bridge.protocol.objections import Rules
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.drivers.lock_server.words import refusal
from agent.foundation.errors import CallFailed, NoAnswer


class Acts:
    """The requests to one bridge; while not `active` none is made."""

    def __init__(self, bridge: Bridge, rules: Rules, *, active: bool) -> None:
        self._bridge, self._rules, self._active = bridge, rules, active

    def refused(self, act: Act, slot: Slot) -> Outcome | None:
        """Why it may not be asked for; None if it may."""
        if not self._active:
            return act_ended(act, End.INACTIVE)
        return None if self._rules.may_ask(slot) else act_ended(act, End.UNCONFIRMED)

    async def carry_out(self, act: Act, slot: Slot, fields: Mapping[str, str]) -> Outcome:
        """Ask for it, within the short deadline."""
        said = await self.ask(act, slot, fields, self._rules.profile.limits.short_seconds.value)
        return said if isinstance(said, Outcome) else Outcome(Verdict.DONE)

    async def ask(self, act: Act, slot: Slot, fields: Mapping[str, str], deadline: float) -> Said | Outcome:
        """The answer of one that was done; else how it ended."""
        refused = self.refused(act, slot)
        if refused is not None:
            return refused
        try:
            said = await self._bridge.ask(slot, fields, deadline=deadline)
        except NoAnswer:
            return act_ended(act, End.PERHAPS)
        except CallFailed as error:
            return act_ended(act, End.NOT_DONE, error.reason, is_asked=False)
        return self._judged(act, said)

    def _judged(self, act: Act, said: Said) -> Said | Outcome:
        ending = verdicts.ending(said.status, said.reading, said.moved)
        if ending is Ending.DONE:
            return said
        if act is Act.CANCEL_KEY and verdicts.is_cancelled_already(said.reading, self._rules.profile.answers):
            return act_ended(act, End.ALREADY)
        self._bridge.drop(said.kept)
        end = End.PERHAPS if ending is Ending.UNREADABLE else End.NOT_DONE
        words = self._bridge.clean(verdicts.reason(said.status, said.reading, said.moved))
        return act_ended(act, end, refusal(self._bridge.clean(said.reading.words), words))
