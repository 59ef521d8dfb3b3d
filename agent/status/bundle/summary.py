"""A support bundle in a screen of text: which box, when, how it was, what failed, last orders and log lines. Pure.

What is in a bundle came from elsewhere: it is shown as plain text, whatever it holds.
"""

from collections.abc import Iterator

import msgspec

from agent.control.words.sentences import tells_failure
from agent.foundation.reading.text import plain, plain_lines
from agent.status.bundle.opening import Opened
from agent.status.snapshot import words
from agent.status.snapshot.snapshot import Recent, Snapshot

STATUS, LOG, NETWORK = "status.json", "log.txt", "network.txt"
LINES = 15  # of the log
_ORDERS = 10
_WENT_WRONG = ("failed", "unknown")
_LONGEST = 400  # characters of a line
_TEXT = 32_000_000  # characters of a member; what is opened has no more


def summary(bundle: Opened) -> str:
    """The bundle in words, without a final line break."""
    return "\n".join(_lines(bundle))


def member(bundle: Opened, name: str) -> str | None:
    """The text of one member, fit for a terminal; None where there is none of that name."""
    text = bundle.texts.get(name)
    return None if text is None else "\n".join(plain_indented(line) for line in text[:_TEXT].splitlines())


def plain_indented(line: str) -> str:
    """A line without control characters, and with the blanks at its beginning."""
    rest = line.lstrip(" ")
    return " " * (len(line) - len(rest)) + plain(rest, 20_000)


def _lines(bundle: Opened) -> Iterator[str]:
    manifest = bundle.manifest
    yield f"{plain(manifest.box, 100)}, {plain(manifest.made, 40)}, packed by version {plain(manifest.by, 40)}"
    snapshot = _snapshot(bundle)
    if snapshot is None:
        yield "How the box was is not in this bundle, or not in words that this version knows."
    else:
        yield from _status(snapshot)
    if failed := [line for line in bundle.texts.get(NETWORK, "").splitlines() if tells_failure(line)]:
        yield ""
        yield "Tests that failed:"
        yield from (f"  {plain(line, _LONGEST)}" for line in failed[:_ORDERS])
    yield ""
    yield "In it:"
    for each in manifest.members:
        cut = f", {plain(each.cut, _LONGEST)}" if each.cut else ""
        yield f"  {plain(each.name, 60):<16} {each.bytes:>9} bytes{cut}"
    for gone in manifest.left_out:
        yield f"  not in it: {plain(gone.what, 60)}: {plain(gone.why, _LONGEST)}"
    if last := plain_lines(bundle.texts.get(LOG, "")[-LINES * _LONGEST :], LINES * _LONGEST).splitlines()[-LINES:]:
        yield ""
        yield "The last lines of the log:"
        yield from (f"  {plain(line, _LONGEST)}" for line in last)


def _status(snapshot: Snapshot) -> Iterator[str]:
    level = words.level_word(snapshot.summary.level)
    yield f"{level}: {plain(snapshot.summary.text, _LONGEST)}"
    for fault in snapshot.faults:
        yield f"  {plain(fault.code, 60)} at {plain(fault.hop, 100)}, since {plain(fault.since, 40)}"
        yield from (f"    {plain(line, _LONGEST)}" for line in plain_lines(fault.text).splitlines())
        yield from (f"    What to do: {plain(line, _LONGEST)}" for line in plain_lines(fault.hint).splitlines())
    if snapshot.commands.recent:
        yield ""
        yield "Last orders:"
        yield from map(_order, snapshot.commands.recent[:_ORDERS])
    earlier = [each for each in snapshot.commands.recent[_ORDERS:] if each.state in _WENT_WRONG]
    if earlier:
        yield ""
        yield f"Earlier orders that went wrong (the last {_ORDERS} of {len(earlier)}):"
        yield from map(_order, earlier[:_ORDERS])


def _order(recent: Recent) -> str:
    id = recent.id if recent.state in _WENT_WRONG else ""  # what log and journal are searched by
    parts = (recent.at, recent.state, recent.kind, recent.target, recent.room, id, recent.note)
    return "  " + plain(" ".join(filter(None, parts)), _LONGEST)


def _snapshot(bundle: Opened) -> Snapshot | None:
    try:
        return msgspec.json.decode(bundle.texts.get(STATUS, ""), type=Snapshot)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
