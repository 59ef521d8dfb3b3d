"""Who is logged in: sessions by a random id in a cookie, each with an end. Pure: clock and chance are given.

A session has a key of its own, from which the tokens of its forms are made, and knows which of its forms were
sent already: a form that comes twice is the same act.
"""

from collections.abc import Callable

import msgspec

IDLE = 15 * 60.0  # s without a request
LONGEST = 8 * 3600.0  # s, however busy
MOST = 16
MOST_SENT = 1000  # forms of a session; then its person logs in again
_ID_BYTES = 32
_KEY_BYTES = 32

Chance = Callable[[int], bytes]  # as `os.urandom`


class Difference(msgspec.Struct, frozen=True):
    """What a provisioning file would change, in lines; `said` is what came of looking at it, and `form` the name
    of the form that takes this very file for these very changes, and no other that the same person has sent since.
    `is_other`: it was shown before, and would change something else now.
    """

    lines: tuple[str, ...]
    said: str
    is_good: bool
    form: str
    is_other: bool = False


class Session:
    """One log-in. `sent` has the act that each form became, by the form's nonce."""

    def __init__(self, id: str, key: bytes, begun: float) -> None:
        self.id, self.key, self.begun, self.used = id, key, begun, begun
        self.sent: dict[str, str] = {}
        self.file: bytes | None = None  # a provisioning file that was shown and not yet taken
        self.difference: Difference | None = None  # of the one that was sent last
        self.take_form = ""  # that of the file that was sent last, taken or not: what comes twice is one act

    def __repr__(self) -> str:
        return "Session()"  # its id opens the page

    def is_over(self, now: float) -> bool:
        """Whether its person has to log in again."""
        return now - self.used > IDLE or now - self.begun > LONGEST or len(self.sent) >= MOST_SENT


class Sessions:
    """All of them; moments are seconds of one clock that only rises."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._sessions: dict[str, Session] = {}

    def begin(self, now: float) -> Session:
        """A new one. Where there are too many, the one that was used longest ago ends."""
        self._forget(now)
        while len(self._sessions) >= MOST:
            self.end(min(self._sessions.values(), key=lambda each: each.used))
        session = Session(self._chance(_ID_BYTES).hex(), self._chance(_KEY_BYTES), now)
        self._sessions[session.id] = session
        return session

    def find(self, id: str, now: float) -> Session | None:
        """The session of that id, which is used by being found; None for one that is over or never was."""
        self._forget(now)
        session = self._sessions.get(id)
        if session is not None:
            session.used = now
        return session

    def end(self, session: Session) -> None:
        """Its person has left."""
        self._sessions.pop(session.id, None)

    def end_all(self) -> None:
        """The password is another one."""
        self._sessions.clear()

    def _forget(self, now: float) -> None:
        for session in tuple(self._sessions.values()):
            if session.is_over(now):
                self.end(session)
