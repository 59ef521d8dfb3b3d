"""Whether a page can be read: by axe-core's rules for WCAG 2.2 AA, and whether a text is cut off."""

from typing import Any, Literal

from playwright.sync_api import Page

from tests.tools import NPM

AXE = NPM / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# What it found well stays in the page: of 500 orders that is 9 MB, which take three times as long as the look.
_LOOK = """async tags => {
  const found = await axe.run({resultTypes: ["violations"], runOnly: {type: "tag", values: tags}});
  return found.violations.flatMap(each => each.nodes.map(node => each.id + ": " + node.html.slice(0, 150)));
}"""
# An element that hides what is too long for it, and holds text that is. What is for screen readers alone is 1 px.
_CUT = """() => [...document.querySelectorAll("body *")].filter(each => {
  const style = getComputedStyle(each);
  return style.overflowX !== "visible" && each.clientWidth > 1 && each.textContent.trim() &&
    !["INPUT", "SELECT", "SVG"].includes(each.tagName.toUpperCase()) && each.scrollWidth > each.clientWidth + 1;
}).map(each => each.outerHTML.slice(0, 150))"""


def broken_rules(page: Page) -> list[str]:
    """What axe finds: rule and element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: Any = page.evaluate(_LOOK, RULES)
    return [str(each) for each in found]


def assert_readable(page: Page, but_for: str = "") -> None:
    """For all, in both colours, but for one rule of axe's."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        broken = [each for each in broken_rules(page) if not but_for or not each.startswith(f"{but_for}: ")]
        assert broken == [], f"{scheme}: {broken}"


def cut_texts(page: Page) -> list[str]:
    """The elements that do not show all of their text."""
    found: Any = page.evaluate(_CUT)
    return [str(each) for each in found]


def is_within(page: Page, width: int) -> bool:
    """Whether nothing makes the page wider than its window."""
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found <= width
