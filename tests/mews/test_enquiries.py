"""Enquiries in virtual time: each page waits for its turn, and what a dialect has no word for is said."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import pytest
import trio

from agent.health.health import Health
from agent.mews.account.account import Account
from agent.mews.account.budget import RESERVED, UNLIMITED, Budget, Rank
from agent.mews.account.sign_in import SignIn
from agent.mews.calls import (
    ANSWER_CAP,
    CALL_SECONDS,
    Answer,
    Busy,
    Calls,
    Failed,
    MewsError,
    Post,
    Refused,
    Unauthorised,
)
from agent.mews.contact import Contact
from agent.mews.current.calls import Current
from agent.mews.enquiries import Enquiries, NotAsked, NotOffered
from agent.mews.records import Money, NewCard
from agent.mews.v2016.calls import V2016
from provisioning.secret import Secret
from tests.control.fake_mews import Old
from tests.mews.current.examples import RESERVATION
from tests.mews.current.examples import page as current_page
from tests.mews.v2016 import page
from tests.mews.way import Given, Way

T = TypeVar("T")

CALLS, SECONDS = 40, 30.0
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
CARD = NewCard("v1", "", "04A1", NOON, NOON)


def current(post: Post) -> Current:
    """Today's dialect."""
    return Current(post, Secret("the-client-token"), "1", enterprise="", clock=trio.current_time)


def nothing(post: Post) -> Calls:
    """A dialect that can be asked nothing but commands."""
    return Old()


class Desk:
    """Enquiries, the way that they go, and the account."""

    def __init__(
        self,
        post: Post,
        dialect: Callable[[Post], Calls] = V2016,
        *,
        calls: float = UNLIMITED,
        is_signed_in: bool = True,
    ) -> None:
        token = Secret("the-token")
        sign_in = SignIn(
            connector_token=None if is_signed_in else token, access_token=token if is_signed_in else None
        )
        self.account = Account(sign_in, 2.0, trio.current_time(), spread=float)
        self.contact = Contact(self.account, Budget(calls, SECONDS), Health(trio.current_time))
        self.enquiries = Enquiries(dialect, post, self.contact, dialect(post))
        self.reach()

    def reach(self) -> None:
        """A poll was answered."""
        self.account.listed(0, trio.current_time(), has_date=True)

    def turn_away(self, error: MewsError) -> None:
        """A poll was not."""
        self.account.not_listed(error, 0, trio.current_time())


QUESTIONS: dict[str, Callable[[Enquiries], Awaitable[Any]]] = {
    "how the hotel is set up": lambda enquiries: enquiries.hotel(),
    "the rooms": lambda enquiries: enquiries.spaces(),
    "the reservations": lambda enquiries: enquiries.stays(NOON, NOON),
    "which reservations have changed": lambda enquiries: enquiries.changed_stays(NOON, NOON),
    "a reservation by its id": lambda enquiries: enquiries.stays_by_id(["v1"]),
    "a balance": lambda enquiries: enquiries.balance("u1", "EUR"),
    "the devices": lambda enquiries: enquiries.devices(),
    "how to order a key by itself": lambda enquiries: enquiries.order_key("d1", "v1", 1),
    "the cards of a reservation": lambda enquiries: enquiries.cards("v1"),
}
OF_CARDS = [
    lambda enquiries: enquiries.add_card(CARD),
    lambda enquiries: enquiries.end_card("k1"),
    lambda enquiries: enquiries.cards("v1"),
]
IN_2016 = {"the rooms", "the reservations", "a balance"}


@pytest.mark.parametrize("what", QUESTIONS)
async def test_what_a_dialect_has_no_word_for_is_said_and_not_asked(what: str) -> None:
    way = Way("{}")
    for dialect in (nothing, V2016):
        if dialect is V2016 and what in IN_2016:
            continue
        with pytest.raises(NotOffered, match=f"this dialect of Mews cannot tell {what}$"):
            await QUESTIONS[what](Desk(way, dialect).enquiries)
    assert way.sent == []


@pytest.mark.parametrize("question", OF_CARDS)
async def test_each_verb_of_the_cards_is_told_apart_likewise(question: Callable[[Enquiries], Any]) -> None:
    with pytest.raises(NotOffered):
        await question(Desk(Way("{}")).enquiries)


@pytest.mark.parametrize("what", QUESTIONS)
async def test_today_s_dialect_is_asked_everything(what: str) -> None:
    way = Way(Given(500))
    with pytest.raises(Failed, match="500"):
        await QUESTIONS[what](Desk(way, current).enquiries)
    assert len(way.sent) == 1


async def test_whether_changes_can_be_asked_for_is_known_before() -> None:
    assert Desk(Way("{}"), current).enquiries.finds_changes
    assert not Desk(Way("{}")).enquiries.finds_changes


async def test_in_2016_rooms_reservations_and_balances_come_with_the_token_of_the_account() -> None:
    for what, answer in {
        "the rooms": page.SPACES,
        "the reservations": page.RESERVATIONS,
        "a balance": page.BALANCE,
    }.items():
        way = Way(answer)
        await QUESTIONS[what](Desk(way).enquiries)
        assert [sent["AccessToken"] for _, sent in way.sent] == ["the-token"]


async def test_cards_are_written_listed_and_taken_back() -> None:
    added, empty = current_page("ResourceAccessTokens", {"Id": "k1"}), current_page("ResourceAccessTokens")
    way = Way(added, empty, "{}")
    enquiries = Desk(way, current).enquiries
    assert await enquiries.add_card(CARD) == "k1"
    assert await enquiries.cards("v1") == ()
    await enquiries.end_card("k1")
    assert [path.split("/")[2] for path, _ in way.sent] == ["add", "getAll", "delete"]


# -- when it is not asked -----------------------------------------------------------------------------------------


async def test_nothing_is_asked_before_the_sign_in() -> None:
    way = Way(page.BALANCE)
    with pytest.raises(NotAsked, match="cannot be asked just now"):
        await Desk(way, is_signed_in=False).enquiries.spaces()
    assert way.sent == []


@pytest.mark.parametrize("error", [Failed("the connection broke"), Busy(429, 60.0), Unauthorised("no")])
async def test_nothing_is_asked_while_mews_is_not_reached_or_wants_a_pause(
    error: MewsError, autojump_clock: object
) -> None:
    way = Way(page.SPACES)
    desk = Desk(way)
    desk.turn_away(error)
    with pytest.raises(NotAsked):
        await desk.enquiries.spaces()
    assert way.sent == []


async def test_a_list_goes_no_further_once_mews_wants_a_pause(autojump_clock: object) -> None:
    way = Way(*[current_page("Reservations", RESERVATION, cursor=f"c{number}") for number in range(9)])

    async def post(path: str, body: bytes, meaning: Callable[[Answer], T], **limits: Any) -> T:
        if len(way.sent) == 2:
            desk.turn_away(Busy(429, 60.0))
        return await way(path, body, meaning, **limits)

    desk = Desk(post, current)
    with pytest.raises(NotAsked):
        await desk.enquiries.stays(NOON, NOON)
    assert len(way.sent) == 3


# -- the budget ---------------------------------------------------------------------------------------------------


class Counted:
    """A Mews with lists of many pages, that notes when it was asked."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.asked_at: list[float] = []

    async def __call__(
        self,
        path: str,
        body: bytes,
        meaning: Callable[[Answer], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T:
        self.asked_at.append(trio.current_time())
        await trio.sleep(0.1)
        number = len(self.asked_at)
        cursor = f"c{number}" if number < self.pages else None
        return meaning(Given(200, current_page("Reservations", RESERVATION | {"Id": f"v{number}"}, cursor=cursor)))


async def test_each_page_waits_for_its_turn_and_leaves_what_is_kept_for_keys(autojump_clock: object) -> None:
    mews = Counted(pages=30)
    began = trio.current_time()
    desk = Desk(mews, current, calls=CALLS)
    found = await desk.enquiries.stays(NOON, NOON)
    assert [stay.id for stay in found.stays] == [f"v{number}" for number in range(1, 31)]
    left = CALLS - sum(int(share * CALLS) for share in RESERVED.values())
    turns = Counter(int((asked - began) // SECONDS) for asked in mews.asked_at)
    assert max(turns.values()) <= left
    assert trio.current_time() - began >= (30 / left - 1) * SECONDS
    assert desk.contact.has_call(Rank.CLAIM)


async def test_what_a_guest_waits_for_has_the_turn_of_a_key(autojump_clock: object) -> None:
    mews = Counted(pages=1)
    desk = Desk(mews, current, calls=CALLS)
    while desk.contact.has_call(Rank.WORD):
        with desk.contact.call(Rank.WORD):
            pass
    began = trio.current_time()
    await desk.enquiries.stays_by_id(["v1"], is_for_a_key=True)
    assert mews.asked_at == [began]
    await desk.enquiries.stays_by_id(["v1"])
    assert mews.asked_at[1] >= began + SECONDS


async def test_the_balance_of_a_guest_who_waits_is_asked_for_likewise(autojump_clock: object) -> None:
    desk = Desk(Way('{"Customers":[]}'), current, calls=CALLS)
    while desk.contact.has_call(Rank.WORD):
        with desk.contact.call(Rank.WORD):
            pass
    with trio.fail_after(1):
        found = await desk.enquiries.balance("u1", "EUR", is_for_a_key=True)
    assert found == Money(Decimal(0), "EUR")


# -- what Mews answers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", [V2016, current])
@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (Given(401, b'{"Message":"the-token is not valid"}'), Unauthorised),
        (Given(400, b'{"Message":"Invalid CustomerId"}'), Refused),
        (Given(403, b'{"Message":"Ask the manager"}'), Refused),
        (Given(429, retry_after=5.0), Busy),
        (Given(503), Failed),
        (Given(200, b"<html>"), Failed),
        (Given(200, b"{}"), Failed),
    ],
)
async def test_an_error_of_mews_is_one_of_ours_and_shows_no_token_and_no_guest(
    dialect: Callable[[Post], Calls], given: Given, kind: type[MewsError]
) -> None:
    for what in IN_2016:
        with pytest.raises(kind) as raised:
            await QUESTIONS[what](Desk(Way(given), dialect).enquiries)
        assert "the-token" not in f"{raised.value!r} {vars(raised.value)}"


async def test_a_refusal_has_mews_words_for_the_staff() -> None:
    with pytest.raises(Refused) as raised:
        await Desk(Way(Given(403, b'{"Message":"Ask the manager"}'))).enquiries.balance("u1", "EUR")
    assert (raised.value.status, raised.value.words) == (403, "Ask the manager")


SECRETS = ("Smith", "John", "Jane", "john.smith@mews.li", "13-12-Smith-F712", "0043 1 234")


async def test_no_guest_is_in_any_repr_and_in_no_error() -> None:
    whole = page.RESERVATIONS.replace('"Phone": null', '"Phone": "0043 1 234"')
    found = await Desk(Way(whole)).enquiries.stays(NOON, NOON)
    assert found.stays[0].customer is not None
    assert found.stays[0].customer.phone == "0043 1 234"
    shown = repr(found) + repr(found.stays[0].companions) + repr(found.groups)
    for broken in (whole.replace('"Reservations"', '"Other"'), whole[:900], whole.replace("2015-07", "Smith")):
        try:
            shown += repr(await Desk(Way(broken)).enquiries.stays(NOON, NOON))
        except Failed as error:
            shown += f"{error!r} {error.__cause__!r} {error.__context__!r}"
    assert [secret for secret in SECRETS if secret in shown] == []


def test_the_number_of_a_card_is_in_no_repr() -> None:
    assert "04A1" not in repr(CARD)
