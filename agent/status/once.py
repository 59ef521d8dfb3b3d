"""Drawn once for all who ask while nothing has changed: a crowd costs one rendering a second, and none is stale.

Pure. What it keeps is one text for each of the few kinds of readers, of the last moment that was asked for.
"""

from collections.abc import Callable

from agent.languages.reader import Reader
from agent.status.snapshot.snapshot import Snapshot

Render = Callable[[Snapshot, Reader], str]


class Once:
    """`render` is called with a moment and a reader, and gives the same text for the same of both."""

    def __init__(self, render: Render) -> None:
        self._render = render
        self._made: dict[Reader, tuple[Snapshot, str]] = {}

    def of(self, snapshot: Snapshot, reader: Reader) -> str:
        """The text for that moment."""
        last = self._made.get(reader)
        if last is None or last[0] != snapshot:
            last = self._made[reader] = snapshot, self._render(snapshot, reader)
        return last[1]
