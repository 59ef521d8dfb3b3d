"""The commands of a list, in any dialect (reference/mews.md sections 6.2, 7 and 8). No I/O.

Two-stage decoding: the envelope of each command on its own, `Data` later and by device type. Whatever is wrong
with one command stays with that command, and what is wrong with a member that is not needed with that member.
`Creator`, names and documents are never decoded at all.
"""

import re
from collections.abc import Container, Iterable
from contextlib import suppress

import msgspec

from agent.commands.model import Listed, Standing
from agent.foundation.reading.json_text import Fate, Text, elements, is_crowded, members, salvaged
from agent.foundation.reading.text import plain
from agent.mews.calls import Listing
from agent.mews.reading.decoding import Twice, Unreadable, decode, label, named, read, unwrapped
from agent.mews.reading.values import ID_LIMIT, NAME_LIMIT, date

DATA_LIMIT = 2 * 1024 * 1024  # bytes; a key's Data is about 1 KB, but for custom JSON that no key needs
PRINT_DATA_LIMIT = 40 * 1024 * 1024  # bytes; a document in Base64
MOST_LISTED = 12_000  # commands; each takes some 20 us, and what is beyond them is there in a later list
_PRINTER = "Printer"
_LIST = re.compile(rb'"Commands"\s*:\s*\[')
_NULL = msgspec.Raw(b"null")

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


def listing(body: bytes, known: Container[str] = frozenset()) -> Listing:
    """The answer to `commands/getAllActive`. Of `known` ids only id and state are read.

    Raises `Unreadable` if it is not an object with a list of `Commands`, or is so broken that none is left.
    """
    commands: dict[str, Listed] = {}
    unreadable = 0
    pieces, is_whole = _pieces(unwrapped(body))
    for number, (fate, text) in enumerate(pieces):
        if number == MOST_LISTED:
            is_whole = False
            break
        try:
            listed = _listed(fate, text, known)
        except Unreadable:
            unreadable += fate is not Fate.FOUND
        else:
            commands.setdefault(listed.id, listed)
    if not is_whole and not commands:
        raise Unreadable("it is not a list of commands")
    return Listing(tuple(commands.values()), unreadable, is_whole and not unreadable)


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


def _pieces(body: bytes) -> tuple[Iterable[tuple[Fate, Text]], bool]:
    """The texts of the listed commands, and whether these are all; views, because documents are large."""
    if is_crowded(body):
        return (), False
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
    word = head.State or "" if standing in (Standing.OVER, Standing.STRANGE) else ""
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
        created=date(command.CreatedUtc, "the date of the order"),
        device_id=plain(device.Id or "", ID_LIMIT),
        device_name=plain(label(device.Name), NAME_LIMIT),
        device_type=plain(device.Type, NAME_LIMIT) if device.Type else None,
        data=bytes(command.Data) if has_data else None,
    )
