"""The calls to one VisiOnline server: open a session, ask in it, close it.

Each call is signed and sent once; only one that was surely refused for its session or signature is sent a second
time, in a new session. A name is looked up once for a session, and all its calls go to that one address. Lets no
word of the server out before it is cleaned.
Facts: reference/visionline.md, sections 2 and 3.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import trio
from msgspec import Struct

from agent.commands.model import Account
from agent.commands.people import NO_ONE, People
from agent.drivers.lock_server import redirects
from agent.drivers.lock_server.log_in import LogInRefused, StrangeAnswer, Unanswered, WebApiClosed
from agent.drivers.lock_server.redirects import Moved, Redirected
from agent.drivers.lock_server.words import cleaned
from agent.drivers.visionline.protocol import named_server, requests, signing, verdicts, wire
from agent.drivers.visionline.protocol.server_clock import ServerClock, differ
from agent.drivers.visionline.protocol.signing import Call, Rules, Session
from agent.foundation import reach
from agent.foundation.errors import CallFailed, CertificateRefused, NoAnswer, NotSent
from agent.foundation.http import Answer, Peer
from agent.foundation.reach import Server
from agent.foundation.timing import Clock
from provisioning.secret import Secret

SHORT_SECONDS = 10.0  # s for a log-in or a list; they wait for no card
CLOSE_SECONDS = 2.0  # s; a session that cannot be closed ends by itself, and the next key waits
PMS_PORT = 4000  # TCP; VisiOnline's own PMS interface, open wherever the server runs (reference section 10)
_REFUSED_LOG_IN = frozenset({400, 401, 403})  # what bad credentials give is inferred; these blame the request

LookUp = Callable[[str], Awaitable[Sequence[str]]]
IsOpen = Callable[[str, int], Awaitable[bool]]


class Said(Struct, frozen=True):
    """An answer to a signed call; `moved` where it is a redirect."""

    status: int
    body: bytes
    moved: Moved | None = None


class Means(Struct, frozen=True):
    """What the calls take beside the peer: monotonic seconds, the true time as far as it is known, the network."""

    clock: Clock
    now: Callable[[], datetime]
    look_up: LookUp = reach.look_up_all
    is_open: IsOpen = reach.is_open
    pms_port: int = PMS_PORT


class WebApi:
    """One server, with the `account` that the box has there.

    `last_answer` is when anything at all came back from it (monotonic seconds, None: never yet).
    """

    def __init__(self, peer: Peer, server: Server, account: Account, rules: Rules, means: Means) -> None:
        self._peer = peer
        self._server = server
        self.account = account
        self._rules = rules
        self._means = means
        self._server_clock = ServerClock()
        self.last_answer: float | None = None

    @asynccontextmanager
    async def visit(self, account: Account | None = None) -> AsyncIterator["Visit"]:
        """A session for a few calls, in the box's account or another, closed behind them whatever happens.

        Raises `NotSent`, `OtherSpeech`, `Redirected`, `Unanswered`, `LogInRefused` or `StrangeAnswer`: nothing was
        asked of the server yet.
        """
        visit = Visit(self, account or self.account, await self._address())
        try:
            await visit.log_in()
            yield visit
        finally:
            await visit.close()

    @property
    def clock(self) -> Clock:
        """Monotonic seconds."""
        return self._means.clock

    def time(self) -> datetime:
        """What a call that is sent now is dated with."""
        return self._server_clock.time(self._means.now(), self._means.clock())

    def moved(self, call: Call, answer: Answer) -> Moved | None:
        """Where an answer sends the caller; None if it is no redirect."""
        return redirects.moved(answer.status, answer.location, self._peer.base + call.path)

    async def send(
        self, call: Call, date: datetime, session: Session | None, *, at: str, deadline: float, cap: int
    ) -> Answer:
        """Send one request, dated and (in a session) signed. Raises what `Peer.call` raises."""
        headers = signing.headers(call, signing.written(date), self._rules, session)
        try:
            answer = await self._peer.call(
                call.method, call.path, body=call.body, headers=headers, deadline=deadline, cap=cap, at=at
            )
        except NoAnswer as error:
            if error.is_heard:
                self.last_answer = self._means.clock()
            raise
        self.last_answer = self._means.clock()
        self._server_clock.heard(answer.date, self.last_answer)
        return answer

    async def why_not(self, error: NotSent, at: str) -> NotSent:
        """Tell a web API that is closed from a server that is down: by the ports of both."""
        host, is_open = at or self._server.host, self._means.is_open
        if isinstance(error, CertificateRefused) or await is_open(host, self._server.port):
            return error
        pms_port = self._means.pms_port
        if not await is_open(host, pms_port):
            return error
        return WebApiClosed(f"port {self._server.port} takes no connection, and its PMS port {pms_port} does")

    async def _address(self) -> str:
        """Where the server's name leads; "" for one that is given by its address."""
        if not self._server.is_named:
            return ""
        found = await self._means.look_up(self._server.host)
        address = named_server.usable(self._server.host, found)
        if address is None:
            raise NotSent("its name leads to the box itself or to no machine of the network")
        return address


class Visit:
    """A session at the server. `closing` is the status of its end, or why that had no answer; None before."""

    def __init__(self, api: WebApi, account: Account, at: str) -> None:
        self._api = api
        self._account = account
        self._at = at
        self._sessions: list[Session] = []
        self.closing: CallFailed | int | None = None

    async def log_in(self) -> None:
        """Open a session. Raises as `WebApi.visit` says."""
        call, dated = requests.log_in(self._account.username, self._account.password), self._api.time()
        answer = await self._send_log_in(call, dated)
        if answer.status in verdicts.REFUSED and differ(self._api.time(), dated):
            answer = await self._send_log_in(call, self._api.time())  # now by the server's clock
        moved = self._api.moved(call, answer)
        if moved is not None:
            raise Redirected(moved)
        self._sessions.append(self._session(answer))

    async def ask(self, call: Call, *, deadline: float, cap: int = wire.ANSWER_CAP) -> Said:
        """Make a signed call: at most `deadline` seconds without the log-in, at most `cap` bytes of answer.

        Raises `NoAnswer` if the server may have acted. Every other `CallFailed` means that it surely did not:
        `NotSent`, or what `log_in` raises.
        """
        clock = self._api.clock
        until = clock() + deadline
        said = await self._signed(call, deadline, cap)
        if not verdicts.is_refused(said.status, said.body):
            return said
        begun = clock()
        await self.log_in()
        until += clock() - begun
        return await self._signed(call, max(0.0, until - clock()), cap)

    async def close(self) -> None:
        """Close what was opened, within a short time, also when the caller is being cancelled."""
        with trio.CancelScope(shield=True):
            for session in self._sessions:
                self.closing = await self._close(session)

    def clean(self, words: str, people: People = NO_ONE) -> str:
        """The server's words, fit for a note, a page or a log; those about an order without its `people`."""
        ids = (Secret(session.id) for session in self._sessions)
        keys = (session.key for session in self._sessions)
        theirs = (self._account.password, self._account.username)
        return cleaned(words, (*theirs, self._api.account.password, *keys, *ids), people)

    async def _send_log_in(self, call: Call, date: datetime) -> Answer:
        try:
            return await self._api.send(call, date, None, at=self._at, deadline=SHORT_SECONDS, cap=wire.ANSWER_CAP)
        except NoAnswer as error:  # a log-in without an answer has made no key
            raise Unanswered(error.reason, is_heard=error.is_heard) from None
        except NotSent as error:
            raise await self._api.why_not(error, self._at) from None

    def _session(self, answer: Answer) -> Session:
        session = wire.session(answer.body)
        if session is not None and 200 <= answer.status < 300:
            return session
        words = self.clean(wire.said(answer.body))
        if answer.status in _REFUSED_LOG_IN:
            raise LogInRefused(words or f"HTTP {answer.status}")
        raise StrangeAnswer(f"HTTP {answer.status}, without a session")

    async def _signed(self, call: Call, deadline: float, cap: int) -> Said:
        answer = await self._api.send(
            call, self._api.time(), self._sessions[-1], at=self._at, deadline=deadline, cap=cap
        )
        return Said(answer.status, answer.body, self._api.moved(call, answer))

    async def _close(self, session: Session) -> CallFailed | int:
        call = requests.log_out(session.id)
        try:
            answer = await self._api.send(
                call, self._api.time(), session, at=self._at, deadline=CLOSE_SECONDS, cap=wire.ANSWER_CAP
            )
        except CallFailed as error:
            return error
        return answer.status
