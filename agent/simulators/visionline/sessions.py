"""The sessions of the simulated VisiOnline: random ids and keys that live as long as the switches say.

Must never let a closed one in again. That a log-in gives `id` and `accessKey` is confirmed, how long they live and
how many there may be is unknown (reference/visionline.md section 2).
"""

from base64 import b64encode
from collections import deque
from secrets import token_bytes
from uuid import uuid4

import msgspec
import trio

from agent.simulators.visionline.switches import VisionlineSwitches

KEPT = 1000  # sessions; older ones are forgotten


class Session(msgspec.Struct):
    """One session: its id, its key, its operator, since when (trio's clock) and the calls that it was used for."""

    id: str
    key: str
    username: str
    since: float
    calls: int = 0


class Sessions:
    """The sessions that are open; `ever` holds the last thousand, so that tests can look for their keys."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}
        self.ever: deque[Session] = deque(maxlen=KEPT)
        self.opened = 0
        self.closed = 0

    def open(self, username: str) -> Session:
        """A new session."""
        session = Session(str(uuid4()), b64encode(token_bytes(24)).decode(), username, trio.current_time())
        self._open[session.id] = session
        self.ever.append(session)
        self.opened += 1
        if len(self._open) > KEPT:
            del self._open[next(iter(self._open))]
        return session

    def use(self, id: str, switches: VisionlineSwitches) -> Session | None:
        """The session, if a call of it is let in; counts the call."""
        session = self._open.get(id)
        if session is None or _is_over(session, switches):
            return None
        session.calls += 1
        return session

    def close(self, id: str) -> bool:
        """End a session; whether there was one."""
        was_open = self._open.pop(id, None) is not None
        self.closed += was_open
        return was_open

    def end_all(self) -> None:
        """Have no session work any more, as after a restart of the server."""
        self._open.clear()

    def count(self, switches: VisionlineSwitches) -> int:
        """How many are open and would be let in."""
        return sum(not _is_over(session, switches) for session in self._open.values())


def _is_over(session: Session, switches: VisionlineSwitches) -> bool:
    age = trio.current_time() - session.since
    is_old = switches.session_seconds is not None and age >= switches.session_seconds
    return is_old or (switches.session_requests is not None and session.calls >= switches.session_requests)
