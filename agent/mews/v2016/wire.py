"""Mews' JSON, dialect 2016, in and out (reference/mews.md sections 1 to 3, 6 and 8). No I/O.

Two-stage decoding: the envelope of each command on its own, `Data` later and by device type. Whatever is wrong
with one command stays with that command, and what is wrong with a member that is not needed with that member.
`Creator`, names and documents are never decoded at all; of a guest only the address that a mobile key goes to.
"""

import re
from collections.abc import Container, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec

from agent.commands.model import Account, KeyRequest, Listed, Standing
from agent.commands.notes import WORDS_LIMIT
from agent.foundation.reading.json_text import Fate, Text, elements, members, salvaged
from agent.foundation.reading.text import plain, without
from agent.mews.calls import Listing, Update
from agent.mews.v2016.decoding import Twice, Unreadable, decode, label, named, read, unwrapped
from provisioning.secret import Secret

ID_LIMIT = 100  # characters; Mews' ids are GUIDs
NAME_LIMIT = 80  # characters of a device's name or type
DATA_LIMIT = 64 * 1024  # bytes; a key's Data is about 1 KB
PRINT_DATA_LIMIT = 40 * 1024 * 1024  # bytes; a document in Base64
_PRINTER = "Printer"
LOCKS_LIMIT = 64
REFUSAL_LIMIT = 2000  # characters of Mews' words: cut to a note's length only once the tokens are out of them
CONTACT_LIMIT = 254  # characters; the longest e-mail address there is
COUNT_LIMIT = 10**6  # beyond that it is no number of keys, and floats stop being whole
_YEARS = range(2000, 2100)  # beyond these a date is a mistake, and zones cannot be computed at the ends

_ERROR_NAMES = {"message", "details", "requestid", "error", "errors"}  # reference/mews.md section 3; any case
_LIST = re.compile(rb'"Commands"\s*:\s*\[')

# Mews' states of a command (reference/mews.md section 6.4); one without a word is new.
STANDINGS = {
    "": Standing.NEW,
    "Pending": Standing.NEW,
    "Received": Standing.RECEIVED,
    "Processing": Standing.TAKEN,
    "Processed": Standing.OVER,
    "Cancelled": Standing.OVER,
    "Error": Standing.OVER,
}


def sign_in(connector_token: Secret) -> bytes:
    """The body of `app/signIn`."""
    return msgspec.json.encode({"ConnectorToken": connector_token.reveal()})


def get_all_active(access_token: Secret) -> bytes:
    """The body of `commands/getAllActive`."""
    return msgspec.json.encode({"AccessToken": access_token.reveal()})


def update(access_token: Secret, update: Update) -> bytes:
    """The body of `commands/update`."""
    body: dict[str, Any] = {
        "AccessToken": access_token.reveal(),
        "CommandId": update.command_id,
        "State": update.state,
    }
    if update.progress is not None:
        body["Progress"] = update.progress
    if update.notes:
        body["Notes"] = update.notes
    return msgspec.json.encode(body)


def signed_in(body: bytes) -> Secret:
    """The session token of an answer to `app/signIn`. Raises `Unreadable`."""
    token = read(unwrapped(body), _SignedIn, "it").AccessToken
    if not token:
        raise Unreadable("the sign-in brought no token")
    return Secret(token)


def acknowledged(body: bytes) -> None:
    """Check the answer to an update: an object that is no error's. Raises `Unreadable` (say, a portal's page)."""
    names = {name.casefold() for name, _ in named(unwrapped(body), "it")}
    if names & _ERROR_NAMES:
        raise Unreadable("it is an error that came as a success")


def refusal(body: bytes, tokens: Iterable[Secret] = ()) -> str:
    """Mews' own words in an error's body, on one line and without the `tokens` that they may repeat.

    At most WORDS_LIMIT characters; empty if there are none.
    """
    try:
        words = plain(label(read(unwrapped(body), _Error, "it").Message), REFUSAL_LIMIT)
    except Unreadable:
        return ""
    return plain(without(words, [token.reveal() for token in tokens]), WORDS_LIMIT)


def listing(body: bytes, known: Container[str] = frozenset()) -> Listing:
    """The answer to `commands/getAllActive`. Of `known` ids only id and state are read.

    Raises `Unreadable` if it is not an object with a list of `Commands`, or is so broken that none is left.
    """
    commands: dict[str, Listed] = {}
    unreadable = 0
    pieces, is_whole = _pieces(unwrapped(body))
    for fate, text in pieces:
        try:
            listed = _listed(fate, text, known)
        except Unreadable:
            unreadable += fate is not Fate.FOUND
        else:
            commands.setdefault(listed.id, listed)
    if not is_whole and not commands:
        raise Unreadable("it is not a list of commands")
    return Listing(tuple(commands.values()), unreadable, is_whole and not unreadable)


def key_request(data: bytes | None) -> KeyRequest:
    """`Data` of a key command in either dialect's spelling. Raises `Unreadable` with the reason in a few words."""
    if data is None:
        raise Unreadable("its Data is missing or far too large")
    key = read(data, _KeyData, "its Data")
    end = key.ValidityEndUtc or key.EndUtc
    return KeyRequest(
        (key.KeyCutterId or "").strip(),
        _locks(key.LockIds),
        _date(key.ValidityStartUtc or key.StartUtc, "the start of the validity"),
        None if end is None else _date(end, "the end of the validity"),
        whole(key.KeyCount, "keys"),
        reservation=_reservation(key),
        account=_account(key),
        contact=plain(label(key.Telephone) or label(key.Email), CONTACT_LIMIT),
    )


class _SignedIn(msgspec.Struct):
    AccessToken: str


_NULL = msgspec.Raw(b"null")


class _Error(msgspec.Struct):
    Message: msgspec.Raw = _NULL


class _Commands(msgspec.Struct):
    Commands: list[msgspec.Raw]


class _Device(msgspec.Struct):
    Id: str | None = None
    Name: msgspec.Raw = _NULL
    Type: str | None = None


class _Head(msgspec.Struct):
    Id: str
    State: str | None = None


class _Command(msgspec.Struct):
    Id: str
    Device: msgspec.Raw
    State: str | None = None
    CreatedUtc: str | None = None
    Data: msgspec.Raw = _NULL


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


def _pieces(body: bytes) -> tuple[Iterable[tuple[Fate, Text]], bool]:
    """The texts of the listed commands, and whether these are all; views, because documents are large."""
    try:
        return [(Fate.WHOLE, memoryview(raw)) for raw in decode(body, _Commands).Commands], True
    except Unreadable:
        return _pieces_by_hand(memoryview(body))


def _pieces_by_hand(body: memoryview) -> tuple[Iterable[tuple[Fate, Text]], bool]:
    """The same of a body in which msgspec stumbles over something somewhere."""
    try:
        [commands] = [value for name, value in members(body) if name == b'"Commands"']
        return [(Fate.WHOLE, text) for text in elements(commands)], True
    except ValueError:
        first = _LIST.search(body)
    if first is None or body[0] != ord("{"):
        return (), False
    return salvaged(body, first.end()), False


def _listed(fate: Fate, text: Text, known: Container[str]) -> Listed:
    """One command. Raises `Unreadable` if no id can be told, or if what was found may be no command at all."""
    head = _head_by_hand(text) if fate is Fate.TORN else _head(text)
    id = plain(head.Id, ID_LIMIT)
    if not id or id != head.Id:
        raise Unreadable("no usable id")
    standing = STANDINGS.get(head.State or "", Standing.STRANGE)
    word = head.State or "" if standing is Standing.STRANGE else ""
    bare = Listed(id, standing, None, "", "", None, None, word=word)
    if id in known:
        return bare
    if fate is Fate.TORN:  # refused, it leaves the list
        return msgspec.structs.replace(bare, defect="it is damaged")
    try:
        return _complete(bare, text)
    except Unreadable as problem:
        if fate is Fate.FOUND or (isinstance(problem, Twice) and problem.is_about("it", "Id")):
            raise
        return msgspec.structs.replace(bare, defect=str(problem))


def _head(element: Text) -> _Head:
    """Id and state alone."""
    try:
        return decode(element, _Head)
    except Unreadable:
        return _head_by_hand(element)


def _head_by_hand(element: Text) -> _Head:
    """The same of an element in which anything else may be bad, or that breaks off behind its id."""
    ids, state = [], ""
    with suppress(Unreadable):
        for name, value in named(element, "it"):
            if name == "Id":
                ids.append(decode(value, str))
            elif name == "State":
                state = label(value)
    if len(ids) != 1:
        raise Unreadable("no id, or two")
    return _Head(ids[0], state)


def _complete(bare: Listed, element: Text) -> Listed:
    command = read(element, _Command, "it")
    device = read(bytes(command.Device), _Device, "its Device")
    most = PRINT_DATA_LIMIT if device.Type == _PRINTER else DATA_LIMIT
    has_data = command.Data != _NULL and len(command.Data) <= most
    return msgspec.structs.replace(
        bare,
        created=_date(command.CreatedUtc, "the date of the order"),
        device_id=plain(device.Id or "", ID_LIMIT),
        device_name=plain(label(device.Name), NAME_LIMIT),
        device_type=plain(device.Type, NAME_LIMIT) if device.Type else None,
        data=bytes(command.Data) if has_data else None,
    )


def _date(text: str | None, what: str) -> datetime:
    """An aware UTC datetime; text without an offset is UTC, as the names of all these members say."""
    try:
        date = datetime.fromisoformat(text or "")
    except ValueError:
        raise Unreadable(f"{what} is missing or no date") from None
    if date.year not in _YEARS or "T" not in (text or ""):
        raise Unreadable(f"{what} is no plausible date")
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


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


def _account(key: _KeyData) -> Account | None:
    """The lock server that the order names. Its address is kept as it came: who judges it must see it whole."""
    url = label(key.ApiUrl)
    return Account(url, Secret(label(key.UserName)), Secret(label(key.Password))) if url else None


def _locks(locks: list[str | int]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(str(lock).strip() for lock in locks))
    if not names or not all(names) or len(names) > LOCKS_LIMIT:
        raise Unreadable("it names no lock, an empty one, or far too many")
    if any(plain(name, NAME_LIMIT) != name for name in names):
        raise Unreadable("it names a lock with characters that no lock has")
    return names


def whole(count: float, what: str) -> int:
    """A number of copies as a whole number. Raises `Unreadable`."""
    if not abs(count) < COUNT_LIMIT or count != int(count):
        raise Unreadable(f"its number of {what} is no whole number")
    return int(count)
