"""All who watch the page: an edition (`Reader.edition`) a language, there as
long as it has readers. The hub is heard only then."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from agent.control.words.events import Event
from agent.status.live.edition import Edition
from agent.status.live.event_stream import Say
from agent.status.looking import Looking


class Newsroom:
    """Tells any number of readers what changes on the page."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking
        self._editions: dict[str, Edition] = {}
        self._readers: dict[str, int] = {}

    async def tell(self, language: str, say: Say) -> None:
        """All that one reader is told, until it leaves."""
        with self._reading(language) as edition:
            number, piece = edition.begin()
            while True:
                await say(piece)
                number, piece = await edition.after(number)

    @contextmanager
    def _reading(self, language: str) -> Iterator[Edition]:
        if not self._editions and self._looking.hub is not None:
            self._looking.hub.listen(self._hear)
        if language not in self._editions:
            self._editions[language] = Edition(partial(self._look, language), self._looking.build())
        self._readers[language] = self._readers.get(language, 0) + 1
        try:
            yield self._editions[language]
        finally:
            self._leave(language)

    def _leave(self, language: str) -> None:
        self._readers[language] -= 1
        if not self._readers[language]:
            del self._readers[language], self._editions[language]
        if not self._editions and self._looking.hub is not None:
            self._looking.hub.forget(self._hear)

    def _look(self, language: str) -> dict[str, str]:
        return dict(self._looking.panels(self._looking.snapshot(), language))

    def _hear(self, _event: Event) -> None:
        for edition in self._editions.values():
            edition.stir()
