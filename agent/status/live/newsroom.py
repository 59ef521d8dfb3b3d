"""All who watch the page: an edition (`Reader.edition`) a language, there as
long as it has readers. The hub is heard only then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from agent.control.hub import Hub
from agent.control.words.events import Event
from agent.status.drawings import Drawings
from agent.status.live.edition import Edition
from agent.status.live.event_stream import Say


class Newsroom:
    """Tells any number of readers what changes on the page."""

    def __init__(self, hub: Hub | None, drawings: Drawings, build: Callable[[], str]) -> None:
        """`build` is what the page must have been made by to go on."""
        self._hub, self._drawings, self._build = hub, drawings, build
        self._editions: dict[str, Edition] = {}
        self._readers: dict[str, int] = {}

    async def tell(self, language: str, say: Say) -> None:
        """All that one reader is told, until it leaves."""
        with self._reading(language) as edition:
            number, piece = await edition.begin()
            while True:
                await say(piece)
                number, piece = await edition.after(number)

    @contextmanager
    def _reading(self, language: str) -> Iterator[Edition]:
        if not self._editions and self._hub is not None:
            self._hub.listen(self._hear)
            self._hub.take_hints(self._stir)
        if language not in self._editions:
            self._editions[language] = Edition(partial(self._drawings.now, language), self._build())
        self._readers[language] = self._readers.get(language, 0) + 1
        try:
            yield self._editions[language]
        finally:
            self._leave(language)

    def _leave(self, language: str) -> None:
        self._readers[language] -= 1
        if not self._readers[language]:
            del self._readers[language], self._editions[language]
        if not self._editions and self._hub is not None:
            self._hub.forget(self._hear)
            self._hub.leave_hints(self._stir)

    def _hear(self, _event: Event) -> None:
        self._stir()

    def _stir(self) -> None:
        for edition in self._editions.values():
            edition.stir()
