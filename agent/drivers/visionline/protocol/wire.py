"""What VisiOnline's answers say: a session, a card, doors, words of a failure. Read leniently. No I/O.

Never raises for anything that a server can send, and never decides what it means for a key (verdicts.py does).
Facts: reference/visionline.md, sections 2, 4 and 5.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from agent.commands.driver import LockDoor
from agent.drivers.lock_server.json_body import LONGEST_ID, Members, first, identifier, members, parsed
from agent.drivers.visionline.protocol.signing import Session
from agent.foundation.reading.text import plain
from provisioning.secret import Secret

ANSWER_CAP = 64 * 1024  # bytes; a card object is about one thousand
DOORS_CAP = 2 * 1024 * 1024  # bytes; about 4,000 doors with all their fields
WORDS_LENGTH = 300  # characters of the body that may be shown (reference section 6)
_LONGEST_KEY = 1024  # characters of an accessKey or an id of a session
_TOKEN = re.compile(r"[\x21-\x7e]+")  # what can stand in a header
_TAG = re.compile(r"<[^>]{0,1000}>")
_CARD_IDS = ("id", "credentialid", "uniqueregistrationnumber")
_OF_FAILURES = ("error", "errors", "errorcode", "errormessage", "exception", "exceptionmessage")
_WORDS = ("message", "errormessage", "error", "errors", "errordescription", "description", "details", "detail")
_MORE_WORDS = ("reason", "text", "title", "msg", "exceptionmessage")
_CODES = ("errorcode", "code", "detailedcode")
_WRAPPINGS = ("card", "cards", "data", "result")


class Card(Struct, frozen=True):
    """A card as the server tells of it: its id, and whether it calls it issued and good."""

    id: str
    is_good: bool


def session(body: bytes) -> Session | None:
    """The session of a log-in's answer; None where there is none that could sign."""
    found = members(parsed(body))
    if found is None:
        return None
    id, key = _token(found("id")), _token(found("accessKey"))
    return Session(id, Secret(key)) if id and key else None


def card(body: bytes) -> Card | None:
    """The card of an answer to `cards`; None where this is no card's answer."""
    found = _card_members(parsed(body))
    if found is None or any(found(name) for name in _OF_FAILURES):
        return None
    ids = (identifier(found(name)) for name in _CARD_IDS)
    id = next(filter(None, ids), "") or _serial_number(found)
    is_good = not any(first(found(flag)) is True for flag in ("notIssued", "cancelled", "discarded"))
    return Card(id, is_good) if id else None


def doors(body: bytes) -> tuple[LockDoor, ...] | None:
    """The doors of a list; None if this is no list of doors. Rows without a name are left out."""
    rows = parsed(body)
    inside = members(rows)
    if inside is not None:
        rows = first(inside("doors"))
    if not isinstance(rows, list):
        return None
    return tuple(door for door in map(_door, rows) if door is not None)


def said(body: bytes) -> str:
    """The server's words for a failure, on one line, not yet cleaned of secrets; "" where it has none.

    An HTML page is a web server's and not VisiOnline's: it tells nothing.
    """
    value = parsed(body)
    if value is None:
        return _plain_text(body)
    return plain(": ".join(dict.fromkeys(_words(value))), WORDS_LENGTH)


def _card_members(value: Any) -> Members | None:
    """The members of the card itself, which may be alone in a list or wrapped once."""
    for _ in range(3):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        found = members(value)
        if found is None or any(found(name) for name in (*_CARD_IDS, "serialNumbers")):
            return found
        value = next((first(found(name)) for name in _WRAPPINGS if found(name)), None)
    return None


def _serial_number(found: Members) -> str:
    numbers = first(found("serialNumbers"))
    return identifier(numbers) if isinstance(numbers, list) else ""


def _door(row: Any) -> LockDoor | None:
    found = members(row)
    if found is None:
        return None
    name = _text(found, "doorName", "localName", "name")
    online = first(found("online"))
    state = {True: "online", False: "offline"}.get(online, "") if isinstance(online, bool) else ""
    return LockDoor(name, _text(found, "doorCategory", "doorType"), state) if name else None


def _text(found: Members, *names: str) -> str:
    return next(filter(None, (identifier(found(name)) for name in names)), "")


def _token(values: list[Any]) -> str:
    value = first(values)
    text = value.strip() if isinstance(value, str) else identifier(values)
    return text if len(text) <= _LONGEST_KEY and _TOKEN.fullmatch(text) else ""


def _words(value: Any, depth: int = 3) -> Iterator[str]:
    """Codes and texts of an error object, which may be in a list or inside of another."""
    if isinstance(value, str):
        yield plain(value, WORDS_LENGTH)
    elif isinstance(value, list) and depth:
        yield from _of_all(value[:LONGEST_ID], depth)
    found = members(value) if depth else None
    if found is not None:
        yield from filter(None, (identifier(found(name)) for name in _CODES))
        yield from _of_all([first(found(name)) for name in (*_WORDS, *_MORE_WORDS)], depth)


def _of_all(values: Iterable[Any], depth: int) -> Iterator[str]:
    for value in values:
        yield from filter(None, _words(value, depth - 1))


def _plain_text(body: bytes) -> str:
    piece = body[: 4 * WORDS_LENGTH].strip()
    for charset in ("utf-8", "cp1252"):  # the second is a Windows program's that forgot its charset
        try:
            text = piece.decode(charset)
        except ValueError:
            continue
        return "" if _TAG.search(text) else plain(text, WORDS_LENGTH).strip('"')
    return ""
