"""The manual and the list of faults as HTML, in the frame of the page. Read-only; nothing from another host."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from agent.languages.reader import Reader
from agent.status.manual.sections import Section
from agent.status.page.templating import to_html
from agent.status.snapshot.support_until import SUPPORTED_UNTIL

FAULTS = "faults"  # the anchor of their chapter
_TEMPLATES = Path(__file__).parent / "templates"

STYLE = (_TEMPLATES / "manual.css").read_bytes()
STYLE_ADDRESS = f"/manual.css?v={sha256(STYLE).hexdigest()[:12]}"  # a new box's manual never meets an old style


class Link(msgspec.Struct, frozen=True):
    """A place to go to."""

    href: str
    text: str


def manual_html(chapters: Sequence[Section], reader: Reader) -> bytes:
    """All of it on one page, so that the browser's own search finds everything."""
    links = [Link(f"#{each.anchor}", each.title) for each in chapters]
    return _html("The manual", chapters, links, reader)


def faults_html(chapter: Section, standing: Mapping[str, str], contact: str, reader: Reader) -> bytes:
    """The catalogue, what holds now first and marked; `standing` are levels by codes, `contact` whom to call."""
    entries = tuple(sorted(chapter.entries, key=lambda entry: entry.name not in standing))
    first = msgspec.structs.replace(chapter, entries=entries)
    return _html(chapter.title, [first], [Link(f"/manual{reader.keep}", "The manual")], reader, standing, contact)


def _html(
    title: str,
    sections: Sequence[Section],
    links: Sequence[Link],
    reader: Reader,
    standing: Mapping[str, str] | None = None,
    contact: str = "",
) -> bytes:
    page = to_html(
        "manual.html",
        reader.language,
        _TEMPLATES,
        title=title,
        sections=sections,
        links=links,
        standing=standing or {},
        contact=contact,
        contacted=FAULTS,
        supported_until=SUPPORTED_UNTIL,
        keep=reader.keep,
        others=reader.others,
        manual_style=STYLE_ADDRESS,
    )
    return page.encode()
