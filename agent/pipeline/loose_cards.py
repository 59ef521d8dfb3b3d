"""Cards that exist, or may, and that Mews does not know of: on the page until a person has looked after them.

A key that was perhaps cut, and one whose order was closed in Mews while it was being cut. The journal keeps them,
so a restart forgets none. The faults are warnings: other keys go on being cut.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo

from agent.commands.model import Kind
from agent.commands.notes import UNWANTED
from agent.commands.record import Record
from agent.foundation.reading.moments import from_unix, local
from agent.health.health import Health
from agent.health.kind import FaultKind
from agent.health.lock_kinds import KEY_PERHAPS, KEY_UNWANTED

KEPT_SECONDS = 24 * 3600  # s; as long as Mews itself keeps a command that no one has handled
ELSEWHERE = "box"  # where a card is shown whose encoder the file names no longer


class LooseCards:
    """The records of such cards. `now` gives Unix seconds by Mews' clock, as the records have them."""

    def __init__(self, health: Health, now: Callable[[], int]) -> None:
        self._health, self._now = health, now
        self._records: dict[str, Record] = {}
        self._zone: tzinfo = UTC
        self._names: Mapping[str, str] = {}
        self._said: set[tuple[FaultKind, str]] = set()  # kind and hop of each fault that we have raised

    @property
    def perhaps(self) -> int:
        """How many keys were perhaps cut."""
        return sum(_kind(record) is KEY_PERHAPS for record in self._records.values())

    def find(self, id: str) -> Record | None:
        """The record of an order with such a card."""
        return self._records.get(id)

    @property
    def ids(self) -> tuple[str, ...]:
        """The orders that have one."""
        return tuple(self._records)

    def adopt(self, zone: tzinfo, names: Mapping[str, str]) -> None:
        """The hotel's zone, and its lanes' names by their hops, from a new file."""
        self._zone, self._names = zone, names
        self.look()

    def hear(self, record: Record) -> None:
        """Something happened to a command, or a start has found it in the journal."""
        if record.kind is Kind.KEY and record.is_loose:
            self._records[record.id] = record
            self.look()
        elif self._records.pop(record.id, None) is not None:
            self.look()

    def look(self) -> None:
        """Say what holds now; what is old is left out."""
        oldest = self._now() - KEPT_SECONDS
        self._records = {id: record for id, record in self._records.items() if record.ended >= oldest}
        texts = self._texts()
        for kind, hop in self._said - texts.keys():
            self._health.clear(hop, kind)
        for (kind, hop), text in texts.items():
            self._health.raise_fault(kind, hop, text)
        self._said = set(texts)

    def _texts(self) -> Mapping[tuple[FaultKind, str], str]:
        cards: defaultdict[tuple[FaultKind, str], list[Record]] = defaultdict(list)
        for record in self._records.values():
            hop = record.target if record.target in self._names else ELSEWHERE
            cards[_kind(record), hop].append(record)
        return {key: "\n".join(map(self._line, records)) for key, records in cards.items()}

    def _line(self, record: Record) -> str:
        return of_card(record, self._names.get(record.target, record.target), self._zone)


def of_card(record: Record, encoder: str, zone: tzinfo) -> str:
    """Which card it is, for people; `encoder` is what they call it."""
    at = local(from_unix(record.ended), zone)
    return f"Room {record.room} at {encoder}, {at:%-d %b %H:%M}."


def _kind(record: Record) -> FaultKind:
    return KEY_UNWANTED if record.code == UNWANTED else KEY_PERHAPS
