"""Somebody who reloads the box's page twice a second: was there a moment without an answer?"""

import threading
import time
from http.client import HTTPException
from types import TracebackType

from tests.image.emulator.page import Page

_WATCH_SECONDS = 0.5  # s between two looks
_PATIENCE = 30.0  # s; a browser waits longer, and on an emulated and loaded machine a program starts in ten


class Watcher:
    """Looks at the page for as long as the block runs.

    An answer that breaks off in the middle, because who gave it was killed, is no silence: a person reloads, and
    so does this. Port 80 is silent when the question after that finds no answer either.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.answers = 0
        self.longest = 0.0  # s that an answer took
        self.cut_off: list[str] = []  # what became of each look that broke off
        self.silences: list[str] = []  # how long, from the last answer before it, and why
        self.texts: set[str] = set()

    def _watch(self) -> None:
        last, why = time.monotonic(), ""
        while not self._ends.is_set():
            try:
                text = self._look()
            except (OSError, HTTPException) as error:
                why = why or f"{type(error).__name__}: {error}"
            else:
                now = time.monotonic()
                if why:
                    self.silences.append(f"{now - last:.1f} s ({why})")
                last, why = now, ""
                self.answers += 1
                self.texts.add(text[:400])
            self._ends.wait(_WATCH_SECONDS)
        if why:
            self.silences.append(f"{time.monotonic() - last:.1f} s ({why}), to the end")

    def _look(self) -> str:
        try:
            return self._ask()
        except (ConnectionResetError, HTTPException) as error:
            self.cut_off.append(f"{type(error).__name__}: {error}")
            return self._ask()

    def _ask(self) -> str:
        asked = time.monotonic()
        text = self._page.ask("/", _PATIENCE, _PATIENCE)[1]
        self.longest = max(self.longest, time.monotonic() - asked)
        return text

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.set()
        self._thread.join()
