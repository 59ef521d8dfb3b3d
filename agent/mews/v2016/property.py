"""What else the Connector API of 2016 offers: spaces, reservations, a balance, the hotel's name. No I/O.

What is sent and what is read is the v1 page's (reference/mews.md section 6). An item that cannot be read is
counted and spoils no other; a member of it that is only shown is empty where it is bad.
"""

from datetime import datetime

import msgspec

from agent.foundation.reading.json_text import Text
from agent.mews.calls import LIST_CAP, LIST_SECONDS, Ask
from agent.mews.reading.decoding import Unreadable, unwrapped
from agent.mews.reading.items import Item
from agent.mews.reading.lists import items, items_if_any
from agent.mews.reading.money import amount, currency
from agent.mews.reading.states import space_state, stay_state
from agent.mews.reading.values import interval
from agent.mews.records import (
    Category,
    Group,
    Guest,
    Money,
    OwnerKind,
    Property,
    Space,
    SpaceKind,
    Spaces,
    Stay,
    Stays,
)
from provisioning.secret import Secret

CONTACT_LIMIT = 254  # characters; the longest e-mail address there is
KINDS = {"Room": SpaceKind.ROOM, "Bed": SpaceKind.BED}  # "other types might be added in the future"


class PropertyCalls:
    """The protocols ListsSpaces, FindsStays and TellsBalance, over one way to ask."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def spaces(self, token: Secret) -> Spaces:
        """All of the hotel's."""
        return await self._ask(
            token, "/spaces/getAll", get_all_spaces(token), spaces, deadline=LIST_SECONDS, cap=LIST_CAP
        )

    async def stays(self, token: Secret, start: datetime, end: datetime) -> Stays:
        """Those that overlap the time between two aware dates."""
        body = get_all_reservations(token, start, end)
        return await self._ask(token, "/reservations/getAll", body, stays, deadline=LIST_SECONDS, cap=LIST_CAP)

    async def balance(self, token: Secret, customer: str, currency: str) -> Money:
        """What the customer owes, in the currency that Mews keeps it in: this dialect converts none."""
        return await self._ask(token, "/customers/getBalance", get_balance(token, customer), balance)


def get_all_spaces(access_token: Secret) -> bytes:
    """The body of `spaces/getAll`."""
    return msgspec.json.encode({"AccessToken": access_token.reveal()})


def get_all_reservations(access_token: Secret, start: datetime, end: datetime) -> bytes:
    """The body of `reservations/getAll`."""
    return msgspec.json.encode({"AccessToken": access_token.reveal(), **interval(start, end)})


def get_balance(access_token: Secret, customer: str) -> bytes:
    """The body of `customers/getBalance`.

    The page's example and table call the token `ConnectorToken` and say that it is the access token; its section
    on authorization wants an `AccessToken` in all operations (reference/mews.md section 13). The same token under
    both names satisfies either.
    """
    token = access_token.reveal()
    return msgspec.json.encode({"AccessToken": token, "ConnectorToken": token, "CustomerId": customer})


def spaces(body: bytes) -> Spaces:
    """The answer to `spaces/getAll`. Raises `Unreadable`."""
    found, unreadable = items(body, "Spaces", _space)
    return Spaces(found, items_if_any(body, "SpaceCategories", _category), unreadable)


def stays(body: bytes) -> Stays:
    """The answer to `reservations/getAll`. Raises `Unreadable`."""
    found, unreadable = items(body, "Reservations", _stay)
    return Stays(found, items_if_any(body, "ReservationGroups", _group), unreadable)


def balance(body: bytes) -> Money:
    """The answer to `customers/getBalance`. Raises `Unreadable`."""
    told = Item(unwrapped(body), "it")
    return Money(amount(told.raw("Value"), "the balance"), currency(told.text("Currency"), "that of the balance"))


def hotel(body: bytes) -> Property | None:
    """What the answer to `app/signIn` says of the hotel, None where it says nothing of it. No zone, no clock."""
    try:
        enterprise = Item(unwrapped(body), "it").part("Enterprise")
        return Property(enterprise.id("Id"), enterprise.text("Name"), zone="")
    except Unreadable:
        return None


def _space(text: Text) -> Space:
    item = Item(text, "a space")
    return Space(
        item.id("Id"),
        _number(item),
        KINDS.get(item.text("Type"), SpaceKind.OTHER),
        space_state(item.text("State")),
        item.text("CategoryId"),
        item.id_if_any("ParentSpaceId"),
    )


def _number(item: Item) -> str:
    number = item.text("Number")
    if not number:
        raise Unreadable("a space has no number")
    return number


def _category(text: Text) -> Category:
    item = Item(text, "a category")
    return Category(item.id("Id"), item.text("Name"), item.text("ShortName"))


def _stay(text: Text) -> Stay:
    item = Item(text, "a reservation")
    owner = _owner(item)
    return Stay(
        item.id("Id"),
        item.text("Number"),
        stay_state(item.text("State")),
        item.date("StartUtc"),
        item.date("EndUtc"),
        item.id_if_any("AssignedSpaceId"),
        owner.id if owner else "",
        OwnerKind.CUSTOMER if owner else OwnerKind.UNKNOWN,
        item.text("GroupId"),
        item.text("ChannelNumber"),
        item.text("ChannelManagerId"),
        item.text("BusinessSegmentId"),
        item.text("TravelAgencyId"),
        customer=owner,
        companions=item.parts("Companions", _guest),
    )


def _owner(item: Item) -> Guest | None:
    try:
        return _guest(item.raw("Customer"))
    except Unreadable:
        return None


def _guest(text: Text) -> Guest:
    item = Item(text, "a customer")
    return Guest(
        item.id("Id"),
        item.text("FirstName"),
        item.text("LastName"),
        item.text("Email", CONTACT_LIMIT),
        item.text("Phone"),
        item.text("NationalityCode"),
    )


def _group(text: Text) -> Group:
    item = Item(text, "a group")
    return Group(item.id("Id"), item.text("Name"))
