"""The page that acts, in a real Chromium: every act from log-in to log-out, with and without a script.

What only a box can do is in `test_acting_on_a_box.py`.
"""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from tests.browser.calm_hotel import BRIDGE, PASSWORD, CalmHotel
from tests.browser.chromium import Watched
from tests.browser.readable import assert_readable, is_within

pytestmark = pytest.mark.needs("/usr/bin/chromium", "openssl", "axe-core")
ENDED = "#told:not([data-under-way])"
PATIENCE = 30_000  # ms; of a busy machine
NOT_DONE = "Failed to load resource"  # what Chromium itself writes of each answer that is a 4xx


class Desk:
    """One who has logged in, with or without a script."""

    def __init__(self, watched: Watched, hotel: CalmHotel, *, has_script: bool) -> None:
        self.watched, self.page, self._hotel, self._has_script = watched, watched.page, hotel, has_script

    def begin(self, verb: str, **fields: str) -> None:
        """Fill in a verb's form and send it."""
        self.home()
        form = f"form:has(input[name=verb][value='{verb}'])"
        for name, value in fields.items():
            field = self.page.locator(f"{form} [name={name}]")
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.page.click(f"{form} button")

    def home(self) -> None:
        self.page.goto(self._hotel.acting)

    def press(self, button: str) -> None:
        self.page.click(f"button:has-text('{button}')")

    def said(self) -> str:
        """What came of the act, which the page tells by itself."""
        self.page.wait_for_selector(ENDED)
        return self.page.inner_text("#told")

    def read_by_all(self) -> None:
        """The page can be. (axe-core is a script.)"""
        if self._has_script:
            assert_readable(self.page)
        assert is_within(self.page, 1280)

    def choose(self, selector: str, content: bytes) -> None:
        file = FilePayload(name="provisioning.toml", mimeType="text/plain", buffer=content)
        self.page.set_input_files(selector, file)


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    found: bool = request.param
    return found


@pytest.fixture
def desk(browser: Browser, hotel: CalmHotel, *, has_script: bool) -> Iterator[Desk]:
    context = browser.new_context(
        ignore_https_errors=True,
        reduced_motion="reduce",
        java_script_enabled=has_script,
        viewport={"width": 1280, "height": 900},
    )
    watched = Watched(context, hotel.acting)
    made = Desk(watched, hotel, has_script=has_script)
    made.page.set_default_timeout(PATIENCE)
    made.page.goto(f"{hotel.acting}login")
    made.page.fill("#password", PASSWORD)
    made.press("Log in")
    made.page.wait_for_selector("#h-file")
    yield made
    assert [each for each in watched.complaints if NOT_DONE not in each] == []
    context.close()


def test_the_log_in_is_readable_and_says_what_is_wrong(browser: Browser, hotel: CalmHotel) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page = Watched(context, hotel.acting).page
    page.goto(hotel.acting)
    assert page.url == f"{hotel.acting}login"
    assert_readable(page)
    page.fill("#password", "not this one")
    page.click("button")
    assert page.inner_text("[role=alert]") == "That is not the box's password."
    assert_readable(page)
    context.close()


def test_each_hop_is_tested_and_all_of_them(desk: Desk, hotel: CalmHotel) -> None:
    desk.read_by_all()
    for hop in [each["id"] for each in hotel.status()["hops"]]:
        desk.begin("test", hop=hop)
        assert "Done." in desk.said(), hop
    desk.read_by_all()
    desk.begin("test")
    assert "mews" in desk.said()


def test_a_key_is_asked_twice_and_a_page_is_printed(desk: Desk) -> None:
    desk.begin("key", lane="encoder:2", room="101", copies="1")
    assert "key encoder:2 101" in desk.page.inner_text("main")
    desk.read_by_all()
    desk.page.click("text=No")
    desk.page.wait_for_selector("#h-file")
    desk.begin("key", lane="encoder:2", room="101", copies="1")
    desk.press("Yes, do it")
    assert "1 key was cut for room 101." in desk.said()
    desk.read_by_all()
    desk.page.reload()
    assert "1 key was cut for room 101." in desk.said()
    desk.begin("print test")
    assert re.search("printed|Done", desk.said())


def test_a_key_that_waits_for_its_card_is_told_and_can_be_broken_off(desk: Desk, hotel: CalmHotel) -> None:
    hotel.post(BRIDGE, "slow", seconds=5.0)
    desk.begin("key", lane="encoder:1", room="105", copies="1")
    desk.press("Yes, do it")
    desk.page.wait_for_selector("#told[data-under-way]:has-text('resent a card')")
    hotel.post(BRIDGE, "slow", seconds=0.3)
    desk.press("Break it off")
    assert "Perhaps done: look at it." in desk.said()
    desk.read_by_all()


def test_lanes_are_paused_and_go_on(desk: Desk) -> None:
    page, lane = desk.page, "form.lane:has(input[value='encoder:2'])"
    page.click(f"{lane} button")
    assert "begins nothing more" in desk.said()
    page.click("text=Back to the acts")
    assert "(paused)" in page.inner_text(lane)
    desk.read_by_all()
    page.click(f"{lane} button")
    assert "goes on" in desk.said()


def test_mews_is_taken_over_and_the_file_read_again(desk: Desk) -> None:
    desk.begin("takeover")
    desk.read_by_all()
    desk.press("Yes, do it")
    assert "asks Mews at once" in desk.said()
    desk.begin("reload")
    assert "Done." in desk.said()


def test_a_card_that_was_perhaps_cut_is_read_and_looked_after(desk: Desk, hotel: CalmHotel) -> None:
    order = perhaps_cut(desk, hotel, "112")
    assert "112" in settled(desk, order)
    desk.read_by_all()
    desk.begin("seen", id=order)
    assert "Done." in desk.said()
    desk.read_by_all()


def perhaps_cut(desk: Desk, hotel: CalmHotel, room: str) -> str:
    """The id of an order that the bridge carries out, and does not answer."""
    hotel.post(BRIDGE, "fail", kind="drop", operation="guest_key", match={"room": room}, calls=1, when="after")
    desk.begin("key", lane="encoder:2", room=room, copies="1")
    desk.press("Yes, do it")
    assert "Perhaps done: look at it." in desk.said()
    desk.read_by_all()
    desk.home()
    return str(desk.page.locator("form:has(input[value='seen']) select").evaluate("each => each.value"))


def settled(desk: Desk, order: str) -> str:
    """What reading the card says, once the encoder has a moment."""
    until = time.monotonic() + PATIENCE / 1000
    while True:
        desk.begin("lock settle", id=order)
        if "is making a key just now" not in (said := desk.said()):
            return said
        assert time.monotonic() < until, "the encoder was never free"


def test_a_file_is_shown_as_a_difference_taken_on_trial_kept_and_taken_back(desk: Desk, hotel: CalmHotel) -> None:
    page, new = desk.page, hotel.good_file.replace('"Desk 1"', '"Concierge desk"')
    desk.choose("#f-file", b"[box]\nnmae = 1\n")
    desk.press("Show what it changes")
    assert "cannot be used" in page.inner_text("main")
    desk.read_by_all()
    page.click("text=Back to the acts")
    desk.choose("#f-file", new.encode())
    desk.press("Show what it changes")
    page.wait_for_selector("text=Take this file")
    assert "Concierge desk" in page.inner_text("main")
    desk.read_by_all()
    desk.press("Take this file")
    assert "on trial" in desk.said()
    desk.read_by_all()
    desk.press("Keep it now")
    assert re.search("Done|No file is on trial", desk.said())  # all is well again within moments
    assert hotel.config.read_text() == new
    desk.home()
    desk.press("Go back to the file before")
    assert "The box works with the file before." in desk.said()
    assert hotel.config.read_text() == hotel.good_file


def test_a_call_that_nothing_proves_is_made_once_a_person_says_that_they_watch(
    desk: Desk, hotel: CalmHotel
) -> None:
    order = perhaps_cut(desk, hotel, "113")
    hotel.config.write_text(re.sub(r"profile = .*\n", "", hotel.good_file))
    desk.begin("reload")
    assert "Done." in desk.said()
    desk.begin("lock settle", id=order)
    assert "are you sure?" in desk.said()
    desk.read_by_all()
    desk.press("Yes, I watch it")
    assert "are you sure?" not in desk.said()
    hotel.config.write_text(hotel.good_file)
    desk.begin("reload")
    assert "Done." in desk.said()
    desk.begin("seen", id=order)
    desk.said()


def test_a_bundle_is_downloaded_and_who_logs_out_is_out(desk: Desk, hotel: CalmHotel) -> None:
    page = desk.page
    desk.begin("bundle")
    desk.said()
    with page.expect_download() as download:
        page.click("text=/^Download/")
    assert download.value.path().stat().st_size > 1000
    page.goto(f"{hotel.acting}act/unknown")
    assert "no longer kept here" in page.inner_text("[role=alert]")
    desk.read_by_all()
    desk.home()
    desk.press("Log out")
    page.wait_for_selector("#password")
    desk.home()
    assert page.url == f"{hotel.acting}login"


def test_the_acts_fit_a_phone_in_german(browser: Browser, hotel: CalmHotel) -> None:
    context = browser.new_context(
        ignore_https_errors=True, locale="de-AT", color_scheme="dark", viewport={"width": 320, "height": 700}
    )
    watched = Watched(context, hotel.acting)
    page = watched.page
    page.goto(f"{hotel.acting}login")
    page.fill("#password", PASSWORD)
    page.click("button")
    page.wait_for_selector("#h-file")
    assert page.get_attribute("html", "lang") == "de"
    assert is_within(page, 320)
    assert_readable(page)
    assert watched.complaints == []
    context.close()


def test_each_page_leads_to_the_other(browser: Browser, hotel: CalmHotel) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page: Page = context.new_page()
    page.goto(hotel.home)
    page.click("text=Act on this box", timeout=PATIENCE)
    page.wait_for_selector("#password")
    assert page.url == f"{hotel.acting}login"
    page.click("text=Back to the status page")
    assert page.url == hotel.home
    context.close()
