"""The box's status page, as a supporter's browser asks for it. What answers may be the tiny page, or nobody."""

import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from types import TracebackType

import msgspec

from agent.status.snapshot import Snapshot
from tests.image.emulator.lan import BOX
from tests.image.emulator.patience import BOOT_SECONDS, NeverCame, until

_CONNECT_SECONDS = 1.0  # s; asked anew after that, so that an answer is not seconds late for want of an address
_ANSWER_SECONDS = 10.0  # s; a page is made in milliseconds, on an emulated and loaded machine in a second
_WATCH_SECONDS = 0.5  # s between two looks of a watcher

# What stays on the page for a day after it is over.
PAST = frozenset({"E-BOX-CRASHED", "E-BOX-AGENT", "E-UPDATE-REVERTED", "E-UPDATE-REFUSED", "E-JOURNAL-DAMAGED"})


class Page:
    """The page at an address."""

    def __init__(self, address: str = BOX) -> None:
        self._address = address

    def get(self, path: str = "/") -> tuple[int, str] | None:
        """Status and text; None while nobody answers."""
        line = HTTPConnection(self._address, timeout=_CONNECT_SECONDS)
        try:
            line.connect()
            line.sock.settimeout(_ANSWER_SECONDS)
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, HTTPException):
            return None
        finally:
            line.close()

    def snapshot(self) -> Snapshot | None:
        """What the agent says; None while it does not."""
        answer = self.get("/status.json")
        if answer is None or answer[0] != 200:
            return None
        try:
            return msgspec.json.decode(answer[1], type=Snapshot)
        except msgspec.MsgspecError:
            return None  # the tiny page

    def wait(self, is_so: Callable[[Snapshot], bool], what: str, seconds: float = BOOT_SECONDS) -> Snapshot:
        """The first snapshot of which it is so. Raises `NeverCame` with the last one that was seen."""
        last: list[Snapshot] = []

        def look() -> Snapshot | None:
            snapshot = self.snapshot()
            last[:] = [snapshot] if snapshot else last
            return snapshot if snapshot and is_so(snapshot) else None

        try:
            return until(look, seconds, what)
        except NeverCame as late:
            raise NeverCame(f"{late}; last: {told(last[0]) if last else 'no page at all'}") from None

    def wait_text(self, words: str, what: str, seconds: float = BOOT_SECONDS) -> str:
        """The page's text, once it has these words in it, whoever serves it."""

        def look() -> str | None:
            answer = self.get()
            return answer[1] if answer and words in answer[1] else None

        return until(look, seconds, what)


class Watcher:
    """Asks the page twice a second for as long as the block runs: was there a moment without an answer?"""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.answers = 0
        self.silences: list[float] = []  # seconds, each from the last answer before it to the first one after
        self.texts: set[str] = set()

    def _watch(self) -> None:
        last, is_silent = time.monotonic(), False
        while not self._ends.is_set():
            answer = self._page.get()
            now = time.monotonic()
            if answer is not None:
                self.answers += 1
                self.texts.add(answer[1][:400])
                if is_silent:
                    self.silences.append(now - last)
                last, is_silent = now, False
            else:
                is_silent = True
            self._ends.wait(_WATCH_SECONDS)
        if is_silent:
            self.silences.append(time.monotonic() - last)

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.set()
        self._thread.join()


def codes(snapshot: Snapshot) -> set[str]:
    """The codes of the faults that hold."""
    return {fault.code for fault in snapshot.faults}


def is_all_well(snapshot: Snapshot) -> bool:
    """Nothing at all to complain of."""
    return snapshot.summary.level == "ok" and _reaches_both(snapshot)


def serves(snapshot: Snapshot) -> bool:
    """Keys can be cut, and nothing is wrong now; what once was may still be on the page."""
    return _reaches_both(snapshot) and not codes(snapshot) - PAST


def told(snapshot: Snapshot) -> str:
    """A snapshot on one line."""
    faults = "; ".join(f"{fault.code} {fault.text}" for fault in snapshot.faults)
    return f"{snapshot.summary.level}: {snapshot.summary.text} [{faults}]"


def _reaches_both(snapshot: Snapshot) -> bool:
    levels = {hop.id.partition(":")[0]: hop.level for hop in snapshot.hops}
    return levels.get("mews") == "ok" and levels.get("lock-server") == "ok"
