"""What only a box can do, in a real Chromium: an update from a file, restarts of agent and box."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route

from tests.browser.chromium import Watched
from tests.browser.readable import assert_readable
from tests.status.acting.test_box_acts import PASSWORD

pytestmark = pytest.mark.needs("/usr/bin/chromium", "openssl", "axe-core")
MEGABYTE = b"bundle! " * 131_072
NOT_THERE = "Failed to load resource"  # what Chromium itself writes of an answer that never comes


class Box:
    """A page that acts, in a process that can be killed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        self._process = process
        self.home = process.stdout.readline().strip()

    @property
    def port(self) -> str:
        return self.home.rstrip("/").rpartition(":")[2]

    def end_the_act(self) -> None:
        """The helper has done what it was asked for."""
        assert self._process.stdin is not None
        print(file=self._process.stdin, flush=True)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(20)


@contextmanager
def shown(folder: Path, port: str = "0") -> Iterator[Box]:
    words = [sys.executable, "-m", "tests.browser.show_acting", str(folder), "--port", port]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Box(process)
        finally:
            process.kill()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    with shown(tmp_path) as started:
        yield started


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    found: bool = request.param
    return found


@pytest.fixture
def watched(browser: Browser, box: Box, *, has_script: bool) -> Iterator[Watched]:
    context = browser.new_context(ignore_https_errors=True, java_script_enabled=has_script)
    made = Watched(context, box.home)
    log_in(made.page, box)
    yield made
    context.close()


def log_in(page: Page, box: Box) -> None:
    page.goto(f"{box.home}login")
    page.fill("#password", PASSWORD)
    page.click("button")
    page.wait_for_selector("#h-update")


def begun(page: Page, words: str) -> None:
    """The page tells what goes on, while it goes on."""
    page.wait_for_selector(f"#told[data-under-way]:has-text('{words}')")
    assert "Under way ..." in page.inner_text("#told")


def ended(page: Page, words: str) -> None:
    """And, by itself, what came of it."""
    page.wait_for_selector("#told:not([data-under-way])")
    assert words in page.inner_text("#told .result")


def test_an_update_is_sent_followed_and_told(watched: Watched, box: Box, *, has_script: bool) -> None:
    page = watched.page
    page.set_input_files(
        "#f-update", {"name": "new.raucb", "mimeType": "application/octet-stream", "buffer": MEGABYTE}
    )
    page.click("[aria-labelledby=h-update] button")
    begun(page, f"Update of {len(MEGABYTE)} bytes has begun.")
    first = page.locator("#told li").first
    if has_script:
        assert_readable(page)
        first.evaluate("line => { line.wasSaid = true; }")
    box.end_the_act()
    ended(page, f"Update of {len(MEGABYTE)} bytes is done.")
    if has_script:
        assert first.evaluate("line => line.wasSaid")  # so a screen reader does not say it again
        assert_readable(page)
    assert watched.complaints == []


def test_an_update_that_is_none_is_refused_in_words(watched: Watched, *, has_script: bool) -> None:
    page = watched.page
    page.set_input_files("#f-update", {"name": "new.raucb", "mimeType": "text/plain", "buffer": b""})
    page.click("[aria-labelledby=h-update] button")
    assert page.inner_text("[role=alert]") == "That file is empty."
    if has_script:
        assert_readable(page)


@pytest.mark.parametrize(
    ("button", "request_", "is_asked_twice"),
    [("Restart the agent", "RestartAgent", False), ("Restart the box", "Reboot", True)],
)
def test_agent_and_box_are_restarted_by_a_button_each(
    watched: Watched, box: Box, button: str, request_: str, *, is_asked_twice: bool
) -> None:
    page = watched.page
    page.click(f"text={button}")
    if is_asked_twice:
        page.click("text=Yes, do it")
    begun(page, f"{request_} has begun.")
    box.end_the_act()
    ended(page, f"{request_} is done.")
    assert watched.complaints == []


def test_an_answer_that_comes_late_does_not_tell_that_an_act_goes_on_which_has_ended(
    browser: Browser, box: Box
) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page = Watched(context, box.home).page
    page.clock.install()
    log_in(page, box)
    page.click("text=Restart the agent")
    begun(page, "RestartAgent has begun.")
    held = list[tuple[Route, APIResponse]]()

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route("**/act/*", hold)
    page.clock.run_for(1000)
    while not held:
        page.evaluate("1")  # what the browser has to say is heard meanwhile
    late, answer = held[0]
    assert "Under way ..." in answer.text()
    box.end_the_act()
    page.clock.run_for(3000)  # some questions' time
    page.wait_for_function(
        "fetch(location.href).then(answer => answer.text()).then(it => it.includes('is done.'))"
    )
    with page.expect_response("**/act/*"):
        late.fulfill(response=answer)
    page.clock.run_for(1000)
    ended(page, "RestartAgent is done.")
    context.close()


def test_a_page_that_is_open_over_the_restart_asks_for_the_log_in_by_itself(
    browser: Browser, box: Box, tmp_path: Path
) -> None:
    context = browser.new_context(ignore_https_errors=True)
    watched = Watched(context, box.home)
    page = watched.page
    log_in(page, box)
    page.click("text=Restart the agent")
    begun(page, "RestartAgent has begun.")
    box.kill()
    page.wait_for_event("console", lambda said: NOT_THERE in said.text)
    assert "RestartAgent has begun." in page.inner_text("#told")
    with shown(tmp_path, box.port) as again:
        page.wait_for_selector("#password")
        log_in(page, again)
        assert [each for each in watched.complaints if NOT_THERE not in each] == []
    context.close()
