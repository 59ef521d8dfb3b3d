"""The queue of the simulated Mews: what staff order, what connectors are shown of it, and what they report.

Must never lose a change, nor judge who may call: `operations.py` does. What the pages leave open is a switch.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from agent.foundation.errors import UserMistake
from agent.simulators.base.presence import SimulatedClock
from agent.simulators.base.replies import Reply, json_reply
from agent.simulators.base.simulator import Simulator
from agent.simulators.mews import documents, v2016
from agent.simulators.mews.commands import STAFF, WAITING, Command, Commands, Ruling, State, Step
from agent.simulators.mews.current import orders
from agent.simulators.mews.current.envelope import CLIENT
from agent.simulators.mews.current.lists import active_page, page_of_ids
from agent.simulators.mews.current.paging import optional_limitation
from agent.simulators.mews.events import Event, command_event, price_update, reservation_event, resource_event
from agent.simulators.mews.listing import ID_MARK, Listing, Neighbour, key_data, print_data, raw_neighbour, stamped
from agent.simulators.mews.push import Push
from agent.simulators.mews.refusal import Refusal, invalid, needed_texts, text
from agent.simulators.mews.store.devices import KEY_CUTTER, KEY_CUTTER_TODAY, key_cutter, printer
from agent.simulators.mews.store.example import example_hotel
from agent.simulators.mews.store.property import Property
from agent.simulators.mews.store.records import Customer, Device, Reservation, Room
from agent.simulators.mews.store.small_hotel import small_hotel
from agent.simulators.mews.switches import Dialect, HotelKind, MewsSwitches, UnknownIds


class MewsQueue(Simulator[MewsSwitches]):
    """The commands and the property of a simulated Mews, for its operations and for tests."""

    def __init__(self, switches: MewsSwitches | None = None, *, clock: SimulatedClock | None = None) -> None:
        super().__init__(switches or MewsSwitches(), clock)
        self.push = Push(lambda: self.switches, self.changes)
        self.commands = Commands(self.changes, self._tell_command)
        self.neighbours: list[bytes] = []
        self.refused_updates = 0
        self._listing, self._found = Listing(), Listing()
        self._hotel: Property | None = None

    @property
    def hotel(self) -> Property:
        """The property; made when it is first looked at, because its guests are here today."""
        if self._hotel is None:
            is_small = self.switches.hotel is HotelKind.SMALL
            content = small_hotel(self.clock.now()) if is_small else example_hotel()
            self._hotel = Property(content, self._tell_hotel)
        return self._hotel

    def switch(self, **changes: object) -> None:
        """Flip switches by name; another `hotel` begins again. Raises UserMistake and then changes nothing."""
        before = self.switches.hotel
        super().switch(**changes)
        if self.switches.hotel is not before:
            self._hotel = None

    def add_key(
        self,
        key_cutter: str = "1",
        rooms: Sequence[str] = ("101",),
        copies: float = 1,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        created: datetime | None = None,
        device_type: str | UnsetType | None = UNSET,
        stay: str | None = None,
        data: object = UNSET,
        is_without_data: bool = False,
        **members: object,
    ) -> str:
        """Order keys; returns the command's id. `data` replaces Data, `is_without_data` leaves it out.

        Left out: valid from now until ten o'clock UTC tomorrow, ordered now, for the stay of the v1 page's
        example, a device of the dialect's type. `members` replace those of Data.
        """
        now = self.clock.now()
        tomorrow = (now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
        if data is UNSET and not is_without_data:
            found = self._key_data(key_cutter, tuple(rooms), start or now, end or tomorrow, copies, stay)
            data = {**found, **members}
        return self._add(self._key_cutter(key_cutter, device_type), data, created)

    def add_print(
        self,
        name: str = "Printer",
        document: str = "...",
        copies: float = 1,
        *,
        created: datetime | None = None,
    ) -> str:
        """Order a print of a Base64 `document`; returns the command's id."""
        device = printer(name)
        self.hotel.add_device(device)
        return self._add(device, print_data(name, document, copies), created)

    def add_raw(self, raw: bytes) -> str | None:
        """Put raw text into the list, its marks (`listing.py`) replaced.

        With `@ID@` in it there is a command behind, whose id is returned.
        """
        id, now = str(uuid4()), self.clock.now()
        element = stamped(raw, id, now, self._key_cutter_type)
        if ID_MARK not in raw:
            self.neighbours.append(element)
            return None
        self.commands.add(Command(id, now, Device("d1", "Key cutter", self._key_cutter_type), UNSET, element))
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

    def get_all_active(self, body: Mapping[str, object], by: str) -> Reply:
        """The answer of commands/getAllActive: that of 2016 whole, today's in pages."""
        self.commands.cancel_unhandled(self.clock.now(), self.switches.cancel_hours)
        known = tuple(self.commands) if self.switches.include_final else self.commands.open
        shown: Sequence[Command] = [command for command in known if self._is_listed(command)]
        neighbours: Sequence[bytes] = self.neighbours
        cursor: str | UnsetType | None = UNSET
        if self.switches.dialect is Dialect.CURRENT:
            shown, cursor = active_page(shown, body, self.switches, self.commands.get)
            neighbours = () if _is_a_later_page(body) else neighbours
        answer = self._listing.page(shown, neighbours, self.switches, cursor)
        if self.switches.mark_received:
            self._mark_received(shown, by)
        return Reply(body=answer)

    def get_all_by_ids(self, body: Mapping[str, object]) -> Reply:
        """The answer of commands/getAllByIds, in any state."""
        self.commands.cancel_unhandled(self.clock.now(), self.switches.cancel_hours)
        ids = dict.fromkeys(needed_texts(body, "CommandIds"))
        found = [command for command in map(self.commands.get, ids) if command is not None]
        if self.switches.unknown_ids is UnknownIds.REFUSED and len(found) < len(ids):
            raise invalid("CommandIds")
        shown, cursor = page_of_ids(found, body, self.switches)
        return Reply(body=self._found.page(shown, (), self.switches, cursor))

    def update(self, body: Mapping[str, object], by: str) -> Reply:
        """The answer of commands/update."""
        self.commands.cancel_unhandled(self.clock.now(), self.switches.cancel_hours)
        command = self.commands.get(text(body, "CommandId"))
        if command is None:
            raise invalid("CommandId")
        step = _step(body, self.clock.now(), by)
        if self.commands.update(command, step, self.switches) is Ruling.REFUSED:
            self.refused_updates += 1
            raise Refusal(
                self.switches.bad_transition_status,
                f"The command is {command.state}: it cannot become {step.state}.",
            )
        return json_reply({"SinceTomorrow": None} if self.switches.unknown_fields else {})

    def add_key_cutter(self, body: Mapping[str, object]) -> Reply:
        """The answer of today's commands/addKeyCutter."""
        order = orders.add_key_cutter(self.hotel, body, self.switches)
        return json_reply({"CommandId": self._add(order.device, order.data, None)})

    def add_printer(self, body: Mapping[str, object]) -> Reply:
        """The answer of today's commands/addPrinter."""
        device, document, copies = orders.add_printer(self.hotel, body, self.switches)
        return json_reply({"CommandId": self._add(device, print_data(device.name, document, copies), None)})

    def _add(self, device: Device, data: object, created: datetime | None) -> str:
        id = str(uuid4())
        self.commands.add(Command(id, created or self.clock.now(), device, data, None))
        return id

    @property
    def _key_cutter_type(self) -> str:
        return KEY_CUTTER_TODAY if self.switches.dialect is Dialect.CURRENT else KEY_CUTTER

    def _key_cutter(self, identifier: str, type: str | UnsetType | None) -> Device:
        """The device of that key cutter, which staff have set up in Mews."""
        device = key_cutter(identifier)
        self.hotel.add_device(device)
        return replace(device, type=self._key_cutter_type if type is UNSET else type)

    def _key_data(
        self, cutter: str, rooms: tuple[str, ...], start: datetime, end: datetime, copies: float, stay: str | None
    ) -> dict[str, object]:
        known = self.hotel.reservations.get(stay or documents.RESERVATION["Id"])
        if self.switches.dialect is Dialect.V2016:
            data = key_data(cutter, rooms, start, end, copies)
            if stay is not None:
                data["Reservation"] = {"Id": stay} if known is None else v2016.reservation(self.hotel, known)
            return data
        guest = _GUEST if known is None else self.hotel.owner(known)
        number = None if known is None else known.number
        return orders.key_data(cutter, rooms, start, end, copies, guest, known.id if known else stay, number)

    def _is_listed(self, command: Command) -> bool:
        if command.is_final:
            return self.switches.include_final
        return command.state in WAITING or self.switches.include_processing

    def _mark_received(self, listed: Sequence[Command], by: str) -> None:
        for command in listed:
            if command.state is State.PENDING:
                self.commands.put(command, Step(State.RECEIVED, self.clock.now(), by))

    def _tell_command(self, command: Command) -> None:
        is_echo = command.history[-1].by == CLIENT
        if self.switches.push_echo or not is_echo:
            self._tell(command_event(command))

    def _tell_hotel(self, changed: Reservation | Room) -> None:
        event = resource_event(changed) if isinstance(changed, Room) else reservation_event(changed)
        self._tell(event)
        self.changes.announce()

    def _tell(self, event: Event) -> None:
        noise = [price_update(self.clock.now())] if self.switches.push_noise else []
        self.push.tell([*noise, event])


_GUEST = Customer("", "Guest")  # of a stay that the property does not know


def _is_a_later_page(body: Mapping[str, object]) -> bool:
    wish = optional_limitation(body)
    return wish is not None and wish.cursor is not None


def _step(body: Mapping[str, object], now: datetime, by: str) -> Step:
    """The change that an update asks for; Progress counts only with Processing, Notes only with a final state."""
    try:
        state = State(text(body, "State"))
    except ValueError:
        raise invalid("State") from None
    progress, notes = body.get("Progress"), body.get("Notes")
    if isinstance(progress, bool) or not isinstance(progress, int | float | None):
        raise invalid("Progress")
    if not isinstance(notes, str | None):
        raise invalid("Notes")
    is_processing = state is State.PROCESSING
    is_waiting = state in WAITING
    return Step(
        state, now, by, progress if is_processing else None, None if is_processing or is_waiting else notes
    )
