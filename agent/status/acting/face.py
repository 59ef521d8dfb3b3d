"""What the page that acts is given: the desk, who does what needs root, the box's facts. A face without logic."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Protocol

import msgspec

from agent.control.desk import Desk
from agent.handover.helper import Done, Request
from agent.status.acting.password import Password
from agent.status.acting.under_way import ActsUnderWay

Hear = Callable[[str], None]


class Helper(Protocol):
    """Who changes the provisioning file, and on a box restarts and updates it."""

    async def ask(self, request: Request, hear: Hear) -> Done:
        """Have it done; `hear` gets each line of progress."""
        ...


class Face(msgspec.Struct, frozen=True):
    """`box_name` and `names` are asked for at each request. `is_box`: the helper is root's, and can do all of its
    requests. `uploads` is where an update is kept, `announce` tells the log what was asked. `language` chooses
    one by a reader's Accept-Language, `looks_at` is where the page that looks listens, HOST:PORT or "".
    """

    desk: Desk
    helper: Helper
    password: Password
    acts: ActsUnderWay
    box_name: Callable[[], str]
    names: Callable[[], Collection[str]]
    paused: Callable[[], Collection[str]]
    is_box: Callable[[], bool]
    uploads: Path
    announce: Callable[[str], None]
    language: Callable[[str], str] = lambda _accept_language: "en"
    looks_at: Callable[[], str] = str
