"""What the Coder Bridge driver knows about its server and encoders, put on the page and taken off it again.

Never clears what nothing has disproved: each fault has one kind of proof that ends it. Codes: agent/health.py.
"""

from agent.drivers.coder_bridge.profile import Profile, grouped, unconfirmed
from agent.drivers.coder_bridge.session import LogInRefused, NoRooms
from agent.drivers.coder_bridge.terms import Slot
from agent.errors import CallFailed, CertificateRefused, NoAnswer, NotSent
from agent.health import Health

SERVER_HOP = "lock-server:coder-bridge"
_CONNECTION = ("E-LOCK-UNREACHABLE", "E-LOCK-CERTIFICATE")
_LOGGED_IN = (*_CONNECTION, "E-LOCK-AUTH", "E-LOCK-ANSWER")
_MEASURED = (*_LOGGED_IN, "E-LOCK-ROOMS")
_STANDING = ("E-LOCK-INACTIVE", "E-LOCK-PROFILE", "E-LOCK-UNCONFIRMED")


class Faults:
    """The faults of one Coder Bridge and its encoders."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def stand(self, profile: Profile, *, active: bool, allow_unconfirmed: bool) -> None:
        """State what holds as long as the provisioning file stays as it is."""
        wanted = _standing(profile, active=active, allow_unconfirmed=allow_unconfirmed)
        over = [code for code in _STANDING if wanted is None or code != wanted[0]]
        self._health.clear(SERVER_HOP, *over, "E-LOCK-KEY-ANSWER")  # about another profile, perhaps
        if wanted is not None:
            self._health.raise_fault(wanted[0], SERVER_HOP, wanted[1])
        if not active:
            self._health.clear(SERVER_HOP, *_MEASURED)

    def logged_in(self) -> None:
        """The server let the box in: it is there, it is the right one, it knows the account."""
        self._health.clear(SERVER_HOP, *_LOGGED_IN)

    def not_asked(self, error: CallFailed) -> None:
        """The server could not be asked: no connection, or no log-in."""
        code, proven, text = _not_asked(error)
        self._health.clear(SERVER_HOP, *proven)
        self._health.raise_fault(code, SERVER_HOP, text)

    def rooms_read(self) -> None:
        """The list of rooms came as it should."""
        self._health.clear(SERVER_HOP, "E-LOCK-ROOMS")

    def found(self, error: CallFailed) -> None:
        """A look at the server failed; without an answer to the list of rooms, the log-in still went well."""
        if isinstance(error, NoAnswer | NoRooms):
            self.logged_in()
            self._health.raise_fault("E-LOCK-ROOMS", SERVER_HOP, f"The list of rooms: {error.reason}")
        else:
            self.not_asked(error)

    def key_cut(self, encoder: str) -> None:
        """A key was cut: server and encoder work."""
        self._health.clear(SERVER_HOP, "E-LOCK-KEY-ANSWER")
        self._health.clear(encoder_hop(encoder), "E-ENCODER")

    def key_refused(self, encoder: str, words: str) -> None:
        """The lock system said no to a key, in its own words (cleaned)."""
        self._health.clear(SERVER_HOP, "E-LOCK-KEY-ANSWER")
        self._health.raise_fault("E-ENCODER", encoder_hop(encoder), f"The lock system says: {words}")

    def key_answer_wrong(self, words: str) -> None:
        """A key request was answered, but not by what a Coder Bridge says: that is no encoder's fault."""
        self._health.raise_fault("E-LOCK-KEY-ANSWER", SERVER_HOP, f"To a key request it answered: {words}")

    def key_unanswered(self, encoder: str, words: str) -> None:
        """A key request went out and nothing came back."""
        self._health.raise_fault("E-ENCODER", encoder_hop(encoder), f"The last key was not answered: {words}")


def encoder_hop(identifier: str) -> str:
    """An encoder's place on the page."""
    return f"encoder:{identifier}"


def _not_asked(error: CallFailed) -> tuple[str, tuple[str, ...], str]:
    """The fault's code, the faults that its very cause disproves, and its text."""
    if isinstance(error, CertificateRefused):
        seen = f" Seen: {error.seen}" if error.seen else ""
        return "E-LOCK-CERTIFICATE", ("E-LOCK-UNREACHABLE",), f"Refused: {error.reason}.{seen}"
    if isinstance(error, NotSent):
        return "E-LOCK-UNREACHABLE", (), f"The lock server cannot be reached: {error.reason}"
    if isinstance(error, LogInRefused):
        return (
            "E-LOCK-AUTH",
            (*_CONNECTION, "E-LOCK-ANSWER"),
            f"The lock server refuses the log-in: {error.reason}",
        )
    return "E-LOCK-ANSWER", _CONNECTION, f"To the log-in it answered: {error.reason}"


def _standing(profile: Profile, *, active: bool, allow_unconfirmed: bool) -> tuple[str, str] | None:
    if not active:
        return "E-LOCK-INACTIVE", ""
    if not allow_unconfirmed:
        doubts = unconfirmed(profile, Slot.GUEST_KEY)
        return ("E-LOCK-PROFILE", f"Not confirmed: {grouped(doubts)}") if doubts else None
    doubts = unconfirmed(profile, Slot.GUEST_KEY, areas=profile.areas.use.value, copies=True)
    return ("E-LOCK-UNCONFIRMED", f"Used without proof: {grouped(doubts)}") if doubts else None
