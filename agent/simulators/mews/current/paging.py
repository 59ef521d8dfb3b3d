"""Pages, as the docs' "Pagination" has them: the newest items first, and a cursor that is the id of the last one.

Must never give an item twice to a client that follows honest cursors, whatever is added or changed meanwhile.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from agent.simulators.mews.refusal import invalid, number, optional_text, part
from agent.simulators.mews.switches import Cursors, MewsSwitches

COUNT_LIMIT = 1000


class Item(Protocol):
    """What a page is made of."""

    @property
    def id(self) -> str: ...


class Entry(Item, Protocol):
    """An item of a table."""

    @property
    def created(self) -> datetime: ...


T = TypeVar("T", bound=Item)
E = TypeVar("E", bound=Entry)


class Limitation(msgspec.Struct, frozen=True):
    """How many items, and after which one."""

    count: int = COUNT_LIMIT
    cursor: str | None = None


def limitation(body: Mapping[str, object]) -> Limitation:
    """The Limitation of a request, which has to be there."""
    found = optional_limitation(body)
    if found is None:
        raise invalid("Limitation")
    return found


def optional_limitation(body: Mapping[str, object]) -> Limitation | None:
    """The Limitation of a request, or None."""
    value = part(body, "Limitation")
    if value is None:
        return None
    return Limitation(number(value, "Count", COUNT_LIMIT), optional_text(value, "Cursor"))


def newest_first(table: Iterable[E]) -> list[E]:
    """The entries of a table, of those made at the same time the later one first."""
    return sorted(table, key=lambda entry: entry.created)[::-1]


def page(
    ordered: Sequence[T], is_wanted: Callable[[T], bool], wish: Limitation, switches: MewsSwitches
) -> tuple[list[T], str | None]:
    """The items of one page and its cursor, which is None only where there is no item."""
    ids = [entry.id for entry in ordered]
    if wish.cursor is not None and wish.cursor not in ids:
        raise invalid("Cursor")
    begin = 0 if wish.cursor is None else ids.index(wish.cursor) + 1
    wanted = [entry for entry in ordered if is_wanted(entry)]
    left = [entry for entry in ordered[begin:] if is_wanted(entry)]
    items = cut(left, wanted, wish.count, switches)
    return items, items[-1].id if items else None


def cut(left: Sequence[T], all: Sequence[T], count: int, switches: MewsSwitches) -> list[T]:
    """The items of one page, out of those that are `left` behind the cursor."""
    is_again = switches.cursors is Cursors.STUCK or (switches.cursors is Cursors.ENDLESS and not left)
    return [*(all if is_again else left)[: min(count, switches.page_size)]]
