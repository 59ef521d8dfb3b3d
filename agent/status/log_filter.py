"""Which lines of the log a reader wants, from the address's query. Pure."""

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from agent.status.log_line import LogLine

LONGEST = 100  # characters of one value
_LEVELS = ("info", "warning", "error")


class BadFilter(ValueError):
    """What is wrong with the query, in one sentence."""


class LogFilter(msgspec.Struct, frozen=True):
    """`level`: this one and worse ones; `hop`: of it alone; `text`: in any case, anywhere in the line."""

    level: str = _LEVELS[0]
    hop: str = ""
    text: str = ""

    @property
    def query(self) -> str:
        """The query that asks for it, with its question mark; "" asks for all."""
        level = "" if self.level == _LEVELS[0] else self.level
        asked = {"level": level, "hop": self.hop, "text": self.text}
        query = urlencode({name: value for name, value in asked.items() if value})
        return query and f"?{query}"

    def lets_through(self, line: LogLine) -> bool:
        """Whether the line is wanted."""
        return (
            _rank(line.level) >= _rank(self.level)
            and self.hop in ("", line.hop)
            and self.text.casefold() in line.text.casefold()
        )


def of_query(query: Mapping[str, str]) -> LogFilter:
    """Raises `BadFilter`. Other words in the query are not looked at."""
    wanted = {name: query[name] for name in ("level", "hop", "text") if query.get(name)}
    for name, value in wanted.items():
        if len(value) > LONGEST:
            raise BadFilter(f"The filter {name!r} has at most {LONGEST} characters.")
    level = wanted.pop("level", _LEVELS[0]).lower()
    if level not in _LEVELS:
        raise BadFilter(f"The filter 'level' is one of {', '.join(_LEVELS)}.")
    return LogFilter(level, **wanted)


def as_text(line: LogLine) -> str:
    """A line as it is read in a terminal or pasted into a ticket; its time is UTC."""
    words = (f"{line.at:%Y-%m-%dT%H:%M:%SZ}", line.level, f"[{line.hop}]" if line.hop else "", line.text)
    return " ".join(filter(None, words))


def _rank(level: str) -> int:
    known = level.lower()
    return _LEVELS.index(known) if known in _LEVELS else len(_LEVELS)  # one that is not ours is worth a look
