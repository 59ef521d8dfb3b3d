"""The page on paper, in the colours that a person forces, without motion, and with letters twice as big."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, PdfMargins

from tests.browser.chromium import Watched, shown
from tests.browser.readable import SCHEMES, assert_readable, broken_rules, cut_texts, is_within

pytestmark = pytest.mark.needs("/usr/bin/chromium", "axe-core")
A4, LETTER = 718, 740  # px; the width of the paper without Chromium's margins of a centimetre
CENTIMETRE = PdfMargins(top="1cm", right="1cm", bottom="1cm", left="1cm")
LOOKS = ("wrong", "many")
DONE_LINE = '<td role="cell" class='  # a cell of an order that is done, which takes one line on a screen


@pytest.fixture(params=LOOKS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    with shown(request.param) as home:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        watched = Watched(context, home)
        watched.page.goto(home)
        watched.page.wait_for_selector("#sentence")
        yield watched.page
        assert watched.complaints == []
        context.close()


def style(page: Page, selector: str, name: str, pseudo: str = "") -> str:
    """The first one's, as it is drawn."""
    script = "(each, [name, pseudo]) => getComputedStyle(each, pseudo || null).getPropertyValue(name)"
    return str(page.locator(selector).first.evaluate(script, [name, pseudo]))


def test_on_paper_nothing_is_cut_off_and_nothing_is_dark(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for width in (A4, LETTER):
        page.set_viewport_size({"width": width, "height": 1000})
        page.emulate_media(media="print", color_scheme="dark")
        assert is_within(page, width)
        assert cut_texts(page) == []
        assert page.locator(".ids:visible").count() == page.locator(".ids").count()
    assert style(page, "body", "background-color") == "rgba(0, 0, 0, 0)"
    assert style(page, "body", "color") == "rgb(22, 25, 29)"
    assert broken_rules(page) == []
    assert page.pdf(format="A4", margin=CENTIMETRE).startswith(b"%PDF")


def test_in_forced_colours_each_level_keeps_its_sign_and_the_chart_its_bars(page: Page) -> None:
    for scheme in SCHEMES:
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        ink = style(page, "body", "color")
        assert style(page, ".chart .done", "fill") == ink
        assert style(page, ".chart .line", "stroke") == ink
        assert style(page, ".badge", "border-top-width") == "1px"
        assert style(page, ".problem .sign", "content", "::before") in ('"!"', '"✕"')
    page.emulate_media(forced_colors="active", color_scheme=None)
    assert_readable(page)


def test_who_wants_no_motion_gets_none(page: Page) -> None:
    page.emulate_media(reduced_motion="no-preference")
    assert style(page, ".summary", "transition-duration") != "0s"
    page.emulate_media(reduced_motion="reduce")
    assert style(page, ".summary", "transition-duration") == "0s"
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("width", [1280, 640, 320])
def test_with_letters_twice_as_big_nothing_is_lost(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert is_within(page, width)
    assert [each for each in cut_texts(page) if not each.startswith(DONE_LINE)] == []
