"""What Mews can be asked beside its commands: one protocol an operation, for a dialect to have or not to have.

Each call raises a `MewsError` unless it brings what it is for; where only some items cannot be read, it brings the
others. `agent/mews/enquiries.py` knows which dialect has what, and says so where one has not.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from agent.mews.calls import Listing
from agent.mews.records import Devices, KeptCard, Money, NewCard, Property, Spaces, Stays
from provisioning.secret import Secret


@runtime_checkable
class LooksUp(Protocol):
    """Tells of commands by their ids, in any state."""

    async def look_up(self, token: Secret, ids: Sequence[str]) -> Listing:
        """Those commands, as far as Mews knows them; at least one id."""
        ...


@runtime_checkable
class TellsProperty(Protocol):
    """Tells of the hotel itself."""

    async def hotel(self, token: Secret) -> Property:
        """As Mews has it now."""
        ...


@runtime_checkable
class NamesProperty(Protocol):
    """Is told which hotel it is as it signs in."""

    @property
    def hotel_of_session(self) -> Property | None:
        """Id and name; None before the first sign-in, and where the file has a session's token."""
        ...


@runtime_checkable
class ListsSpaces(Protocol):
    """Lists rooms and beds."""

    async def spaces(self, token: Secret) -> Spaces:
        """All of the hotel's."""
        ...


@runtime_checkable
class FindsStays(Protocol):
    """Finds reservations by the time of their stay."""

    async def stays(self, token: Secret, start: datetime, end: datetime) -> Stays:
        """Those that overlap the time between two aware dates."""
        ...


@runtime_checkable
class FindsChangedStays(Protocol):
    """Finds reservations by the time of their last change."""

    async def changed_stays(self, token: Secret, start: datetime, end: datetime) -> Stays:
        """Those that were changed between two aware dates."""
        ...


@runtime_checkable
class LooksStaysUp(Protocol):
    """Finds reservations by their ids."""

    async def stays_by_id(self, token: Secret, ids: Sequence[str]) -> Stays:
        """Those, as far as Mews knows them; at least one id."""
        ...


@runtime_checkable
class TellsBalance(Protocol):
    """Tells what a customer owes."""

    async def balance(self, token: Secret, customer: str, currency: str) -> Money:
        """Positive where something is owed; in `currency` where the dialect can convert, else in its own."""
        ...


@runtime_checkable
class ListsDevices(Protocol):
    """Lists what the hotel has set up as devices."""

    async def devices(self, token: Secret) -> Devices:
        """All of the hotel's, whichever connector they are linked to."""
        ...


@runtime_checkable
class OrdersKeys(Protocol):
    """Puts a key command into the queue, as a receptionist does."""

    async def order_key(self, token: Secret, device: str, stay: str, copies: int) -> str:
        """The id of the new command; `device` is the Device.Id of a key cutter."""
        ...


@runtime_checkable
class KeepsCards(Protocol):
    """Keeps the numbers of the cards of a reservation."""

    async def add_card(self, token: Secret, card: NewCard) -> str:
        """Mews' id of the card."""
        ...

    async def end_card(self, token: Secret, card: str) -> None:
        """That card is no longer good."""
        ...

    async def cards(self, token: Secret, stay: str) -> tuple[KeptCard, ...]:
        """All that it keeps of a reservation, also those that are no longer good."""
        ...
