"""Asks first where not every call is confirmed: a person has to watch then, and to know that they do."""

from collections.abc import Sequence

from agent.commands.driver import Driver, HasDoubts, Task
from agent.control.errands.errand import Errand
from agent.control.words.told import End, Result


class IfSure:
    """The errand, or (not `is_sure`) the doubts that there are about what it needs of these drivers; a key may be
    one with special `areas`, or in several `copies`.
    """

    def __init__(
        self,
        errand: Errand,
        task: Task,
        drivers: Sequence[Driver],
        *,
        is_sure: bool,
        areas: bool = False,
        copies: bool = False,
    ) -> None:
        self._errand, self._task, self._drivers, self._is_sure = errand, task, drivers, is_sure
        self._areas, self._copies = areas, copies
        self._is_begun = False

    async def run(self) -> Result:
        """Carry it out, or say what there is to be sure of."""
        doubts = "" if self._is_sure else self._doubts()
        if doubts:
            words = f"Not every call for this is confirmed ({doubts}): a person has to watch."
            return Result(End.UNSURE, words)
        self._is_begun = True
        return await self._errand.run()

    def left_behind(self) -> Result:
        """What the errand says."""
        return self._errand.left_behind() if self._is_begun else Result(End.FAILED, "Nothing was asked.")

    def _doubts(self) -> str:
        """What no one has confirmed of the calls that the drivers need."""
        able = (driver for driver in self._drivers if isinstance(driver, HasDoubts))
        found = (driver.doubts(self._task, areas=self._areas, copies=self._copies) for driver in able)
        return "; ".join(filter(None, found))
