"""The control side of the simulated property and its WebSockets. All below `/_sim`, JSON:

    GET  /rooms                    all; POST makes one -> {"id"}: {"number"}, and as it may be "category", "state",
                                   "parent", "locks"
    POST /rooms/{id}               changes one, by id or number: {"number", "state", "is_active"}
    GET  /reservations             all; POST makes one -> {"id"}: {"room", "state", "start", "end", "first_name",
                                   "last_name", "email", "phone", "company"}, all optional
    POST /reservations/{id}        changes one, by id or number: {"room", "state", "start", "end"}
    POST /reservations/{id}/start  the guest checks in; .../end: out; .../cancel; .../move: {"room"}
    GET  /balances                 what is owed
    POST /balances/{id}            what a customer or company owes from now on: {"value", "currency"}
    GET  /devices                  all; POST makes one: {"name", "type", "identifier"} -> {"id"}
    GET  /cards                    what was written to reservations
    GET  /push                     sockets, events and messages, counted
    POST /push/drop                breaks all sockets off
    POST /push/say                 {"text"}: sends that as it is

Must never change anything by itself, and never judge as Mews does: staff may do what is possible at all.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from agent.foundation.errors import UserMistake
from agent.simulators.base.control import Asked, Route
from agent.simulators.base.forms import filled
from agent.simulators.base.presence import utc_text
from agent.simulators.mews.queue import MewsQueue
from agent.simulators.mews.store.devices import KEY_CUTTER_TODAY, invented_id
from agent.simulators.mews.store.property import CURRENCY
from agent.simulators.mews.store.records import (
    AccountType,
    Company,
    Customer,
    Device,
    Group,
    Reservation,
    Room,
    RoomState,
    StayState,
)


def routes(mews: MewsQueue) -> list[Route]:
    """The entries about the property and its WebSockets."""
    return [
        Route("GET", "/rooms", "all rooms", lambda _: [*map(_shown, mews.hotel.rooms.values())]),
        Route("POST", "/rooms", "make a room", lambda asked: _add_room(mews, asked.body)),
        Route("POST", "/rooms/{id}", "change a room", lambda asked: _change_room(mews, asked)),
        Route("GET", "/reservations", "all of them", lambda _: [*map(_shown, mews.hotel.reservations.values())]),
        Route("POST", "/reservations", "make one", lambda asked: _add_stay(mews, asked.body)),
        Route("POST", "/reservations/{id}", "change one", lambda asked: _change_stay(mews, asked)),
        Route("POST", "/reservations/{id}/start", "the guest checks in", lambda asked: _start(mews, asked)),
        Route("POST", "/reservations/{id}/end", "the guest checks out", lambda asked: _end(mews, asked)),
        Route("POST", "/reservations/{id}/cancel", "the guest does not come", lambda asked: _cancel(mews, asked)),
        Route("POST", "/reservations/{id}/move", "into another room", lambda asked: _move(mews, asked)),
        Route("GET", "/balances", "what is owed", lambda _: [*map(_shown, mews.hotel.items.values())]),
        Route("POST", "/balances/{id}", "what one owes from now on", lambda asked: _owe(mews, asked)),
        Route("GET", "/devices", "all devices", lambda _: [*map(_shown, mews.hotel.devices.values())]),
        Route("POST", "/devices", "set a device up", lambda asked: _add_device(mews, asked.body)),
        Route("GET", "/cards", "cards and codes", lambda _: [*map(_shown, mews.hotel.cards.values())]),
        Route("GET", "/push", "sockets, events, messages", lambda _: mews.push.counts()),
        Route("POST", "/push/drop", "break all sockets off", lambda _: {"sockets": mews.push.drop()}),
        Route("POST", "/push/say", 'send {"text"} as it is', lambda asked: _say(mews, asked.body)),
    ]


class _RoomForm(msgspec.Struct, frozen=True):
    number: str
    category: str | None = None
    state: RoomState = RoomState.CLEAN
    parent: str | None = None
    locks: tuple[str, ...] = ()


class _RoomChange(msgspec.Struct, frozen=True):
    number: str | None = None
    state: RoomState | None = None
    is_active: bool | None = None


class _StayForm(msgspec.Struct, frozen=True):
    room: str | None = None
    state: StayState = StayState.CONFIRMED
    start: datetime | None = None
    end: datetime | None = None
    first_name: str | None = None
    last_name: str = "Guest"
    email: str | None = None
    phone: str | None = None
    company: str | None = None


class _StayChange(msgspec.Struct, frozen=True):
    room: str | UnsetType | None = UNSET
    state: StayState | None = None
    start: datetime | None = None
    end: datetime | None = None


class _MoveForm(msgspec.Struct, frozen=True):
    room: str | None


class _OweForm(msgspec.Struct, frozen=True):
    value: float
    currency: str = CURRENCY


class _DeviceForm(msgspec.Struct, frozen=True):
    name: str
    type: str = KEY_CUTTER_TODAY
    identifier: str | None = None


class _SayForm(msgspec.Struct, frozen=True):
    text: str


def _add_room(mews: MewsQueue, body: dict[str, object]) -> object:
    form, now = filled(_RoomForm, body, what="field"), mews.clock.now()
    category = _category(mews, form.category)
    parent = None if form.parent is None else mews.hotel.room(form.parent).id
    room = Room(
        id=str(uuid4()),
        number=form.number,
        category=category,
        state=form.state,
        parent=parent,
        locks=form.locks,
        created=now,
        updated=now,
    )
    mews.hotel.put_room(room)
    return {"id": room.id}


def _change_room(mews: MewsQueue, asked: Asked) -> None:
    form, room = filled(_RoomChange, asked.body, what="field"), mews.hotel.room(asked.id)
    given = {name: value for name, value in msgspec.structs.asdict(form).items() if value is not None}
    mews.hotel.put_room(replace(room, **given, updated=mews.clock.now()))


def _add_stay(mews: MewsQueue, body: dict[str, object]) -> object:
    form, now, hotel = filled(_StayForm, body, what="field"), mews.clock.now(), mews.hotel
    room = None if form.room is None else hotel.room(form.room)
    account, account_type = _account(mews, form)
    group = Group(str(uuid4()))
    start = _utc(form.start) or now
    end = _utc(form.end) or start + timedelta(days=1)
    if end < start:
        raise UserMistake("end comes before start")
    stay = Reservation(
        id=str(uuid4()),
        number=str(len(hotel.reservations) + 1000),
        group=group.id,
        state=form.state,
        start=start,
        end=end,
        account=account,
        account_type=account_type,
        room=None if room is None else room.id,
        category=room.category if room else _category(mews, None),
        companions=(account,) if account_type is AccountType.CUSTOMER else (),
        created=now,
    )
    hotel.groups[group.id] = group
    hotel.put(_stamped(stay, now))
    return {"id": stay.id}


def _change_stay(mews: MewsQueue, asked: Asked) -> None:
    form, stay = filled(_StayChange, asked.body, what="field"), mews.hotel.reservation(asked.id)
    room = stay.room if isinstance(form.room, UnsetType) else form.room and mews.hotel.room(form.room).id
    changed = replace(
        stay,
        room=room,
        state=form.state or stay.state,
        start=_utc(form.start) or stay.start,
        end=_utc(form.end) or stay.end,
    )
    if changed.end < changed.start:
        raise UserMistake("end comes before start")
    mews.hotel.put(_stamped(changed, mews.clock.now()))


def _stamped(stay: Reservation, now: datetime) -> Reservation:
    """With the times that its state implies, where it has none yet."""
    has_begun = stay.state in (StayState.STARTED, StayState.PROCESSED)
    is_over, is_cancelled = stay.state is StayState.PROCESSED, stay.state is StayState.CANCELED
    return replace(
        stay,
        actual_start=(stay.actual_start or now) if has_begun else None,
        actual_end=(stay.actual_end or now) if is_over else None,
        cancelled=(stay.cancelled or now) if is_cancelled else None,
        updated=now,
    )


def _start(mews: MewsQueue, asked: Asked) -> None:
    mews.hotel.check_in(mews.hotel.reservation(asked.id), mews.clock.now())


def _end(mews: MewsQueue, asked: Asked) -> None:
    mews.hotel.check_out(mews.hotel.reservation(asked.id), mews.clock.now())


def _cancel(mews: MewsQueue, asked: Asked) -> None:
    mews.hotel.cancel(mews.hotel.reservation(asked.id), mews.clock.now())


def _move(mews: MewsQueue, asked: Asked) -> None:
    room = filled(_MoveForm, asked.body, what="field").room
    stay = mews.hotel.reservation(asked.id)
    mews.hotel.move(stay, None if room is None else mews.hotel.room(room), mews.clock.now())


def _owe(mews: MewsQueue, asked: Asked) -> None:
    form = filled(_OweForm, asked.body, what="field")
    mews.hotel.owe(asked.id, form.value, form.currency, mews.clock.now())


def _add_device(mews: MewsQueue, body: dict[str, object]) -> object:
    form = filled(_DeviceForm, body, what="field")
    device = Device(str(uuid4()), form.name, form.type, form.identifier)
    mews.hotel.add_device(device)
    return {"id": device.id}


def _say(mews: MewsQueue, body: dict[str, object]) -> object:
    return {"sockets": mews.push.say(filled(_SayForm, body, what="field").text)}


def _account(mews: MewsQueue, form: _StayForm) -> tuple[str, AccountType]:
    """The owner of a new reservation: a company by its name, else a new customer."""
    if form.company is not None:
        company = Company(invented_id(f"company:{form.company}"), form.company)
        mews.hotel.companies[company.id] = company
        return company.id, AccountType.COMPANY
    customer = Customer(str(uuid4()), form.last_name, form.first_name, form.email, form.phone)
    mews.hotel.customers[customer.id] = customer
    return customer.id, AccountType.CUSTOMER


def _category(mews: MewsQueue, name: str | None) -> str:
    """The id of the category of that name or id, of the first one for None. Raises UserMistake."""
    for category in mews.hotel.categories.values():
        if name in (None, category.id, category.name):
            return category.id
    names = ", ".join(category.name for category in mews.hotel.categories.values())
    raise UserMistake(f"there is no category {(name or '')[:60]!r}: write one of {names}")


def _shown(record: msgspec.Struct) -> dict[str, object]:
    members: Mapping[str, object] = msgspec.structs.asdict(record)
    return {name: utc_text(value) if isinstance(value, datetime) else value for name, value in members.items()}


def _utc(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time
