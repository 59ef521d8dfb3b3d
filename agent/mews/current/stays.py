"""Reservations in today's dialect (reference/mews.md section 14): ids and times, and no guest. No I/O."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.foundation.reading.json_text import Text
from agent.mews.reading.decoding import Unreadable
from agent.mews.reading.items import Item
from agent.mews.reading.states import stay_state
from agent.mews.records import OwnerKind, Stay

LONGEST = timedelta(days=88)  # Mews takes three months at most, and the shortest three have 89 days
SECOND = timedelta(seconds=1)
OWNERS = {"Customer": OwnerKind.CUSTOMER, "Company": OwnerKind.COMPANY}


def stay(text: Text) -> Stay:
    """An element of `Reservations`. Raises `Unreadable`."""
    item = Item(text, "a reservation")
    return Stay(
        item.id("Id"),
        item.text("Number"),
        stay_state(item.text("State")),
        _first_date(item, "ActualStartUtc", "ScheduledStartUtc", "StartUtc"),
        _first_date(item, "ActualEndUtc", "ScheduledEndUtc", "EndUtc"),
        item.id_if_any("AssignedResourceId"),
        item.text("AccountId"),
        OWNERS.get(item.text("AccountType"), OwnerKind.UNKNOWN),
        item.text("GroupId"),
        item.text("ChannelNumber"),
        item.text("ChannelManagerNumber"),
        item.text("BusinessSegmentId"),
        item.text("TravelAgencyId"),
        item.date_if_any("UpdatedUtc"),
    )


def pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The time between two dates in pieces that Mews takes; each begins where the one before ends.

    A filter's own end does not count (Mews' docs of 2026-08-07: "Time interval", against "Serialization"), and one
    that ends where it begins is a mere moment: so the last one ends a second later.
    """
    end += SECOND
    while end - start > LONGEST:
        yield start, start + LONGEST
        start += LONGEST
    yield start, end


def _first_date(item: Item, *names: str) -> datetime:
    """As it was, else as it is planned, else by the name that is about to go. Raises `Unreadable`."""
    for name in names:
        found = item.date_if_any(name)
        if found is not None:
            return found
    raise Unreadable(f"a reservation has no usable {names[-1]}")
