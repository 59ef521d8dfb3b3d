"""What of the page hardly ever changes, drawn once: a row for each order, and the picture of the day.

Drawing five hundred rows takes tens of milliseconds, for which keys would have to wait at each look. It must never
keep more than the page can show.
"""

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

from agent.languages.phrasebook import phrasebook
from agent.status.page import chart, view
from agent.status.page.templating import environment
from agent.status.snapshot import words
from agent.status.snapshot.history import Slot
from agent.status.snapshot.lengths import RECENT_COMMANDS
from agent.status.snapshot.snapshot import Recent

DAY = len("2026-01-31")  # of a time (ISO 8601): only whether it was today decides how one is told
LOOKS = 2  # languages in which a whole page is kept


def row(language: str, time: str) -> Callable[[Recent], Markup]:
    """Draws an order's row of a table, as it is read on the day of `time` (ISO 8601)."""
    day = time[:DAY]
    return lambda order: _row(order, language, day)


@lru_cache(maxsize=LOOKS * RECENT_COMMANDS)
def _row(order: Recent, language: str, day: str) -> Markup:
    times = view.Times(day, phrasebook(language).gettext)
    return _macro(language)(order, times, words.state_light)


@lru_cache(maxsize=LOOKS)
def _macro(language: str) -> Callable[..., Markup]:
    """A macro is called in a third of the time in which a template is rendered. Its name is the template's own,
    which no type knows."""
    drawn: Callable[..., Markup] = environment(language).get_template("row.html").module.row  # type: ignore[attr-defined]
    return drawn


@lru_cache(maxsize=LOOKS)
def picture(history: tuple[Slot, ...], language: str, day: str) -> Markup:
    """The chart of the last 24 hours, as it is read on that day (ISO 8601); "" without any."""
    if not history:
        return Markup("")
    say = phrasebook(language).gettext
    template = environment(language).get_template("picture.html")
    times = view.Times(day, say)
    drawn = template.render(chart=chart.draw(history), times=times, decimal=lambda value: view.decimal(value, say))
    return Markup(drawn.strip())  # noqa: S704 - made by a template that escapes
