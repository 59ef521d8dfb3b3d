"""Agent and box restart while the page is open: it says what goes on, and comes back by itself as it was left."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from agent.handover import notices, steps
from tests.browser.calm_hotel import CalmHotel
from tests.browser.chromium import Watched
from tests.browser.readable import assert_readable, cut_texts, is_within

pytestmark = pytest.mark.needs("/usr/bin/chromium", "openssl", "axe-core")
NOT_THERE = "Failed to load resource"  # what Chromium itself writes of an answer that is none, or is a 503
# It tells how a start goes on, and nothing in it can be lost: WCAG 2.2.1 lets what is essential, in real time, be.
RENEWS_ITSELF = "meta-refresh"
RENEWED = 40_000  # ms; without a script the page renews itself every 15 s, the away page every 5 s


@pytest.fixture
def watched(browser: Browser, hotel: CalmHotel) -> Iterator[Watched]:
    context = browser.new_context(reduced_motion="reduce")
    made = Watched(context, hotel.home)
    made.page.goto(hotel.home)
    made.page.wait_for_selector("#sentence")
    yield made
    context.close()


def complaints(watched: Watched) -> list[str]:
    """But for what a box that is away makes Chromium say."""
    return [each for each in watched.complaints if NOT_THERE not in each]


def leave_traces(page: Page) -> None:
    page.fill("#room", "zzz")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    page.evaluate("document.querySelector('.chart details').open = true")
    page.evaluate("window.isTheSame = true")
    page.evaluate("document.querySelector('#h-orders').scrollIntoView()")


def place_of_orders(page: Page) -> float:
    """Where they stand in the window, in pixels from its top."""
    found: float = page.evaluate("document.querySelector('#h-orders').getBoundingClientRect().top")
    return found


def assert_traces(page: Page) -> None:
    assert page.evaluate("isTheSame")
    assert page.input_value("#room") == "zzz"
    assert page.evaluate("getSelection().toString() === document.querySelector('h1').textContent")
    assert page.evaluate("document.querySelector('.chart details').open")


def test_a_page_that_is_open_over_an_agents_restart_comes_back_as_it_was_left(
    watched: Watched, hotel: CalmHotel
) -> None:
    page = watched.page
    leave_traces(page)
    looked_at = place_of_orders(page)
    before = page.inner_text("#p-box")
    hotel.end_agent()
    page.wait_for_selector("html.away")
    assert page.inner_text("#banner").startswith("The box has not answered since ")
    assert page.title().startswith("No answer – ")
    hotel.start_agent()
    page.wait_for_selector("html:not(.away)")
    watched.wait_until("before => document.querySelector('#p-box').innerText !== before", before)
    assert page.locator("#banner").is_hidden()
    assert_traces(page)
    assert place_of_orders(page) == pytest.approx(looked_at, abs=5)  # though what stands above has grown
    assert complaints(watched) == []


def test_a_page_that_is_open_over_a_boxs_restart_repeats_what_the_box_says_of_it(
    watched: Watched, hotel: CalmHotel
) -> None:
    page = watched.page
    leave_traces(page)
    looked_at = place_of_orders(page)
    hotel.end_agent()
    with hotel.away():
        page.wait_for_selector("#banner:has-text('The box says: Night Porter is starting.')")
        steps.say("storage: /data is there", hotel.run / "steps")
        page.wait_for_selector("#banner:has-text('its last step: storage: /data is there.')")
        assert_readable(page)
        page.emulate_media(color_scheme=None)
    hotel.start_agent()
    page.wait_for_selector("html:not(.away)")
    assert_traces(page)
    assert place_of_orders(page) == pytest.approx(looked_at, abs=5)  # though what stands above has grown
    assert complaints(watched) == []
    (hotel.run / "steps").unlink()


@pytest.mark.parametrize("has_script", [True, False])
def test_the_away_page_can_be_read_by_all_and_becomes_the_box_again_by_itself(
    browser: Browser, hotel: CalmHotel, *, has_script: bool
) -> None:
    context = browser.new_context(
        java_script_enabled=has_script, reduced_motion="reduce", viewport={"width": 320, "height": 700}
    )
    watched = Watched(context, hotel.home)
    page = watched.page
    if not has_script:
        page.goto(hotel.home)  # from where it gets there by itself
    hotel.end_agent()
    with hotel.away():
        if has_script:
            page.goto(hotel.home)
        page.wait_for_selector("p.summary.warning:not(#sentence)", timeout=RENEWED)
        assert re.match(r"Starting\s+Night Porter is starting", page.inner_text(".summary"))
        colour = "each => getComputedStyle(each).borderLeftWidth"
        assert page.locator(".summary").evaluate(colour) == "8px"  # its style is let in
        assert is_within(page, 320)
        if has_script:
            assert_readable(page, but_for=RENEWS_ITSELF)
        notices.put("safe", "E-BOX-SAFE", "It failed.", folder=hotel.run / "notices")
        page.wait_for_selector("text=a line of the log", timeout=RENEWED)
        assert "Pull the box's plug" in page.inner_text(".todo")
        assert is_within(page, 320)
        assert cut_texts(page) == []
        if has_script:
            assert_readable(page, but_for=RENEWS_ITSELF)
        notices.drop("safe", hotel.run / "notices")
    hotel.start_agent()
    page.wait_for_selector("#sentence", timeout=RENEWED)
    assert complaints(watched) == []
    context.close()
