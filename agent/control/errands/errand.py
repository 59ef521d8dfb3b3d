"""What an errand is to the desk: it runs, it may be broken off at any moment, and says what that leaves behind."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from agent.control.words.told import Progress, Result

Tell: TypeAlias = Callable[[Progress], None]  # hears of progress; neither waits nor raises


class Errand(Protocol):
    """One request being carried out."""

    async def run(self) -> Result:
        """Carry it out; may be cancelled at any moment."""
        ...

    def left_behind(self) -> Result:
        """What there is now that `run` was cancelled. Asked once."""
        ...
