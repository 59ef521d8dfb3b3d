"""The demo, as one sees it who tries it out: its page by day, by night, on a phone and in German, and an act."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser

from agent.demo.hotel_files import PAGE_PASSWORD
from tests.browser.chromium import Watched
from tests.browser.readable import Scheme, broken_rules, is_within

pytestmark = pytest.mark.needs("/usr/bin/chromium", "openssl", "axe-core")
PATIENCE = 60_000  # ms; the page that acts comes after the first poll
LANGUAGES = ("en", "de")
WINDOWS: tuple[tuple[int, Scheme], ...] = ((1280, "light"), (1280, "dark"), (390, "dark"))


class Demo:
    """Where it says that its pages are."""

    def __init__(self, lines: list[str]) -> None:
        said = "".join(lines)
        self.looking = re.findall(r"The page: (http://\S+)", said)[0]
        self.acting = re.findall(r"The page that acts: (https://\S+)", said)[0]


@contextmanager
def started() -> Iterator[Demo]:
    words = [sys.executable, "-u", "-m", "agent", "demo", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        try:
            while not any("A serial console" in line for line in lines):
                lines.append(process.stdout.readline())
            yield Demo(lines)
        finally:
            process.kill()


def test_the_demos_page_is_readable_in_every_look_and_acts(browser: Browser) -> None:
    with started() as demo:
        for language in LANGUAGES:
            context = browser.new_context(locale=language, reduced_motion="reduce")
            watched = Watched(context, demo.looking)
            watched.page.goto(demo.looking)
            watched.page.wait_for_selector("[data-room]")
            assert watched.page.get_attribute("html", "lang") == language
            for width, scheme in WINDOWS:
                watched.page.set_viewport_size({"width": width, "height": 900})
                watched.page.emulate_media(color_scheme=scheme)
                assert broken_rules(watched.page) == []
                assert is_within(watched.page, width)
            assert watched.complaints == []
            context.close()
        context = browser.new_context(ignore_https_errors=True)
        page = context.new_page()
        page.goto(demo.looking)
        page.click("text=Act on this box", timeout=PATIENCE)
        page.fill("#password", PAGE_PASSWORD)
        page.click("button")
        page.locator("form:has(input[value='test']) select").select_option("box")
        page.click("form:has(input[value='test']) button")
        page.wait_for_selector("#told:not([data-under-way])", timeout=PATIENCE)
        assert "Done." in page.inner_text("#told")
        context.close()
