"""The agent's log for people: the last lines, newest first, and live with a script. Looking only."""

from itertools import islice

import msgspec

from agent.languages.reader import Reader
from agent.status.log_filter import LONGEST, LogFilter
from agent.status.log_line import LogLine
from agent.status.log_ring import LogRing
from agent.status.page import assets
from agent.status.page.templating import to_html

_MOST = 500  # lines; as many as are kept


def render(
    ring: LogRing | None, wanted: LogFilter, box: str, language: str = "en", reader: Reader | None = None
) -> str:
    """The whole page; without a ring it says that there is none. `reader` comes before `language`.

    Times are UTC, as in the log itself.
    """
    reader = reader or Reader(language)
    kept = () if ring is None else tuple(ring.after(0))
    lines = islice((line for line in reversed(kept) if wanted.lets_through(line)), _MOST)
    return to_html(
        "log.html",
        reader.language,
        lines=[_shown(line) for line in lines],
        hops=sorted({line.hop for line in kept if line.hop}),
        wanted=wanted,
        longest=LONGEST,
        box=box,
        scripts=() if ring is None else assets.OF_LOG,
        keep=reader.keep,
        others=reader.others,
    )


class Shown(msgspec.Struct, frozen=True):
    """A line as it is read."""

    number: int
    at: str
    level: str
    hop: str
    text: str


def _shown(line: LogLine) -> Shown:
    return Shown(line.number, f"{line.at:%Y-%m-%d %H:%M:%S}", line.level.lower(), line.hop, line.text)
