"""One line of the agent's log, as the page, the support bundle and a filter see it. Pure."""

from datetime import datetime

import msgspec


class LogLine(msgspec.Struct, frozen=True):
    """`number` rises by one with each line of this process; `hop` is empty where the line is of none."""

    number: int
    at: datetime
    level: str
    hop: str
    text: str
