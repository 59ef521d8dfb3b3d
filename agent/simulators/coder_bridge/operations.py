"""A simulated Messerschmitt Coder Bridge: all twelve slots of the reference, and every way in which it may fail.

It must never import the agent's codecs: it knows reference/coder-bridge.md (sections 2, 4, 6), not us. Paths and
fields that the reference marks unknown are its placeholders (`slots.py`); codes and texts are
invented (`answers.py`); what no source says is a switch (`switches.py`).
"""

from collections import deque
from collections.abc import Mapping
from datetime import timedelta

import trio

from agent.foundation.errors import UserMistake
from agent.simulators.base import forms
from agent.simulators.base.control import decoded
from agent.simulators.base.presence import SimulatedClock, utc_text
from agent.simulators.base.replies import Reply, Request, json_reply
from agent.simulators.base.simulator import Call, Due, Simulator
from agent.simulators.base.trouble import FaultKind, Script
from agent.simulators.coder_bridge import answers as answers
from agent.simulators.coder_bridge import site as site
from agent.simulators.coder_bridge.answers import Refusal, RefusalKind
from agent.simulators.coder_bridge.encoders import KEPT, Cut, Encoders, MobileKey
from agent.simulators.coder_bridge.slots import ADDRESSES, Address, Fields, Slot
from agent.simulators.coder_bridge.switches import Busy, CoderBridgeSwitches
from agent.simulators.coder_bridge.tokens import Tokens

_KEY_SLOTS = (Slot.GUEST_KEY, Slot.GUEST_KEY_PRECHECKIN)
_STAY = timedelta(days=1)


class CoderBridgeOperations(Simulator[CoderBridgeSwitches]):
    """The bridge with its lock system behind it. `addresses` and `fields` move what a site has elsewhere."""

    operations = tuple(Slot)
    fact_names = ("encoder", "room", "tid")
    error_body = b'{"error":"Something went wrong (invented)"}'

    def __init__(
        self,
        switches: CoderBridgeSwitches | None = None,
        *,
        clock: SimulatedClock | None = None,
        addresses: Mapping[Slot, Address] | None = None,
        fields: Fields | None = None,
    ) -> None:
        super().__init__(switches or CoderBridgeSwitches(), clock)
        self._usual_addresses = {**ADDRESSES, **(addresses or {})}
        self._usual_fields = fields or Fields()
        site.check(self._usual_addresses, self.switches)
        self.mobile_keys: deque[MobileKey] = deque(maxlen=KEPT)
        self._keys: dict[str, tuple[str, bool]] = {}  # tid: room, and whether it is cancelled
        self._numbers = 0
        self.encoders = Encoders(self.changes)
        self.tokens = Tokens()
        self.refusals: Script[Refusal] = Script()
        self.occupied = dict.fromkeys(("101", "102", "103", "POOL"), False)
        self.refused_log_ins = 0
        self.refused_tokens = 0

    @property
    def _slots(self) -> dict[Address, Slot]:
        return site.addresses(self._usual_addresses, self.switches)

    @property
    def _fields(self) -> Fields:
        return site.fields(self._usual_fields, self.switches)

    def switch(self, **changes: object) -> None:
        """Flip switches by name. Raises UserMistake if one does not fit, or moves two calls to one place."""
        before = self.switches
        super().switch(**changes)
        try:
            site.check(self._usual_addresses, self.switches)
        except UserMistake:
            self.switches = before
            raise

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The cards written by now, in the order of time."""
        return self.encoders.cuts

    def is_cancelled(self, tid: str) -> bool:
        """Whether a key was cut under this number and is cancelled."""
        return self._keys.get(tid, ("", False))[1]

    async def wait_cuts(self, count: int) -> None:
        """Wait until so many cards were written in all."""
        await self.encoders.wait_cuts(count)

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
        return {
            **super().counts(),
            "cuts": self.encoders.count,
            "mobile_keys": len(self.mobile_keys),
            "log_ins": self.tokens.issued,
            "refused_log_ins": self.refused_log_ins,
            "refused_tokens": self.refused_tokens,
            "most_parallel": dict(self.encoders.most_parallel),
        }

    def _trouble(self) -> dict[str, object]:
        return {**super()._trouble(), "refusals": self.refusals.waiting}

    def _recognise(self, request: Request) -> Call:
        slot = self._slots.get(self._address(request))
        if slot is None:
            return Call("unknown path", request)
        body = decoded(request.body)
        named = {"encoder": self._fields.encoder, "room": self._fields.room, "tid": self._fields.tid}
        values = ((fact, (body or {}).get(name)) for fact, name in named.items())
        return Call(slot, request, {fact: value for fact, value in values if isinstance(value, str)}, body)

    def _address(self, request: Request) -> Address:
        base = self.switches.base
        path = request.path.removeprefix(base) if request.path.startswith(base) else ""
        return Address(request.method, path)

    def _perform(self, call: Call) -> Due:
        unfit = self._unfit(call)
        if unfit is not None:
            return Due(unfit)
        if call.operation == Slot.AUTH:
            return Due(self._log_in(call.body or {}))
        if not self._is_let_in(call.request):
            self.refused_tokens += 1
            return Due(answers.denied(self.switches.bad_token, "Token missing or expired (invented)"))
        refusal = self.refusals.take(call.operation, call.facts)
        try:
            if refusal is not None:
                return self._refuse(call, refusal)
            return self._act(Slot(call.operation), call.body or {})
        except _Refused as refused:
            return self._refuse(call, Refusal(refused.kind))

    def _unfit(self, call: Call) -> Reply | None:
        """The web server's answer to what is no call of the interface (invented), None if it is one."""
        if call.operation not in self.operations:
            paths = {address.path for address in self._slots}
            return Reply(405 if self._address(call.request).path in paths else 404, b"", "")
        if call.request.method == "GET":
            return None
        if not call.request.headers.get("content-type", "").startswith("application/json"):
            return Reply(415, b"", "")
        return Reply(400, b"", "") if call.body is None else None

    def _log_in(self, body: Mapping[str, object]) -> Reply:
        expected = (self.switches.client_id, self.switches.client_pw)
        if (body.get("client_id"), body.get("client_pw")) != expected:
            self.refused_log_ins += 1
            return answers.denied(self.switches.bad_credentials, "Client id or password wrong (invented)")
        return json_reply({"value": self.tokens.issue(self.clock.now(), self.switches)})

    def _is_let_in(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme == "Bearer" and self.tokens.use(token, self.switches)

    def _refuse(self, call: Call, refusal: Refusal) -> Due:
        """No in words. Waiting for a card that no one presents keeps the encoder busy."""
        secrets = f"{call.request.headers.get('authorization', '')} {self.switches.client_pw}"
        reply = answers.refused(refusal, self.switches, secrets)
        encoder = call.facts.get("encoder")
        if refusal.kind is RefusalKind.NO_CARD and encoder is not None:
            return Due(reply, self._take_turn(encoder, refusal.delay)[1])
        return Due(reply, trio.current_time() + refusal.delay)

    def _act(self, slot: Slot, body: Mapping[str, object]) -> Due:
        match slot:
            case Slot.GUEST_KEY | Slot.GUEST_KEY_PRECHECKIN:
                return self._guest_key(slot, body)
            case Slot.READ_CARD:
                return self._read_card(body)
            case Slot.GUEST_KEY_CHECKOUT:
                return Due(self._check_out_key(body))
            case Slot.ROOM_CHECKIN | Slot.ROOM_CHECKOUT:
                return Due(self._set_occupied(body, slot is Slot.ROOM_CHECKIN))
            case Slot.MOBILE_KEY | Slot.MOBILE_KEY_PUSH:
                return Due(self._mobile_key(slot, body))
            case Slot.CONFIG_CHECKOUT_TIMES:
                return Due(answers.checkout_times(self.switches))
            case Slot.CONFIG_SPECIAL_AREAS:
                return Due(answers.special_areas(self.switches))
        until = (self.clock.now() + _STAY).strftime("%Y-%m-%dT11:00:00")
        return Due(answers.rooms(self._rooms(), until, self.switches))

    def _guest_key(self, slot: Slot, body: Mapping[str, object]) -> Due:
        names = self._fields
        encoder, room, end = self._encoder(body), self._room(body), _optional(body, names.end)
        start = _text(body, names.start) if slot is Slot.GUEST_KEY_PRECHECKIN else _optional(body, names.start)
        areas = self._areas(body)
        if not end and self.switches.needs_end:
            raise _Refused(RefusalKind.BAD_REQUEST)
        until = self._until(start, end)
        began, at = self._take_turn(encoder, self.switches.card_seconds)
        tid, cid = self._new_key(room)
        self.encoders.cut(Cut(slot, encoder, room, areas, start, end, tid, cid, began, at, until))
        return Due(answers.success(self.switches, answers.key_ids(tid, cid, self.switches)), at)

    def _new_key(self, room: str) -> tuple[str, str]:
        """`tid` and `cid` of a new key (their form is invented)."""
        self._numbers += 1
        tid, cid = str(100_000 + self._numbers), str(900_000 + self._numbers)
        self._keys[tid] = (room, False)
        if len(self._keys) > KEPT:
            del self._keys[next(iter(self._keys))]
        return tid, cid

    def _check_out_key(self, body: Mapping[str, object]) -> Reply:
        room, tid = self._room(body), _text(body, self._fields.tid)
        its_room, is_cancelled = self._keys.get(tid, ("", False))
        if its_room != room:
            raise _Refused(RefusalKind.UNKNOWN_TID)
        if is_cancelled:
            raise _Refused(RefusalKind.CANCELLED_TID)
        self._keys[tid] = (room, True)
        return self._set_occupied(body, False)

    def _set_occupied(self, body: Mapping[str, object], is_occupied: bool) -> Reply:
        room = self._room(body)
        if self.switches.rms_coupling:
            self.occupied[room] = is_occupied
        return answers.success(self.switches)

    def _mobile_key(self, slot: Slot, body: Mapping[str, object]) -> Reply:
        names = self._fields
        room, user, end = self._room(body), _text(body, names.user), _optional(body, names.mobile_end)
        areas, push_address = self._areas(body), ""
        self._until("", end)
        if slot is Slot.MOBILE_KEY_PUSH:
            push_address = _text(body, names.push_address)
        self.mobile_keys.append(MobileKey(slot, room, user, areas, end, push_address, trio.current_time()))
        self.changes.announce()
        if push_address:
            return answers.success(self.switches)
        return answers.success(self.switches, {"result": f"mobile-key:{room}:{user}:{end}"})

    def _read_card(self, body: Mapping[str, object]) -> Due:
        encoder = self._encoder(body)
        cut = self.encoders.last_cut(encoder)
        if cut is None:
            raise _Refused(RefusalKind.NO_CARD)
        dates = {self._fields.room: cut.room, self._fields.start: cut.start, self._fields.end: cut.end}
        areas = {self._fields.areas: cut.areas} if cut.areas else {}
        data = {**dates, **areas, **answers.key_ids(cut.tid, cut.cid, self.switches)}
        _, at = self._take_turn(encoder, self.switches.card_seconds)
        return Due(answers.success(self.switches, data), at)

    def _take_turn(self, encoder: str, seconds: float) -> tuple[float, float]:
        if self.switches.busy_encoder is Busy.REFUSE and self.encoders.is_busy(encoder):
            raise _Refused(RefusalKind.ENCODER_BUSY)
        return self.encoders.take_turn(encoder, seconds, self.switches.parallel_cap)

    def _rooms(self) -> dict[str, bool]:
        names = self.switches.rooms or tuple(self.occupied)
        return {room: self.occupied.get(room, False) for room in names}

    def _room(self, body: Mapping[str, object]) -> str:
        room = _text(body, self._fields.room)
        if self.switches.rooms and room not in self.switches.rooms:
            raise _Refused(RefusalKind.UNKNOWN_ROOM)
        return room

    def _areas(self, body: Mapping[str, object]) -> str:
        areas = _optional(body, self._fields.areas)
        asked = areas.split(self.switches.area_separator) if areas else []
        if self.switches.check_areas and not set(asked) <= set(site.pairs(self.switches.special_areas)):
            raise _Refused(RefusalKind.UNKNOWN_AREA)
        return areas

    def _until(self, start: str, end: str) -> str:
        """The end in UTC, "" where the site checks no dates."""
        if self.switches.date_pattern is None:
            return ""
        begins, ends = (site.moment(text, self.switches) if text else None for text in (start, end))
        is_read = all(found for text, found in ((start, begins), (end, ends)) if text)
        if not is_read or (begins and ends and ends <= begins):
            raise _Refused(RefusalKind.BAD_DATE)
        return utc_text(ends) if ends else ""

    def _encoder(self, body: Mapping[str, object]) -> str:
        encoder = _text(body, self._fields.encoder)
        if self.switches.encoders and encoder not in self.switches.encoders:
            raise _Refused(RefusalKind.UNKNOWN_ENCODER)
        return encoder


class _Refused(Exception):
    """The lock system says no."""

    def __init__(self, kind: RefusalKind) -> None:
        super().__init__(kind)
        self.kind = kind


def _text(body: Mapping[str, object], name: str) -> str:
    """A field that must be there: values go as JSON strings (confirmed)."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise _Refused(RefusalKind.BAD_REQUEST)
    return value


def _optional(body: Mapping[str, object], name: str) -> str:
    return _text(body, name) if body.get(name) not in (None, "") else ""
