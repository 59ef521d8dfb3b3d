"""Bytes to and from the Coder Bridge: requests from the profile's names, answers read leniently. No I/O.

Never decides what an answer means for a key (verdicts.py does) and never raises for anything a bridge can send.
Facts: reference/coder-bridge.md, section 1 (all values go as JSON strings), 2.2, 2.3 and the warnings in 4.
"""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from agent.drivers.coder_bridge.protocol.named import members, nothing
from agent.drivers.coder_bridge.protocol.profile import Answers
from agent.drivers.coder_bridge.protocol.words import Duplicate, NumberTypes
from agent.drivers.lock_server.json_body import LONGEST_ID, first, identifier, number_text, parsed
from agent.foundation.reading.text import plain
from provisioning.secret import Secret

# A kept connection that the bridge is about to close takes the next request and drops it: a key that surely was
# not cut looks as if it perhaps had been. With a server that closes 1 to 100 ms after its answer, unannounced,
# every second of two keys in a row ended so. A connection for each request costs about 1 ms.
GET_HEADERS: Mapping[str, str] = {"Accept": "application/json", "Connection": "close"}
JSON_HEADERS: Mapping[str, str] = {"Content-Type": "application/json; charset=utf-8", **GET_HEADERS}
KEY_ANSWER_CAP = 64 * 1024  # bytes; a result, a sentence and two ids are some hundred
ROOMS_CAP = 1024 * 1024  # bytes; about 10,000 rooms, and the loop stands still for 20 ms while it is parsed
_LONGEST_TOKEN = 8 * 1024  # characters; servers take no longer header line
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]+")  # what can stand in a header


class Result(StrEnum):
    """What an answer's `result` says."""

    SUCCESS = "success"
    FAILURE = "failure"
    ABSENT = "absent"
    UNREADABLE = "unreadable"  # it is there, and cannot be understood


class Reading(Struct, frozen=True):
    """An answer `{result, msg, data: {tid, cid}}`. `words` are the bridge's own, not yet cleaned of secrets."""

    result: Result
    code: str = ""
    words: str = ""
    tid: str = ""
    cid: str = ""


class Room(Struct, frozen=True):
    """A row of `config/rooms`, as the bridge wrote it: the formats of `status` and `until` are unknown."""

    name: str
    status: str
    until: str


def request(fields: Mapping[str, str | Secret]) -> bytes:
    """The body of a request, secrets revealed, in plain ASCII, so that no reader can get its charset wrong."""
    return json.dumps({name: _revealed(value) for name, value in fields.items()}).encode("ascii")


def headers(has_body: bool, token: Secret | None) -> dict[str, str]:
    """The headers of a request, with the token where there is one, revealed."""
    usual = JSON_HEADERS if has_body else GET_HEADERS
    return {**usual, "Authorization": f"Bearer {token.reveal()}"} if token else dict(usual)


def reading(body: bytes, rules: Answers) -> Reading:
    """What a body says, whatever status it came with."""
    found = members(parsed(body), rules)
    if found is None:
        return Reading(Result.ABSENT)
    data = members(first(found("data")), rules) or nothing
    result, read = _result(found("result"), rules)
    return Reading(
        result=result,
        code=read,
        words=_words(rules.codes.value.get(read), first(found("msg"))),
        tid=identifier(data("tid")) or identifier(found("tid")),
        cid=identifier(data("cid")) or identifier(found("cid")),
    )


def token(body: bytes, name: str, rules: Answers) -> Secret | None:
    """The token of a log-in's answer; None where there is none that could stand in a header."""
    found = members(parsed(body), rules)
    value = first(found(name)) if found else None
    text = value.strip() if isinstance(value, str) else ""
    return Secret(text) if len(text) <= _LONGEST_TOKEN and _TOKEN.fullmatch(text) else None


def rooms(body: bytes, rules: Answers) -> tuple[Room, ...] | None:
    """The rooms of `config/rooms`; None if this is no list of rooms. Rows without a name are left out."""
    found = members(parsed(body), rules)
    rows = first(found("rooms")) if found else None
    if not isinstance(rows, list):
        return None
    read = (_room(row, rules) for row in rows)
    return tuple(room for room in read if room is not None)


def code(value: Any, rules: Answers) -> str | None:
    """A result as text: whole numbers without point and sign of zero, texts trimmed; None if it is neither."""
    is_lenient = rules.number_types.value is NumberTypes.LENIENT
    if isinstance(value, str):
        return _text_code(value.strip(), is_lenient)
    if isinstance(value, float) and not is_lenient:
        return None
    return number_text(value) or None


def _revealed(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _result(values: list[Any], rules: Answers) -> tuple[Result, str]:
    if not values:
        return Result.ABSENT, ""
    codes = {code(value, rules) for value in values}
    read = codes.pop()
    if codes or read is None:  # two results that differ are as good as none
        return Result.UNREADABLE, ""
    if read == code(rules.success_code.value, rules):
        return Result.SUCCESS, read
    is_number = NUMBER.fullmatch(read)
    return (Result.FAILURE, read) if is_number or read in rules.codes.value else (Result.UNREADABLE, read)


def _text_code(text: str, is_lenient: bool) -> str | None:
    if NUMBER.fullmatch(text):
        return number_text(float(text)) if is_lenient else None
    return plain(text, LONGEST_ID) or None


def _words(meaning: str | None, words: Any) -> str:
    own = words if isinstance(words, str) else ""
    return ": ".join(part for part in (meaning, own) if part)


def _room(row: Any, rules: Answers) -> Room | None:
    found = members(row, rules)
    if found is None:
        return None
    # The C# client deletes the second of two neighbouring `status` members (reference section 4, warning 2).
    chosen = 0 if rules.duplicate_names.value is Duplicate.FIRST else -1
    name, status, until = (_cell(found(member), chosen) for member in ("rm", "status", "untildate"))
    return Room(name, rules.room_status.value.get(status, status), until) if name else None


def _cell(values: list[Any], chosen: int) -> str:
    return identifier([values[chosen]]) if values else ""
