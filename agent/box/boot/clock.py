"""The least that the clock can show, for a board whose clock stops without power: time surely went on since then.

Only forwards, and only as far as files of ours prove it; the network's time comes later, from chrony.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from agent.box.tools.paths import Paths
from agent.handover import steps

_JOURNAL = "journal.sqlite*"
# s; a clock that was once set wrong by decades must not come back at each start: no image runs longer than this
_LONGEST_USE = 15 * 366 * 24 * 3600
_SET_CLOCK = partial(time.clock_settime, time.CLOCK_REALTIME)


def set_forward(
    paths: Paths,
    now: Callable[[], float] = time.time,
    set_clock: Callable[[float], None] = _SET_CLOCK,
) -> None:
    """Set the clock to the newest time that a file of ours was written at, if it is behind that."""
    newest = _newest(paths)
    if newest <= now():
        return
    set_clock(newest)
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime(newest))
    steps.say(f"clock: It was behind: set to {when} UTC, the newest time of a file of the box.", paths.steps)


def _newest(paths: Paths) -> float:
    built = _written(paths.release)
    limit = built + _LONGEST_USE if built else float("inf")
    return max(time for path in _traces(paths) if (time := _written(path)) <= limit)


def _traces(paths: Paths) -> Iterator[Path]:
    yield paths.release
    yield paths.running
    yield paths.box  # a clean shutdown removes `running` from it
    yield from paths.state.glob(_JOURNAL)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
