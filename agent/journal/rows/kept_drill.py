"""The last drill, so that a restart neither repeats it in a day nor forgets how it went. No guest, no words."""

from enum import StrEnum

import msgspec

from agent.commands.record import Id, Seconds, Text

THE_ONE = "drill"  # there is one row


class DrillEnd(StrEnum):
    """How a drill went; stored as these strings: never rename one. A word of a later version counts as OPEN."""

    OPEN = ""  # it was broken off, as far as the row tells
    WELL = "well"
    FAILED = "failed"


class KeptDrill(msgspec.Struct, frozen=True):
    """When it began (Unix seconds), and how it went: a word of `DrillEnd`."""

    id: Id = THE_ONE
    at: Seconds = 0
    end: Text = DrillEnd.OPEN

    @property
    def is_over(self) -> bool:
        """Never: the next one takes its place."""
        return False
