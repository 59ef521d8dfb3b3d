"""The manual for a terminal: wrapped to its width, without escape sequences. Pure."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from agent.status.manual.sections import Entry, Fact, Section

COLUMNS = 80
NARROWEST = 30  # columns; what is narrower is wrapped as if it had so many
_MARGIN = "  "


def contents(chapters: Sequence[Section]) -> str:
    """The chapters and how to read one."""
    rows = (f"{_MARGIN}{chapter.anchor:<12}{chapter.title}" for chapter in chapters)
    return "\n".join(("nightporter manual TOPIC: a chapter, a fault's code, a setting, a verb.", "", *rows))


def text(parts: Sequence[Section | Entry], columns: int) -> str:
    """These parts, without a final line break."""
    width = max(columns, NARROWEST)
    return "\n\n".join("\n".join(_lines(part, width)) for part in parts)


def _lines(part: Section | Entry, width: int) -> Iterator[str]:
    if isinstance(part, Entry):
        yield from _entry(part, width, "")
        return
    yield from (part.title, "=" * len(part.title))
    for paragraph in part.paragraphs:
        yield from ("", *wrap(paragraph, width))
    for entry in part.entries:
        yield ""
        yield from _entry(entry, width, "")


def _entry(entry: Entry, width: int, margin: str) -> Iterator[str]:
    head = f"{entry.name}: {entry.title}" if entry.title else entry.name
    yield from _wrapped(head, width, margin)
    for fact in entry.facts:
        yield from _wrapped(_told(fact), width, margin + _MARGIN)


def _told(fact: Fact) -> str:
    return ": ".join(filter(None, (fact.label, fact.typed, fact.text)))


def _wrapped(words: str, width: int, margin: str) -> list[str]:
    return wrap(
        words, width, initial_indent=margin, subsequent_indent=margin + _MARGIN, break_on_hyphens=False
    ) or [""]
