"""What every simulator is made of: a clock, a plug, switches, scripted faults, counts and the control side.

A vendor's simulator adds which operation a request is, and what happens then. It must never import the agent's
codecs. What a call does takes place at once or is put on a calendar (`Due.at`), and never depends on whether the
caller still waits: a real server does not notice that either. Every simulator answers on its control side:

    GET    /_sim/           every route, every switch with its meaning, every operation
    GET    /_sim/switches   POST {"name": value, ...} flips some
    POST   /_sim/fail       {"kind", "operation", "match", "calls", "when", ...}; GET what is to come, DELETE heals
    POST   /_sim/offline    {"how": "refuse" | "drop" | "hang", "seconds"}; POST /_sim/online ends it
    POST   /_sim/clock      {"shift_seconds"}
    GET    /_sim/counts     calls by operation, and what the vendor's simulator counts
    GET    /_sim/certificate   fingerprint (SHA-256) and text of the certificate, empty while `tls` is plain
"""

import ssl
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Generic, TypeVar

import msgspec
import trio
from msgspec import Meta

from agent.foundation.errors import UserMistake
from agent.simulators.base import control, forms
from agent.simulators.base.certificates import Certificates, Tls
from agent.simulators.base.control import CONTROL, Asked, Route
from agent.simulators.base.presence import Absence, Changes, Presence, SimulatedClock, utc_text
from agent.simulators.base.replies import JSON, AnyReply, Drop, Hang, Reply, Request
from agent.simulators.base.trouble import ALL, Fault, Script, Scripted, When, broken_reply


class CommonSwitches(msgspec.Struct, frozen=True):
    """What can be switched on every simulator."""

    latency_seconds: Annotated[float, Meta(ge=0, description="round trip that every call takes on top")] = 0.0
    date_header: Annotated[bool, Meta(description="answers carry a Date header")] = True
    tls: Annotated[Tls, Meta(description="with which certificate connections are secured, if any")] = Tls.PLAIN


S = TypeVar("S", bound=CommonSwitches)


class Call(msgspec.Struct, frozen=True):
    """A request, recognised: `facts` are what a script can match, `body` a JSON object, None for anything else."""

    operation: str
    request: Request
    facts: dict[str, str] = {}
    body: dict[str, object] | None = None


class Due(msgspec.Struct, frozen=True):
    """An answer, and when it is ready on trio's clock (0: now)."""

    reply: Reply
    at: float = 0.0

    async def ready(self) -> Reply:
        """The answer, when its time has come."""
        await trio.sleep_until(max(self.at, trio.current_time()))
        return self.reply


class Awaited(msgspec.Struct, frozen=True):
    """An answer that hangs on what happens at a device; that takes place whether it is awaited or not."""

    ready: Callable[[], Awaitable[Reply]]


class _Offline(msgspec.Struct, frozen=True):
    how: Absence = Absence.REFUSE
    seconds: Annotated[float, Meta(gt=0)] | None = None


class _Clock(msgspec.Struct, frozen=True):
    shift_seconds: Annotated[float, Meta(ge=-1e10, le=1e10)]


class Simulator(ABC, Generic[S]):
    """A vendor's server without the vendor."""

    operations: tuple[str, ...] = ()  # names that calls are counted by and faults are scripted for
    fact_names: tuple[str, ...] = ()  # what scripted trouble can be tied to
    error_body: bytes = b'{"error": "scripted"}'  # how this vendor words a plain error
    content_type: str = JSON  # what all its answers are

    def __init__(self, switches: S, clock: SimulatedClock | None = None) -> None:
        self.switches = switches
        self.clock = clock or SimulatedClock()
        self.certificates = Certificates()
        self.presence = Presence()
        self.faults: Script[Fault] = Script()
        self.calls: Counter[str] = Counter()
        self.changes = Changes()

    async def handle(self, request: Request) -> AnyReply:
        """Answer one request, in the time that it takes."""
        if request.path.startswith(CONTROL):
            return control.answer(self._routes(), request)
        if (absence := self.presence.absence) is not None:
            return Hang() if absence is Absence.HANG else Drop()
        call = self._recognise(request)
        self.calls[call.operation] += 1
        self.changes.announce()
        return await self._answer(call)

    def date(self) -> str | None:
        """The text of the Date header, None while that is switched off."""
        return self.clock.date_header() if self.switches.date_header else None

    def tls(self) -> ssl.SSLContext | None:
        """What a new connection is secured with, None for plain. Raises UserMistake where openssl is missing."""
        return self.certificates.context(self.switches.tls)

    def switch(self, **changes: object) -> None:
        """Flip switches by name. Raises UserMistake, and changes nothing, if a name or value does not fit."""
        switches = forms.changed(self.switches, changes)
        if switches.tls is not self.switches.tls:
            self.certificates.context(switches.tls)
        self.switches = switches

    def fail(self, kind: str, operation: str = ALL, **details: object) -> None:
        """Have calls go wrong, until `heal()` or for so many `calls`; `details` are fields of `faults.Fault`."""
        self.script({"kind": kind, "operation": operation, **details})

    def script(self, form: Mapping[str, object]) -> None:
        """`fail` with all in one mapping. Raises UserMistake for a field that does not fit."""
        fault = forms.filled(Fault, form, what="field")
        self._check_script(fault)
        self.faults.add(fault)

    def heal(self) -> None:
        """End all scripted trouble, and be there again."""
        self.faults.clear()
        self.presence.come_back()

    async def wait_calls(self, operation: str, count: int) -> None:
        """Wait until an operation was called so many times in all."""
        await self.changes.wait_until(lambda: self.calls[operation] >= count)

    @abstractmethod
    def _recognise(self, request: Request) -> Call:
        """Which operation a request is; a name that is no operation for what is none."""

    @abstractmethod
    def _perform(self, call: Call) -> Due | Awaited:
        """Do what was asked for, or refuse it."""

    @property
    def served(self) -> tuple[str, ...]:
        """Those of `operations` that there are as it is switched now."""
        return self.operations

    def _routes(self) -> list[Route]:
        """The control side's entries; a vendor adds to them."""
        return [
            Route("GET", "/", "this list", lambda _: self._documentation()),
            Route("GET", "/switches", "all switches as they are", lambda _: self.switches),
            Route("POST", "/switches", "flip switches: {name: value, ...}", self._post_switches),
            Route("POST", "/fail", _fail_help(), self._post_fail),
            Route("DELETE", "/fail", "end all scripted trouble, and be there again", lambda _: self.heal()),
            Route("GET", "/fail", "the trouble still to come", lambda _: self._trouble()),
            Route("POST", "/offline", 'be away: {"how": refuse|drop|hang, "seconds"}', self._post_offline),
            Route("POST", "/online", "be there again", lambda _: self.presence.come_back()),
            Route("POST", "/clock", 'set the clock: {"shift_seconds"}', self._post_clock),
            Route("GET", "/counts", "what was counted", lambda _: self.counts()),
            Route("GET", "/certificate", "fingerprint and text of the certificate", lambda _: self._certificate()),
        ]

    def counts(self) -> dict[str, object]:
        """What was counted; a vendor adds to it."""
        return {"calls": dict(self.calls), "now": utc_text(self.clock.now())}

    async def _answer(self, call: Call) -> AnyReply:
        half = self.switches.latency_seconds / 2
        fault = self.faults.take(call.operation, call.facts)
        await trio.sleep(half)
        if fault is not None and fault.when is When.BEFORE:
            reply: AnyReply = self._broken(fault, b"")
        else:
            reply = await self._reply_of(self._perform(call), fault)
        await trio.sleep(half)
        return reply

    async def _reply_of(self, effect: Due | Awaited, fault: Fault | None) -> AnyReply:
        if fault is not None and fault.when is When.DURING:
            return self._broken(fault, effect.reply.body if isinstance(effect, Due) else b"")
        reply = await effect.ready()
        return reply if fault is None else self._broken(fault, reply.body)

    def _broken(self, fault: Fault, true_body: bytes) -> AnyReply:
        return broken_reply(fault, self.error_body, true_body, self.content_type)

    def _check_script(self, entry: Scripted) -> None:
        forms.refuse_unknown(entry.operation, (ALL, *self.served), "operation")
        for name in entry.match:
            forms.refuse_unknown(name, self.fact_names, "value to match")

    def _certificate(self) -> dict[str, object]:
        kind = self.switches.tls
        return {"tls": kind, "sha256": self.certificates.sha256(kind), "pem": self.certificates.pem(kind)}

    def _trouble(self) -> dict[str, object]:
        return {"absence": self.presence.absence, "faults": self.faults.waiting}

    def _documentation(self) -> object:
        return {
            "routes": {f"{route.method} {CONTROL}{route.path}": route.help for route in self._routes()},
            "switches": {
                field.name: {
                    "is": getattr(self.switches, field.name),
                    "takes": field.takes,
                    "what": field.description,
                }
                for field in forms.fields_of(type(self.switches))
            },
            "operations": self.served,
        }

    def _post_switches(self, asked: Asked) -> object:
        self.switch(**asked.body)
        return self.switches

    def _post_fail(self, asked: Asked) -> None:
        self.script(asked.body)

    def _post_offline(self, asked: Asked) -> None:
        form = forms.filled(_Offline, asked.body, what="field")
        if form.how is Absence.REFUSE and form.seconds is None:
            raise UserMistake("seconds must be given: a closed port cannot be told to open again")
        self.presence.leave(form.how, form.seconds)

    def _post_clock(self, asked: Asked) -> object:
        try:
            self.clock.shift(forms.filled(_Clock, asked.body, what="field").shift_seconds)
        except OverflowError:
            raise UserMistake("shift_seconds goes beyond the calendar") from None
        return {"now": utc_text(self.clock.now())}


def _fail_help() -> str:
    fields = ", ".join(f"{field.name}: {field.takes}" for field in forms.fields_of(Fault))
    return f"have calls go wrong: {{{fields}}}"
