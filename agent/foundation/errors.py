"""The errors that expected trouble raises, each saying whose fault it is and what to do.

A refusal by the lock system is an outcome (a value), a broken cable is one of these, a bug is a crash.
No text in here may carry a secret or a guest's name: errors end up in logs and on the page.
"""

from enum import StrEnum
from typing import Self


class NightPorterError(Exception):
    """Base of all expected trouble. `str()` is one plain sentence."""


def reason_of(error: Exception) -> str:
    """What an error says, in a few words to go on a sentence with: the system's own for an `OSError`."""
    return (error.strerror or "no reason given").lower() if isinstance(error, OSError) else str(error)


class UserMistake(NightPorterError):
    """A wrong file, flag or address: printed as it is, without a traceback, exit code 2."""


def mistake_in(group: BaseExceptionGroup[BaseException]) -> UserMistake | None:
    """The user's mistake that came out of a nursery, however deep; None if anything else went wrong as well."""
    found: list[UserMistake] = []
    for error in group.exceptions:
        inner = mistake_in(error) if isinstance(error, BaseExceptionGroup) else error
        if not isinstance(inner, UserMistake):
            return None
        found.append(inner)
    return found[0]


class CallFailed(NightPorterError):
    """A call to another machine brought no usable answer.

    `reason` is a few plain words ("the connection was refused"), without address or credentials.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __copy__(self) -> Self:
        """The same error for one more task to raise: a traceback belongs to one."""
        other = type(self).__new__(type(self), *self.args)
        other.__dict__.update(self.__dict__)
        return other


class NotSent(CallFailed):
    """Surely no byte of the request left the box: the other side cannot have acted on it."""


class Flaw(StrEnum):
    """What is wrong with a certificate."""

    NOT_PINNED = "not-pinned"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    CLOCK = "clock"  # its dates do not fit, and the box's own clock is the likelier cause
    OTHER_NAME = "other-name"
    SELF_SIGNED = "self-signed"
    UNKNOWN_ISSUER = "unknown-issuer"
    OTHER = "other"


class CertificateRefused(NotSent):
    """The server's certificate is not the pinned one, or not good for it: `flaw` tells which, `reason` in words.

    `seen` is the SHA-256 of the certificate that the server showed (hex), empty where it is not known.
    """

    def __init__(self, reason: str, flaw: Flaw, seen: str = "") -> None:
        super().__init__(reason)
        self.flaw = flaw
        self.seen = seen


class Speech(StrEnum):
    """What a server was heard to speak on its port."""

    TLS = "TLS"
    HTTP = "plain HTTP"
    SSH = "SSH"
    MAIL_OR_FTP = "SMTP or FTP"


class OtherSpeech(CallFailed):
    """The server speaks something else than the scheme of its address says: it did not take the request.

    `address` is `scheme://host:port` with the scheme that would fit (empty where none does), `seen` the SHA-256
    (hex) of its certificate where it speaks TLS, else empty.
    """

    def __init__(self, reason: str, speech: Speech, address: str = "", seen: str = "") -> None:
        super().__init__(reason)
        self.speech = speech
        self.address = address
        self.seen = seen


class NoAnswer(CallFailed):
    """At least a byte may have left, and no whole answer came: the other side may have acted.

    `is_heard`: something came back, though not a whole answer. `status` is the answer's where its head was whole,
    and 0 where it was not.
    """

    def __init__(self, reason: str, *, is_heard: bool = False, status: int = 0) -> None:
        super().__init__(reason)
        self.is_heard, self.status = is_heard, status


class Silence(NoAnswer):
    """The request went out, and its deadline passed without a whole answer."""


class JournalUnavailable(NightPorterError):
    """The journal could not make a record last (disk full, failing disk): go no further with it."""
