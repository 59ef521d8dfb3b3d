"""A dialect without a network for the desk's questions: a small hotel, which a test changes by hand."""

from collections.abc import Container
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from agent.commands.model import Listed, Standing
from agent.health.health import Health
from agent.mews.account.account import Account
from agent.mews.account.budget import UNLIMITED, Budget
from agent.mews.account.sign_in import SignIn
from agent.mews.calls import Listing, MewsError, Update
from agent.mews.contact import Contact
from agent.mews.enquiries import Enquiries
from agent.mews.records import (
    Category,
    Device,
    Devices,
    Guest,
    Money,
    OwnerKind,
    Property,
    Space,
    SpaceKind,
    Spaces,
    SpaceState,
    Stay,
    Stays,
    StayState,
)
from provisioning.secret import Secret

T = TypeVar("T")
START, END = datetime(2026, 11, 25, 14, tzinfo=UTC), datetime(2026, 11, 28, 10, tzinfo=UTC)
JANE = Guest("jane", "Jane", "Canary-Smith", "jane@canary.example", "+43 1 canary")
CATEGORY = Category("c1", "Best Room", "BR", "Room")
ROOM = Space("s101", "101", SpaceKind.ROOM, SpaceState.CLEAN, "c1")
BED = Space("s101a", "101-A", SpaceKind.BED, SpaceState.DIRTY, "c1", "s101")
SUITE = Space("s9", "9", SpaceKind.ROOM, SpaceState.OUT_OF_ORDER, "c1", is_active=False)
STAY = Stay(
    "r1",
    "123",
    StayState.STARTED,
    START,
    END,
    "s101",
    "jane",
    OwnerKind.CUSTOMER,
    "g1",
    "5551",
    "m-7",
    "b1",
    "t1",
    customer=JANE,
    companions=(JANE,),
)
CUTTER = Device("63EFB573-fc58-4065-b687-9bdd51568529", "Front desk", "KeyCutter", "1")
PRINTER = Device("p1", "Office", "Printer", "Office")
COMMAND = Listed("c-1", Standing.NEW, START, CUTTER.id, CUTTER.name, CUTTER.type, None)


class Old:
    """The calls of a dialect that can tell nothing but commands. `error` is raised by whatever is asked next."""

    sign_in = None

    def __init__(self) -> None:
        self.error: MewsError | None = None
        self.asked: list[tuple[object, ...]] = []

    async def list_active(self, token: Secret, known: Container[str]) -> Listing:
        return self._told(Listing((COMMAND,), 1, is_whole=False))

    async def update(self, token: Secret, update: Update) -> None: ...

    def _told(self, value: T, *asked: object) -> T:
        self.asked.append(asked)
        if self.error is not None:
            raise self.error
        return value


class SignedIn(Old):
    """The calls of a dialect that is told which hotel it is as it signs in."""

    hotel_of_session = Property("e1", "Hotel Aurora", "")


class Today(Old):
    """The calls of a dialect that tells all."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Stays((STAY,))
        self.listed_spaces = Spaces((SUITE, BED, ROOM), (CATEGORY,))
        self.money = Money(Decimal("12.50"), "EUR")

    async def hotel(self, token: Secret) -> Property:
        return self._told(Property("e1", "Hotel Aurora", "Europe/Vienna", START))

    async def spaces(self, token: Secret) -> Spaces:
        return self._told(self.listed_spaces)

    async def stays(self, token: Secret, start: datetime, end: datetime) -> Stays:
        return self._told(self.found, start, end)

    async def balance(self, token: Secret, customer: str, currency: str) -> Money:
        return self._told(self.money, customer, currency)

    async def devices(self, token: Secret) -> Devices:
        return self._told(Devices((CUTTER, PRINTER)))

    async def order_key(self, token: Secret, device: str, stay: str, copies: int) -> str:
        return self._told("c-9", device, stay, copies)


def enquiries(calls: Old) -> Enquiries:
    """Of a Mews that answers polls."""
    sign_in = SignIn(connector_token=None, access_token=Secret("token"))
    account = Account(sign_in, 2.0, 0.0, spread=lambda seconds: seconds)
    account.listed(0, 0.0, has_date=True)
    contact = Contact(account, Budget(UNLIMITED, 30.0), Health(lambda: 0.0), lambda: 0.0)
    return Enquiries(lambda _post: calls, _no_way, contact, calls)


async def _no_way(*args: object, **settings: object) -> Any:
    raise AssertionError("a dialect of memory sends nothing")
