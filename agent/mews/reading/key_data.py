"""`Data` of a key command, in both dialects' spellings (reference/mews.md sections 6.4 and 7). No I/O.

Of a guest only the address that a mobile key goes to is decoded here.
"""

from contextlib import suppress

import msgspec

from agent.commands.model import Account, KeyRequest
from agent.foundation.reading.text import plain
from agent.mews.reading.decoding import Unreadable, label, named, read
from agent.mews.reading.values import ID_LIMIT, date, locks, whole
from provisioning.secret import Secret

CONTACT_LIMIT = 254  # characters; the longest e-mail address there is
_NULL = msgspec.Raw(b"null")


def key_request(data: bytes | None) -> KeyRequest:
    """What is asked for. Raises `Unreadable` with the reason in a few words."""
    if data is None:
        raise Unreadable("its Data is missing or far too large")
    key = read(data, _KeyData, "its Data")
    end = key.ValidityEndUtc or key.EndUtc
    return KeyRequest(
        (key.KeyCutterId or "").strip(),
        locks(key.LockIds),
        date(key.ValidityStartUtc or key.StartUtc, "the start of the validity"),
        None if end is None else date(end, "the end of the validity"),
        whole(key.KeyCount, "keys"),
        reservation=_reservation(key),
        account=_account(key),
        contact=plain(label(key.Telephone) or label(key.Email), CONTACT_LIMIT),
        customer=_customer(key),
    )


class _KeyData(msgspec.Struct):
    """2016 spellings first; StartUtc and EndUtc are today's (reference/mews.md section 7)."""

    LockIds: list[str | int]
    KeyCount: int | float
    KeyCutterId: str | None = None
    ValidityStartUtc: str | None = None
    ValidityEndUtc: str | None = None
    StartUtc: str | None = None
    EndUtc: str | None = None
    ApiUrl: msgspec.Raw = _NULL
    UserName: msgspec.Raw = _NULL
    Password: msgspec.Raw = _NULL
    Reservation: msgspec.Raw = _NULL
    ReservationId: msgspec.Raw = _NULL
    Telephone: msgspec.Raw = _NULL
    Email: msgspec.Raw = _NULL


class _Reservation(msgspec.Struct):
    Customer: msgspec.Raw = _NULL


class _Customer(msgspec.Struct):
    Id: str = ""


def _reservation(key: _KeyData) -> str:
    """The id of the stay, in either dialect's place; "" where there is none that can be one."""
    id = label(key.ReservationId)
    if not id and key.Reservation != _NULL:
        with suppress(Unreadable):
            ids = [
                label(value) for name, value in named(bytes(key.Reservation), "its Reservation") if name == "Id"
            ]
            id = ids[0] if len(ids) == 1 else ""
    return id if plain(id, ID_LIMIT) == id else ""


def _customer(key: _KeyData) -> str:
    """The id of the reservation's owner, where it stands in it: in the dialect of 2016."""
    try:
        owner = read(bytes(key.Reservation), _Reservation, "its Reservation").Customer
        id = read(bytes(owner), _Customer, "its Customer").Id
    except Unreadable:
        return ""
    return id if plain(id, ID_LIMIT) == id else ""


def _account(key: _KeyData) -> Account | None:
    """The lock server that the order names. Its address is kept as it came: who judges it must see it whole."""
    url = label(key.ApiUrl)
    return Account(url, Secret(label(key.UserName)), Secret(label(key.Password))) if url else None
