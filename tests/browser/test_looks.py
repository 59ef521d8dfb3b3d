"""What the page looks like, in every look: readable for all, no wider than the window, quiet."""

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Watched, shown
from tests.browser.looks import LOOKS
from tests.browser.readable import Scheme, broken_rules, is_within

pytestmark = pytest.mark.needs("/usr/bin/chromium", "axe-core")
WINDOWS: tuple[tuple[int, Scheme], ...] = ((1280, "light"), (390, "dark"), (320, "light"))


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_is_readable_in_both_colours_at_all_widths_and_stays_within_the_window(
    browser: Browser, look: str
) -> None:
    with shown(look) as home:
        context = browser.new_context(reduced_motion="reduce")
        watched = Watched(context, home)
        page = watched.page
        page.goto(home)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for width, scheme in WINDOWS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert broken_rules(page) == []
            assert is_within(page, width)
        assert watched.complaints == []
        context.close()


@pytest.mark.parametrize("path", ["log", "?room=101"])
def test_the_other_pages_are_readable_too(browser: Browser, path: str) -> None:
    with shown("wrong") as home:
        context = browser.new_context(color_scheme="dark", reduced_motion="reduce")
        watched = Watched(context, home)
        watched.page.goto(home + path)
        assert broken_rules(watched.page) == []
        assert watched.complaints == []
        context.close()


def test_without_a_script_the_page_is_whole_and_the_search_works(browser: Browser) -> None:
    with shown("many") as home:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(home)
        page.fill("#room", "214")
        page.click("text=Search", no_wait_after=True)
        page.wait_for_url(home + "?room=214#h-orders")
        rooms = set(page.locator("tr[data-room]").evaluate_all("rows => rows.map(row => row.dataset.room)"))
        assert rooms == {"214"}
        context.close()


def test_the_search_narrows_at_each_letter_and_opens_what_is_folded(browser: Browser) -> None:
    with shown("many") as home:
        context = browser.new_context()
        watched = Watched(context, home)
        page = watched.page
        page.goto(home)
        page.locator("#room").press_sequentially("315")
        watched.wait_until("document.querySelector('#found').textContent.includes('of 500')")
        rooms = set(
            page.locator("tr[data-room]:visible").evaluate_all("rows => rows.map(row => row.dataset.room)")
        )
        assert rooms == {"315"}
        context.close()
