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
from agent.mews.reading import commands, key_data
from agent.mews.reading.decoding import Unreadable
from agent.simulators.mews.documents import RESERVATION
from tests.mews.reading.damage import BAD_VALUES, STYLES, damage
from tests.mews.reading.orders_of_keys import COMMAND, ID, KEY, body, changed

ORDER = changed(COMMAND, Data=changed(KEY, Reservation=RESERVATION))
BEFORE, AFTER = ["before-1", "before-2"], ["after-1", "after-2"]
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
    listing = commands.listing(body(*named(BEFORE, style), element, *named(AFTER, style)))
    neighbours = [listed for listed in listing.commands if listed.id in BEFORE + AFTER]
    between = next((listed for listed in listing.commands if listed not in neighbours), None)
    assert len(listing.commands) == len(neighbours) + (between is not None)
    request = None
    if between is not None and not between.defect:
        with suppress(Unreadable):
            request = without_extras(key_data.key_request(between.data))
    assert perf_counter() - began < 10  # s; an ordinary list takes a millisecond
    return listing, (neighbours, between, request)


def without_extras(request: KeyRequest) -> KeyRequest:
    """What every key needs: an account or a stay that cannot be read counts as none, and spoils no key."""
    return msgspec.structs.replace(request, account=None, reservation="", contact="", customer="")


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


@st.composite
def damaged(draw: st.DrawFn) -> tuple[bytes, dict[str, Any]]:
    """An order with a few bytes lost, changed or added somewhere between its outermost brackets."""
    style = draw(st.sampled_from(STYLES))
    text = json.dumps(ORDER, **style).encode()
    return draw(damage(text)), style


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
    listing = commands.listing(body(*texts))
    whole = commands.listing(body(*named(good, {"separators": (",", ":")})))
    assert [listed for listed in listing.commands if listed.id in good] == list(whole.commands)


def test_of_more_commands_than_any_hotel_has_the_first_are_read_and_the_list_is_not_whole() -> None:
    many = [json.dumps(changed(COMMAND, Id=f"c{number}")).encode() for number in range(commands.MOST_LISTED + 2)]
    found = commands.listing(body(*many), known={f"c{number}" for number in range(len(many))})
    assert (len(found.commands), found.is_whole) == (commands.MOST_LISTED, False)


def test_a_list_that_is_nothing_but_brackets_is_not_begun() -> None:
    with pytest.raises(Unreadable):
        commands.listing(b'{"Commands":[' + b",".join([b"{}"] * 400_000) + b"]}")
