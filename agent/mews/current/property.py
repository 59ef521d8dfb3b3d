"""What today's Connector API offers beside commands: the hotel, rooms, reservations, balances, devices, cards.

No I/O. What is sent and read: reference/mews.md sections 7 and 14, and Mews' docs of 2026-08-07 where those end. A
list comes in pages, and each page is a call.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec

from agent.foundation.reading.json_text import Text
from agent.mews.calls import ANSWER_CAP, CALL_SECONDS, LIST_SECONDS, Ask
from agent.mews.current import balance, cards, rooms, stays
from agent.mews.current.envelope import Envelope
from agent.mews.current.paging import Page, all_pages, limitation, page
from agent.mews.reading.answers import acknowledged
from agent.mews.reading.decoding import unwrapped
from agent.mews.reading.items import Item
from agent.mews.reading.lists import items
from agent.mews.reading.values import interval
from agent.mews.records import Category, Device, Devices, KeptCard, Money, NewCard, Property, Spaces, Stay, Stays
from provisioning.secret import Secret

T = TypeVar("T")
Named = TypeVar("Named", rooms.Resource, Category, Stay, KeptCard)

PAGE_CAP = 16 * 1024 * 1024  # bytes; 500 reservations are about 1 MB
MOST_IDS = 500  # in one request; Mews allows 1,000
RESERVATIONS = "/reservations/getAll/2023-06-06"  # that without a date was discontinued in 2025


class PropertyCalls:
    """All protocols of `operations.py` but LooksUp, over one way to ask.

    `enterprise` is the id of the one hotel that a token for several is good for here, "" for a token of one hotel.
    """

    def __init__(self, ask: Ask, envelope: Envelope, enterprise: str = "") -> None:
        self._ask = ask
        self._envelope = envelope
        self._one = {"EnterpriseId": enterprise} if enterprise else {}
        self._those = {"EnterpriseIds": [enterprise]} if enterprise else {}

    async def hotel(self, token: Secret) -> Property:
        """As Mews has it now."""
        return await self._call(token, "/configuration/get", self._one, hotel, cap=PAGE_CAP)

    async def spaces(self, token: Secret) -> Spaces:
        """All of the hotel's, also those that are no longer used."""
        extent = {"Extent": {"Resources": True, "Inactive": True}}
        found = await self._list(token, "/resources/getAll", extent, "Resources", rooms.resource)
        categories = await self._categories(token)
        assigned = await self._assignments(token, [category.id for category in categories.items])
        return Spaces(
            rooms.spaces(_each_once(found.items), categories.items, assigned.items),
            categories.items,
            found.unreadable + categories.unreadable + assigned.unreadable,
        )

    async def stays(self, token: Secret, start: datetime, end: datetime) -> Stays:
        """Those that overlap the time between two aware dates, by their plan: not a guest who stays on."""
        return await self._stays(token, "CollidingUtc", start, end)

    async def changed_stays(self, token: Secret, start: datetime, end: datetime) -> Stays:
        """Those that were changed between two aware dates."""
        return await self._stays(token, "UpdatedUtc", start, end)

    async def stays_by_id(self, token: Secret, ids: Sequence[str]) -> Stays:
        """Those, as far as Mews knows them; at least one id."""
        found = [
            await self._list(token, RESERVATIONS, {"ReservationIds": some}, "Reservations", stays.stay, len(some))
            for some in _some_of(ids)
        ]
        return _stays(found)

    async def balance(self, token: Secret, customer: str, currency: str) -> Money:
        """What the customer owes, converted by Mews; a company has no balance, and Mews refuses its id."""
        return await self._call(
            token,
            "/customers/getOpenItems",
            {"CustomerIds": [customer], "Currency": currency},
            partial(balance.balance, customer=customer, wanted=currency),
            cap=PAGE_CAP,
        )

    async def devices(self, token: Secret) -> Devices:
        """All of the hotel's, whichever connector they are linked to."""
        return await self._call(token, "/devices/getAll", {}, devices, cap=PAGE_CAP)

    async def order_key(self, token: Secret, device: str, stay: str, copies: int) -> str:
        """The id of the new command; `device` is the Device.Id of a key cutter."""
        asked = {"KeyCutterId": device, "ReservationId": stay, "KeyCount": copies, **self._one}
        return await self._call(token, "/commands/addKeyCutter", asked, ordered)

    async def add_card(self, token: Secret, card: NewCard) -> str:
        """Mews' id of the card."""
        return await self._call(token, "/resourceAccessTokens/add", cards.new_card(card), cards.added)

    async def end_card(self, token: Secret, card: str) -> None:
        """That card is no longer good: Mews keeps it among the deleted ones."""
        await self._call(token, "/resourceAccessTokens/delete", {"Ids": [card]}, acknowledged)

    async def cards(self, token: Secret, stay: str) -> tuple[KeptCard, ...]:
        """The cards of a reservation, also those that are no longer good."""
        asked = {"ServiceOrderIds": [stay], "ActivityStates": ["Active", "Deleted"]}
        found = await self._list(token, "/resourceAccessTokens/getAll", asked, cards.LIST, cards.card)
        return _each_once(found.items)

    async def _categories(self, token: Secret) -> Page[Category]:
        services = await self._list(token, "/services/getAll", {}, "Services", rooms.service)
        asked = {"ServiceIds": list(dict.fromkeys(filter(None, services.items)))}
        if not asked["ServiceIds"]:
            return Page((), services.unreadable)
        found = await self._list(token, "/resourceCategories/getAll", asked, "ResourceCategories", rooms.category)
        return Page(_each_once(found.items), services.unreadable + found.unreadable)

    async def _assignments(self, token: Secret, categories: Sequence[str]) -> Page[rooms.Assignment]:
        found = [
            await self._list(
                token,
                "/resourceCategoryAssignments/getAll",
                {"ResourceCategoryIds": some},
                "ResourceCategoryAssignments",
                rooms.assignment,
            )
            for some in _some_of(categories)
        ]
        return _joined(found)

    async def _stays(self, token: Secret, filter: str, start: datetime, end: datetime) -> Stays:
        found = [
            await self._list(token, RESERVATIONS, {filter: interval(*piece)}, "Reservations", stays.stay)
            for piece in stays.pieces(start, end)
        ]
        return _stays(found)

    async def _list(
        self,
        token: Secret,
        path: str,
        asked: dict[str, Any],
        name: str,
        read: Callable[[Text], T],
        most: int | None = None,
    ) -> Page[T]:
        """All items of a list that comes in pages."""

        async def ask(cursor: str, count: int) -> Page[T]:
            members = {**asked, **self._those, **limitation(cursor, count)}
            return await self._call(
                token, path, members, partial(page, name=name, read=read), deadline=LIST_SECONDS, cap=PAGE_CAP
            )

        return await all_pages(ask, most)

    async def _call(
        self,
        token: Secret,
        path: str,
        members: dict[str, Any],
        read: Callable[[bytes], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T:
        body = msgspec.json.encode(self._envelope(token) | members)
        return await self._ask(token, path, body, read, deadline=deadline, cap=cap)


def hotel(body: bytes) -> Property:
    """The answer to `configuration/get`. Raises `Unreadable`."""
    told = Item(unwrapped(body), "it")
    enterprise = told.part("Enterprise")
    return Property(
        enterprise.id("Id"),
        enterprise.text("Name"),
        enterprise.text("TimeZoneIdentifier"),
        told.date_if_any("NowUtc"),
        next(filter(None, enterprise.parts("Currencies", _default_currency)), ""),
        enterprise.flag("IsPortfolio", False),
    )


def devices(body: bytes) -> Devices:
    """The answer to `devices/getAll`. Raises `Unreadable`."""
    return Devices(*items(body, "Devices", _device))


def ordered(body: bytes) -> str:
    """The id of the command that `commands/addKeyCutter` made. Raises `Unreadable`."""
    return Item(unwrapped(body), "it").id("CommandId")


def _device(text: Text) -> Device:
    item = Item(text, "a device")
    return Device(item.id("Id"), item.text("Name"), item.text("Type"), item.text("Identifier"))


def _default_currency(text: Text) -> str:
    item = Item(text, "a currency")
    return item.text("Currency") if item.flag("IsDefault", False) else ""


def _some_of(ids: Sequence[str]) -> list[list[str]]:
    return [list(ids[begin : begin + MOST_IDS]) for begin in range(0, len(ids), MOST_IDS)]


def _stays(pages: Sequence[Page[Stay]]) -> Stays:
    found = _joined(pages)
    return Stays(_each_once(found.items), unreadable=found.unreadable)


def _joined(pages: Sequence[Page[T]]) -> Page[T]:
    return Page(tuple(item for page in pages for item in page.items), sum(page.unreadable for page in pages))


def _each_once(found: Sequence[Named]) -> tuple[Named, ...]:
    """Each id once: an item that is changed while pages are asked for may stand on two of them."""
    first: dict[str, Named] = {}
    for item in found:
        first.setdefault(item.id, item)
    return tuple(first.values())
