"""Questions to Mews beside the pass: the token, the budget of calls, and what the dialect has no word for.

They come after keys, reports and polls, and are asked only while Mews answers polls: the poll is the probe.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from agent.mews import operations
from agent.mews.account.budget import Rank
from agent.mews.calls import ANSWER_CAP, CALL_SECONDS, Answer, Calls, Listing, MewsError, Post
from agent.mews.contact import Contact
from agent.mews.records import Devices, KeptCard, Money, NewCard, Property, Spaces, Stays
from provisioning.secret import Secret

T = TypeVar("T")


class NotOffered(MewsError):
    """The dialect has no such operation: asking again changes nothing."""

    def __init__(self, what: str) -> None:
        super().__init__(f"this dialect of Mews cannot tell {what}")


class NotAsked(MewsError):
    """Mews could not be asked: it is not reached, wants a pause, or the box is not signed in."""

    def __init__(self) -> None:
        super().__init__("Mews cannot be asked just now")


class Enquiries:
    """`dialect` makes the calls of a dialect over a way to Mews, `post` is that way; `own` are those of the pass,
    which alone signs in.

    Each method raises a `MewsError`; see `operations.py` for what they bring.
    """

    def __init__(self, dialect: Callable[[Post], Calls], post: Post, contact: Contact, own: Calls) -> None:
        self._contact, self._own = contact, own
        self._calls = dialect(InTurn(post, contact, Rank.WORD))
        self._calls_for_a_key = dialect(InTurn(post, contact, Rank.CLAIM))

    async def commands(self) -> Listing:
        """The active commands, as a poll would have them."""
        return await self._calls.list_active(self._token(), frozenset())

    async def hotel(self) -> Property:
        """The hotel itself."""
        if not isinstance(self._calls, operations.TellsProperty):
            raise NotOffered("how the hotel is set up")
        return await self._calls.hotel(self._token())

    @property
    def hotel_of_session(self) -> Property | None:
        """The hotel as Mews named it at the sign-in; None where no one signed in."""
        return self._own.hotel_of_session if isinstance(self._own, operations.NamesProperty) else None

    async def spaces(self) -> Spaces:
        """All rooms and beds."""
        if not isinstance(self._calls, operations.ListsSpaces):
            raise NotOffered("the rooms")
        return await self._calls.spaces(self._token())

    async def stays(self, start: datetime, end: datetime) -> Stays:
        """The reservations of a time."""
        if not isinstance(self._calls, operations.FindsStays):
            raise NotOffered("the reservations")
        return await self._calls.stays(self._token(), start, end)

    @property
    def finds_changes(self) -> bool:
        """Whether reservations can be had by the time of their last change."""
        return isinstance(self._calls, operations.FindsChangedStays)

    async def changed_stays(self, start: datetime, end: datetime) -> Stays:
        """The reservations that were changed in a time."""
        if not isinstance(self._calls, operations.FindsChangedStays):
            raise NotOffered("which reservations have changed")
        return await self._calls.changed_stays(self._token(), start, end)

    @property
    def looks_stays_up(self) -> bool:
        """Whether reservations can be had by their ids."""
        return isinstance(self._calls, operations.LooksStaysUp)

    async def stays_by_id(self, ids: Sequence[str], *, is_for_a_key: bool = False) -> Stays:
        """Those reservations. `is_for_a_key`: a guest waits for the answer."""
        calls = self._calls_for_a_key if is_for_a_key else self._calls
        if not isinstance(calls, operations.LooksStaysUp):
            raise NotOffered("a reservation by its id")
        return await calls.stays_by_id(self._token(), ids)

    async def balance(self, customer: str, currency: str, *, is_for_a_key: bool = False) -> Money:
        """What a customer owes."""
        calls = self._calls_for_a_key if is_for_a_key else self._calls
        if not isinstance(calls, operations.TellsBalance):
            raise NotOffered("a balance")
        return await calls.balance(self._token(), customer, currency)

    async def devices(self) -> Devices:
        """What the hotel has set up as devices."""
        if not isinstance(self._calls, operations.ListsDevices):
            raise NotOffered("the devices")
        return await self._calls.devices(self._token())

    async def order_key(self, device: str, stay: str, copies: int) -> str:
        """Put a key command into the queue; its id."""
        if not isinstance(self._calls, operations.OrdersKeys):
            raise NotOffered("how to order a key by itself")
        return await self._calls.order_key(self._token(), device, stay, copies)

    async def add_card(self, card: NewCard) -> str:
        """Write a card's number to its reservation; Mews' id of it."""
        return await self._card_calls().add_card(self._token(), card)

    async def end_card(self, card: str) -> None:
        """A card is no longer good."""
        await self._card_calls().end_card(self._token(), card)

    async def cards(self, stay: str) -> tuple[KeptCard, ...]:
        """The cards of a reservation, as Mews keeps them."""
        return await self._card_calls().cards(self._token(), stay)

    def _card_calls(self) -> operations.KeepsCards:
        if not isinstance(self._calls, operations.KeepsCards):
            raise NotOffered("the cards of a reservation")
        return self._calls

    def _token(self) -> Secret:
        token = self._contact.account.sign_in.token
        if token is None:
            raise NotAsked
        return token


class InTurn:
    """The way to Mews for enquiries: each call, and so each page of a list, waits for its turn, and counts.

    Asks once. What an answer says of the account is for the poll to find out.
    """

    def __init__(self, post: Post, contact: Contact, rank: Rank) -> None:
        self._post, self._contact, self._rank = post, contact, rank

    async def __call__(
        self,
        path: str,
        body: bytes,
        meaning: Callable[[Answer], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T:
        self._refuse_unless_reached()
        await self._contact.wait_turn(self._rank)
        self._refuse_unless_reached()
        with self._contact.call(self._rank):
            return await self._post(path, body, meaning, deadline=deadline, cap=cap)

    def _refuse_unless_reached(self) -> None:
        if not self._contact.account.is_reached or self._contact.pause > 0:
            raise NotAsked
