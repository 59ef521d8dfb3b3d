"""New lines of the log for one reader, in batches, with a sign of life between them."""

import trio

from agent.status.good_for import LEAST
from agent.status.live.edition import BEAT
from agent.status.live.event_stream import Say
from agent.status.live.sse import RETRY, event
from agent.status.log_filter import LogFilter
from agent.status.log_line import LogLine
from agent.status.log_ring import LogRing


async def tell(ring: LogRing, wanted: LogFilter, since: str, say: Say) -> None:
    """What is there after the id `since` (as the browser tells it when it comes back), then what comes."""
    number = _number(ring, since)
    piece, number = RETRY + _lines(ring, wanted, number), ring.last
    while True:
        await say(piece)
        with trio.move_on_after(BEAT):
            await ring.wait_after(number)
            await trio.sleep(LEAST)
        piece, number = _lines(ring, wanted, number), ring.last


def _lines(ring: LogRing, wanted: LogFilter, number: int) -> bytes:
    lines = tuple(ring.after(number))
    skipped = lines[0].number - number - 1 if lines and number else 0
    told = [event("skipped", {"lines": skipped})] if skipped else []
    told += [_line(ring, line) for line in lines if wanted.lets_through(line)]
    return b"".join(told) or event("beat", {})


def _line(ring: LogRing, line: LogLine) -> bytes:
    return event("line", line, f"{ring.id}-{line.number}")


def _number(ring: LogRing, since: str) -> int:
    """The number in an id of this process; 0 for any other."""
    id, _, number = since.partition("-")
    is_ours = id == ring.id and number.isascii() and number.isdigit() and len(number) < 12
    return min(int(number), ring.last) if is_ours else 0
