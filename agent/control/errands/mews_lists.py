"""What Mews has: the hotel, its commands, rooms, reservations, balances and devices. Changes nothing.

A guest's name is shown only to a person who asks for names; telephone numbers and addresses never are.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from agent.control.errands.errand import Errand, Tell
from agent.control.hotel import Hotel
from agent.control.words.requests import (
    BalanceAsk,
    CommandList,
    DeviceList,
    MewsRequest,
    MewsTest,
    SpaceList,
    StayList,
)
from agent.control.words.told import End, Line, Result, Table
from agent.foundation.reading.text import opened, plain
from agent.mews.calls import Listing, MewsError
from agent.mews.enquiries import Enquiries, NotOffered
from agent.mews.records import Category, Guest, Property, Space, SpaceKind, Spaces, Stay, Stays

MOST_ROWS = 5000  # the largest hotels have as many rooms; a table goes over the socket in one piece
CELL = 60  # characters of a name in a table
_NOTHING = "Nothing was changed."
_STAY = ("NUMBER", "STATE", "ROOM", "FROM", "TO")
_MORE = ("RESERVATION", "OWNER", "GROUP", "CHANNEL", "MANAGER", "SEGMENT", "AGENCY")
Row = tuple[str, ...]


class _Backwards(Exception):
    """The days are asked for from the last to the first."""


class MewsLists:
    """One question to Mews. `before` is an errand that has to go well first."""

    def __init__(
        self,
        request: MewsRequest,
        enquiries: Enquiries,
        hotel: Hotel,
        tell: Tell,
        before: Errand | None = None,
    ) -> None:
        self._request, self._enquiries, self._hotel, self._tell = request, enquiries, hotel, tell
        self._before = before

    async def run(self) -> Result:
        """Ask, and show what came."""
        tested = await self._before.run() if self._before is not None else None
        if tested is not None and tested.end is not End.DONE:
            return tested
        try:
            words = await self._told()
        except _Backwards:
            return Result(End.FAILED, "The last day is before the first: write the first behind --from.")
        except MewsError as error:
            return Result(End.FAILED, said(error))
        return Result(End.DONE, f"{tested.text} {words}" if tested is not None else words)

    def left_behind(self) -> Result:
        """Nothing: it only looked."""
        return Result(End.FAILED, _NOTHING)

    async def _told(self) -> str:
        ask = self._enquiries
        match self._request:
            case MewsTest():
                return await self._about_the_hotel()
            case CommandList():
                return self._commands(await ask.commands())
            case SpaceList():
                return self._spaces(await ask.spaces())
            case StayList() as request:
                return await self._stays(request)
            case BalanceAsk() as request:
                money = await ask.balance(request.customer, request.currency.upper())
                owed = "are owed" if money.value > 0 else "Nothing is owed: the balance is"
                amount = f"{money.value} {money.currency}"
                return f"{amount} {owed}." if money.value > 0 else f"{owed} {amount}."
            case DeviceList():
                return await self._devices()
            case _:
                raise AssertionError("an order is an errand of its own")

    async def _about_the_hotel(self) -> str:
        try:
            return _hotel(await self._enquiries.hotel())
        except NotOffered:
            hotel = self._enquiries.hotel_of_session
        return (
            "Mews tells which hotel it is only at a sign-in, and there was none."
            if hotel is None
            else _hotel(hotel)
        )

    def _commands(self, listing: Listing) -> str:
        rows = [
            (
                each.id,
                each.standing.name.lower(),
                each.device_type or "",
                each.device_name,
                self._at(each.created),
            )
            for each in listing.commands
        ]
        return self._shown(("COMMAND", "STATE", "TYPE", "DEVICE", "ORDERED"), rows, "command", listing.unreadable)

    def _spaces(self, found: Spaces) -> str:
        names = {category.id: category for category in found.categories}
        numbers = {space.id: space.number for space in found.spaces}
        rows = [_space(space, names, numbers) for space in sorted(found.spaces, key=_by_number)]
        return self._shown(("ROOM", "KIND", "IN", "STATE", "CATEGORY"), rows, "space", found.unreadable)

    async def _stays(self, request: StayList) -> str:
        start, end = self._days(request)
        if end < start:
            raise _Backwards
        found = await self._enquiries.stays(start, end)
        numbers = await room_numbers(self._enquiries)
        has_names = request.with_names and any(map(guests, found.stays))
        columns = (*_STAY, *(_MORE if request.with_all else ()), *(("GUESTS",) if has_names else ()))
        rows = [
            (*self._stay(stay, numbers), *(_more(stay) if request.with_all else ()), guests(stay))[: len(columns)]
            for stay in _in_order(found)
        ]
        if request.with_names and rows and not has_names:
            self._tell(Line("Mews told no guest's name with them: in today's dialect it does not."))
        return self._shown(columns, rows, "reservation", found.unreadable)

    def _stay(self, stay: Stay, numbers: dict[str, str]) -> Row:
        room = numbers.get(stay.space, stay.space)
        return stay.number, str(stay.state), room, self._at(stay.start), self._at(stay.end)

    async def _devices(self) -> str:
        found = await self._enquiries.devices()
        rows = [(device.id, device.type, device.name, device.identifier) for device in found.devices]
        return self._shown(("DEVICE", "TYPE", "NAME", "IDENTIFIER"), rows, "device", found.unreadable)

    def _shown(self, columns: Sequence[str], rows: Sequence[Row], what: str, unreadable: int) -> str:
        if rows:
            clean = tuple(tuple(plain(cell, CELL) for cell in row) for row in rows[:MOST_ROWS])
            self._tell(Table(tuple(columns), clean))
        if unreadable:
            self._tell(Line(f"{unreadable} more cannot be read."))
        shown = f", of which the first {MOST_ROWS} are shown" if len(rows) > MOST_ROWS else ""
        return f"{len(rows)} {what if len(rows) == 1 else f'{what}s'}{shown}."

    def _days(self, request: StayList) -> tuple[datetime, datetime]:
        """From the first moment of the first day to the last of the last, in the hotel's zone."""
        zone = self._hotel.zone
        first = date.fromisoformat(request.first) if request.first else self._hotel.now().astimezone(zone).date()
        last = date.fromisoformat(request.last) if request.last else first
        start = datetime.combine(first, time.min, zone)
        end = datetime.combine(last + timedelta(days=1), time.min, zone)
        return start, end - timedelta(seconds=1)

    def _at(self, moment: datetime | None) -> str:
        return f"{moment.astimezone(self._hotel.zone):%Y-%m-%d %H:%M}" if moment is not None else ""


async def room_numbers(enquiries: Enquiries) -> dict[str, str]:
    """What people call each room and bed, by its id; empty where the dialect does not tell."""
    try:
        found = await enquiries.spaces()
    except NotOffered:
        return {}
    return {space.id: space.number for space in found.spaces}


def _more(stay: Stay) -> Row:
    """What Mews has of it beside; a group by its id, for its name is often a guest's."""
    channels = (stay.channel_number, stay.channel_manager)
    return stay.id, stay.owner, stay.group, *channels, stay.segment, stay.travel_agency


def guests(stay: Stay) -> str:
    """Their names: for a person who asked for names, and for no file."""
    people = [*([stay.customer] if stay.customer else []), *stay.companions]
    return ", ".join(dict.fromkeys(filter(None, map(_name, people))))


def said(error: MewsError) -> str:
    """Why Mews did not tell, as a sentence."""
    return opened(getattr(error, "words", "") or str(error))


def _name(guest: Guest) -> str:
    return " ".join(filter(None, (guest.first_name, guest.last_name)))


def _hotel(hotel: Property) -> str:
    zone = f", in the time zone {hotel.zone}" if hotel.zone else ""
    return f"It is {hotel.name or 'a hotel without a name'} ({hotel.id}){zone}."


def _space(space: Space, categories: dict[str, Category], numbers: dict[str, str]) -> Row:
    category = categories.get(space.category)
    word = category.word.lower() if category and space.kind is SpaceKind.OTHER else ""
    state = str(space.state) if space.is_active else "not in use"
    inside = numbers.get(space.parent, space.parent)
    return space.number, word or str(space.kind), inside, state, category.name if category else ""


def _by_number(space: Space) -> tuple[int, str]:
    digits = "".join(letter for letter in space.number if letter.isdecimal())[:9]
    return int(digits or 0), space.number


def _in_order(found: Stays) -> Iterable[Stay]:
    return sorted(found.stays, key=_when)


def _when(stay: Stay) -> tuple[datetime, str]:
    return stay.start, stay.number
