"""The box's status page, as a supporter's browser asks for it. What answers may be the away page, or nothing."""

from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException

import msgspec

from agent.status.snapshot.snapshot import Snapshot
from tests.image.emulator.lan import BOX
from tests.image.emulator.patience import BOOT_SECONDS, NeverCame, until

_CONNECT_SECONDS = 1.0  # s; asked again after that, so that an answer is not seconds late for want of an address
_ANSWER_SECONDS = 10.0  # s; a page is made in milliseconds, on an emulated and loaded machine in a second

# What stays on the page for a day after it is over.
PAST = frozenset({"E-BOX-CRASHED", "E-BOX-AGENT", "E-UPDATE-REVERTED", "E-UPDATE-REFUSED", "E-JOURNAL-DAMAGED"})


class Page:
    """The page at an address."""

    def __init__(self, address: str = BOX) -> None:
        self._address = address

    def get(self, path: str = "/") -> tuple[int, str] | None:
        """Status and text; None while there is no answer."""
        try:
            return self.ask(path, _CONNECT_SECONDS)
        except (OSError, HTTPException):
            return None

    def ask(self, path: str, connect_seconds: float, answer_seconds: float = _ANSWER_SECONDS) -> tuple[int, str]:
        """Status and text. Raises `OSError` or `HTTPException`: refused, too late, cut off in the middle."""
        with closing(HTTPConnection(self._address, timeout=connect_seconds)) as line:
            line.connect()
            line.sock.settimeout(answer_seconds)
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read().decode(errors="replace")

    def snapshot(self) -> Snapshot | None:
        """What the agent says; None while it does not."""
        answer = self.get("/status.json")
        if answer is None or answer[0] != 200:
            return None
        try:
            return msgspec.json.decode(answer[1], type=Snapshot)
        except msgspec.MsgspecError:
            return None  # the away page

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
        """The page's text, once it has these words in it, whichever program serves it."""

        def look() -> str | None:
            answer = self.get()
            return answer[1] if answer and words in answer[1] else None

        return until(look, seconds, what)


def codes(snapshot: Snapshot) -> set[str]:
    """The codes of the faults that hold."""
    return {fault.code for fault in snapshot.faults}


def is_all_well(snapshot: Snapshot) -> bool:
    """Nothing at all to complain of."""
    return snapshot.summary.level == "ok" and reaches_both(snapshot)


def serves(snapshot: Snapshot) -> bool:
    """Keys can be cut, and nothing is wrong now; what once was may still be on the page."""
    return reaches_both(snapshot) and not codes(snapshot) - PAST


def told(snapshot: Snapshot) -> str:
    """A snapshot on one line."""
    faults = "; ".join(f"{fault.code} {fault.text}" for fault in snapshot.faults)
    return f"{snapshot.summary.level}: {snapshot.summary.text} [{faults}]"


def reaches_both(snapshot: Snapshot) -> bool:
    """Mews and the lock server answer, whatever else there is to say."""
    levels = {hop.id.partition(":")[0]: hop.level for hop in snapshot.hops}
    return levels.get("mews") == "ok" and levels.get("lock-server") == "ok"
