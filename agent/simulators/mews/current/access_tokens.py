"""Today's resourceAccessTokens: the cards and codes that Mews keeps for a reservation (docs, page of that name).

Must never check a door: Mews only keeps them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from msgspec.structs import replace

from agent.simulators.base.presence import utc_text
from agent.simulators.mews.current.envelope import acting_in, looking_at
from agent.simulators.mews.current.paging import limitation, newest_first, page
from agent.simulators.mews.refusal import (
    IDS_LIMIT,
    interval,
    invalid,
    needed_texts,
    optional_text,
    part,
    text,
    texts,
    time,
    words,
)
from agent.simulators.mews.store.property import Property
from agent.simulators.mews.store.records import Card
from agent.simulators.mews.switches import MewsSwitches

TYPES = ("PinCode", "RfidTag")
PERMISSIONS = ("Bed", "Room", "Floor", "Building")
_VALUE_LIMIT = 255  # characters
_FILTERS = ("ResourceAccessTokenIds", "ServiceOrderIds", "CollidingUtc", "UpdatedUtc")


class Activity(StrEnum):
    """Which of them are asked for."""

    ACTIVE = "Active"
    DELETED = "Deleted"


def get_all(property: Property, body: Mapping[str, object], switches: MewsSwitches) -> dict[str, object]:
    """The answer of resourceAccessTokens/getAll; one filter has to be there."""
    if all(body.get(name) is None for name in _FILTERS):
        raise invalid("parameters: no filter is provided")
    found, cursor = page(
        newest_first(property.cards.values()), _wanted(body, switches), limitation(body), switches
    )
    return {"ResourceAccessTokens": [card(entry) for entry in found], "Cursor": cursor}


def add(property: Property, body: Mapping[str, object], now: datetime) -> dict[str, object]:
    """The answer of resourceAccessTokens/add; all of them are added, or none is."""
    cards = [_new(property, form, now) for form in _forms(body, "ResourceAccessTokenParameters")]
    property.cards |= {entry.id: entry for entry in cards}
    return {"ResourceAccessTokens": [card(entry) for entry in cards]}


def update(
    property: Property, body: Mapping[str, object], switches: MewsSwitches, now: datetime
) -> dict[str, object]:
    """The answer of resourceAccessTokens/update; all of them are changed, or none is."""
    acting_in(body, switches)
    cards = [_changed(property, form, now) for form in _forms(body, "ResourceAccessTokenUpdates")]
    property.cards |= {entry.id: entry for entry in cards}
    return {"ResourceAccessTokens": [card(entry) for entry in cards]}


def delete(property: Property, body: Mapping[str, object], now: datetime) -> dict[str, object]:
    """The answer of resourceAccessTokens/delete: an empty object."""
    ids = needed_texts(body, "Ids")
    cards = [_active(property, id, "Ids") for id in ids]
    property.cards |= {entry.id: replace(entry, is_active=False, updated=now) for entry in cards}
    return {}


def card(card: Card) -> dict[str, object]:
    """A card or code as the docs show it."""
    return {
        "Id": card.id,
        "EnterpriseId": card.enterprise,
        "ServiceOrderId": card.reservation,
        "CompanionshipId": card.companionship,
        "ResourceId": card.room,
        "Type": card.type,
        "Value": card.value,
        "SerialNumber": card.serial_number,
        "ValidityStartUtc": utc_text(card.start),
        "ValidityEndUtc": utc_text(card.end),
        "CreatedUtc": utc_text(card.created),
        "UpdatedUtc": utc_text(card.updated),
        "IsActive": card.is_active,
        "Permissions": dict(card.permissions),
    }


def _wanted(body: Mapping[str, object], switches: MewsSwitches) -> Callable[[Card], bool]:
    ids, stays = texts(body, "ResourceAccessTokenIds"), texts(body, "ServiceOrderIds")
    colliding, updated = interval(body, "CollidingUtc"), interval(body, "UpdatedUtc")
    states, enterprises = words(body, "ActivityStates", Activity), looking_at(body, switches)
    return lambda card: (
        (ids is None or card.id in ids)
        and (stays is None or card.reservation in stays)
        and (colliding is None or colliding.meets(card.start, card.end))
        and (updated is None or updated.has(card.updated))
        and (states is None or (Activity.ACTIVE if card.is_active else Activity.DELETED) in states)
        and (enterprises is None or card.enterprise in enterprises)
    )


def _forms(body: Mapping[str, object], name: str) -> Sequence[Mapping[str, object]]:
    forms = body.get(name)
    if not isinstance(forms, list) or not 1 <= len(forms) <= IDS_LIMIT:
        raise invalid(name)
    if not all(isinstance(form, dict) for form in forms):
        raise invalid(name)
    return forms


def _new(property: Property, form: Mapping[str, object], now: datetime) -> Card:
    stay = property.reservations.get(text(form, "ServiceOrderId"))
    if stay is None:
        raise invalid("ServiceOrderId")
    room = optional_text(form, "ResourceId")
    if room is not None and room not in property.rooms:
        raise invalid("ResourceId")
    if text(form, "Type") not in TYPES:
        raise invalid("Type")
    return Card(
        id=str(uuid4()),
        reservation=stay.id,
        type=text(form, "Type"),
        value=_value(text(form, "Value")),
        start=time(form, "ValidityStartUtc"),
        end=time(form, "ValidityEndUtc"),
        permissions=dict.fromkeys(PERMISSIONS, False) | _permissions(form),
        room=room,
        companionship=optional_text(form, "CompanionshipId"),
        serial_number=optional_text(form, "SerialNumber"),
        enterprise=stay.enterprise,
        created=now,
        updated=now,
    )


def _changed(property: Property, form: Mapping[str, object], now: datetime) -> Card:
    entry = _active(property, text(form, "ResourceAccessTokenId"), "ResourceAccessTokenId")
    start, end, value = (part(form, name) for name in ("ValidityStartUtc", "ValidityEndUtc", "Value"))
    return replace(
        entry,
        start=entry.start if start is None else time(start, "Value"),
        end=entry.end if end is None else time(end, "Value"),
        value=entry.value if value is None else _value(text(value, "Value")),
        permissions={**entry.permissions, **_permissions(form)},
        updated=now,
    )


def _active(property: Property, id: str, name: str) -> Card:
    entry = property.cards.get(id)
    if entry is None or not entry.is_active:
        raise invalid(name)
    return entry


def _permissions(form: Mapping[str, object]) -> dict[str, bool]:
    given = part(form, "Permissions") or {}
    found: dict[str, bool] = {}
    for name in PERMISSIONS:
        update = part(given, name)
        if update is None:
            continue
        value = update.get("Value")
        if not isinstance(value, bool):
            raise invalid("Permissions")
        found[name] = value
    return found


def _value(value: str) -> str:
    if not 1 <= len(value) <= _VALUE_LIMIT:
        raise invalid("Value")
    return value
