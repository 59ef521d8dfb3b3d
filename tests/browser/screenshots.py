"""The README's pictures: `python -m tests.browser.screenshots FOLDER` draws each of them from a look.

The look "acting" is the page that acts, of a made-up box, behind its log-in; it is not served by `show`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium, shown
from tests.browser.test_acting_on_a_box import log_in
from tests.browser.test_acting_on_a_box import shown as shown_acting


class Picture(NamedTuple):
    """A look in a window of a size; `part` is a selector of what is drawn of it, "" the window."""

    name: str
    look: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    locale: str = "en"
    part: str = ""


PICTURES = (
    Picture("well", "well", 1180, 1500),
    Picture("fault", "wrong", 1180, 1250),
    Picture("phone", "wrong", 390, 1500, "dark"),
    Picture("german", "wrong", 1180, 1250, locale="de"),
    Picture("chart", "well", 1180, 900, part="#p-chart"),
    Picture("acting", "acting", 780, 1180),
)


def draw(browser: Browser, picture: Picture, folder: Path) -> Path:
    """Draw one, in few colours: a page has no more."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
        locale=picture.locale,
        reduced_motion="reduce",
        ignore_https_errors=True,  # of the page that acts
    )
    page = context.new_page()
    with _opened(page, picture.look):
        drawn = page.locator(picture.part).screenshot() if picture.part else page.screenshot()
    context.close()
    path = folder / f"{picture.name}.png"
    Image.open(BytesIO(drawn)).convert("RGB").quantize(64).save(path, optimize=True)
    return path


@contextmanager
def _opened(page: Page, look: str) -> Iterator[None]:
    if look == "acting":
        with TemporaryDirectory() as folder, shown_acting(Path(folder)) as box:
            log_in(page, box)
            yield
        return
    with shown(look) as address:
        page.goto(address)
        page.wait_for_selector("html:not(.away)")
        yield


def main(folder: Path) -> None:
    """All of them."""
    with chromium() as browser:
        for picture in PICTURES:
            path = draw(browser, picture, folder)
            print(f"{path.name}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
