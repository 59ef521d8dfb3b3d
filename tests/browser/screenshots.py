"""The README's pictures: `python -m tests.browser.screenshots FOLDER` draws each of them from a look."""

import sys
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.chromium import chromium, shown


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
)


def draw(browser: Browser, picture: Picture, folder: Path) -> Path:
    """Draw one, in few colours: a page has no more."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
        locale=picture.locale,
        reduced_motion="reduce",
    )
    with shown(picture.look) as address:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("html:not(.away)")
        drawn = page.locator(picture.part).screenshot() if picture.part else page.screenshot()
    context.close()
    path = folder / f"{picture.name}.png"
    Image.open(BytesIO(drawn)).convert("RGB").quantize(64).save(path, optimize=True)
    return path


def main(folder: Path) -> None:
    """All of them."""
    with chromium() as browser:
        for picture in PICTURES:
            path = draw(browser, picture, folder)
            print(f"{path.name}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
