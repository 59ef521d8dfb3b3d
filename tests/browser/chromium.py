"""Debian's Chromium as tests use it, and what it must not do: ask another host, write an error to its console."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROGRAM = "/usr/bin/chromium"
_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic"),
)
PATIENCE = 20_000  # ms; on a busy machine


@contextmanager
def chromium() -> Iterator[Browser]:
    """One for all tests of a module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def shown(name: str, *more: str) -> Iterator[str]:
    """The address of one of the looks, served by a process of its own."""
    words = [sys.executable, "-m", "tests.browser.show", name, *more]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()  # as a power cut does


class Watched:
    """A page and what it said and asked for. `refused` are requests to any other host."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.errors: list[str] = []
        self.abroad: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda request: self._judge(request.url, home))

    def _judge(self, url: str, home: str) -> None:
        if not url.startswith(home):
            self.abroad.append(url)

    @property
    def complaints(self) -> list[str]:
        """All that must not be: errors, and requests that leave the box."""
        return self.errors + self.abroad

    def wait_until(self, expression: str, argument: object = None) -> None:
        """Until it is true; the page's policy forbids playwright's own way, which evaluates text in the page."""
        until = time.monotonic() + PATIENCE / 1000
        while not self.page.evaluate(expression, argument):
            assert time.monotonic() < until, expression
            self.page.wait_for_timeout(50)
