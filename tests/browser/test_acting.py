"""The page that acts, in a real Chromium against the demo: every act from log-in to log-out, readable for all."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page

from agent.demo.hotel_files import PAGE_PASSWORD
from tests.browser.chromium import Watched, chromium
from tests.browser.test_looks import Scheme, broken_rules

pytestmark = pytest.mark.needs("/usr/bin/chromium", "openssl", "axe-core")
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
ENDED = "#told:not([data-under-way])"
PATIENCE = 60_000  # ms; the demo's encoders are at work for its guests, too


class DemoHotel:
    """The demo as a process, by what it says of itself."""

    def __init__(self, lines: list[str]) -> None:
        self.looking = _behind("The page: ", lines)
        self.acting = _behind("The page that acts: ", lines).split()[0]
        self.bridge = _behind("Simulated Coder Bridge: ", lines)
        self.config = Path(_behind("To act, in a second terminal: ", lines).partition("=")[2]).with_name(
            "provisioning.toml"
        )

    def lose_the_answer(self, room: str) -> None:
        """Have the bridge cut the next key of a room, and not say so."""
        asked = {"kind": "drop", "operation": "guest_key", "match": {"room": room}, "calls": 1, "when": "after"}
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(f"{self.bridge}fail", json.dumps(asked).encode(), headers), timeout=10):
            pass


def wait_served(hotel: DemoHotel) -> None:
    """The page that acts comes after the first poll; the other one says so. (A page cannot call back.)"""
    until = time.monotonic() + PATIENCE / 1000
    while True:
        with urlopen(f"{hotel.looking}status.json", timeout=10) as answer:
            if json.load(answer)["box"]["acting"]:
                return
        assert time.monotonic() < until, "it never was"
        time.sleep(0.1)


def _behind(words: str, lines: list[str]) -> str:
    (found,) = [line.partition(words)[2].strip() for line in lines if line.startswith(words)]
    return found


@contextmanager
def demo() -> Iterator[DemoHotel]:
    words = [sys.executable, "-u", "-m", "agent", "demo", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        try:
            while not any("A serial console" in line for line in lines):
                lines.append(process.stdout.readline())
            yield DemoHotel(lines)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def hotel() -> Iterator[DemoHotel]:
    with demo() as started:
        wait_served(started)
        yield started


@pytest.fixture
def watched(browser: Browser, hotel: DemoHotel) -> Iterator[Watched]:
    context = browser.new_context(ignore_https_errors=True, reduced_motion="reduce")
    made = Watched(context, hotel.acting)
    made.page.set_default_timeout(PATIENCE)
    made.page.goto(f"{hotel.acting}login")
    assert_readable(made.page)
    made.page.fill("#password", PAGE_PASSWORD)
    made.page.click("button")
    made.page.wait_for_selector("#h-file")
    yield made
    context.close()


def assert_readable(page: Page) -> None:
    """For all, in both colours."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert broken_rules(page) == [], scheme


def form(verb: str) -> str:
    return f"form:has(input[name=verb][value='{verb}'])"


def begin(page: Page, hotel: DemoHotel, verb: str, **fields: str) -> None:
    """Fill in a verb's form and send it."""
    page.goto(hotel.acting)
    for name, value in fields.items():
        field = page.locator(f"{form(verb)} [name={name}]")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.click(f"{form(verb)} button")


def said(page: Page) -> str:
    """What came of the act."""
    page.wait_for_selector(ENDED)
    return page.inner_text("#told")


def settled(page: Page, hotel: DemoHotel, order: str) -> str:
    """What reading the card says, once the encoder has a moment between the keys of the demo's guests."""
    until = time.monotonic() + PATIENCE / 1000
    while True:
        begin(page, hotel, "lock settle", id=order)
        if "is making a key just now" not in said(page):
            return said(page)
        assert time.monotonic() < until, "the encoder was never free"


def test_hops_keys_and_papers_are_tried_and_a_key_is_asked_twice(watched: Watched, hotel: DemoHotel) -> None:
    page = watched.page
    assert_readable(page)
    begin(page, hotel, "test", hop="mews")
    assert "Done." in said(page)
    assert_readable(page)
    begin(page, hotel, "key", lane="encoder:3", room="101", copies="1")
    assert "key encoder:3 101" in page.inner_text("main")
    assert_readable(page)
    page.click("text=Yes, do it")
    page.wait_for_selector("#told")
    assert_readable(page)
    assert "1 key was cut for room 101." in said(page)
    page.reload()
    assert "1 key was cut for room 101." in said(page)
    begin(page, hotel, "print test")
    assert re.search("printed|Done", said(page))
    assert watched.complaints == []


def test_lanes_are_paused_and_mews_and_file_are_taken_anew(watched: Watched, hotel: DemoHotel) -> None:
    page = watched.page
    lane = "form.lane:has(input[value='encoder:3'])"
    page.click(f"{lane} button")
    assert "begins nothing more" in said(page)
    page.click("text=Back to the acts")
    assert "(paused)" in page.inner_text(lane)
    page.click(f"{lane} button")
    assert "goes on" in said(page)
    begin(page, hotel, "takeover")
    page.click("text=Yes, do it")
    assert "asks Mews at once" in said(page)
    begin(page, hotel, "reload")
    assert "Done." in said(page)
    assert watched.complaints == []


def test_a_card_that_was_perhaps_cut_is_read_and_looked_after(watched: Watched, hotel: DemoHotel) -> None:
    page = watched.page
    hotel.lose_the_answer("112")
    begin(page, hotel, "key", lane="encoder:3", room="112", copies="1")
    page.click("text=Yes, do it")
    assert "Perhaps done: look at it." in said(page)
    page.goto(hotel.acting)
    order = page.locator(f"{form('seen')} select").evaluate("each => each.value")
    assert "112" in settled(page, hotel, order)
    begin(page, hotel, "seen", id=order)
    assert "Done." in said(page)
    assert watched.complaints == []


def test_a_file_is_shown_as_a_difference_taken_on_trial_and_kept(watched: Watched, hotel: DemoHotel) -> None:
    page = watched.page
    new = hotel.config.read_text().replace('"Concierge"', '"Concierge desk"')
    page.set_input_files(
        "#f-file", {"name": "provisioning.toml", "mimeType": "text/plain", "buffer": new.encode()}
    )
    page.click("text=Show what it changes")
    page.wait_for_selector("text=Take this file")
    assert "Concierge desk" in page.inner_text("main")
    assert_readable(page)
    page.click("text=Take this file")
    assert "on trial" in said(page)
    page.wait_for_selector("text=Keep it now")
    assert_readable(page)
    page.click("text=Keep it now")
    assert "Done." in said(page) or "No file is on trial" in said(page)  # all is well again within moments
    assert hotel.config.read_text() == new
    assert watched.complaints == []


def test_a_bundle_is_downloaded_and_who_logs_out_is_out(watched: Watched, hotel: DemoHotel) -> None:
    page = watched.page
    begin(page, hotel, "bundle")
    with page.expect_download() as download:
        page.click("text=/^Download/")
    assert download.value.path().stat().st_size > 1000
    page.goto(hotel.acting)
    page.click("text=Log out")
    page.wait_for_selector("#password")
    page.goto(hotel.acting)
    assert page.url == f"{hotel.acting}login"
    assert watched.complaints == []


def test_each_page_leads_to_the_other(browser: Browser, hotel: DemoHotel) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(hotel.looking)
    page.click("text=Act on this box", timeout=PATIENCE)
    page.wait_for_selector("#password")
    assert page.url == f"{hotel.acting}login"
    page.click("text=Back to the status page")
    assert page.url == hotel.looking
    context.close()
