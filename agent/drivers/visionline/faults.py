"""What the VisiOnline driver knows about its server and encoders, put on the page and taken off it again. No I/O.

Never clears what nothing has disproved, and shows no address's user or password.
"""

from agent.drivers.lock_server.server_faults import CONNECTION, ServerFaults, ServerWords, encoder_hop
from agent.drivers.visionline.protocol.notes import OF_ENCODER, PERHAPS, KeyCode
from agent.foundation.errors import CallFailed
from agent.foundation.reading.text import opened, sentence
from agent.health import lock_kinds
from agent.health.health import Health

DEFAULT_OPERATOR = "sym"  # in wide use, with its own name as password (reference/visionline.md, section 10)
_SECTION = "[[visionline]]"
_RESTART = "Restart VisiOnline's services on the lock system's PC, or the whole PC."
_HINTS = {
    lock_kinds.SILENT.code: _RESTART,
    lock_kinds.ADDRESS.code: f"Is `server` in {_SECTION} the address of VisiOnline's web API?",
    lock_kinds.AUTH.code: f"Check username and password in {_SECTION}, and the operator of that name.",
    lock_kinds.ANSWER.code: f"Is `server` in {_SECTION} really VisiOnline? If so: {_RESTART}",
    lock_kinds.KEYS.code: _RESTART,
    lock_kinds.KEY_ANSWER.code: f"The next key that is answered clears this. If none is: {_RESTART}",
}


class SignatureRefused(CallFailed):
    """The server has opened a session and refuses what is signed in it."""


class NotClosed(CallFailed):
    """The server has not closed a session when it was asked to."""


class VisionlineFaults(ServerFaults):
    """The faults of one VisiOnline server and its encoders. `pin` is its certificate's SHA-256 in the file."""

    def __init__(self, health: Health, hop: str, pin: str) -> None:
        super().__init__(health, hop, ServerWords(_SECTION, "VisiOnline", _HINTS, pin))

    def stand(self, operator: str) -> None:
        """State what holds as long as the provisioning file stays as it is."""
        if operator.strip().casefold() == DEFAULT_OPERATOR:
            self.raise_here(
                lock_kinds.OPERATOR, f"It logs in as {DEFAULT_OPERATOR}, whose password is well known."
            )
        else:
            self.health.clear(self.hop, lock_kinds.OPERATOR)

    def found(self, error: CallFailed | None) -> None:
        """How a look at the server ended: a session opened and closed."""
        if error is not None and not isinstance(error, SignatureRefused | NotClosed):
            self.not_asked(error)
            return
        self.logged_in()
        self.health.clear(self.hop, *([] if isinstance(error, SignatureRefused) else [lock_kinds.SIGNATURE]))
        self.health.clear(self.hop, *([] if isinstance(error, NotClosed) else [lock_kinds.SESSIONS]))
        if error is not None:
            is_signature = isinstance(error, SignatureRefused)
            self.raise_here(lock_kinds.SIGNATURE if is_signature else lock_kinds.SESSIONS, opened(error.reason))

    def other_server(self, asked: str) -> None:
        """An order named this server, which is not the file's."""
        self.raise_here(lock_kinds.OTHER_SERVER, sentence(f"The last one asked for {asked}"))

    def own_server(self) -> None:
        """An order named the file's server."""
        self.health.clear(self.hop, lock_kinds.OTHER_SERVER)

    def order_let_in(self) -> None:
        """The account that an order brought along was let in."""
        self.health.clear(self.hop, lock_kinds.ORDER_LOG_IN, *CONNECTION)

    def order_refused(self, error: CallFailed) -> None:
        """The account that an order brought along was refused: that says nothing about the file's."""
        self.health.clear(self.hop, *CONNECTION)
        self.raise_here(lock_kinds.ORDER_LOG_IN, sentence(f"To the log-in it answered: {error.reason}"))

    def key_failed(self, encoder: str, rooms: tuple[str, ...], code: KeyCode, words: str) -> None:
        """The server said no to a key, or perhaps; `words` are its own (cleaned)."""
        if code is KeyCode.RIGHTS:
            self.raise_here(lock_kinds.RIGHTS, sentence(f"To the last key it answered: {words}"))
        elif code in OF_ENCODER:
            self.key_answered()
            text = sentence(f"The lock system says of it: {words}")
            self.health.raise_fault(lock_kinds.ENCODER, encoder_hop(encoder), text, behind=self.hop)
        elif code in PERHAPS or code is KeyCode.DOOR_UNKNOWN:
            self.key_answered()
        else:
            self.key_refused(encoder, rooms, words)

    def key_answered(self) -> None:
        """The server answered for a key, or what its last answers were no longer matters."""
        super().key_answered()
        self.health.clear(self.hop, lock_kinds.RIGHTS)
