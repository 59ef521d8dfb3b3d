"""Mews' JSON, dialect 2016, in and out (reference/mews.md sections 1 to 3, 6 and 8). No I/O.

Two-stage decoding: the envelope of each command on its own, `Data` later and by device type. Whatever is wrong
with one command stays with that command. `Creator`, guests and documents are never decoded at all.
"""

import json
from collections import Counter
from collections.abc import Container, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from agent.commands.model import KeyRequest, Listed
from agent.commands.text import plain
from agent.mews.json_text import elements, members

ID_LIMIT = 100  # characters; Mews' ids are GUIDs
NAME_LIMIT = 80  # characters of a device's name or type
DATA_LIMIT = 64 * 1024  # bytes; a key's Data is about 1 KB, documents are not kept here
ELEMENT_LIMIT = 2 * DATA_LIMIT  # bytes; commands for keys are smaller
LOCKS_LIMIT = 64
REFUSAL_LIMIT = 2000  # characters of Mews' words: cut to a note's length only once the tokens are out of them
COUNT_LIMIT = 10**6  # beyond that it is no number of keys, and floats stop being whole
_YEARS = range(2000, 2100)  # beyond these a date is a mistake, and zones cannot be computed at the ends


T = TypeVar("T")
Text = bytes | memoryview  # JSON text; views, so that a document in a list is not copied at every poll


class Unreadable(ValueError):
    """An answer or a part of it that is not what the v1 page promises; says so without its contents."""


class Listing(msgspec.Struct, frozen=True):
    """The active commands, in Mews' order, each id once; `unreadable` counts elements without a usable id."""

    commands: tuple[Listed, ...]
    unreadable: int


def sign_in(connector_token: str) -> bytes:
    """The body of `app/signIn`."""
    return msgspec.json.encode({"ConnectorToken": connector_token})


def get_all_active(access_token: str) -> bytes:
    """The body of `commands/getAllActive`."""
    return msgspec.json.encode({"AccessToken": access_token})


def update(
    access_token: str, command_id: str, state: str, *, progress: float | None = None, notes: str = ""
) -> bytes:
    """The body of `commands/update`; `progress` is a share from 0 to 1, read only with `Processing`."""
    body: dict[str, Any] = {"AccessToken": access_token, "CommandId": command_id, "State": state}
    if progress is not None:
        body["Progress"] = progress
    if notes:
        body["Notes"] = notes
    return msgspec.json.encode(body)


def signed_in(body: bytes) -> str:
    """The session token of an answer to `app/signIn`. Raises `Unreadable`."""
    token = _decode(body, _SignedIn).AccessToken
    if not token:
        raise Unreadable("the sign-in brought no token")
    return token


def acknowledged(body: bytes) -> None:
    """Check the answer to an update: an object, nothing else. Raises `Unreadable` (say, a portal's page)."""
    _decode(body, _Anything)


def refusal(body: bytes) -> str:
    """Mews' own words in an error's body, on one line; empty if there are none. They may repeat a token."""
    try:
        return plain(_decode(body, _Error).Message or "", REFUSAL_LIMIT)
    except Unreadable:
        return ""


def listing(body: bytes, known: Container[str] = frozenset()) -> Listing:
    """The answer to `commands/getAllActive`. Of `known` ids only id and state are read.

    Raises `Unreadable` if it is not an object with a list of `Commands`.
    """
    commands: dict[str, Listed] = {}
    unreadable = 0
    for element in _command_texts(body):
        try:
            listed = _listed(element, known)
        except Unreadable:
            unreadable += 1
        else:
            commands.setdefault(listed.id, listed)
    return Listing(tuple(commands.values()), unreadable)


def key_request(data: bytes | None) -> KeyRequest:
    """`Data` of a key command in either dialect's spelling. Raises `Unreadable` with the reason in a few words."""
    if data is None:
        raise Unreadable("its Data is missing or far too large")
    key = _decode(data, _KeyData, "its Data is not an object, or has a member of the wrong kind")
    _refuse_doubles(data)
    start = _date(key.ValidityStartUtc or key.StartUtc, "the start of the validity")
    end = _date(key.ValidityEndUtc or key.EndUtc, "the end of the validity")
    if end <= start:
        raise Unreadable("its validity ends before it begins")
    return KeyRequest((key.KeyCutterId or "").strip(), _locks(key.LockIds), start, end, _whole(key.KeyCount))


class _TwoIds(Unreadable):
    """Nobody can tell which command this is, so nothing may be reported for either."""


class _SignedIn(msgspec.Struct):
    AccessToken: str


class _Anything(msgspec.Struct):
    pass


class _Error(msgspec.Struct):
    Message: str | None = None


class _Commands(msgspec.Struct):
    Commands: list[msgspec.Raw]


class _Device(msgspec.Struct):
    Id: str | None = None
    Name: str | None = None
    Type: str | None = None


class _Head(msgspec.Struct):
    Id: str
    State: str | None = None


class _Command(msgspec.Struct):
    Id: str
    Device: _Device
    State: str | None = None
    CreatedUtc: str | None = None
    Data: msgspec.Raw = msgspec.Raw(b"null")


class _KeyData(msgspec.Struct):
    """2016 spellings first; StartUtc and EndUtc are today's (reference/mews.md section 7)."""

    LockIds: list[str | int]
    KeyCount: int | float
    KeyCutterId: str | None = None
    ValidityStartUtc: str | None = None
    ValidityEndUtc: str | None = None
    StartUtc: str | None = None
    EndUtc: str | None = None


def _decode(body: Text, kind: type[T], words: str = "it is not the JSON that Mews documents") -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable(words) from None


def _command_texts(body: bytes) -> Sequence[Text]:
    try:
        return [memoryview(raw) for raw in msgspec.json.decode(body, type=_Commands).Commands]
    except RecursionError:
        return _command_texts_by_hand(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unreadable("it is not a list of commands") from None


def _command_texts_by_hand(body: bytes) -> Sequence[Text]:
    """The same for a body in which something is nested so deeply that msgspec gives up on all of it."""
    try:
        lists = [value for name, value in members(body) if name == b'"Commands"']
        return list(elements(lists[-1]))
    except (ValueError, IndexError):
        raise Unreadable("it is not a list of commands") from None


def _listed(element: Text, known: Container[str]) -> Listed:
    head = _head(element)
    id = plain(head.Id, ID_LIMIT)
    if not id or id != head.Id:
        raise Unreadable("no usable id")
    if id in known:
        return Listed(id, head.State or "", None, "", "", None, None)
    try:
        _refuse_doubles(bytes(element))
        return _complete(id, bytes(element))
    except _TwoIds:
        raise
    except Unreadable as problem:
        return Listed(id, head.State or "", None, "", "", None, None, str(problem))


def _head(element: Text) -> _Head:
    """Id and state, even of an element that is nested too deeply or has bad UTF-8 elsewhere."""
    try:
        return _decode(element, _Head)
    except Unreadable:
        try:
            values = dict(members(bytes(element)))
        except ValueError:
            raise Unreadable("not an object") from None
        return _Head(_decode(values.get(b'"Id"', b"null"), str))


def _complete(id: str, element: bytes) -> Listed:
    command = _decode(element, _Command, "the command has a member of the wrong kind")
    device = command.Device
    data = bytes(command.Data)
    return Listed(
        id=id,
        state=command.State or "",
        created=_date(command.CreatedUtc, "the date of the order"),
        device_id=plain(device.Id or "", ID_LIMIT),
        device_name=plain(device.Name or "", NAME_LIMIT),
        device_type=plain(device.Type, NAME_LIMIT) if device.Type else None,
        data=None if data == b"null" or len(data) > DATA_LIMIT else data,
    )


def _refuse_doubles(text: bytes) -> None:
    """Raise if an object names a member twice: which of two rooms is meant? Nobody can tell, so no key is cut."""
    names = _names(text)
    if len(set(names)) == len(names):
        return
    if names.count("Id") > 1:
        raise _TwoIds("two ids")
    doubled = Counter(names).most_common(1)[0][0]
    raise Unreadable(f"it names {plain(doubled, 40)} twice")


def _names(text: bytes) -> list[str]:
    if len(text) > ELEMENT_LIMIT:  # slower for a command, but does not build the document in it
        return [_decode(name, str) for name, _ in members(text)]
    # The hook's last call is for the outermost object. Bad UTF-8 in a guest's name spoils nothing that is used.
    try:
        pairs: list[tuple[str, Any]] = json.loads(text.decode("utf-8", "replace"), object_pairs_hook=list)
    except (ValueError, RecursionError):  # ValueError: a number of thousands of digits
        raise Unreadable("it is nested too deeply, or has a number that is far too long") from None
    return [name for name, _ in pairs]


def _date(text: str | None, what: str) -> datetime:
    """An aware UTC datetime; text without an offset is UTC, as the names of all these members say."""
    try:
        date = datetime.fromisoformat(text or "")
    except ValueError:
        raise Unreadable(f"{what} is missing or no date") from None
    if date.year not in _YEARS or "T" not in (text or ""):
        raise Unreadable(f"{what} is no plausible date")
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _locks(locks: list[str | int]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(str(lock).strip() for lock in locks))
    if not names or not all(names) or len(names) > LOCKS_LIMIT:
        raise Unreadable("it names no lock, an empty one, or far too many")
    if any(plain(name, NAME_LIMIT) != name for name in names):
        raise Unreadable("it names a lock with characters that no lock has")
    return names


def _whole(count: float) -> int:
    if not abs(count) < COUNT_LIMIT or count != int(count):
        raise Unreadable("its number of keys is no whole number")
    return int(count)
