"""Who is asked, beside the one who ordered it, whether a key may be cut: a rule of the hotel's. Protocol only."""

from typing import Protocol

from agent.commands.driver import KeyJob
from agent.commands.model import Outcome


class Consent(Protocol):
    """A rule that may say no to a key that was ordered at Mews."""

    async def objection(self, job: KeyJob) -> Outcome | None:
        """Why it may not be cut; None if it may. Asked once, right before the claim, while a guest waits.

        Bounded by its own few seconds, and says yes where it cannot tell.
        """
        ...
