"""Reads a card at an encoder: what it opens, and whether it is the key of an order that was perhaps cut."""

from agent.commands.driver import CardRead, Lane, ReadsCards
from agent.commands.model import Outcome, Verdict
from agent.commands.record import Record
from agent.control.errands.errand import Tell
from agent.control.errands.lanes import gone, lane_of
from agent.control.hotel import Hotel
from agent.control.words.told import End, Line, Result, Table

_COLUMNS = ("ROOMS", "AREAS", "FROM", "UNTIL", "KEY", "CARD")


class ReadErrand:
    """Reads the card at the lane `id`; where there is an `order`, says whether it is that order's key."""

    def __init__(self, id: str, hotel: Hotel, tell: Tell, order: Record | None = None) -> None:
        self._id, self._hotel, self._tell, self._order = id, hotel, tell, order

    async def run(self) -> Result:
        """Ask for a card, and say what is on it."""
        lane = lane_of(self._hotel, self._id)
        if lane is None:
            return gone(self._id)
        of_lane = [each for each in self._hotel.lock_systems if each.hop == lane.driver]
        readers = [each for each in of_lane if isinstance(each, ReadsCards)]
        if not readers or lane.is_mobile:
            return Result(End.FAILED, f"{lane.name} cannot read cards: its lock system tells no way to.")
        if self._hotel.is_making(self._id):
            return Result(End.FAILED, f"{lane.name} is making a key just now: read the card after it.")
        self._tell(Line(f"Present the card at {lane.name}."))
        found = await readers[0].read_card(lane.identifier)
        if isinstance(found, Outcome):
            return Result(End.FAILED if found.verdict is Verdict.FAILED else End.PERHAPS, found.note)
        self._tell(Table(_COLUMNS, (_row(found),)))
        return _opened(found, lane) if self._order is None else self._settled(found, self._order)

    def left_behind(self) -> Result:
        """Reading changes nothing."""
        return Result(End.FAILED, "The card was not read; nothing was changed.")

    def _settled(self, card: CardRead, order: Record) -> Result:
        later = "" if self._hotel.has_agent else " as soon as the agent runs again"
        return _compared(card, order, f"write seen {order.id}{later}")


def settle(id: str, hotel: Hotel, tell: Tell) -> ReadErrand | None:
    """The reading that settles an order which was perhaps cut; None for one that cannot be settled so."""
    order = hotel.record(id)
    return ReadErrand(order.target, hotel, tell, order) if order is not None and order.target else None


def _row(card: CardRead) -> tuple[str, ...]:
    return ", ".join(card.rooms), ", ".join(card.areas), card.start, card.end, card.key, card.card


def _doors(card: CardRead) -> str:
    return ", ".join((*card.rooms, *card.areas))


def _opened(card: CardRead, lane: Lane) -> Result:
    until = f" until {card.end}" if card.end else ""
    doors = _doors(card)
    return Result(End.DONE, f"The card at {lane.name} opens {doors}{until}." if doors else "It opens no door.")


def _compared(card: CardRead, order: Record, what_to_write: str) -> Result:
    """Whether the card is that order's key, as far as the card tells it: by its doors, in whatever order."""
    until = f" until {card.end}" if card.end else ""
    wanted, on_card = set(order.room.split(", ")), {*card.rooms, *card.areas}
    is_cut = order.room.endswith("…")  # the row of an order for many rooms names only the first
    if wanted == on_card or (wanted == set(card.rooms) and not is_cut):
        words = f"It opens {order.room}{until}, as the order wanted: it is that key, or one like it."
        return Result(End.DONE, f"{words} If the guest has it, {what_to_write}.")
    opens = _doors(card) or "no door"
    told = f"It opens {opens}{until}, and the order was for {order.room}"
    if wanted & on_card or (is_cut and on_card):
        return Result(End.PERHAPS, f"{told}: it may be that key. Test it at the doors.")
    return Result(End.FAILED, f"{told}: it is not that key.")
