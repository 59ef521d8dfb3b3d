"""How the boot before this one ended: shut down, cut off from power, crashed, or reset by the hardware watchdog.

A file holds the id of the running boot and goes at a clean shutdown; one that is still there tells of a bad end.
Of what a crashing kernel leaves, only its one line of panic is taken: the rest may hold anything.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from agent.box.tools.paths import Paths
from agent.foundation import files
from agent.foundation.errors import reason_of
from agent.foundation.reading.text import plain
from agent.handover import notices, steps

CRASHED = "crashed"  # notice
_CODE = "E-BOX-CRASHED"
_DAY = 24 * 3600  # s
_CARD_RESET = 0x20  # WDIOF_CARDRESET, include/uapi/linux/watchdog.h: the last boot ended by the watchdog

# fs/pstore/platform.c: a record is named dmesg-BACKEND-ID and begins with "Panic#1 Part1"; a crash has several.
_RECORDS = "dmesg-*"
_MOST_RECORDS = 64
_MOST_BYTES = 64 * 1024
_MOST_WORDS = 160  # characters
_PANIC_RECORD = re.compile(r"\s*Panic#")
_WORDS = (
    re.compile(r"Kernel panic - not syncing: ([^\n]+)"),
    re.compile(r"((?:BUG|Oops|Internal error|Unable to handle)[: ][^\n]+)"),
)
_NO_WORDS = "it left no words"


def tell_last(paths: Paths) -> None:
    """Say how the last boot ended, as a notice where that was bad; then note that this one runs."""
    is_unclean = _is_unclean(paths)
    crash = _take_crash(paths.pstore)
    if crash is not None and (is_unclean or crash.is_panic):
        _note(
            paths,
            f"The box started again by itself, because its system crashed. The kernel's words: {crash.words}. "
            "If this comes again, tell support these words.",
        )
    elif is_unclean and _was_reset(paths.watchdogs):
        _note(
            paths,
            "The box started again by itself: it had stopped answering, and the hardware watchdog reset it. "
            "If this comes again, tell support.",
        )
    elif is_unclean:
        steps.say(
            "last start: The box lost its power, or was switched off without a shutdown. That does no harm.",
            paths.steps,
        )
    _begin(paths)


def ended(paths: Paths) -> None:
    """At a clean shutdown: this boot ends well. A disk that does not take it is said, not raised."""
    try:
        files.remove(paths.running)
    except OSError as error:
        steps.say(f"shutdown: The end of this boot cannot be noted ({reason_of(error)}).", paths.steps)


class _Crash:
    """What the records of one crash say."""

    def __init__(self, texts: list[str]) -> None:
        found = (match[1] for pattern in _WORDS for text in texts if (match := pattern.search(text)))
        self.words = plain(next(found, ""), _MOST_WORDS) or _NO_WORDS
        self.is_panic = any(_PANIC_RECORD.match(text) for text in texts)  # an oops alone lets the system go on


def _is_unclean(paths: Paths) -> bool:
    try:
        before = paths.running.read_bytes()
    except OSError:
        return False  # not known
    return before.strip() != _boot_id(paths)


def _begin(paths: Paths) -> None:
    try:
        files.write(paths.running, _boot_id(paths) + b"\n")
    except OSError as error:
        steps.say(f"last start: The start of this boot cannot be noted ({reason_of(error)}).", paths.steps)


def _boot_id(paths: Paths) -> bytes:
    return paths.boot_id.read_bytes().strip()


def _take_crash(pstore: Path) -> _Crash | None:
    """What the records say, which are gone afterwards: their place is small."""
    texts = list(_taken(pstore))
    return _Crash(texts) if texts else None


def _taken(pstore: Path) -> Iterator[str]:
    for path in sorted(pstore.glob(_RECORDS))[:_MOST_RECORDS]:
        try:
            with path.open("rb") as file:
                text = file.read(_MOST_BYTES).decode("ascii", "replace")
            path.unlink()
        except OSError:
            continue  # as long as it cannot be removed, it would be told at each start
        yield text


def _was_reset(watchdogs: Path) -> bool:
    return any(_status(path) & _CARD_RESET for path in watchdogs.glob("watchdog*/bootstatus"))


def _status(path: Path) -> int:
    try:
        return int(path.read_text(), 0)
    except (OSError, ValueError):
        return 0


def _note(paths: Paths, text: str) -> None:
    notices.put(CRASHED, _CODE, text, lasts=_DAY, folder=paths.notices)
    steps.say(f"last start: {text}", paths.steps)
