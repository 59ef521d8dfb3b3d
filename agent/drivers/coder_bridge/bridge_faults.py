"""What the Coder Bridge driver knows about its server and encoders, put on the page and taken off it again.

Never clears what nothing has disproved: each fault has one kind of proof that ends it. Never says more than was
seen: one key that went wrong is a warning, several in a row are a fault.
"""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from agent.drivers.coder_bridge.protocol.notes import sentence
from agent.drivers.coder_bridge.protocol.profile import Profile, grouped, unconfirmed
from agent.drivers.coder_bridge.protocol.redirects import Redirected
from agent.drivers.coder_bridge.protocol.session import LogInRefused, NoRooms, Unanswered
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.foundation.errors import (
    CallFailed,
    CertificateRefused,
    Flaw,
    NoAnswer,
    NotSent,
    OtherSpeech,
    Silence,
    Speech,
)
from agent.health import lock_kinds
from agent.health.health import Health
from agent.health.kind import FaultKind

SERVER_HOP = "lock-server:coder-bridge"
_CONNECTION = (lock_kinds.UNREACHABLE, lock_kinds.SILENT, lock_kinds.CERTIFICATE, lock_kinds.ADDRESS)
_LOGGED_IN = (*_CONNECTION, lock_kinds.AUTH, lock_kinds.ANSWER)
_MEASURED = (*_LOGGED_IN, lock_kinds.ROOMS)
_KEYS = (lock_kinds.KEY_ANSWER, lock_kinds.KEYS)
_STANDING = (lock_kinds.INACTIVE, lock_kinds.PROFILE, lock_kinds.UNCONFIRMED)
_IN_A_ROW = 3  # keys; one may be an accident and two a coincidence, and a guest waits for each
_ROOMS_REFUSED = 2  # different rooms; a mistyped one is refused again and again, and no encoder is to blame


class BridgeFaults:
    """The faults of one Coder Bridge and its encoders."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._spoiled = 0  # keys in a row without an answer that a Coder Bridge gives
        # By encoder: rooms refused since its last card.
        self._refused: defaultdict[str, set[str]] = defaultdict(set)

    def stand(self, profile: Profile, *, active: bool, allow_unconfirmed: bool) -> None:
        """State what holds as long as the provisioning file stays as it is."""
        wanted = _standing(profile, active=active, allow_unconfirmed=allow_unconfirmed)
        over = [kind for kind in _STANDING if wanted is None or kind is not wanted[0]]
        self._key_answered()  # the last ones were asked for by another profile, perhaps
        self._health.clear(SERVER_HOP, *over)
        if wanted is not None:
            self._health.raise_fault(wanted[0], SERVER_HOP, wanted[1])
        if not active:
            self._health.clear(SERVER_HOP, *_MEASURED)

    def logged_in(self) -> None:
        """The server let the box in: it is there, it is the right one, it knows the account."""
        self._health.clear(SERVER_HOP, *_LOGGED_IN)

    def not_asked(self, error: CallFailed) -> None:
        """The server could not be asked: no connection, or no log-in."""
        found = trouble(error)
        self._health.clear(SERVER_HOP, *found.disproves)
        self._health.raise_fault(found.kind, SERVER_HOP, found.text, hint=found.hint)

    def silent(self, reason: str) -> None:
        """Nothing has come from the server so far, and it is still being asked."""
        self._health.raise_fault(lock_kinds.SILENT, SERVER_HOP, _sentence(reason))

    def rooms_read(self) -> None:
        """The list of rooms came as it should."""
        self._health.clear(SERVER_HOP, lock_kinds.ROOMS)

    def found(self, error: CallFailed) -> None:
        """A look at the server failed; without an answer to the list of rooms, the log-in still went well."""
        if not isinstance(error, NoAnswer | NoRooms):
            self.not_asked(error)
            return
        self.logged_in()
        seen = "To a look at the rooms it answered" if isinstance(error, NoRooms) else "A look at the rooms failed"
        self._health.raise_fault(lock_kinds.ROOMS, SERVER_HOP, sentence(f"{seen}: {error.reason}"))

    def key_cut(self, encoder: str) -> None:
        """A key was cut: server and encoder work."""
        self._key_answered()
        self._refused.pop(encoder, None)
        self._health.clear(encoder_hop(encoder), lock_kinds.ENCODER)

    def key_refused(self, encoder: str, rooms: Iterable[str], words: str) -> None:
        """The lock system said no to a key, in its own words (cleaned).

        Words do not tell whose fault it is (no list of codes is public, reference/coder-bridge.md section 2.3),
        and most refusals are about the order. An encoder that refuses one room after the other is worth a look.
        """
        self._key_answered()
        refused = self._refused[encoder]
        refused.update(rooms)
        if len(refused) >= _ROOMS_REFUSED:
            text = f"Keys for {len(refused)} rooms in a row were refused, the last one with: {words}"
            self._health.raise_fault(lock_kinds.ENCODER, encoder_hop(encoder), text, behind=SERVER_HOP)

    def key_answer_wrong(self, words: str) -> None:
        """A key request was answered, but not by what a Coder Bridge says: that is no encoder's fault."""
        self._key_spoiled(f"To the last key it answered: {words}")

    def key_unanswered(self, encoder: str, error: NoAnswer) -> None:
        """A key request went out and no whole answer came back; silence is an encoder without a card."""
        if isinstance(error, Silence):
            text = f"The last key was not answered: {error.reason}"
            self._health.raise_fault(lock_kinds.ENCODER, encoder_hop(encoder), text, behind=SERVER_HOP)
        else:
            self._key_spoiled(f"The last key got no answer: {error.reason}")

    def _key_answered(self) -> None:
        self._spoiled = 0
        self._health.clear(SERVER_HOP, *_KEYS)

    def _key_spoiled(self, text: str) -> None:
        self._spoiled += 1
        self._health.raise_fault(lock_kinds.KEY_ANSWER, SERVER_HOP, text)
        if self._spoiled >= _IN_A_ROW:
            self._health.raise_fault(lock_kinds.KEYS, SERVER_HOP, f"{self._spoiled} keys in a row. {text}")


class Trouble(Struct, frozen=True):
    """A fault, those that its cause disproves, and what to do in this case (empty: what its kind says)."""

    kind: FaultKind
    disproves: tuple[FaultKind, ...]
    text: str
    hint: str = ""


def encoder_hop(identifier: str) -> str:
    """An encoder's place on the page."""
    return f"encoder:{identifier}"


def trouble(error: CallFailed) -> Trouble:
    """What an error of a call, or of a log-in, says of the server."""
    text = _sentence(error.reason)
    match error:
        case CertificateRefused():
            seen = f" SHA-256 seen: {error.seen}" if error.seen else ""
            return Trouble(
                lock_kinds.CERTIFICATE, _others(lock_kinds.CERTIFICATE), text + seen, _CERTIFICATE[error.flaw]
            )
        case OtherSpeech():
            return Trouble(lock_kinds.ADDRESS, _others(lock_kinds.ADDRESS), text, _for_speech(error))
        case Redirected():
            return Trouble(lock_kinds.ADDRESS, _others(lock_kinds.ADDRESS), text, _for_redirect(error))
        case NotSent():
            return Trouble(lock_kinds.UNREACHABLE, (lock_kinds.SILENT,), text)
        case Unanswered() if not error.is_heard:
            return Trouble(lock_kinds.SILENT, (lock_kinds.UNREACHABLE, lock_kinds.CERTIFICATE), text)
        case Unanswered():
            return Trouble(lock_kinds.ANSWER, _CONNECTION, f"The log-in failed: {error.reason}.")
        case LogInRefused():
            return Trouble(lock_kinds.AUTH, (*_CONNECTION, lock_kinds.ANSWER), _to_log_in(error))
    return Trouble(lock_kinds.ANSWER, _CONNECTION, _to_log_in(error))


def _others(kind: FaultKind) -> tuple[FaultKind, ...]:
    return tuple(other for other in _CONNECTION if other is not kind)


def _sentence(reason: str) -> str:
    return sentence(reason[:1].upper() + reason[1:])


def _to_log_in(error: CallFailed) -> str:
    return sentence(f"To the log-in it answered: {error.reason}")


def _for_speech(error: OtherSpeech) -> str:
    match error.speech:
        case Speech.TLS:
            pin = f' = "{error.seen}", if its SHA-256 is the same on the lock system\'s PC' if error.seen else ""
            return f'In [coder_bridge] write server = "{error.address}" and certificate_sha256{pin}.'
        case Speech.HTTP:
            return f'In [coder_bridge] write server = "{error.address}", and take certificate_sha256 out.'
    return "Another service has this port. In [coder_bridge] write the Coder Bridge's own port in server."


def _for_redirect(error: Redirected) -> str:
    if not error.server:
        return ""
    return f'If that is the Coder Bridge, write server = "{error.server}" in [coder_bridge].'


_COMPARE = (
    "Compare the SHA-256 with the lock system's PC; if it is the same there, write it into certificate_sha256."
)
_RENEW = (
    "Have the certificate renewed at the lock system, or pin it with certificate_sha256, which asks for no dates."
)
_CERTIFICATE = {
    Flaw.NOT_PINNED: _COMPARE,
    Flaw.SELF_SIGNED: _COMPARE,
    Flaw.UNKNOWN_ISSUER: _COMPARE,
    Flaw.OTHER_NAME: f"Write the name that it is made out to into server of [coder_bridge]. Or: {_COMPARE}",
    Flaw.EXPIRED: f"Is the box's clock right? If so: {_RENEW}",
    Flaw.NOT_YET_VALID: f"Is the box's clock right? If so: {_RENEW}",
    Flaw.CLOCK: "Set the box's clock first: let it reach a time server (UDP port 123), or name the hotel's own as "
    f"`ntp` in [network]. If the clock is right: {_RENEW}",
    Flaw.OTHER: "",
}


def _standing(profile: Profile, *, active: bool, allow_unconfirmed: bool) -> tuple[FaultKind, str] | None:
    if not active:
        return lock_kinds.INACTIVE, ""
    if not allow_unconfirmed:
        doubts = unconfirmed(profile, Slot.GUEST_KEY)
        return (lock_kinds.PROFILE, f"Not confirmed: {grouped(doubts)}") if doubts else None
    doubts = unconfirmed(profile, Slot.GUEST_KEY, areas=profile.areas.use.value, copies=True)
    return (lock_kinds.UNCONFIRMED, f"Used without proof: {grouped(doubts)}") if doubts else None
