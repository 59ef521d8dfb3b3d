"""One damaged command in a list: the others come out untouched, and it is taken exactly as written, or refused."""

import json
from contextlib import suppress
from time import perf_counter
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.commands.model import KeyRequest, Listed
from agent.mews.calls import Listing
from agent.mews.v2016 import wire
from agent.mews.v2016.decoding import Unreadable
from agent.simulators.mews.documents import RESERVATION
from tests.mews.v2016.orders_of_keys import COMMAND, ID, KEY, body, changed

ORDER = changed(COMMAND, Data=changed(KEY, Reservation=RESERVATION))
BEFORE, AFTER = ["before-1", "before-2"], ["after-1", "after-2"]
STYLES: list[dict[str, Any]] = [{}, {"separators": (",", ":")}, {"indent": 2}]

DEEP = b"[" * 10_000 + b"]" * 10_000
BAD_VALUES = {
    "half a surrogate": rb'"Smith \ud83d"',
    "the wrong half": rb'"\ude00\ud83d"',
    "a bad escape": rb'"\x41"',
    "an escape that is cut off": rb'"\u00"',
    "a tab": b'"a\tb"',
    "a line end": b'"a\r\nb"',
    "a NUL": b'"a\0b"',
    "bad UTF-8": b'"M\xfcller"',
    "a bracket in bad UTF-8": b'"\xc3{[\xff"',
    "NaN": b"NaN",
    "minus infinity": b"-Infinity",
    "a leading nought": b"01",
    "a plus": b"+1",
    "a bare point": b"1.",
    "hexadecimal": b"0x10",
    "5,000 digits": b"1" * 5000,
    "an endless exponent": b"1e400",
    "a word": b"undefined",
    "Python's None": b"None",
    "single quotes": b"'x'",
    "nesting": DEEP,
    "nesting of objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a comma too many": b'{"a":1,}',
    "a comma too many in an array": b"[1,2,]",
    "holes": b"[1,,2]",
    "a name without quotes": b"{a:1}",
    "a value that is missing": b"",
    "a value that is missing inside": b'{"a":}',
    "a comment": b"/* x */ []",
    "brackets in a text": rb'"}]}\"{[ \x"',
    "a name twice": rb'{"a":1,"a":"\x"}',
}
UNUSED = {
    "Creator": ("Creator",),
    "the creator's name": ("Creator", "LastName"),
    "a new member of the device": ("Device", "New"),
    "the device's name": ("Device", "Name"),
    "a new member": ("New",),
    "the reservation": ("Data", "Reservation"),
    "the guest's name": ("Data", "Reservation", "Customer", "LastName"),
    "today's guest's name": ("Data", "LastName"),
    "the lock system's password": ("Data", "Password"),
}
NEEDED = {
    "Id": ("Id",),
    "CreatedUtc": ("CreatedUtc",),
    "State": ("State",),
    "Device": ("Device",),
    "the device's id": ("Device", "Id"),
    "the device's type": ("Device", "Type"),
    "Data": ("Data",),
    "the key cutter": ("Data", "KeyCutterId"),
    "the locks": ("Data", "LockIds"),
    "a lock": ("Data", "LockIds", "0"),
    "the start": ("Data", "ValidityStartUtc"),
    "the end": ("Data", "ValidityEndUtc"),
    "the count": ("Data", "KeyCount"),
}


def named(ids: list[str], style: dict[str, Any]) -> list[bytes]:
    return [json.dumps(changed(ORDER, Id=id), **style).encode() for id in ids]


def with_value(path: tuple[str, ...], value: bytes, style: dict[str, Any]) -> bytes:
    """The order with something else, JSON or not, in one place."""
    order = json.loads(json.dumps(ORDER))
    place: Any = order
    for name in path[:-1]:
        place = place[name]
    place[int(path[-1]) if isinstance(place, list) else path[-1]] = "@HERE@"
    return json.dumps(order, **style).encode().replace(b'"@HERE@"', value)


Seen = tuple[list[Listed], Listed | None, KeyRequest | None]


def seen(element: bytes, style: dict[str, Any]) -> tuple[Listing, Seen]:
    """The list, the neighbours in it, the command between them, and what the box would cut for it."""
    began = perf_counter()
    listing = wire.listing(body(*named(BEFORE, style), element, *named(AFTER, style)))
    neighbours = [listed for listed in listing.commands if listed.id in BEFORE + AFTER]
    between = next((listed for listed in listing.commands if listed not in neighbours), None)
    assert len(listing.commands) == len(neighbours) + (between is not None)
    request = None
    if between is not None and not between.defect:
        with suppress(Unreadable):
            request = without_extras(wire.key_request(between.data))
    assert perf_counter() - began < 10  # s; an ordinary list takes a millisecond
    return listing, (neighbours, between, request)


def without_extras(request: KeyRequest) -> KeyRequest:
    """What every key needs: an account or a stay that cannot be read counts as none, and spoils no key."""
    return msgspec.structs.replace(request, account=None, reservation="", contact="")


def gist(listed: Listed | None) -> tuple[object, ...]:
    assert listed is not None
    return listed.id, listed.standing, listed.created, listed.device_id, listed.device_type, listed.defect


def sound(style: dict[str, Any], order: Any = ORDER) -> Seen:
    return seen(json.dumps(order, **style).encode(), style)[1]


@pytest.mark.parametrize("value", BAD_VALUES.values(), ids=BAD_VALUES)
@pytest.mark.parametrize("path", UNUSED.values(), ids=UNUSED)
def test_what_is_bad_in_a_member_that_is_not_needed_changes_nothing(path: tuple[str, ...], value: bytes) -> None:
    style = STYLES[len(value) % len(STYLES)]
    listing, (neighbours, between, request) = seen(with_value(path, value, style), style)
    good_neighbours, good, good_request = sound(style)
    assert (listing.is_whole, listing.unreadable, neighbours) == (True, 0, good_neighbours)
    assert (gist(between), request) == (gist(good), good_request)


@pytest.mark.parametrize("value", BAD_VALUES.values(), ids=BAD_VALUES)
@pytest.mark.parametrize("path", NEEDED.values(), ids=NEEDED)
def test_what_is_bad_in_a_member_that_is_needed_spoils_that_command_alone(
    path: tuple[str, ...], value: bytes
) -> None:
    style = STYLES[len(value) % len(STYLES)]
    if path == ("Device",) and value.startswith(b"{"):
        value = b"[" + value + b"]"  # an object may be a device without a name
    listing, (neighbours, between, request) = seen(with_value(path, value, style), style)
    assert (neighbours, request) == (sound(style)[0], None)
    assert (between is None) == (path == ("Id",)) == (listing.unreadable == 1) == (not listing.is_whole)


PIECES = [
    *b'"\\{}[]:,/*\x00\t\n -+.0',
    *(
        b'""',
        b'\\"',
        b'","',
        b'":"',
        b"}}",
        b"}]",
        b"]}",
        b"},{",
        b"],[",
        b"{}",
        b"[]",
        b"{[",
        b'{"',
        b'"}',
        b'"]',
    ),
    *(b"null", b"NaN", b"/*", b"*/", b"//", b"/* x */", b"\xff", b"\xef\xbb\xbf", rb"\ud83d", rb"\u0000", rb"\x"),
    *(b"x" * 70_000, b"1" * 5000, b"[" * 5000, b'{"a":' * 5000, b'"' * 5001, b"\\" * 5001, b",{" * 5000),
]
INSERTED = st.sampled_from([piece if isinstance(piece, bytes) else bytes((piece,)) for piece in PIECES])


@st.composite
def damaged(draw: st.DrawFn) -> tuple[bytes, dict[str, Any]]:
    """An order with a few bytes lost, changed or added somewhere between its outermost brackets.

    Never so many lost that a whole member may be gone without a trace: `","Type":"` is the shortest.
    """
    style = draw(st.sampled_from(STYLES))
    text = json.dumps(ORDER, **style).encode()
    start = draw(st.integers(1, len(text) - 1))
    end = draw(st.just(start) | st.integers(start, min(start + 9, len(text) - 1)))
    return text[:start] + draw(INSERTED | st.binary(max_size=4)) + text[end:], style


@settings(max_examples=600, deadline=None)
@given(damaged())
@example((json.dumps(ORDER).encode().replace(b'"Smith"', b'"Smi"th"'), {}))
@example((json.dumps(ORDER).encode().replace(b'"KeyCutterId"', b'},"KeyCutterId"'), {}))
@example((json.dumps(ORDER).encode().replace(b'"Data"', b'},"Data"'), {}))
def test_a_command_that_is_damaged_anywhere_is_taken_as_written_or_refused(
    damage: tuple[bytes, dict[str, Any]],
) -> None:
    element, style = damage
    listing, (neighbours, between, request) = seen(element, style)
    good_neighbours, good, good_request = sound(style)
    assert neighbours == good_neighbours
    assert between is not None or not listing.is_whole
    meant = as_json(element)
    if meant is not None:
        assert (listing.is_whole, request) == (between is not None, sound(style, meant)[2])
    elif request is not None:
        assert (gist(between), request) == (gist(good), good_request)


def as_json(element: bytes) -> dict[str, Any] | None:
    """What it says, if it is JSON without a doubt."""
    try:
        value = json.loads(element.decode(), object_pairs_hook=_no_doubles, parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode()  # half surrogates are none
    except (ValueError, RecursionError):
        return None
    assert isinstance(value, dict)
    return value


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name twice")
    return dict(pairs)


def _refuse(name: str) -> None:
    raise ValueError(name)


def test_a_command_without_its_last_bracket_is_refused_by_its_id() -> None:
    listing, (neighbours, between, _) = seen(json.dumps(ORDER).encode()[:-1], {})
    assert between is not None
    assert (between.id, between.defect) == (ID, "it is damaged")
    assert (neighbours, listing.is_whole) == (sound({})[0], False)


@settings(max_examples=150, deadline=None)
@given(st.lists(damaged(), min_size=2, max_size=4))
def test_good_commands_between_damaged_ones_come_out_untouched(
    damages: list[tuple[bytes, dict[str, Any]]],
) -> None:
    good = [str(number) for number in range(len(damages) + 1)]
    texts = named(good, {"separators": (",", ":")})
    for number, (element, _) in enumerate(damages):
        texts.insert(2 * number + 1, element)
    listing = wire.listing(body(*texts))
    whole = wire.listing(body(*named(good, {"separators": (",", ":")})))
    assert [listed for listed in listing.commands if listed.id in good] == list(whole.commands)
