"""The drawn page for those who only need its names: its templates are loaded when somebody first looks at it.

They are a seventh of a start, and few boxes have their page looked at each day.
"""

from collections.abc import Iterator, Mapping

from agent.languages.reader import of_edition
from agent.status.snapshot.snapshot import Snapshot


def panels(snapshot: Snapshot, edition: str) -> Iterator[Mapping[str, str]]:
    """Each panel's id and its HTML, bit by bit (`page/page.py`)."""
    from agent.status.page import page

    reader = of_edition(edition)
    return page.bits(snapshot, reader.language, keep=reader.keep)


def build() -> str:
    """What a page must have been made by to go on."""
    from agent.status.page import page

    return page.build()
