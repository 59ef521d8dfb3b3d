"""The calls to one Coder Bridge: log in, ask with the token, and ask once more only if it surely did nothing.

Never sends a request a second time except after a refusal of the token (reference/coder-bridge.md, section 4,
warnings 3 and 5), never logs in twice at once, and lets no word of the bridge out before it is cleaned.
"""

import copy
from collections.abc import Callable, Mapping
from typing import TypeVar

import trio
from msgspec import Struct, structs

from agent.commands.driver import TokenLife
from agent.commands.people import NO_ONE, People
from agent.drivers.coder_bridge.protocol import verdicts, wire
from agent.drivers.coder_bridge.protocol.exchange import Exchange, Overhear, unheard
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.session import Kept, Session
from agent.drivers.coder_bridge.protocol.wire import Reading
from agent.drivers.coder_bridge.protocol.words import Method, Role, Slot
from agent.drivers.lock_server import redirects
from agent.drivers.lock_server.log_in import Credentials, Unanswered
from agent.drivers.lock_server.redirects import Moved, Redirected
from agent.drivers.lock_server.words import cleaned
from agent.foundation.errors import CallFailed, NoAnswer
from agent.foundation.http import Answer, Peer
from provisioning.secret import Secret

_SAID_IN_CLEAR = frozenset({400, 426})  # what a server of TLS says to a request without it, if it says anything
_TOKEN_START = "eyJ"  # noqa: S105 - of any JSON web token
Row = TypeVar("Row", bound=Struct)
CONNECTIONS = 32  # at once; more encoders than a hotel has, and a list or a log-in beside them


class Said(Struct, frozen=True):
    """An answer to an authorised call: its status, its body, what it says, and the token it was asked with.

    `moved` where it is a redirect.
    """

    status: int
    body: bytes
    reading: Reading
    kept: Kept
    moved: Moved | None = None


def open_peer(server: str, pin: str | None = None) -> Peer:
    """The bridge at `server` (`scheme://host:port/mst/enc`), with the SHA-256 of its certificate to hold it to."""
    return Peer(server, connections=CONNECTIONS, certificate_sha256=pin)


class Bridge:
    """One server, one account, one token for all encoders. `clock` gives monotonic seconds.

    `overhear` is told each exchange, while a site is learned.
    `last_answer` is when anything at all came back from the server (monotonic seconds, None: never yet).
    """

    def __init__(
        self,
        peer: Peer,
        profile: Profile,
        credentials: Credentials,
        clock: Callable[[], float] = trio.current_time,
        overhear: Overhear = unheard,
    ) -> None:
        self._peer = peer
        self._profile = profile
        self._credentials = credentials
        self._clock = clock
        self._overhear = overhear
        self._session = Session(profile.token)
        self._log_in_lock = trio.Lock()
        self._attempts = 0
        self._failure: CallFailed | None = None
        self.last_answer: float | None = None

    async def ask(
        self, slot: Slot, fields: Mapping[str, str], *, deadline: float, cap: int = wire.KEY_ANSWER_CAP
    ) -> Said:
        """Make an authorised call: at most `deadline` seconds without the log-in, at most `cap` bytes of answer.

        Raises `NoAnswer` if the bridge may have acted. Every other `CallFailed` means that it surely did not:
        `NotSent`, or what `log_in` raises.
        """
        kept = await self.log_in()
        until = self._clock() + deadline
        said = await self._call(slot, fields, kept, deadline, cap)
        if not self._session.may_repeat(said.status, said.reading):
            return said
        self._session.drop(kept)
        kept = await self.log_in()
        return await self._call(slot, fields, kept, max(0.0, until - self._clock()), cap)

    @property
    def answered_ago(self) -> float | None:
        """How many seconds ago anything came back; None before the first time."""
        return None if self.last_answer is None else self._clock() - self.last_answer

    @property
    def token_life(self) -> TokenLife | None:
        """Of the token that is in use; None where the next call logs in first."""
        kept = self._session.usable(self._clock())
        return None if kept is None else TokenLife(kept.since, kept.until)

    @property
    def log_ins(self) -> int:
        """How many were tried."""
        return self._attempts

    async def log_in(self) -> Kept:
        """A token to go on with, by a log-in if need be; all who wait for the same log-in share how it ends.

        Raises `NotSent`, `OtherSpeech`, `Redirected`, `Unanswered`, `LogInRefused` or `StrangeAnswer`: nothing was
        asked of the bridge yet.
        """
        seen = self._attempts
        async with self._log_in_lock:
            kept = self._session.usable(self._clock())
            if kept is not None:
                return kept
            if self._failure is not None and self._attempts > seen:
                raise copy.copy(self._failure)
            return await self._log_in()

    def drop(self, kept: Kept) -> None:
        """Have the next call log in again: a bridge may say "expired" in words only."""
        self._session.drop(kept)

    def take(self, profile: Profile) -> None:
        """Make the next calls by this profile, while a site is learned; the log-in goes on."""
        self._profile = profile

    def clean(self, words: str, people: People = NO_ONE) -> str:
        """The bridge's words, fit for a note, a page or a log; those about an order without its `people`."""
        return cleaned(words, (self._credentials.password, *self._session.tokens), people)

    def clean_row(self, row: Row) -> Row:
        """A row of a list, or what a card says, with its texts clean; those without a secret are left alone."""
        texts = ((name, getattr(row, name)) for name in row.__struct_fields__)
        cleaned = {
            name: self._clean_cell(value) if isinstance(value, str) else tuple(map(self._clean_cell, value))
            for name, value in texts
        }
        return structs.replace(row, **cleaned)

    def _clean_cell(self, text: str) -> str:
        secrets = (self._credentials.password, *self._session.tokens)
        is_suspect = _TOKEN_START in text or any(secret.reveal() in text for secret in secrets)
        return self.clean(text) if is_suspect else text

    async def _log_in(self) -> Kept:
        try:
            kept = await self._new_token()
        except CallFailed as error:
            self._failure = error
            raise
        else:
            self._failure = None
            return kept
        finally:
            self._attempts += 1

    async def _new_token(self) -> Kept:
        call = self._profile.calls[Slot.AUTH]
        fields: dict[str, str | Secret] = {
            call.name(Role.USERNAME): self._credentials.username,
            call.name(Role.PASSWORD): self._credentials.password,
        }
        try:
            answer = await self._send(Slot.AUTH, fields, None, self._profile.limits.short_seconds.value)
        except NoAnswer as error:  # a log-in without an answer has cut no key
            await self._raise_other_speech()
            raise Unanswered(error.reason, is_heard=error.is_heard) from None
        if answer.status in _SAID_IN_CLEAR:
            await self._raise_other_speech()
        moved = self._moved(Slot.AUTH, answer)
        if moved is not None:
            raise Redirected(moved)
        token = verdicts.token(answer.status, answer.body, self._profile, self.clean)
        return self._session.keep(token, self._clock(), answer.date)

    async def _raise_other_speech(self) -> None:
        """Who does not answer a log-in as a bridge does may speak something else altogether."""
        other = await self._peer.other_speech()
        if other is not None:
            raise other

    async def _call(self, slot: Slot, fields: Mapping[str, str], kept: Kept, deadline: float, cap: int) -> Said:
        try:
            answer = await self._send(slot, fields, kept.token, deadline, cap)
        except NoAnswer:
            self._session.drop(kept)
            raise
        said = verdicts.read(answer.status, answer.body, self._profile.answers)
        return Said(answer.status, answer.body, said, kept, self._moved(slot, answer))

    def _moved(self, slot: Slot, answer: Answer) -> Moved | None:
        return redirects.moved(
            answer.status, answer.location, self._peer.base + self._profile.calls[slot].path.value
        )

    async def _send(
        self,
        slot: Slot,
        fields: Mapping[str, str | Secret],
        token: Secret | None,
        deadline: float,
        cap: int = wire.KEY_ANSWER_CAP,
    ) -> Answer:
        call = self._profile.calls[slot]
        has_body = call.method.value is not Method.GET
        exchange = Exchange(slot, call.method.value, call.path.value, fields)
        began = self._clock()
        try:
            answer = await self._peer.call(
                call.method.value,
                call.path.value,
                body=wire.request(fields) if has_body else None,
                headers=wire.headers(has_body, token),
                deadline=deadline,
                cap=cap,
            )
        except NoAnswer as error:
            if error.is_heard:
                self.last_answer = self._clock()
            self._overhear(exchange.lost_after(self._clock() - began))
            raise
        self.last_answer = self._clock()
        self._overhear(exchange.answered(answer.status, answer.content_type, answer.body, self._clock() - began))
        return answer
