"""The door audit at the desk: what Mews, the file and the lock systems say of rooms and devices."""

from agent.control.errands.errand import Tell
from agent.control.errands.mews_lists import said
from agent.control.hotel import Hotel
from agent.control.words.told import End, Line, Result, Table
from agent.foundation.reading.text import plain
from agent.mews.calls import MewsError
from agent.rooms.audit.findings import Audit

MOST_ROWS = 2000  # a hotel with more to mend begins with these
_SENTENCE = 200  # characters


class AuditErrand:
    """One comparison, shown."""

    def __init__(self, hotel: Hotel, tell: Tell) -> None:
        self._hotel, self._tell = hotel, tell

    async def run(self) -> Result:
        """Compare, and show all of it."""
        try:
            found = await self._hotel.audit()
        except MewsError as error:
            return Result(End.FAILED, said(error))
        if found is None:
            return Result(End.FAILED, "There is nothing to compare: the box has no provisioning file.")
        self._show(found)
        missing = len(found.missing)
        if missing:
            orders = "an order" if missing == 1 else "orders"
            return Result(End.FAILED, f"{missing} of these would end {orders} in Error.")
        words = f"{len(found.findings)} to look at." if found.findings else "All that was compared agrees."
        return Result(End.DONE, words)

    def left_behind(self) -> Result:
        """Nothing: it only looked."""
        return Result(End.FAILED, "Nothing was changed.")

    def _show(self, found: Audit) -> None:
        if found.findings:
            rows = [(str(each.subject), each.name, plain(each.sentence, _SENTENCE)) for each in found.findings]
            self._tell(Table(("WHAT", "NAME", "ABOUT IT"), tuple(rows[:MOST_ROWS])))
        for sentence in found.untold:
            self._tell(Line(sentence))
        place = ""
        for proposal in found.proposals:
            if proposal.place != place:
                place = proposal.place
                self._tell(Line(f"In the provisioning file, {place}:"))
            self._tell(Line(f"    {proposal.line}"))
