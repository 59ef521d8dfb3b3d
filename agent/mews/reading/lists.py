"""The elements of a list in an answer, each for itself, whatever is wrong with the answer around them. No I/O.

An element that cannot be read is counted, and spoils no other.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar

import msgspec

from agent.foundation.reading.json_text import Fate, Text, elements, is_crowded, members, salvaged
from agent.mews.reading.decoding import Unreadable, decode, unwrapped

MOST_ITEMS = 20_000  # of one answer; each takes some 20 us, in which no key moves
T = TypeVar("T")
Pieces = tuple[Iterable[tuple[Fate, Text]], bool]


def pieces(body: bytes, name: str) -> Pieces:
    """The texts in the list of that name, and whether these are all; views, because documents are large.

    Raises `Unreadable` only where the body is half a character too short.
    """
    body = unwrapped(body)
    try:
        raws = raw_list(body, name)
    except (Unreadable, KeyError):
        return _pieces_by_hand(memoryview(body), name.encode())
    return [(Fate.WHOLE, memoryview(raw)) for raw in raws], True


def raw_list(body: bytes, name: str) -> list[msgspec.Raw]:
    """The list of that name, where all around it is sound. Raises `Unreadable`, `KeyError` where there is none."""
    if is_crowded(body):
        raise Unreadable("it has too many parts")
    listed = decode(body, dict[str, msgspec.Raw])[name]
    return decode(listed, list[msgspec.Raw])


def items(body: bytes, name: str, read: Callable[[Text], T]) -> tuple[tuple[T, ...], int]:
    """What `read` makes of each element of the list of that name, and how many could not be read.

    `read` raises `Unreadable`, also for what is no such element at all: where the answer is broken, parts of
    elements are tried too. Raises `Unreadable` where there is no such list, or nothing is left of it.
    """
    found: list[T] = []
    unreadable = 0
    listed, is_whole = pieces(body, name)
    for number, (fate, text) in enumerate(listed):
        if number == MOST_ITEMS:
            unreadable, is_whole = unreadable + 1, False
            break
        try:
            found.append(_read_whole(fate, text, read))
        except Unreadable:
            unreadable += fate is not Fate.FOUND
    if not is_whole and not found:
        raise Unreadable(f"it has no list of {name}")
    return tuple(found), unreadable if is_whole else max(unreadable, 1)


def items_if_any(body: bytes, name: str, read: Callable[[Text], T]) -> tuple[T, ...]:
    """The same of a list that is only shown: none where it is missing or broken."""
    found: list[T] = []
    with suppress(Unreadable):
        for text in whole_list(body, name):
            with suppress(Unreadable):
                found.append(read(text))
    return tuple(found)


def whole_list(body: bytes, name: str) -> list[Text]:
    """The texts of all elements of the list of that name. Raises `Unreadable` where they may not be all."""
    listed, is_whole = pieces(body, name)
    if not is_whole:
        raise Unreadable(f"it has no list of {name}")
    return [text for _, text in listed]


def _read_whole(fate: Fate, text: Text, read: Callable[[Text], T]) -> T:
    if fate is Fate.TORN:
        raise Unreadable("it is damaged")
    return read(text)


def _pieces_by_hand(body: memoryview, name: bytes) -> Pieces:
    """The same of a body in which msgspec stumbles over something somewhere."""
    try:
        [listed] = [value for quoted, value in members(body) if quoted == b'"%s"' % name]
        return [(Fate.WHOLE, text) for text in elements(listed)], True
    except ValueError:
        first = re.search(rb'"%s"\s*:\s*\[' % re.escape(name), body)
    if first is None or body[0] != ord("{"):
        return (), False
    return salvaged(body, first.end()), False
