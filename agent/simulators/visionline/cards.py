"""Every card that the simulated encoders wrote, and which of them open a door.

Must never forget or invent a card: tests prove with this list that no second one was written. A card is good for a
door until one that locks out is written for that guest room; its times are shown and not judged, because they are
in the hotel's zone, which is not known here. A card for a common door ends no other (inferred).
"""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from uuid import uuid4

import msgspec

from agent.simulators.visionline.doors import Category, Door, category_of
from agent.simulators.visionline.reading import Order

KEPT = 100_000  # cards; a demo that runs for weeks must not fill the memory


class Card(msgspec.Struct, frozen=True):
    """One card written. `began` and `at` are seconds of one clock, `created` is the server's wall clock."""

    number: int
    id: str
    serial: str
    order: Order
    created: datetime
    began: float
    at: float


class Cards:
    """The cards in the order of time; `written` counts those too that are not kept any more."""

    def __init__(self) -> None:
        self._cards: deque[Card] = deque(maxlen=KEPT)
        self._good: dict[str, deque[int]] = {}  # by door
        self._overridden: set[int] = set()
        self._overwritten: set[int] = set()
        self.written = 0

    @property
    def all(self) -> tuple[Card, ...]:
        """Those that are kept."""
        return tuple(self._cards)

    def write(
        self, order: Order, doors: Sequence[Door], created: datetime, turn: tuple[float, float], over: int | None
    ) -> Card:
        """Write a card, over the one with the number `over` if there is one; `turn` is when it began and ended."""
        self.written += 1
        card = Card(self.written, str(uuid4()), token_hex(7).upper(), order, created, *turn)
        self._cards.append(card)
        if over is not None:
            self._overwrite(over)
        for name in order.doors:
            if order.locks_out and category_of(name, doors) is Category.GUEST:
                self._overridden.update(self._good.pop(name, ()))
            self._good.setdefault(name, deque(maxlen=KEPT)).append(card.number)
        return card

    def good_for(self, door: str) -> tuple[int, ...]:
        """The numbers of the cards that open a door, oldest first."""
        return tuple(self._good.get(door, ()))

    def is_good(self, number: int) -> bool:
        """Whether a card opens any door."""
        return any(number in numbers for numbers in self._good.values())

    def state_of(self, card: Card) -> dict[str, object]:
        """What became of a card: the doors that it opens, and the flags of the card object that tell."""
        return {
            "opens": [door for door in card.order.doors if card.number in self.good_for(door)],
            "overridden": card.number in self._overridden,
            "overwritten": card.number in self._overwritten,
        }

    def _overwrite(self, number: int) -> None:
        self._overwritten.add(number)
        for numbers in self._good.values():
            if number in numbers:
                numbers.remove(number)


def card_object(card: Card) -> dict[str, object]:
    """The card as the web API tells it (members: reference/visionline.md section 4; values beyond the order's are
    invented)."""
    order = card.order
    flags = ("notIssued", "expired", "cancelled", "discarded", "overridden", "overwritten", "pendingAutoUpdate")
    return {
        "id": card.id,
        "credentialID": 5000 + card.number,
        "uniqueRegistrationNumber": str(7000 + card.number),
        "serialNumbers": [card.serial],
        "created": card.created.strftime("%Y%m%dT%H%M"),
        "startTime": order.start or card.created.strftime("%Y%m%dT%H%M"),
        "expireTime": order.expire,
        "format": order.format,
        "doorOperations": [{"doors": list(order.doors), "operation": "guest"}],
        "cardHolder": order.card_holder,
        "numberOfIssuedCards": 1,
        **dict.fromkeys(flags, False),
    }
