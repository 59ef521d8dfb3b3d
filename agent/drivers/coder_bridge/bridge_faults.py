"""What the Coder Bridge driver knows about its server and encoders, put on the page and taken off it again.

Never clears what nothing has disproved, and says no more than was seen (`lock_server/server_faults.py`).
"""

from agent.drivers.coder_bridge.protocol.profile import Profile, grouped, unconfirmed
from agent.drivers.coder_bridge.protocol.session import NoRooms
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.drivers.lock_server import server_faults
from agent.drivers.lock_server.server_faults import LOGGED_IN, ServerFaults, ServerWords, Trouble
from agent.foundation.errors import CallFailed, NoAnswer
from agent.foundation.reading.text import sentence
from agent.health import lock_kinds
from agent.health.health import Health
from agent.health.kind import FaultKind

SERVER_HOP = "lock-server:coder-bridge"
_WORDS = ServerWords("[coder_bridge]", "the Coder Bridge")
_MEASURED = (*LOGGED_IN, lock_kinds.ROOMS, lock_kinds.LISTS)
_STANDING = (lock_kinds.INACTIVE, lock_kinds.PROFILE, lock_kinds.UNCONFIRMED)


class BridgeFaults(ServerFaults):
    """The faults of one Coder Bridge and its encoders."""

    def __init__(self, health: Health) -> None:
        super().__init__(health, SERVER_HOP, _WORDS)
        self._unread = set[str]()  # lists

    def stand(self, profile: Profile, *, active: bool, allow_unconfirmed: bool) -> None:
        """State what holds as long as the provisioning file stays as it is."""
        wanted = _standing(profile, active=active, allow_unconfirmed=allow_unconfirmed)
        over = [kind for kind in _STANDING if wanted is None or kind is not wanted[0]]
        self.key_answered()  # the last ones were asked for by another profile, perhaps
        self.health.clear(SERVER_HOP, *over)
        if wanted is not None:
            self.health.raise_fault(wanted[0], SERVER_HOP, wanted[1])
        if not active:
            self.health.clear(SERVER_HOP, *_MEASURED)

    def rooms_read(self) -> None:
        """The list of rooms came as it should."""
        self.health.clear(SERVER_HOP, lock_kinds.ROOMS)

    def list_read(self, what: str) -> None:
        """A list that keys may need came as it should."""
        self._unread.discard(what)
        if not self._unread:
            self.health.clear(SERVER_HOP, lock_kinds.LISTS)

    def list_unread(self, what: str, error: CallFailed) -> None:
        """A list that keys may need cannot be read: they go on without it."""
        self._unread.add(what)
        self.health.raise_fault(lock_kinds.LISTS, SERVER_HOP, sentence(f"Its {what}: {error.reason}"))

    def found(self, error: CallFailed) -> None:
        """A look at the server failed; without an answer to the list of rooms, the log-in still went well."""
        if not isinstance(error, NoAnswer | NoRooms):
            self.not_asked(error)
            return
        self.logged_in()
        seen = "To a look at the rooms it answered" if isinstance(error, NoRooms) else "A look at the rooms failed"
        self.health.raise_fault(lock_kinds.ROOMS, SERVER_HOP, sentence(f"{seen}: {error.reason}"))

    def mobile_key_answered(self) -> None:
        """A mobile key was made, or refused in words: the server works, and no encoder is about."""
        self.key_answered()

    def mobile_key_unanswered(self, error: NoAnswer) -> None:
        """A request for a mobile key went out and no whole answer came back."""
        self.key_spoiled(f"The last mobile key got no answer: {error.reason}")


def trouble(error: CallFailed) -> Trouble:
    """What an error of a call, or of a log-in, says of the server."""
    return server_faults.trouble(error, _WORDS)


def _standing(profile: Profile, *, active: bool, allow_unconfirmed: bool) -> tuple[FaultKind, str] | None:
    if not active:
        return lock_kinds.INACTIVE, ""
    if not allow_unconfirmed:
        doubts = unconfirmed(profile, Slot.GUEST_KEY)
        return (lock_kinds.PROFILE, f"Not confirmed: {grouped(doubts)}") if doubts else None
    doubts = unconfirmed(profile, Slot.GUEST_KEY, areas=profile.areas.use.value, copies=True)
    return (lock_kinds.UNCONFIRMED, f"Used without proof: {grouped(doubts)}") if doubts else None
