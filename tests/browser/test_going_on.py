"""The page goes on: what a reader has begun outlives its changes, many tabs share the box, new versions come."""

import re
import time
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Request

from tests.browser.calm_hotel import MEWS, CalmHotel
from tests.browser.chromium import Watched, shown

pytestmark = pytest.mark.needs("/usr/bin/chromium", "openssl")
TABS = 7  # one more than the connections that a browser has to a host
LISTENING = 3  # of them hold a stream; the others ask


@pytest.fixture
def watched(browser: Browser, hotel: CalmHotel) -> Iterator[Watched]:
    context = browser.new_context()
    made = Watched(context, hotel.home)
    made.page.goto(hotel.home)
    yield made
    context.close()


def test_what_is_typed_selected_and_unfolded_outlives_the_swaps(watched: Watched) -> None:
    page = watched.page
    page.fill("#room", "zzz")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    page.evaluate("document.querySelector('.chart details').open = true")
    page.evaluate("scrollTo(0, 200)")
    before = page.get_attribute("#clock", "datetime")
    watched.wait_until("before => document.querySelector('#clock').dateTime > before", before)
    watched.wait_until("getSelection().toString() === document.querySelector('h1').textContent")
    assert page.input_value("#room") == "zzz"
    assert page.evaluate("document.activeElement.id") == "room"
    assert page.evaluate("scrollY") == 200
    assert page.evaluate("document.querySelector('.chart details').open")
    assert watched.complaints == []


def test_seven_tabs_of_one_browser_all_go_on_and_few_of_them_hold_a_connection(
    browser: Browser, hotel: CalmHotel
) -> None:
    context = browser.new_context()
    tabs = [Watched(context, hotel.home) for _ in range(TABS)]
    streams: set[int] = set()
    for number, tab in enumerate(tabs):
        tab.page.on("request", partial(_note, streams, number))
        tab.page.on("requestfailed", partial(_forget, streams, number))
        tab.page.on("requestfinished", partial(_forget, streams, number))
        tab.page.goto(hotel.home)
        tab.page.wait_for_selector(".hop.ok[data-key=mews]")
    hotel.pull(MEWS)
    for tab in tabs:
        tab.page.wait_for_selector(".hop.fault[data-key=mews]")
    hotel.plug_in(MEWS)
    for tab in tabs:
        tab.page.wait_for_selector(".hop.ok[data-key=mews]")
    assert 1 <= len(streams) <= LISTENING
    assert [tab.complaints for tab in tabs] == [[]] * TABS
    context.close()


def _note(streams: set[int], tab: int, asked: Request) -> None:
    if "/events" in asked.url:
        streams.add(tab)


def _forget(streams: set[int], tab: int, asked: Request) -> None:
    if "/events" in asked.url:
        streams.discard(tab)


def test_an_agent_that_is_killed_is_missed_and_one_that_comes_back_is_heard(browser: Browser) -> None:
    context = browser.new_context()
    with shown("well") as home:
        page = Watched(context, home).page
        page.goto(home)
        page.wait_for_selector("#sentence.ok")
    banner = page.locator("#banner")
    banner.wait_for(state="visible")
    assert re.fullmatch(r"The box has not answered since \d\d:\d\d:\d\d; trying again\.", banner.inner_text())
    assert "away" in str(page.get_attribute("link[rel=icon]", "href"))
    with shown("wrong", "--port", home.rstrip("/").rpartition(":")[2]):
        page.wait_for_selector("#sentence.fault")
        banner.wait_for(state="hidden")
        assert page.title().startswith("Fault – ")
    context.close()


def test_a_page_of_another_version_loads_itself_again_once(browser: Browser) -> None:
    context = browser.new_context()
    with shown("well", "--build", "another") as home:
        watched = Watched(context, home)
        loads: list[str] = []
        watched.page.on("load", lambda _: loads.append("load"))
        watched.page.goto(home)
        until = time.monotonic() + 20
        while len(loads) < 2 and time.monotonic() < until:
            watched.page.wait_for_timeout(50)
        watched.wait_until("performance.now() > 3000")
        assert len(loads) == 2
        assert watched.complaints == []
    context.close()
