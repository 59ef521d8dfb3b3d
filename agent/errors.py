"""The errors that expected trouble raises, each saying whose fault it is and what to do.

A refusal by the lock system is an outcome (a value), a broken cable is one of these, a bug is a crash.
No text in here may carry a secret or a guest's name: errors end up in logs and on the page.
"""


class NightPorterError(Exception):
    """Base of all expected trouble. `str()` is one plain sentence."""


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


class NotSent(CallFailed):
    """Surely no byte of the request left the box: the other side cannot have acted on it."""


class CertificateRefused(NotSent):
    """The server's certificate is not the pinned one, or nobody we trust signed it.

    `seen` is the SHA-256 of the certificate that the server showed (hex), where it is known.
    """

    def __init__(self, reason: str, seen: str | None = None) -> None:
        super().__init__(reason)
        self.seen = seen


class NoAnswer(CallFailed):
    """At least a byte may have left, and no whole answer came: the other side may have acted."""


class JournalUnavailable(NightPorterError):
    """The journal could not make a record last (disk full, failing disk): go no further with it."""
