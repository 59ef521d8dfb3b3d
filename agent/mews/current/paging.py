"""Lists that come in pages: the newest items first, and a cursor that leads on (reference/mews.md section 1).

No I/O. A cursor is null only on a page without items, so the end of a list costs a call, unless it is known how
many items there can be. What a broken list costs is bounded: each cursor is followed once, and no more than
MOST_PAGES are asked for.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import msgspec

from agent.foundation.reading.json_text import Text
from agent.mews.calls import Failed, TooSlow
from agent.mews.reading.decoding import Unreadable, decode, unwrapped
from agent.mews.reading.items import Item
from agent.mews.reading.lists import items

T = TypeVar("T")

PAGE = 200  # items; Mews allows 1,000, and reading so many reservations at once would keep keys waiting
SMALLER = 5  # times; so much smaller a page is asked for where one takes Mews too long (408)
SMALLEST_PAGE = 20  # items
MOST_PAGES = 250  # 50,000 items; the largest hotel has not a tenth of that in three months
CURSOR_LIMIT = 1000  # characters


class Page(msgspec.Struct, Generic[T], frozen=True):
    """The items of one page, or of all; `cursor` is "" where no page follows."""

    items: tuple[T, ...]
    unreadable: int = 0
    cursor: str = ""

    @property
    def size(self) -> int:
        """How many items it has, also those that cannot be read."""
        return len(self.items) + self.unreadable


def limitation(cursor: str, count: int) -> dict[str, Any]:
    """The member of a request that asks for a page: behind `cursor`, or the first."""
    asked: dict[str, Any] = {"Count": count}
    return {"Limitation": asked | ({"Cursor": cursor} if cursor else {})}


def page(body: bytes, name: str, read: Callable[[Text], T]) -> Page[T]:
    """A page whose list has that name. One that breaks off has no cursor, and something that cannot be read.

    Raises `Unreadable` as `items` does.
    """
    found, unreadable = items(body, name, read)
    return Page(found, unreadable, _cursor(unwrapped(body)))


async def all_pages(ask: Callable[[str, int], Awaitable[Page[T]]], most: int | None = None) -> Page[T]:
    """All items, of which there can be `most` (None: not known).

    `ask` brings the page behind a cursor, of so many items at most; where that takes Mews too long, of fewer.

    Raises a `MewsError` unless it gets to the end: a list without its end would look like a whole one.
    """
    whole: Page[T] = Page(())
    followed = {""}
    count = PAGE
    for _ in range(MOST_PAGES):
        try:
            page = await ask(whole.cursor, count)
        except TooSlow:
            if count <= SMALLEST_PAGE:
                raise
            count = max(count // SMALLER, SMALLEST_PAGE)
            continue
        whole = Page(whole.items + page.items, whole.unreadable + page.unreadable, page.cursor)
        if not page.cursor or not page.size or (most is not None and whole.size >= most):
            return whole
        if page.cursor in followed:
            break
        followed.add(page.cursor)
    raise Failed("Mews' list does not end")


class _Page(msgspec.Struct):
    Cursor: str | None = None


def _cursor(body: bytes) -> str:
    try:
        return (decode(body, _Page).Cursor or "")[:CURSOR_LIMIT]
    except Unreadable:
        pass
    try:
        return Item(body, "it").text("Cursor", CURSOR_LIMIT)
    except Unreadable:
        return ""
