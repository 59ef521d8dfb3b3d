"""Cards of a reservation in today's dialect: resource access tokens (reference/mews.md section 14). No I/O.

A permission is sent as an "update value", though for a new card (Mews' docs, read on 2026-08-07:
resourceAccessTokens).
"""

from typing import Any

from agent.foundation.reading.json_text import Text
from agent.mews.reading.decoding import Unreadable
from agent.mews.reading.items import Item
from agent.mews.reading.lists import items
from agent.mews.reading.values import stamp
from agent.mews.records import KeptCard, NewCard

LIST = "ResourceAccessTokens"
NUMBER_LIMIT = 255  # characters; Mews takes no more
_TYPE = "RfidTag"
_PERMISSIONS = {"Bed": False, "Room": True, "Floor": False, "Building": False}  # a key of a room opens a room


def new_card(card: NewCard) -> dict[str, Any]:
    """The members of a request that adds a card."""
    form: dict[str, Any] = {
        "ServiceOrderId": card.stay,
        "Type": _TYPE,
        "Value": card.number,
        "ValidityStartUtc": stamp(card.start),
        "ValidityEndUtc": stamp(card.end),
        "Permissions": {name: {"Value": value} for name, value in _PERMISSIONS.items()},
    }
    return {"ResourceAccessTokenParameters": [form | ({"ResourceId": card.space} if card.space else {})]}


def added(body: bytes) -> str:
    """Mews' id of the one card that was added. Raises `Unreadable`."""
    found, unreadable = items(body, LIST, card)
    if len(found) != 1 or unreadable:
        raise Unreadable("it does not tell which card was added")
    return found[0].id


def card(text: Text) -> KeptCard:
    """An element of `ResourceAccessTokens`. Raises `Unreadable`."""
    item = Item(text, "a card")
    return KeptCard(
        item.id("Id"), item.text("ServiceOrderId"), item.text("Value", NUMBER_LIMIT), item.flag("IsActive", True)
    )
