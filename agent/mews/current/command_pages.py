"""A list of commands page by page (reference/mews.md sections 1 and 7): to its end, and never for ever. No I/O."""

from collections.abc import Awaitable, Callable, Container

import msgspec

from agent.commands.model import Listed
from agent.foundation.reading.json_text import Text, members
from agent.foundation.reading.text import plain
from agent.mews.calls import Busy, Listing, MewsError, Portfolio, Unauthorised
from agent.mews.reading.commands import listing
from agent.mews.reading.decoding import Unreadable, decode, label, unwrapped

MOST_PAGES = 20  # of 1000 commands; a hotel has some dozens at a time
CURSOR_LIMIT = 200  # characters; Mews' are ids
_NULL = msgspec.Raw(b"null")
_OF_ALL_CALLS = (Unauthorised, Busy, Portfolio)  # what a page says of every call, not of this one


class Page(msgspec.Struct, frozen=True):
    """A part of a list, and where it goes on: `cursor` is "" at its end."""

    listing: Listing
    cursor: str = ""


def page(body: bytes, known: Container[str]) -> Page:
    """The answer to a question for commands. Of `known` ids only id and standing are read.

    Where it goes on and no one can tell where, it is not whole. Raises `Unreadable` for what is no such list.
    """
    found = listing(body, known)
    raw = _cursor(unwrapped(body))
    cursor = plain(label(raw), CURSOR_LIMIT)
    if not cursor and bytes(raw) not in (b"null", b'""'):
        found = msgspec.structs.replace(found, is_whole=False)
    return Page(found, cursor)


async def all_pages(ask: Callable[[str], Awaitable[Page]]) -> Listing:
    """All that `ask` brings from one cursor to the next; the first is "".

    A list of which a later page fails, or that comes to no end, is not whole. Raises what the first page raises,
    and what a later one says of every call.
    """
    page = await ask("")
    commands = {command.id: command for command in page.listing.commands}
    unreadable, is_whole = page.listing.unreadable, page.listing.is_whole
    for _ in range(MOST_PAGES - 1):
        if not page.cursor:
            break
        try:
            page = await ask(page.cursor)
        except _OF_ALL_CALLS:
            raise
        except MewsError:
            break
        unreadable += page.listing.unreadable
        is_whole = is_whole and page.listing.is_whole
        if not _goes_on(commands, page):
            break
    return Listing(tuple(commands.values()), unreadable, is_whole and not page.cursor)


def _goes_on(commands: dict[str, Listed], page: Page) -> bool:
    """Take a page's commands in; whether any of them was new."""
    before = len(commands)
    for command in page.listing.commands:
        commands.setdefault(command.id, command)
    return len(commands) > before


class _Cursor(msgspec.Struct):
    Cursor: msgspec.Raw = _NULL


def _cursor(body: bytes) -> Text | msgspec.Raw:
    """The text of the cursor; where the list is broken elsewhere, it is looked for by hand."""
    try:
        return decode(body, _Cursor).Cursor
    except Unreadable:
        pass
    try:
        return next((value for name, value in members(body) if bytes(name) == b'"Cursor"'), _NULL)
    except ValueError:  # broken so that nothing can be told: the list is not whole either
        return _NULL
