"""A simulated Mews, dialect 2016: the six operations of the v1 page, and every way in which it may disappoint.

It must never import the agent's codecs: it knows the page (reference/mews.md section 6), not us. The texts of
errors are invented; their codes are the page's, 401 for the loser of a rival sign-in is inferred. What the page
leaves open is in `switches.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from uuid import uuid4

import trio
from msgspec import UNSET

from agent.foundation.errors import UserMistake
from agent.simulators.base.control import decoded
from agent.simulators.base.presence import SimulatedClock
from agent.simulators.base.replies import Reply, Request, json_reply
from agent.simulators.base.simulator import Call, Due, Simulator
from agent.simulators.mews import documents
from agent.simulators.mews.commands import STAFF, WAITING, Command, Commands, Device, Ruling, State, Step
from agent.simulators.mews.listing import (
    ID_MARK,
    KEY_CUTTER,
    Listing,
    Neighbour,
    key_cutter_device,
    key_data,
    print_data,
    printer_device,
    raw_neighbour,
    stamped,
)
from agent.simulators.mews.sessions import Sessions
from agent.simulators.mews.switches import MewsSwitches

PREFIX = "/api/connector/v1/"
SIGN_IN = "app/signIn"
GET_ALL_ACTIVE = "commands/getAllActive"
UPDATE = "commands/update"
BALANCE = "customers/getBalance"


class MewsOperations(Simulator[MewsSwitches]):
    """Mews, to be served by `wire.serve` or talked to in the same process."""

    operations = (SIGN_IN, GET_ALL_ACTIVE, UPDATE, "spaces/getAll", "reservations/getAll", BALANCE)
    fact_names = ("CommandId", "State")
    error_body = b'{"Message":"Something went wrong (invented)."}'

    def __init__(self, switches: MewsSwitches | None = None, *, clock: SimulatedClock | None = None) -> None:
        super().__init__(switches or MewsSwitches(), clock)
        self.sessions = Sessions(trio.current_time)
        self.commands = Commands(self.changes)
        self.neighbours: list[bytes] = []
        self.refused_tokens = 0
        self.refused_updates = 0
        self._listing = Listing()
        self._answered = 0

    def add_key(
        self,
        key_cutter: str = "1",
        rooms: Sequence[str] = ("101",),
        copies: float = 1,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        created: datetime | None = None,
        device_type: str | None = KEY_CUTTER,
        data: object = UNSET,
        is_without_data: bool = False,
        **members: object,
    ) -> str:
        """Order keys; returns the command's id. `data` replaces Data, `is_without_data` leaves it out.

        Left out: valid from now until ten o'clock UTC tomorrow, ordered now. `members` replace those of Data.
        """
        now = self.clock.now()
        tomorrow = (now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
        if data is UNSET and not is_without_data:
            data = {**key_data(key_cutter, tuple(rooms), start or now, end or tomorrow, copies), **members}
        return self._add(key_cutter_device(key_cutter, device_type), data, created)

    def add_print(
        self,
        printer: str = "Printer",
        document: str = "...",
        copies: float = 1,
        *,
        created: datetime | None = None,
    ) -> str:
        """Order a print of a Base64 `document`; returns the command's id."""
        return self._add(printer_device(printer), print_data(printer, document, copies), created)

    def add_raw(self, raw: bytes) -> str | None:
        """Put raw text into the list. With `@ID@` in it there is a command behind, whose id is returned."""
        id, now = str(uuid4()), self.clock.now()
        element = stamped(raw, id, now)
        if ID_MARK not in raw:
            self.neighbours.append(element)
            return None
        self.commands.add(Command(id, now, Device("d1", "Key cutter", KEY_CUTTER), UNSET, element))
        return id

    def add_neighbour(self, kind: Neighbour | str, megabytes: int = 40) -> str | None:
        """Put a broken entry into the list, before the good ones; its id, if it has one."""
        return self.add_raw(raw_neighbour(Neighbour(kind), megabytes))

    def command(self, id: str) -> Command:
        """The command of that id. Raises UserMistake if there is none."""
        command = self.commands.get(id)
        if command is None:
            raise UserMistake(f"there is no command {id[:60]!r}")
        return command

    def cancel(self, id: str) -> None:
        """A member of staff cancels a command that is not over. Raises UserMistake otherwise."""
        self.set_state(id, State.CANCELLED, STAFF)

    def set_state(self, id: str, state: State, by: str) -> None:
        """Somebody else changes a command that is not over. Raises UserMistake otherwise."""
        command = self.command(id)
        if command.is_final:
            raise UserMistake(f"the command is {command.state} already")
        self.commands.put(command, Step(state, self.clock.now(), by))

    async def wait_final(self, id: str) -> Command:
        """Wait until a command is over."""
        command = self.command(id)
        await self.changes.wait_until(lambda: command.is_final)
        return command

    async def wait_all_final(self) -> None:
        """Wait until all commands are over."""
        await self.changes.wait_until(lambda: not self.commands.open)

    async def wait_state(self, id: str, state: State) -> Command:
        """Wait until a command is, or was, in a state."""
        command = self.command(id)
        await self.changes.wait_until(lambda: any(step.state is state for step in command.history))
        return command

    def counts(self) -> dict[str, object]:
        """What was counted."""
        return {
            **super().counts(),
            "sign_ins": self.sessions.generation,
            "rival_sign_ins": self.sessions.rival_sign_ins,
            "refused_tokens": self.refused_tokens,
            "refused_updates": self.refused_updates,
            "updates_after_final": self.commands.updates_after_final,
        }

    def _add(self, device: Device, data: object, created: datetime | None) -> str:
        id = str(uuid4())
        self.commands.add(Command(id, created or self.clock.now(), device, data, None))
        return id

    def _recognise(self, request: Request) -> Call:
        operation = request.path.removeprefix(PREFIX) if request.path.startswith(PREFIX) else ""
        if operation not in self.operations:
            return Call("unknown path", request)
        body = decoded(request.body)
        facts = {name: value for name, value in (body or {}).items() if isinstance(value, str)}
        return Call(operation, request, facts, body)

    def _perform(self, call: Call) -> Due:
        try:
            return Due(self._act(call))
        except _Refusal as refusal:
            return Due(self._error(refusal))

    def _act(self, call: Call) -> Reply:
        body = self._checked(call)
        if call.operation == SIGN_IN:
            return self._sign_in(body)
        by = self._authorised(call.operation, body)
        match call.operation:
            case "commands/getAllActive":
                return self._get_all_active(by)
            case "commands/update":
                return self._update(body, by)
            case "reservations/getAll":
                return _reservations(body)
            case "customers/getBalance":
                return _balance(body)
        return json_reply(documents.SPACES)

    def _checked(self, call: Call) -> dict[str, object]:
        if call.operation not in self.operations or (call.operation == SIGN_IN and not self.switches.sign_in):
            raise _Refusal(404, "There is no such address.")
        if call.request.method != "POST":
            raise _Refusal(405, "Only POST is supported.")
        if call.body is None:
            raise _Refusal(400, "Invalid JSON.")
        return call.body

    def _sign_in(self, body: dict[str, object]) -> Reply:
        if body.get("ConnectorToken") != self.switches.token:
            self.refused_tokens += 1
            raise _Refusal(401, "Invalid ConnectorToken.")
        return json_reply({"AccessToken": self.sessions.sign_in(), "Enterprise": documents.ENTERPRISE})

    def _authorised(self, operation: str, body: dict[str, object]) -> str:
        """Who calls. The page's example of getBalance has its token in ConnectorToken: both are taken there."""
        token = body.get("AccessToken")
        if operation == BALANCE and token is None:
            token = body.get("ConnectorToken")
        holder = self.sessions.holder(token, self.switches)
        if holder is None:
            self.refused_tokens += 1
            raise _Refusal(401, "Invalid AccessToken.")
        return holder

    def _get_all_active(self, by: str) -> Reply:
        self.commands.cancel_unhandled(self.clock.now(), self.switches.cancel_hours)
        known = tuple(self.commands) if self.switches.include_final else self.commands.open
        listed = [command for command in known if self._is_listed(command)]
        body = self._listing.page(listed, self.neighbours, self.switches)
        if self.switches.mark_received:
            self._mark_received(listed, by)
        return Reply(body=body)

    def _is_listed(self, command: Command) -> bool:
        if command.is_final:
            return self.switches.include_final
        return command.state in WAITING or self.switches.include_processing

    def date(self) -> str | None:
        """The Date header of the next answer, by the clock of the front end whose turn it is."""
        if not self.switches.front_ends or not self.switches.date_header:
            return super().date()
        self._answered += 1
        ahead = self.switches.front_ends[self._answered % len(self.switches.front_ends)]
        return format_datetime(self.clock.now() + timedelta(seconds=ahead), usegmt=True)

    def _mark_received(self, listed: Sequence[Command], by: str) -> None:
        for command in listed:
            if command.state is State.PENDING:
                self.commands.put(command, Step(State.RECEIVED, self.clock.now(), by))

    def _update(self, body: dict[str, object], by: str) -> Reply:
        self.commands.cancel_unhandled(self.clock.now(), self.switches.cancel_hours)
        command = self.commands.get(_text(body, "CommandId"))
        if command is None:
            raise _Refusal(400, "Invalid CommandId.")
        step = _step(body, self.clock.now(), by)
        if self.commands.update(command, step, self.switches) is Ruling.REFUSED:
            self.refused_updates += 1
            raise _Refusal(
                self.switches.bad_transition_status,
                f"The command is {command.state}: it cannot become {step.state}.",
            )
        return json_reply({"SinceTomorrow": None} if self.switches.unknown_fields else {})

    def _error(self, refusal: "_Refusal") -> Reply:
        body = {"Message": refusal.message}
        if self.switches.details:
            body["Details"] = "Invented details: at Mews.Connector.Api, line 1"
        return json_reply(body, refusal.status)


class _Refusal(Exception):
    """Mews says no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def _step(body: dict[str, object], now: datetime, by: str) -> Step:
    """The change that an update asks for; Progress counts only with Processing, Notes only with a final state."""
    try:
        state = State(_text(body, "State"))
    except ValueError:
        raise _Refusal(400, "Invalid State.") from None
    progress, notes = body.get("Progress"), body.get("Notes")
    if isinstance(progress, bool) or not isinstance(progress, int | float | None):
        raise _Refusal(400, "Invalid Progress.")
    if not isinstance(notes, str | None):
        raise _Refusal(400, "Invalid Notes.")
    is_processing = state is State.PROCESSING
    is_waiting = state in WAITING
    return Step(
        state, now, by, progress if is_processing else None, None if is_processing or is_waiting else notes
    )


def _reservations(body: dict[str, object]) -> Reply:
    start, end = _time(body, "StartUtc"), _time(body, "EndUtc")
    reservation = documents.RESERVATION
    overlaps = _time(reservation, "StartUtc") <= end and start <= _time(reservation, "EndUtc")
    found = {
        "Reservations": [reservation] if overlaps else [],
        "ReservationGroups": [documents.GROUP] if overlaps else [],
    }
    return json_reply(found)


def _balance(body: dict[str, object]) -> Reply:
    balance = documents.BALANCES.get(_text(body, "CustomerId"))
    if balance is None:
        raise _Refusal(400, "Invalid CustomerId.")
    return json_reply(balance)


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise _Refusal(400, f"Invalid {name}.")
    return value


def _time(body: Mapping[str, object], name: str) -> datetime:
    try:
        time = datetime.fromisoformat(_text(body, name))
    except ValueError:
        raise _Refusal(400, f"Invalid {name}.") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
