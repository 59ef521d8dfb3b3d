"""What has been said already: what this box tells Mews comes back to it as news, and Mews may say a thing thrice.

Pure; times are monotonic seconds. An echo that is forgotten too soon costs one poll, and news that were taken for
an echo cost the wait until the next poll by the clock: so it remembers for seconds, not for hours.
"""

from agent.mews.push.events import CommandNews
from provisioning.ids import same_id

OWN_SECONDS = 60.0  # s; as long as Mews may take to say what it was told
SAID_SECONDS = 10.0  # s between a thing and its repetition
MOST = 1000  # things that are remembered: a minute of the busiest hotel


class Echoes:
    """What was told and heard lately."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], float] = {}  # oldest first

    def told(self, command_id: str, state: str, now: float) -> None:
        """This box tells Mews that a command is in a state."""
        self._remember((same_id(command_id), state), now + OWN_SECONDS)

    def is_news(self, news: CommandNews, now: float) -> bool:
        """Whether it is neither an echo nor said before; it is remembered."""
        key = (same_id(news.id), news.state)
        is_known = self._until.get(key, now) > now
        if not is_known:
            self._remember(key, now + SAID_SECONDS)
        return not is_known

    def _remember(self, key: tuple[str, str], until: float) -> None:
        self._until.pop(key, None)
        self._until[key] = until
        while len(self._until) > MOST:
            del self._until[next(iter(self._until))]
