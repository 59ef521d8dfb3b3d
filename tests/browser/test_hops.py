"""Each hop fails and recovers in turn, and two open pages tell it: English by day, and German on a dark phone."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, ViewportSize

from agent.health.catalogue import CATALOGUE
from agent.health.kind import Level
from agent.languages.phrasebook import phrasebook
from agent.status.snapshot.words import level_word
from tests.browser.calm_hotel import BRIDGE, MEWS, PRINTER, VISIONLINE, CalmHotel
from tests.browser.chromium import Watched

pytestmark = pytest.mark.needs("/usr/bin/chromium", "openssl")
SIGNS = {Level.OK: '"✓"', Level.WARNING: '"!"', Level.FAULT: '"✕"'}
ALL_WELL = "#sentence.ok"
Colours = Literal["light", "dark"]


class Trouble(NamedTuple):
    """`hop` is how its id begins, or the id. `end` is what ends it."""

    hop: str
    code: str
    level: Level
    cause: Callable[[CalmHotel], None]
    end: Callable[[CalmHotel], None]


def pulled(simulator: str, hop: str, code: str) -> Trouble:
    return Trouble(
        hop, code, Level.FAULT, lambda hotel: hotel.pull(simulator), lambda hotel: hotel.plug_in(simulator)
    )


def lost_encoder(simulator: str, refusal: str, operation: str, key_cutter: str, keys: int, hop: str) -> Trouble:
    """So many keys go wrong there, and the next one does not."""

    def cause(hotel: CalmHotel) -> None:
        hotel.post(simulator, "fail", kind=refusal, operation=operation)
        for number in range(keys):
            hotel.order_key(key_cutter, f"10{number + 1}")

    def end(hotel: CalmHotel) -> None:
        hotel.heal(simulator)
        hotel.order_key(key_cutter)

    return Trouble(hop, "E-ENCODER", Level.WARNING, cause, end)


def pull_printer(hotel: CalmHotel) -> None:
    hotel.pull(PRINTER)
    hotel.order_document()


TROUBLES = {
    "mews": pulled(MEWS, "mews", "E-MEWS-UNREACHABLE"),
    "box": Trouble(
        "box",
        "E-FILE-REFUSED",
        Level.WARNING,
        lambda hotel: hotel.reload("format = 1\n[box]\nnmae = 1\n"),
        lambda hotel: hotel.reload(hotel.good_file),
    ),
    "coder-bridge": pulled(BRIDGE, "lock-server:coder-bridge", "E-LOCK-UNREACHABLE"),
    "visionline": pulled(VISIONLINE, "lock-server:127.0.0.1", "E-LOCK-UNREACHABLE"),
    "bridge-encoder": lost_encoder(BRIDGE, "bad-request", "guest_key", "1", 2, "encoder:1"),
    "visionline-encoder": lost_encoder(VISIONLINE, "encoder-offline", "cards", "bar1", 1, "encoder:BAR1"),
    "printer": Trouble(
        "printer:Office",
        "E-PRINTER-UNREACHABLE",
        Level.WARNING,
        pull_printer,
        lambda hotel: hotel.plug_in(PRINTER),
    ),
}


class Reader:
    """An open page in a language, which is never loaded again."""

    def __init__(self, browser: Browser, home: str, language: str, width: int, colours: Colours) -> None:
        self.say = phrasebook(language).say
        size = ViewportSize(width=width, height=900)
        self._context = browser.new_context(locale=language, viewport=size, color_scheme=colours)
        self.watched = Watched(self._context, home)
        self.page = self.watched.page
        self.page.goto(home)
        self.page.wait_for_selector(ALL_WELL)
        self.page.evaluate("window.isTheSame = true")

    def hears(self, trouble: Trouble) -> None:
        """The page says it where it belongs: by a word, a sign and an icon, never by a colour alone."""
        page, level = self.page, trouble.level
        word = self.say(level_word(level))
        hop = f".hop.{level}[data-key^='{trouble.hop}']"
        page.wait_for_selector(hop)
        page.wait_for_selector(f"#sentence.{level}")
        badge = page.locator(f".station:has({hop}) h3 .badge")
        assert badge.inner_text() == word
        sign = "each => getComputedStyle(each, '::before').content"
        assert badge.locator(".sign").evaluate(sign) == SIGNS[level]
        kind = CATALOGUE[trouble.code]
        problem = page.locator(f".problem.{level}[data-key^='{trouble.code} {trouble.hop}']").inner_text()
        assert self.say(kind.title) in problem
        assert self.say(kind.front_desk) in problem
        assert page.inner_text("#sentence .badge") == word
        assert page.title().startswith(f"{word} – ")
        assert f"icon-{level}.svg" in str(page.get_attribute("link[rel=icon]", "href"))

    def is_well_again(self) -> None:
        """All is as it was, and it was no other page."""
        self.page.wait_for_selector(ALL_WELL)
        assert self.page.locator(".problem").count() == 0
        assert self.page.locator(".hop:not(.ok)").count() == 0
        assert self.page.title().startswith(f"{self.say(level_word(Level.OK))} – ")
        assert self.page.evaluate("isTheSame")
        assert self.watched.complaints == []

    def leave(self) -> None:
        self._context.close()


@pytest.fixture(scope="module")
def readers(browser: Browser, hotel: CalmHotel) -> Iterator[list[Reader]]:
    hotel.wait_well()
    opened = [
        Reader(browser, hotel.home, "en", 1280, "light"),
        Reader(browser, hotel.home, "de", 390, "dark"),
    ]
    yield opened
    for each in opened:
        each.leave()


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_hop_that_fails_is_told_on_the_open_pages_and_so_is_its_end(
    readers: list[Reader], hotel: CalmHotel, trouble: Trouble
) -> None:
    trouble.cause(hotel)
    for reader in readers:
        reader.hears(trouble)
    trouble.end(hotel)
    for reader in readers:
        reader.is_well_again()
