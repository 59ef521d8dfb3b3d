"""The journal's acts: who did what by which face, and what came of it. No secret, no guest."""

from typing import ClassVar

import msgspec

from agent.commands.record import Id, Seconds, Text


class Act(msgspec.Struct, frozen=True):
    """One act. Times are Unix seconds by Mews' clock (`ended` 0: not yet), `words` what was asked.

    `order_id` is the one of the order that it put on a lane, `end` how it ended, `note` that in a sentence.
    """

    id: Id
    who: Text = ""
    face: Text = ""
    verb: Text = ""
    words: Text = ""
    order_id: Text = ""
    begun: Seconds = 0
    ended: Seconds = 0
    end: Text = ""
    note: Text = ""

    is_over: ClassVar[bool] = False  # none is forgotten before its time

    @property
    def is_open(self) -> bool:
        """Whether no one has written down yet how it ended."""
        return not self.end
