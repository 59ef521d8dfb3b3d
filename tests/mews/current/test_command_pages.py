"""Lists in pages: read to their end, whatever the cursors do, and whole only where that is sure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.model import Standing
from agent.mews.calls import Busy, Failed, Listing, MewsError, Portfolio, Refused, Unauthorised
from agent.mews.current.command_pages import MOST_PAGES, Page, all_pages, page
from agent.mews.reading.decoding import Unreadable
from tests.mews.reading.orders_of_keys import body, command
from tests.mews.ways_to_mews import page as answered


def some(*ids: str, cursor: str = "", is_whole: bool = True) -> Page:
    listing = page(answered(ids).body, frozenset(ids)).listing
    return Page(Listing(listing.commands, 0, is_whole), cursor)


class Pages:
    """Answers by cursor, and keeps which were asked for."""

    def __init__(self, **pages: Page | MewsError) -> None:
        self.pages, self.asked = pages, list[str]()

    async def __call__(self, cursor: str) -> Page:
        self.asked.append(cursor)
        found = self.pages[cursor or "first"]
        if isinstance(found, MewsError):
            raise found
        return found


async def ids_of(pages: Pages) -> tuple[list[str], bool]:
    listing = await all_pages(pages)
    return [command.id for command in listing.commands], listing.is_whole


async def test_pages_follow_their_cursors_and_no_command_is_there_twice() -> None:
    pages = Pages(first=some("a", "b", cursor="x"), x=some("b", "c", cursor="y"), y=some("d"))
    assert await ids_of(pages) == (["a", "b", "c", "d"], True)
    assert pages.asked == ["", "x", "y"]


async def test_a_last_page_may_be_empty() -> None:
    assert await ids_of(Pages(first=some("a", cursor="a"), a=some())) == (["a"], True)


async def test_a_page_that_is_not_whole_makes_the_list_so() -> None:
    assert await ids_of(Pages(first=some("a", cursor="a", is_whole=False), a=some("b"))) == (["a", "b"], False)


@pytest.mark.parametrize("error", [Failed("Mews answered 500"), Refused(400, "Invalid Cursor")])
async def test_a_list_of_which_a_later_page_fails_is_not_whole(error: MewsError) -> None:
    assert await ids_of(Pages(first=some("a", cursor="a"), a=error)) == (["a"], False)


@pytest.mark.parametrize("error", [Failed("Mews answered 500"), Refused(400, "Invalid JSON")])
async def test_without_a_first_page_there_is_no_list(error: MewsError) -> None:
    with pytest.raises(type(error)):
        await all_pages(Pages(first=error))


@pytest.mark.parametrize("error", [Unauthorised(""), Busy(429, 5.0), Portfolio()])
async def test_what_mews_says_of_every_call_is_heard_on_any_page(error: MewsError) -> None:
    with pytest.raises(type(error)):
        await all_pages(Pages(first=some("a", cursor="a"), a=error))


@pytest.mark.parametrize(
    "pages",
    [
        {"first": some("a", cursor="x"), "x": some("a", cursor="x")},
        {"first": some("a", cursor="x"), "x": some("b", cursor="y"), "y": some("a", cursor="x")},
    ],
)
async def test_a_cursor_that_leads_in_a_circle_is_left(pages: dict[str, Page]) -> None:
    asked = Pages(**pages)
    _, is_whole = await ids_of(asked)
    assert (is_whole, len(asked.asked)) == (False, len(pages))


async def test_a_list_that_never_ends_is_bounded() -> None:
    asked: list[str] = []

    async def ask(cursor: str) -> Page:
        asked.append(cursor)
        return some(f"c{len(asked)}", cursor=f"c{len(asked)}")

    listing = await all_pages(ask)
    assert (len(listing.commands), listing.is_whole, len(asked)) == (MOST_PAGES, False, MOST_PAGES)


@pytest.mark.parametrize(
    ("end", "cursor", "is_whole"),
    [
        (b"", "", True),
        (b',"Cursor":null', "", True),
        (b',"Cursor":""', "", True),
        (b',"Cursor":"c1"', "c1", True),
        *((b',"Cursor":' + odd, "", False) for odd in (b"7", b"[]", b"{}", b"true")),
    ],
)
def test_a_cursor_is_a_text_or_nothing(end: bytes, cursor: str, is_whole: bool) -> None:
    found = page(body(command()).removesuffix(b"}") + end + b"}", ())
    assert (found.cursor, found.listing.is_whole, len(found.listing.commands)) == (cursor, is_whole, 1)


def test_a_cursor_is_found_behind_a_broken_neighbour_too() -> None:
    broken = b'{"Id":"b","State":"Pending","Creator":NaN}'
    found = page(body(command(), broken).removesuffix(b"}") + b',"Cursor":"c1"}', ())
    assert (found.cursor, found.listing.is_whole) == ("c1", True)
    torn = page(body(command(), broken[:-1]).removesuffix(b"}") + b',"Cursor":"c1"}', ())
    assert (torn.cursor, torn.listing.is_whole) == ("", False)


def test_of_known_ids_only_the_standing_is_read() -> None:
    [found] = page(answered(["a"], state="Processing").body, {"a"}).listing.commands
    assert (found.standing, found.created) == (Standing.TAKEN, None)


@given(st.binary(max_size=60) | st.text('{}[]":,CursorCommands1 ', max_size=60).map(str.encode))
def test_any_bytes_are_a_page_or_unreadable(text: bytes) -> None:
    try:
        assert page(text, ()).listing.commands == ()
    except Unreadable:
        return
