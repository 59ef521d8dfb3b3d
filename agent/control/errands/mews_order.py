"""A key that is ordered at Mews for a reservation, and followed back to the encoder: the whole way, end to end.

The drill gives the same order (`agent/hotel/drill.py`). Must never order twice, nor for another room than named.
"""

from collections.abc import Callable
from typing import Protocol

import trio

from agent.commands.lifecycle import ENDS, State
from agent.commands.record import Record
from agent.control.acts import of_order
from agent.control.errands.errand import Tell
from agent.control.errands.mews_lists import said
from agent.control.hotel import Hear, Hotel
from agent.control.words.requests import MewsOrder
from agent.control.words.told import End, Line, Result
from agent.mews.calls import MewsError
from agent.mews.enquiries import Enquiries
from agent.mews.records import Device, Space, Stay, StayState
from provisioning.ids import same_id

KEY_CUTTERS = ("KeyCutter", "VisiOnlineKeyCutter")
LISTED_SECONDS = 90.0  # s that Mews may take to list the command to this box; three polls of the slow pace
MOST_NAMED = 6  # ids in a sentence
_NOT_ORDERED = "Nothing was ordered."


class NotFound(Exception):
    """What the order names is not there; `str()` is a sentence that says what to write instead."""


class MewsOrderErrand:
    """One order, from `addKeyCutter` to the last word that the box has for Mews."""

    def __init__(self, request: MewsOrder, enquiries: Enquiries, hotel: Hotel, tell: Tell) -> None:
        self._request, self._enquiries, self._hotel, self._tell = request, enquiries, hotel, tell
        self._is_asked = False
        self._following: Following | None = None

    async def run(self) -> Result:
        """Find cutter, room and reservation; order; follow."""
        try:
            device = await self._device()
            space = await self._space()
            stay = await self._stay(space)
            self._tell(Line(f"Orders at {device.name} for {self._which(stay)}."))
            self._is_asked = True
            id = await self._enquiries.order_key(device.id, stay.id, self._request.copies)
        except NotFound as mistake:
            return Result(End.FAILED, f"{mistake} {_NOT_ORDERED}")
        except MewsError as error:
            return Result(End.FAILED, f"{said(error)} {self._not_ordered()}")
        self._tell(Line(f"Mews has it as command {id}; waits for Mews to list it to this box."))
        self._following = Following(id, self._hotel, self._tell)
        return await self._following.to_its_end()

    def left_behind(self) -> Result:
        """What becomes of the order, now that it is not followed."""
        if self._following is not None:
            return self._following.left_behind()
        words = "It may have been ordered: look in Mews." if self._is_asked else _NOT_ORDERED
        return Result(End.PERHAPS if self._is_asked else End.FAILED, words)

    def _not_ordered(self) -> str:
        return "It may have been ordered all the same: look in Mews." if self._is_asked else _NOT_ORDERED

    async def _device(self) -> Device:
        cutters = [each for each in (await self._enquiries.devices()).devices if each.type in KEY_CUTTERS]
        wanted = self._request.cutter
        for calls in (_id, _identifier, _name):
            found = [each for each in cutters if calls(each) == same_id(wanted)]
            if len(found) == 1:
                return found[0]
        listed = ", ".join(each.id for each in cutters[:MOST_NAMED])
        known = f"Write one of {listed}." if cutters else "The hotel has set up none."
        raise NotFound(f"Mews has no key cutter {wanted}, or several. {known}")

    async def _space(self) -> Space:
        wanted = self._request.room
        spaces = [each for each in (await self._enquiries.spaces()).spaces if each.is_active]
        found = [each for each in spaces if each.number.casefold() == wanted.casefold()]
        found = found or [each for each in spaces if same_id(each.id) == same_id(wanted)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise NotFound(f"Mews has no room {wanted}. Write one as nightporter mews spaces shows it.")
        ids = ", ".join(each.id for each in found[:MOST_NAMED])
        raise NotFound(f"Mews has {len(found)} rooms {wanted}. Write the id of one in its place: {ids}.")

    async def _stay(self, space: Space) -> Stay:
        now = self._hotel.now()
        stays = [each for each in (await self._enquiries.stays(now, now)).stays if each.space == space.id]
        for state in (StayState.STARTED, StayState.CONFIRMED):
            found = [each for each in stays if each.state is state]
            if found:
                return max(found, key=lambda each: each.start)
        raise NotFound(f"Room {space.number} has no reservation for now that has begun or is confirmed.")

    def _which(self, stay: Stay) -> str:
        until = f"{stay.end.astimezone(self._hotel.zone):%Y-%m-%d %H:%M}"
        return f"reservation {stay.number}, {stay.state}, in room {self._request.room} until {until}"


def _id(device: Device) -> str:
    return same_id(device.id)


def _identifier(device: Device) -> str:
    return same_id(device.identifier)


def _name(device: Device) -> str:
    return same_id(device.name)


class Follows(Protocol):
    """What of a hotel is needed to follow an order."""

    def follow(self, id: str, hear: Hear) -> Callable[[], None]: ...
    def record(self, id: str) -> Record | None: ...


class Following:
    """One command of Mews, as the box sees it come, be carried out and end."""

    def __init__(self, id: str, hotel: Follows, tell: Tell) -> None:
        self._id, self._hotel, self._tell = id, hotel, tell
        self._news = trio.Event()
        self._state: State | None = None
        self._withdrawn: Record | None = None

    async def to_its_end(self) -> Result:
        """Wait for its end; without a word of it for too long, say what that may mean."""
        stop = self._hotel.follow(self._id, self._hear)
        try:
            return await self._wait_for_its_end()
        finally:
            stop()

    async def _wait_for_its_end(self) -> Result:
        while (record := self._known()) is None or record.state not in ENDS:
            if record is not None:
                self._tell_step(record)
            # What the box knows of ends by itself; what it does not know, Mews has to list.
            with trio.move_on_after(LISTED_SECONDS if record is None else float("inf")) as unlisted:
                await self._news.wait()
                self._news = trio.Event()
            if unlisted.cancelled_caught:
                return self._unlisted()
        return of_order(record)

    def _known(self) -> Record | None:
        """What the box knows of it; one that was withdrawn is forgotten there, and was heard of here."""
        return self._withdrawn or self._hotel.record(self._id)

    def _unlisted(self) -> Result:
        listed, within = f"list the command {self._id} to this box", f"within {LISTED_SECONDS:.0f} s."
        if self._state is not None:
            return Result(End.PERHAPS, f"Mews did not {listed} once more {within} Was it cancelled in Mews?")
        words = f"Mews did not {listed} {within} Is its key cutter linked to this connector in Mews?"
        return Result(End.PERHAPS, words)

    def left_behind(self) -> Result:
        """The order goes on without us."""
        return Result(End.PERHAPS, f"The command {self._id} goes on: look at the status page, or in Mews.")

    def _hear(self, record: Record) -> None:
        self._withdrawn = record if record.state is State.WITHDRAWN else None
        self._news.set()

    def _tell_step(self, record: Record) -> None:
        if record.state is self._state:
            return
        self._state = record.state
        if record.state is State.DISPATCHED:
            self._tell(Line(f"The encoder is asked ({record.target}): present a card."))
        elif record.state is State.CLAIMED:
            self._tell(Line("The box has it, and Mews was told."))
