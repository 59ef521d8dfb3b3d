"""A simulated VisiOnline: log-in, log-out, cards and doors of its web API, and every way in which they may fail.

It must never import the agent's codecs: it knows reference/visionline.md, not us. Statuses and texts are invented
(`answers.py`); what no source says is a switch (`switches.py`).
"""

from collections import deque
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

import trio

from agent.foundation.errors import UserMistake
from agent.simulators.base import forms
from agent.simulators.base.control import decoded
from agent.simulators.base.presence import Presence, SimulatedClock
from agent.simulators.base.replies import Reply, Request, json_reply
from agent.simulators.base.simulator import Awaited, Call, Due, Simulator
from agent.simulators.base.trouble import FaultKind, Script
from agent.simulators.visionline import answers, doors, signing
from agent.simulators.visionline.access import Access
from agent.simulators.visionline.answers import Refusal, RefusalKind
from agent.simulators.visionline.cards import Card, Cards, card_object
from agent.simulators.visionline.encoders import Encoders, Turn
from agent.simulators.visionline.reading import Order, Unfit, first_door, order_of
from agent.simulators.visionline.sessions import Session
from agent.simulators.visionline.switches import Busy, Presented, VisionlineSwitches

BASE = "/api/v1"
KEPT_REQUESTS = 1000


class Operation(StrEnum):
    """The calls that the web API has here."""

    LOG_IN = "log-in"
    LOG_OUT = "log-out"
    CARDS = "cards"
    DOORS = "doors"


_ADDRESSES = {
    ("POST", "/sessions"): Operation.LOG_IN,
    ("POST", "/cards"): Operation.CARDS,
    ("GET", "/doors"): Operation.DOORS,
}
_PATHS = {path for _, path in _ADDRESSES}
_SESSION = "/sessions/"


class VisionlineOperations(Simulator[VisionlineSwitches]):
    """The server with its encoders. `pms_presence` is whether the port of its PMS interface is open."""

    operations = tuple(Operation)
    fact_names = ("encoder", "door", "username", "override", "autoJoin")
    error_body = b'{"code":500,"message":"Something went wrong (invented)"}'

    def __init__(self, switches: VisionlineSwitches | None = None, *, clock: SimulatedClock | None = None) -> None:
        super().__init__(switches or VisionlineSwitches(), clock)
        self.access = Access()
        self.refusals: Script[Refusal] = Script()
        self.encoders = Encoders(self.changes, self._finish)
        self.pms_presence = Presence()
        self.requests: deque[Call] = deque(maxlen=KEPT_REQUESTS)  # for cards, also those that were refused
        self._cards = Cards()

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards written by now, in the order of time."""
        self.encoders.settle()
        return self._cards.all

    def good_for(self, door: str) -> tuple[int, ...]:
        """The numbers of the cards that open a door now."""
        self.encoders.settle()
        return self._cards.good_for(door)

    def state_of(self, card: Card) -> dict[str, object]:
        """What became of a card: the doors that it opens, whether it was overridden or overwritten."""
        self.encoders.settle()
        return self._cards.state_of(card)

    def present(self, encoder: str | None = None, over: int | None = None) -> None:
        """Put a card on an encoder: a new one, or the one with the number `over`. Raises UserMistake."""
        if over is not None and all(card.number != over for card in self.cards):
            raise UserMistake(f"there is no card {over}")
        self.encoders.present(encoder, over)

    async def wait_cards(self, count: int) -> None:
        """Wait until so many cards were written in all."""
        await self.encoders.wait_until(lambda: self._cards.written >= count)

    async def wait_asking(self, encoder: str) -> None:
        """Wait until an encoder waits for a card."""
        await self.encoders.wait_until(
            lambda: any(turn.order.encoder == encoder for turn in self.encoders.waiting)
        )

    def script(self, form: Mapping[str, object]) -> None:
        """Have calls go wrong: a `Refusal` in words where `kind` is of `RefusalKind`, else a wire `Fault`."""
        forms.refuse_unknown(str(form.get("kind", "")), (*RefusalKind, *FaultKind), "kind of trouble")
        if form.get("kind") not in tuple(RefusalKind):
            super().script(form)
            return
        refusal = forms.filled(Refusal, form, what="field")
        self._check_script(refusal)
        self.refusals.add(refusal)

    def heal(self) -> None:
        """End all scripted trouble, and be there again."""
        self.refusals.clear()
        super().heal()

    def counts(self) -> dict[str, object]:
        """What was counted; `most_parallel` by encoder, waiting requests included."""
        self.encoders.settle()
        return {
            **super().counts(),
            "cards": self._cards.written,
            **self.access.counts(self.switches),
            "most_parallel": dict(self.encoders.most_parallel),
        }

    def _trouble(self) -> dict[str, object]:
        return {**super()._trouble(), "refusals": self.refusals.waiting}

    def _recognise(self, request: Request) -> Call:
        path = _path(request)
        operation: str = _ADDRESSES.get((request.method, path), "unknown path")
        if request.method == "DELETE" and path.startswith(_SESSION):
            operation = Operation.LOG_OUT
        body = decoded(request.body)
        facts = {**request.query, "door": first_door(body), "username": (body or {}).get("username")}
        known = {name: text for name, text in facts.items() if name in self.fact_names and isinstance(text, str)}
        return Call(operation, request, known, body)

    def _perform(self, call: Call) -> Due | Awaited:
        if call.operation == Operation.CARDS:
            self.requests.append(call)
        unfit = self._unfit(call)
        if unfit is not None:
            return Due(unfit)
        if call.operation == Operation.LOG_IN:
            return Due(self.access.log_in(call, self.clock.now(), self.switches))
        session = self.access.session(call.request, self.clock.now(), self.switches)
        if isinstance(session, Reply):
            return Due(session)
        return self._act_or_refuse(call, session)

    def _unfit(self, call: Call) -> Reply | None:
        """The web server's answer to what is no call of the interface (invented), None if it is one."""
        request = call.request
        if call.operation not in self.operations:
            path = _path(request)
            return Reply(405 if path in _PATHS or path.startswith(_SESSION) else 404, b"", "")
        if request.body and request.headers.get("content-md5") != signing.content_md5(request.body):
            return self._denied(400, "Content-MD5 does not fit the body (invented)")
        if request.method != "POST":
            return None
        if not request.headers.get("content-type", "").startswith("application/json"):
            return Reply(415, b"", "")
        return self._denied(400, "The body is no JSON object (invented)") if call.body is None else None

    def _denied(self, status: int, text: str) -> Reply:
        return answers.denied(status, status, text, self.switches, "")

    def _act_or_refuse(self, call: Call, session: Session) -> Due | Awaited:
        try:
            if call.operation == Operation.CARDS:
                return self._encode(call, session)
        except Unfit as unfit:
            return Due(self._refused(Refusal(unfit.kind), call, session))
        refusal = self.refusals.take(call.operation, call.facts)
        if refusal is not None:
            return Due(self._refused(refusal, call, session), trio.current_time() + (refusal.seconds or 0.0))
        return Due(self._log_out(call) if call.operation == Operation.LOG_OUT else self._list_doors(call))

    def _log_out(self, call: Call) -> Reply:
        if not self.access.sessions.close(_path(call.request).removeprefix(_SESSION)):
            return self._denied(404, "There is no such session (invented)")
        return Reply(self.switches.close_status, b"", "")

    def _list_doors(self, call: Call) -> Reply:
        details = call.request.query.get("details") == "true"
        return json_reply(doors.listed(doors.doors_of(self.switches.doors), details=details))

    def _encode(self, call: Call, session: Session) -> Due | Awaited:
        """Take a turn at the encoder; whoever asked may wait for its end. Raises Unfit."""
        order = order_of(call.request.query, call.body or {}, call.request.body, self.switches)
        self._check(order)
        refusal = self.refusals.take(call.operation, call.facts)
        if refusal is not None and refusal.kind not in answers.AT_THE_ENCODER:
            return Due(self._refused(refusal, call, session), trio.current_time() + (refusal.seconds or 0.0))
        turn = self._turn(order, refusal)
        self.encoders.queue(turn)

        async def end() -> Reply:
            return self._told(await self.encoders.wait_end(turn), call, session)

        return Awaited(end)

    def _check(self, order: Order) -> None:
        switches = self.switches
        names = {door.name for door in doors.doors_of(switches.doors)}
        if switches.encoders and order.encoder not in switches.encoders:
            raise Unfit(RefusalKind.UNKNOWN_ENCODER)
        if switches.doors and not names.issuperset(order.doors):
            raise Unfit(RefusalKind.UNKNOWN_DOOR)
        if switches.most_doors is not None and len(order.doors) > switches.most_doors:
            raise Unfit(RefusalKind.TOO_MANY_DOORS)
        if switches.busy_encoder is Busy.REFUSE and self.encoders.is_busy(order.encoder):
            raise Unfit(RefusalKind.ENCODER_BUSY)

    def _turn(self, order: Order, refusal: Refusal | None) -> Turn:
        """The turn as it will go."""
        patience = self.switches.card_wait_seconds
        if refusal is not None and refusal.is_deaf:
            return Turn(order, None, refusal.takes(patience), refusal, is_deaf=True)
        return Turn(order, self.switches.card_seconds, patience, refusal)

    def _finish(self, turn: Turn) -> None:
        """A turn is over: a card is written, or not."""
        spoils = turn.spoils if turn.has_card or turn.is_deaf else None
        if spoils is not None:
            turn.end = spoils
            if spoils.written:
                self._write(turn)
        elif not turn.has_card:
            turn.end = Refusal(RefusalKind.NO_CARD)
        elif self._is_over_valid(turn) and not turn.order.overwrites_valid:
            turn.end = Refusal(RefusalKind.STILL_VALID)
        else:
            turn.end = self._write(turn)

    def _is_over_valid(self, turn: Turn) -> bool:
        if turn.over is not None:
            return self._cards.is_good(turn.over)
        return self.switches.presented is Presented.VALID

    def _write(self, turn: Turn) -> Card:
        listed = doors.doors_of(self.switches.doors)
        created = self.clock.now() - timedelta(seconds=trio.current_time() - turn.ends)
        return self._cards.write(turn.order, listed, created, (turn.began, turn.ends), turn.over)

    def _told(self, end: Card | Refusal, call: Call, session: Session) -> Reply:
        if isinstance(end, Refusal):
            return self._refused(end, call, session)
        return answers.success(card_object(end), self.switches.card_status, self.switches)

    def _refused(self, refusal: Refusal, call: Call, session: Session) -> Reply:
        authorization = call.request.headers.get("authorization", "")
        secrets = f"{authorization} {session.key} {self.switches.password}"
        return answers.refused(refusal, self.switches, secrets)


def _path(request: Request) -> str:
    """The path below the base, empty for one beside it."""
    return request.path.removeprefix(BASE) if request.path.startswith(BASE) else ""
