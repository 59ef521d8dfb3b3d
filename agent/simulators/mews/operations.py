"""A simulated Mews, in one of its two dialects, and every way in which it may disappoint.

It must never import the agent's codecs: it knows the pages (reference/mews.md), not us. The texts of errors are
invented; their codes are the pages', 401 for the loser of a rival sign-in is inferred. What the pages leave open
is in `switches.py`.

    v2016.py, sessions.py   the page of 2016          queue.py   the commands, in both
    current/                the docs of today         store/     the property behind them
    push.py, events.py      today's WebSocket         limits.py  how many calls come
"""

import math
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

import msgspec
import trio
from msgspec.structs import replace

from agent.simulators.base.control import decoded
from agent.simulators.base.presence import SimulatedClock
from agent.simulators.base.replies import AnyReply, Reply, Request, Upgrade, json_reply
from agent.simulators.base.simulator import Call, Due
from agent.simulators.mews import documents, v2016
from agent.simulators.mews.current import access_tokens, open_items, reservations, setup
from agent.simulators.mews.current.envelope import CLIENT, are_good, authorise
from agent.simulators.mews.limits import CallWindow
from agent.simulators.mews.queue import MewsQueue
from agent.simulators.mews.refusal import Refusal, invalid
from agent.simulators.mews.sessions import Sessions
from agent.simulators.mews.switches import Dialect, MewsSwitches

PREFIX = "/api/connector/v1/"
SIGN_IN = "app/signIn"
GET_ALL_ACTIVE = "commands/getAllActive"
GET_ALL_BY_IDS = "commands/getAllByIds"
UPDATE = "commands/update"
ADD_KEY_CUTTER = "commands/addKeyCutter"
BALANCE = "customers/getBalance"
RESERVATIONS = "reservations/getAll"
RESERVATIONS_TODAY = "reservations/getAll/2023-06-06"
PUSH = "ws/connector"
REQUEST_ID = "Request-Id"

_ERROR_LIMIT = 10_000  # bytes; a longer body is no error's
_EMPTY = (b"{}", b'"Cursor":null}')  # how answers end that say nothing
_SWITCHING = Reply(101, content_type="")  # agreed: the connection becomes a WebSocket
_OF_2016 = (SIGN_IN, GET_ALL_ACTIVE, UPDATE, "spaces/getAll", RESERVATIONS, BALANCE)
_OF_TODAY = (
    GET_ALL_ACTIVE,
    GET_ALL_BY_IDS,
    UPDATE,
    "commands/addPrinter",
    ADD_KEY_CUTTER,
    "devices/getAll",
    "configuration/get",
    "services/getAll",
    "resources/getAll",
    "resourceCategories/getAll",
    "resourceCategoryAssignments/getAll",
    RESERVATIONS_TODAY,
    "customers/getOpenItems",
    "resourceAccessTokens/getAll",
    "resourceAccessTokens/add",
    "resourceAccessTokens/update",
    "resourceAccessTokens/delete",
)

Body = dict[str, Any]


class MewsOperations(MewsQueue):
    """Mews, to be served by `base/server.py` or talked to in the same process."""

    operations = tuple(dict.fromkeys((*_OF_2016, *_OF_TODAY, PUSH)))
    fact_names = ("CommandId", "State")
    error_body = b'{"Message":"Something went wrong (invented)."}'

    def __init__(self, switches: MewsSwitches | None = None, *, clock: SimulatedClock | None = None) -> None:
        super().__init__(switches, clock=clock)
        self.sessions = Sessions(trio.current_time)
        self.window = CallWindow(trio.current_time)
        self.refused_tokens = 0
        self._answered = 0

    @property
    def is_current(self) -> bool:
        """Whether it speaks today's dialect."""
        return self.switches.dialect is Dialect.CURRENT

    @property
    def served(self) -> tuple[str, ...]:
        """The operations of its dialect."""
        return (*_OF_TODAY, PUSH) if self.is_current else _OF_2016

    def counts(self) -> dict[str, object]:
        """What was counted."""
        return {
            **super().counts(),
            "sign_ins": self.sessions.generation,
            "rival_sign_ins": self.sessions.rival_sign_ins,
            "refused_tokens": self.refused_tokens,
            "refused_updates": self.refused_updates,
            "updates_after_final": self.commands.updates_after_final,
            "most_calls_in_a_window": self.window.most,
            "calls_above_the_limit": self.window.above,
            "calls_refused_by_the_limit": self.window.refused,
            "push": self.push.counts(),
        }

    def date(self) -> str | None:
        """The Date header of the next answer, by the clock of the front end whose turn it is."""
        if not self.switches.front_ends or not self.switches.date_header:
            return super().date()
        self._answered += 1
        ahead = self.switches.front_ends[self._answered % len(self.switches.front_ends)]
        return format_datetime(self.clock.now() + timedelta(seconds=ahead), usegmt=True)

    async def _answer(self, call: Call) -> AnyReply:
        if call.operation in self.operations and call.operation != PUSH:
            self.window.count(self.switches.call_limit, self.switches.call_window_seconds)
        reply = await super()._answer(call)
        if reply is _SWITCHING:
            return Upgrade(self.push.serve)
        return self._finished(reply, call.request) if self.is_current and isinstance(reply, Reply) else reply

    def _recognise(self, request: Request) -> Call:
        if request.path == f"/{PUSH}":
            return Call(PUSH, request)
        operation = request.path.removeprefix(PREFIX) if request.path.startswith(PREFIX) else ""
        if operation not in self.operations or operation == PUSH:
            return Call("unknown path", request)
        body = decoded(request.body)
        facts = {name: value for name, value in (body or {}).items() if isinstance(value, str)}
        return Call(operation, request, facts, body)

    def _perform(self, call: Call) -> Due:
        try:
            return Due(self._agree(call.request) if call.operation == PUSH else self._act(call))
        except Refusal as refusal:
            return Due(self._error(refusal))

    def _agree(self, request: Request) -> Reply:
        """Agree to a WebSocket, for a client that shows its tokens as cookies."""
        if not self.is_current or not self.switches.push:
            raise Refusal(404, "There is no such address.")
        cookies = _cookies(request.headers.get("cookie", ""))
        if not are_good(cookies.get("ClientToken"), cookies.get("AccessToken"), self.switches):
            self.push.refused += 1
            self.refused_tokens += 1
            raise Refusal(401, "Invalid ClientToken or AccessToken.")
        return _SWITCHING

    def _act(self, call: Call) -> Reply:
        body = self._checked(call)
        if call.operation == SIGN_IN:
            return self._sign_in(body)
        by = self._authorised(call.operation, body)
        answers = self._today(body) if self.is_current else self._of_2016(body)
        if call.operation == GET_ALL_ACTIVE:
            return self.get_all_active(body, by)
        if call.operation == UPDATE:
            return self.update(body, by)
        answer = answers[call.operation]()
        return answer if isinstance(answer, Reply) else json_reply(answer)

    def _of_2016(self, body: Body) -> dict[str, Callable[[], object]]:
        return {
            "spaces/getAll": lambda: v2016.spaces(self.hotel),
            RESERVATIONS: lambda: v2016.reservations(self.hotel, body),
            BALANCE: lambda: v2016.balance(self.hotel, body),
        }

    def _today(self, body: Body) -> dict[str, Callable[[], object]]:
        hotel, switches, now = self.hotel, self.switches, self.clock.now()
        return {
            GET_ALL_BY_IDS: lambda: self.get_all_by_ids(body),
            "commands/addPrinter": lambda: self.add_printer(body),
            ADD_KEY_CUTTER: lambda: self.add_key_cutter(body),
            "devices/getAll": lambda: setup.devices(hotel),
            "configuration/get": lambda: setup.configuration(body, switches, now),
            "services/getAll": lambda: setup.services(body, switches),
            "resources/getAll": lambda: setup.resources(hotel, body, switches),
            "resourceCategories/getAll": lambda: setup.categories(hotel, body, switches),
            "resourceCategoryAssignments/getAll": lambda: setup.assignments(hotel, body, switches),
            RESERVATIONS_TODAY: lambda: reservations.reservations(hotel, body, switches),
            "customers/getOpenItems": lambda: open_items.open_items(hotel, body),
            "resourceAccessTokens/getAll": lambda: access_tokens.get_all(hotel, body, switches),
            "resourceAccessTokens/add": lambda: access_tokens.add(hotel, body, now),
            "resourceAccessTokens/update": lambda: access_tokens.update(hotel, body, switches, now),
            "resourceAccessTokens/delete": lambda: access_tokens.delete(hotel, body, now),
        }

    def _checked(self, call: Call) -> Body:
        """The body of a request that may be answered at all."""
        if not self._has(call.operation):
            raise Refusal(404, "There is no such address.")
        if call.request.method != "POST":
            raise Refusal(405, "Only POST is supported.")
        if self.is_current and call.operation == RESERVATIONS:
            raise Refusal(410, "This operation is discontinued.")
        if self.switches.body_limit is not None and len(call.request.body) > self.switches.body_limit:
            raise Refusal(413, "The request body is too large.")
        self._let_in()
        if call.body is None:
            raise invalid("JSON")
        return call.body

    def _has(self, operation: str) -> bool:
        if self.is_current:
            return operation in _OF_TODAY or operation == RESERVATIONS
        return operation in _OF_2016 and (operation != SIGN_IN or self.switches.sign_in)

    def _let_in(self) -> None:
        if not self.switches.call_limit_enforced:
            return
        seconds = self.window.wait(self.switches.call_limit, self.switches.call_window_seconds)
        if seconds > 0:
            after = str(math.ceil(seconds)) if self.switches.call_limit_retry_after else None
            raise Refusal(429, "Too many requests.", after)

    def _sign_in(self, body: Body) -> Reply:
        if body.get("ConnectorToken") != self.switches.token:
            self.refused_tokens += 1
            raise Refusal(401, "Invalid ConnectorToken.")
        return json_reply({"AccessToken": self.sessions.sign_in(), "Enterprise": documents.ENTERPRISE})

    def _authorised(self, operation: str, body: Body) -> str:
        """Who calls."""
        try:
            return self._authorised_today(body) if self.is_current else self._authorised_in_2016(operation, body)
        except Refusal as refusal:
            self.refused_tokens += refusal.status == 401
            raise

    def _authorised_today(self, body: Body) -> str:
        authorise(body, self.switches)
        return CLIENT

    def _authorised_in_2016(self, operation: str, body: Body) -> str:
        """The page's example of getBalance has its token in ConnectorToken: both are taken there."""
        token = body.get("AccessToken")
        if operation == BALANCE and token is None:
            token = body.get("ConnectorToken")
        holder = self.sessions.holder(token, self.switches)
        if holder is None:
            raise Refusal(401, "Invalid AccessToken.")
        return holder

    def _error(self, refusal: Refusal) -> Reply:
        body = {"Message": refusal.message}
        if self.switches.details:
            body["Details"] = "Invented details: at Mews.Connector.Api, line 1"
        reply = json_reply(body, refusal.status)
        if refusal.retry_after is None:
            return reply
        return replace(reply, headers=(("Retry-After", refusal.retry_after),))

    def _finished(self, reply: Reply, request: Request) -> Reply:
        """An answer of today: with its id, which an error repeats, and empty where that is preferred."""
        id = str(uuid4())
        reply = replace(reply, body=_with_id(reply.body, id), headers=(*reply.headers, (REQUEST_ID, id)))
        prefers_less = request.headers.get("prefer", "") == "return=minimal"
        if prefers_less and reply.status == 200 and reply.body.endswith(_EMPTY):
            return replace(reply, status=204, body=b"", content_type="")
        return reply


def _with_id(body: bytes, id: str) -> bytes:
    """The body of an error with the id of its request; any other stays as it is."""
    error = decoded(body) if len(body) <= _ERROR_LIMIT and b'"Message"' in body else None
    if error is None or "Message" not in error:
        return body
    return msgspec.json.encode({"Message": error.pop("Message"), "RequestId": id, **error})


def _cookies(header: str) -> dict[str, str]:
    """The cookies of a header. Blanks around `=` spoil one, as the docs' page "WebSockets" warns."""
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return {name: value for name, _, value in pairs}
