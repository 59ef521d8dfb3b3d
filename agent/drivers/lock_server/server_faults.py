"""What a driver knows about its lock server and encoders, put on the page and taken off it again. No I/O.

Never clears what nothing has disproved: each fault has one kind of proof that ends it. Never says more than was
seen: one key that went wrong is a warning, several in a row are a fault.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from agent.drivers.lock_server.log_in import LogInRefused, Unanswered, WebApiClosed
from agent.drivers.lock_server.redirects import Redirected
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
from agent.foundation.reading.text import opened, sentence
from agent.health import lock_kinds
from agent.health.health import Health
from agent.health.kind import FaultKind

CONNECTION = (
    lock_kinds.UNREACHABLE,
    lock_kinds.WEB_API,
    lock_kinds.SILENT,
    lock_kinds.CERTIFICATE,
    lock_kinds.ADDRESS,
)
LOGGED_IN = (*CONNECTION, lock_kinds.AUTH, lock_kinds.ANSWER)
_KEYS = (lock_kinds.KEY_ANSWER, lock_kinds.KEYS)
_IN_A_ROW = 3  # keys; one may be an accident and two a coincidence, and a guest waits for each
_ROOMS_REFUSED = 2  # different rooms; a mistyped one is refused again and again, and no encoder is to blame


class Trouble(Struct, frozen=True):
    """A fault, those that its cause disproves, and what to do in this case (empty: what its kind says)."""

    kind: FaultKind
    disproves: tuple[FaultKind, ...]
    text: str
    hint: str = ""


class ServerWords(Struct, frozen=True):
    """A lock system in texts: its section of the provisioning file, and what it is called.

    `hints` say what to do about a kind of fault (by its code) where the kind's own hint speaks of another system;
    `pin` is the SHA-256 of its pinned certificate, "" for none.
    """

    section: str
    product: str
    hints: Mapping[str, str] = {}
    pin: str = ""


class ServerFaults:
    """The faults of one lock server, called `words`, and its encoders."""

    def __init__(self, health: Health, hop: str, words: ServerWords) -> None:
        self.health = health
        self.hop = hop
        self.words = words
        self._spoiled = 0  # keys in a row without an answer that such a server gives
        # By encoder: rooms refused since its last card.
        self._refused: defaultdict[str, set[str]] = defaultdict(set)

    def logged_in(self) -> None:
        """The server let the box in: it is there, it is the right one, it knows the account."""
        self.health.clear(self.hop, *LOGGED_IN)

    def trouble(self, error: CallFailed) -> Trouble:
        """What an error says of the server, with what to do."""
        found = trouble(error, self.words)
        return msgspec.structs.replace(found, hint=found.hint or self._hint(found.kind))

    def not_asked(self, error: CallFailed) -> None:
        """The server could not be asked: no connection, or no log-in."""
        found = self.trouble(error)
        self.health.clear(self.hop, *found.disproves)
        self.raise_here(found.kind, found.text, found.hint)

    def silent(self, reason: str) -> None:
        """Nothing has come from the server so far, and it is still being asked."""
        found = trouble(Unanswered(reason, is_heard=False), self.words)
        self.raise_here(found.kind, found.text, found.hint)

    def raise_here(self, kind: FaultKind, text: str = "", hint: str = "") -> None:
        """State a fault of the server, with this lock system's own hint where the case has none."""
        self.health.raise_fault(kind, self.hop, text, hint=hint or self._hint(kind))

    def key_cut(self, encoder: str) -> None:
        """A key was cut: server and encoder work."""
        self.key_answered()
        self._refused.pop(encoder, None)
        self.health.clear(encoder_hop(encoder), lock_kinds.ENCODER)

    def key_refused(self, encoder: str, rooms: Iterable[str], words: str) -> None:
        """The lock system said no to a key, in its own words (cleaned).

        Words alone do not tell whose fault it is, and most refusals are about the order. An encoder that refuses
        one room after the other is worth a look.
        """
        self.key_answered()
        refused = self._refused[encoder]
        refused.update(rooms)
        if len(refused) >= _ROOMS_REFUSED:
            text = f"Keys for {len(refused)} rooms in a row were refused, the last one with: {words}"
            self.health.raise_fault(lock_kinds.ENCODER, encoder_hop(encoder), text, behind=self.hop)

    def key_answer_wrong(self, words: str) -> None:
        """A key request was answered, but not by what such a server says: that is no encoder's fault."""
        self.key_spoiled(f"To the last key it answered: {words}")

    def key_unanswered(self, encoder: str, error: NoAnswer) -> None:
        """A key request went out and no whole answer came back; silence is an encoder without a card."""
        if isinstance(error, Silence):
            text = f"The last key was not answered: {error.reason}"
            self.health.raise_fault(lock_kinds.ENCODER, encoder_hop(encoder), text, behind=self.hop)
        else:
            self.key_spoiled(f"The last key got no answer: {error.reason}")

    def key_answered(self) -> None:
        """The server answered for a key, or what its last answers were no longer matters."""
        self._spoiled = 0
        self.health.clear(self.hop, *_KEYS)

    def key_spoiled(self, text: str) -> None:
        """A key got no answer that such a server gives; several in a row are a fault."""
        self._spoiled += 1
        self.raise_here(lock_kinds.KEY_ANSWER, text)
        if self._spoiled >= _IN_A_ROW:
            self.raise_here(lock_kinds.KEYS, f"{self._spoiled} keys in a row. {text}")

    def _hint(self, kind: FaultKind) -> str:
        return self.words.hints.get(kind.code, "")


def encoder_hop(identifier: str) -> str:
    """An encoder's place on the page."""
    return f"encoder:{identifier}"


def trouble(error: CallFailed, words: ServerWords) -> Trouble:
    """What an error of a call, or of a log-in, says of the server."""
    text = opened(error.reason)
    match error:
        case CertificateRefused():
            hint = _CERTIFICATE[error.flaw].format(section=words.section)
            kind = lock_kinds.CERTIFICATE
            return Trouble(kind, others(kind), text + _fingerprints(error, words), hint)
        case OtherSpeech():
            return Trouble(lock_kinds.ADDRESS, others(lock_kinds.ADDRESS), text, _for_speech(error, words))
        case Redirected():
            return Trouble(lock_kinds.ADDRESS, others(lock_kinds.ADDRESS), text, _for_redirect(error, words))
        case WebApiClosed():
            return Trouble(lock_kinds.WEB_API, others(lock_kinds.WEB_API), text)
        case NotSent():
            return Trouble(lock_kinds.UNREACHABLE, (lock_kinds.SILENT, lock_kinds.WEB_API), text)
        case Unanswered() if not error.is_heard:
            disproved = (lock_kinds.UNREACHABLE, lock_kinds.WEB_API, lock_kinds.CERTIFICATE)
            return Trouble(lock_kinds.SILENT, disproved, text)
        case Unanswered():
            return Trouble(lock_kinds.ANSWER, CONNECTION, sentence(f"The log-in failed: {error.reason}"))
        case LogInRefused():
            return Trouble(lock_kinds.AUTH, (*CONNECTION, lock_kinds.ANSWER), _to_log_in(error))
    return Trouble(lock_kinds.ANSWER, CONNECTION, _to_log_in(error))


def others(kind: FaultKind) -> tuple[FaultKind, ...]:
    """What a connection that failed in this way disproves: the other ways."""
    return tuple(other for other in CONNECTION if other is not kind)


def _fingerprints(error: CertificateRefused, words: ServerWords) -> str:
    pinned = f" The file has: {words.pin}" if words.pin and error.flaw is Flaw.NOT_PINNED else ""
    return f" SHA-256 seen: {error.seen}{'.' if pinned else ''}{pinned}" if error.seen else ""


def _to_log_in(error: CallFailed) -> str:
    return sentence(f"To the log-in it answered: {error.reason}")


def _for_speech(error: OtherSpeech, words: ServerWords) -> str:
    match error.speech:
        case Speech.TLS:
            pin = f' = "{error.seen}", if its SHA-256 is the same on the lock system\'s PC' if error.seen else ""
            return f'In {words.section} write server = "{error.address}" and certificate_sha256{pin}.'
        case Speech.HTTP:
            return f'In {words.section} write server = "{error.address}", and take certificate_sha256 out.'
    return f"Another service has this port. In {words.section} write the port of {words.product} in server."


def _for_redirect(error: Redirected, words: ServerWords) -> str:
    if not error.server:
        return ""
    return f'If that is {words.product}, write server = "{error.server}" in {words.section}.'


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
    Flaw.OTHER_NAME: "Write the name that it is made out to into server of {section}. Or: " + _COMPARE,
    Flaw.EXPIRED: f"Is the box's clock right? If so: {_RENEW}",
    Flaw.NOT_YET_VALID: f"Is the box's clock right? If so: {_RENEW}",
    Flaw.CLOCK: "Set the box's clock first: let it reach a time server (UDP port 123), or name the hotel's own as "
    f"`ntp` in [network]. If the clock is right: {_RENEW}",
    Flaw.OTHER: "",
}
