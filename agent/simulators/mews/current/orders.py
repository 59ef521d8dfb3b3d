"""Today's way to order: Data of a key command, and addKeyCutter and addPrinter, which put commands into the queue.

Must never order a key for a room of the caller's choice: it is the reservation's (reference/mews.md section 14).
"""

import binascii
import unicodedata
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from agent.simulators.base.presence import utc_text
from agent.simulators.mews.current.envelope import acting_in
from agent.simulators.mews.refusal import invalid, number, text
from agent.simulators.mews.store.devices import KEY_CUTTER_TODAY, PRINTER
from agent.simulators.mews.store.property import Property
from agent.simulators.mews.store.records import Customer, Device, Reservation, StayState
from agent.simulators.mews.switches import MewsSwitches

API_URL = "http://198.51.100.7:8265"  # a block reserved for examples
CUSTOM_DATA = '{"Type":"FiasProtocol"}'  # what a Messerschmitt has there: reference/mews.md section 10
_WITH_A_ROOM = frozenset({StayState.CONFIRMED, StayState.STARTED})


class KeyOrder(msgspec.Struct, frozen=True):
    """What was ordered: for which device, and what the list will show as its Data."""

    device: Device
    data: dict[str, object]


def key_data(
    key_cutter: str | None,
    rooms: Sequence[str],
    start: datetime,
    end: datetime,
    copies: float,
    guest: Customer,
    stay: str | None,
    stay_number: str | None,
) -> dict[str, object]:
    """Data of a key command, all members of the docs' page in their order."""
    return {
        "KeyCutterId": key_cutter,
        "ApiUrl": API_URL,
        "KeyCutterData": CUSTOM_DATA,
        "KeyCount": copies,
        "LockIds": list(rooms),
        "StartUtc": utc_text(start),
        "EndUtc": utc_text(end),
        "FirstName": guest.first_name,
        "LastName": guest.last_name,
        "NormalizedFirstName": guest.first_name and _normalized(guest.first_name),
        "NormalizedLastName": _normalized(guest.last_name),
        "Telephone": guest.phone,
        "Email": guest.email,
        "ReservationId": stay,
        "ReservationNumber": stay_number,
    }


def key_for(property: Property, stay: Reservation, device: Device, copies: float) -> dict[str, object]:
    """Data of a key command for a reservation that has a room."""
    room = property.rooms[stay.room or ""]
    return key_data(
        device.identifier,
        room.lock_ids,
        stay.begins,
        stay.end,
        copies,
        property.owner(stay),
        stay.id,
        stay.number,
    )


def add_key_cutter(property: Property, body: Mapping[str, object], switches: MewsSwitches) -> KeyOrder:
    """What commands/addKeyCutter orders. Raises Refusal for a device or reservation that does not allow it."""
    enterprise = acting_in(body, switches)
    device = _device(property, text(body, "KeyCutterId"), KEY_CUTTER_TODAY, "KeyCutterId")
    stay = property.reservations.get(text(body, "ReservationId"))
    copies = number(body, "KeyCount")
    if stay is None or stay.room is None or stay.state not in _WITH_A_ROOM or stay.enterprise != enterprise:
        raise invalid("ReservationId")
    return KeyOrder(device, key_for(property, stay, device, copies))


def add_printer(property: Property, body: Mapping[str, object], switches: MewsSwitches) -> tuple[Device, str, int]:
    """The printer, document (Base64) and copies that commands/addPrinter orders. Raises Refusal."""
    acting_in(body, switches)
    device = _device(property, text(body, "PrinterId"), PRINTER, "PrinterId")
    document = text(body, "Data")
    try:
        is_empty = not b64decode(document, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("Data") from None
    if is_empty:
        raise invalid("Data")
    return device, document, number(body, "CopyCount")


def _device(property: Property, id: str, type: str, name: str) -> Device:
    device = property.devices.get(id)
    if device is None or device.type != type:
        raise invalid(name)
    return device


def _normalized(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain or "-"
