"""The twelve operations of the Coder Bridge: where each is, and what the fields of its request are called.

Must never be read as confirmed: only `auth`, `config_rooms`, `room_checkin` and `guest_key_checkout` are
(reference/coder-bridge.md section 2); the rest are that page's placeholders, which a simulator may accept.
"""

from enum import StrEnum

import msgspec


class Slot(StrEnum):
    """The operations, by the name of their entry in a site profile."""

    AUTH = "auth"
    CONFIG_ROOMS = "config_rooms"
    CONFIG_CHECKOUT_TIMES = "config_checkout_times"
    CONFIG_SPECIAL_AREAS = "config_special_areas"
    ROOM_CHECKIN = "room_checkin"
    ROOM_CHECKOUT = "room_checkout"
    GUEST_KEY = "guest_key"
    GUEST_KEY_CHECKOUT = "guest_key_checkout"
    GUEST_KEY_PRECHECKIN = "guest_key_precheckin"
    MOBILE_KEY = "mobile_key"
    MOBILE_KEY_PUSH = "mobile_key_push"
    READ_CARD = "read_card"


class Address(msgspec.Struct, frozen=True):
    """Where a slot is: method, path below the base."""

    method: str
    path: str


ADDRESSES = {
    Slot.AUTH: Address("POST", "/auth/auth"),
    Slot.CONFIG_ROOMS: Address("GET", "/config/rooms"),
    Slot.CONFIG_CHECKOUT_TIMES: Address("GET", "/config/cotimes"),  # placeholder
    Slot.CONFIG_SPECIAL_AREAS: Address("GET", "/config/sa"),  # placeholder
    Slot.ROOM_CHECKIN: Address("POST", "/pms/ciems"),
    Slot.ROOM_CHECKOUT: Address("POST", "/pms/coems"),  # inferred
    Slot.GUEST_KEY: Address("POST", "/pms/cikey"),  # placeholder
    Slot.GUEST_KEY_CHECKOUT: Address("POST", "/pms/cokey"),
    Slot.GUEST_KEY_PRECHECKIN: Address("POST", "/pms/precikey"),  # placeholder
    Slot.MOBILE_KEY: Address("POST", "/pms/mkey"),  # placeholder
    Slot.MOBILE_KEY_PUSH: Address("POST", "/pms/mkeypush"),  # placeholder
    Slot.READ_CARD: Address("POST", "/pms/readkey"),  # placeholder
}


class Fields(msgspec.Struct, frozen=True):
    """The names of request fields; `rm` and `tid` are confirmed, `sa_guest` inferred, the others placeholders."""

    room: str = "rm"
    tid: str = "tid"
    areas: str = "sa_guest"
    encoder: str = "enco"
    start: str = "movein"
    end: str = "moveout"
    mobile_end: str = "checkout_date"
    user: str = "user_id"
    push_address: str = "push_address"
