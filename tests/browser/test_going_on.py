"""The page goes on: kills and restarts of the agent, new versions, many tabs, and faults that come and go."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Watched, chromium, shown

pytestmark = pytest.mark.needs("/usr/bin/chromium", "openssl")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


class DemoHotel:
    """The demo as a process: its page, and the control sides of its simulators."""

    def __init__(self, lines: list[str]) -> None:
        self.page = re.findall(r"http://\S+", lines[0])[0]
        self._controls = {line.split()[1]: line.split()[-1] for line in lines[1:] if line.startswith("Simulated")}

    def post(self, simulator: str, path: str, **asked: object) -> None:
        body = json.dumps(asked).encode()
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(self._controls[simulator] + path, body, headers), timeout=10):
            pass


@contextmanager
def demo() -> Iterator[DemoHotel]:
    words = [sys.executable, "-u", "-m", "agent", "demo", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield DemoHotel([process.stdout.readline() for _ in range(5)])
        finally:
            process.kill()


@pytest.fixture(scope="module")
def hotel() -> Iterator[DemoHotel]:
    with demo() as started:
        yield started


@pytest.fixture
def watched(browser: Browser, hotel: DemoHotel) -> Iterator[Watched]:
    context = browser.new_context()
    made = Watched(context, hotel.page)
    made.page.goto(hotel.page)
    yield made
    context.close()


@pytest.mark.parametrize(
    ("simulator", "hop"), [("Mews:", "mews"), ("Coder", "lock-server:"), ("printer:", "printer:")]
)
def test_a_hop_that_fails_turns_on_the_open_page_and_back_when_it_recovers(
    watched: Watched, hotel: DemoHotel, simulator: str, hop: str
) -> None:
    light = f".hop[data-key^='{hop}']"
    watched.page.wait_for_selector(f"{light}.ok")
    hotel.post(simulator, "offline", how="drop")
    watched.page.wait_for_selector(f"{light}:not(.ok)", timeout=40_000)
    hotel.post(simulator, "online")
    watched.page.wait_for_selector(f"{light}.ok", timeout=40_000)
    assert watched.complaints == []


def test_what_is_typed_selected_and_unfolded_outlives_the_swaps(watched: Watched, hotel: DemoHotel) -> None:
    page = watched.page
    page.fill("#room", "zzz")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    page.evaluate("scrollTo(0, 200)")
    before = page.inner_text("#clock")
    watched.wait_until("before => document.querySelector('#clock').dateTime.slice(11, 19) > before", before)
    watched.wait_until("getSelection().toString() === document.querySelector('h1').textContent")
    assert page.input_value("#room") == "zzz"
    assert page.evaluate("document.activeElement.id") == "room"
    assert page.evaluate("scrollY") == 200
    assert watched.complaints == []


def test_seven_tabs_of_one_browser_are_all_shown(browser: Browser, hotel: DemoHotel) -> None:
    context = browser.new_context()
    tabs = [Watched(context, hotel.page) for _ in range(7)]
    for tab in tabs:
        tab.page.goto(hotel.page)
        tab.page.wait_for_selector("#sentence")
    assert [tab.complaints for tab in tabs] == [[]] * 7
    context.close()


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
