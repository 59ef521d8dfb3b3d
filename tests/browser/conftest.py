"""What the tests of this folder share: one browser, and one hotel, for all of them in a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.calm_hotel import CalmHotel, calm_hotel
from tests.browser.chromium import chromium


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Each test opens contexts of its own in it."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def hotel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalmHotel]:
    """Its agent runs, and both of its pages are there. A test leaves it so."""
    folder: Path = tmp_path_factory.mktemp("hotel")
    with calm_hotel(folder) as started:
        started.start_agent()
        started.wait_acting()
        yield started
