"""What Mews says by itself and what it is told, joined: what connector and listener know of each other. Pure.

A hint never says what is to be done: it says that a poll is worth its call. Times are monotonic seconds.
"""

from agent.mews.calls import NewState, Update
from agent.mews.push.echoes import Echoes
from agent.mews.push.events import CommandNews
from agent.mews.push.pace import Pace

# Only in these is a command one that a poll would list (reference/mews.md section 8).
_LISTED = frozenset({"Pending", NewState.RECEIVED.value})


class Push:
    """`pace` is that of a file; one that is never opened changes nothing."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._echoes = Echoes()

    def told(self, update: Update, now: float) -> None:
        """Mews is about to be told this, and will say it again."""
        self._echoes.told(update.command_id, update.state.value, now)

    def is_hint(self, news: CommandNews, now: float) -> bool:
        """Whether a poll would list a command that this box does not know of yet, or not so."""
        return news.state in _LISTED and self._echoes.is_news(news, now)
