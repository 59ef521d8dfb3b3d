"""A browser in German: what it gets, keeps and switches, and that the longer words fit a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Watched, shown
from tests.browser.readable import cut_texts
from tests.browser.test_media import DONE_LINE

pytestmark = pytest.mark.needs("/usr/bin/chromium")
WIDTHS = (320, 390)
PAGES = ("", "log", "faults", "manual")


def language(page: Page) -> str:
    return str(page.get_attribute("html", "lang"))


def wider(page: Page) -> list[str]:
    """What is wider than the window, as its tag and its words."""
    found: list[str] = page.evaluate(
        """() => {
            const root = document.documentElement, width = root.clientWidth;
            if (root.scrollWidth <= width) return [];
            return [...document.querySelectorAll("body *")]
                .filter((each) => each.getBoundingClientRect().right > width + 0.5)
                .map((each) => each.tagName + " " + each.textContent.trim().slice(0, 60));
        }"""
    )
    return found


def test_a_german_browser_gets_german_switches_and_its_panels_stay_in_the_language(browser: Browser) -> None:
    context = browser.new_context(locale="de-AT")
    with shown("well") as home:
        page = Watched(context, home).page
        page.goto(home)
        assert language(page) == "de"
        assert "Alles in Ordnung" in page.inner_text("#sentence")
        page.click("footer a[hreflang=en]")
        page.wait_for_url(f"{home}?lang=en")
        assert language(page) == "en"
        assert "All is well" in page.inner_text("#sentence")
    with shown("wrong", "--port", home.rstrip("/").rpartition(":")[2]):  # another box state comes by the stream
        page.wait_for_selector("#sentence.fault")
        assert "The lock server cannot be reached" in page.inner_text("#p-problems")
        page.click("footer a[hreflang=de]")
        page.wait_for_url(f"{home}?lang=de")
    with shown("well", "--port", home.rstrip("/").rpartition(":")[2]):
        page.wait_for_selector("#sentence.ok")
        assert (language(page), "Alles in Ordnung" in page.inner_text("#sentence")) == ("de", True)
        assert re.search("Drucker", page.inner_text("#p-devices"))
    context.close()


@pytest.mark.parametrize("look", ["well", "every-fault", "many"])
def test_german_words_fit_a_phone_on_every_page(browser: Browser, look: str) -> None:
    with shown(look) as home:
        for width in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": 800}, locale="de-DE", reduced_motion="reduce"
            )
            watched = Watched(context, home)
            for path in PAGES if look == "well" else PAGES[:1]:
                watched.page.goto(home + path)
                watched.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                assert (path, language(watched.page), wider(watched.page)) == (path, "de", [])
                assert [each for each in cut_texts(watched.page) if not each.startswith(DONE_LINE)] == []
            assert watched.complaints == []
            context.close()
