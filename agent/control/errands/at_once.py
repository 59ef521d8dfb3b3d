"""Errands that are done as soon as they are asked: pause and resume, take over, a card was looked after."""

from collections.abc import Callable

from agent.control.errands.lanes import gone, lane_of
from agent.control.hotel import Hotel
from agent.control.words.requests import LanePause, LaneResume, LookedAfter
from agent.control.words.told import End, Result


class AtOnce:
    """`act` does it, without waiting for anything, and says how it ended."""

    def __init__(self, act: Callable[[], Result]) -> None:
        self._act = act

    async def run(self) -> Result:
        """Do it."""
        return self._act()

    def left_behind(self) -> Result:
        """It was broken off before it began."""
        return Result(End.FAILED, "Nothing was changed.")


def pause(request: LanePause, hotel: Hotel, by: str) -> Result:
    """Begin nothing more on a lane."""
    if lane_of(hotel, request.lane) is None:
        return gone(request.lane)
    if hotel.pause(request.lane, by):
        return Result(End.DONE, f"{request.lane} begins nothing more until resume {request.lane}.")
    return Result(End.DONE, f"{request.lane} was paused already.")


def resume(request: LaneResume, hotel: Hotel) -> Result:
    """Go on with a lane."""
    if lane_of(hotel, request.lane) is None:
        return gone(request.lane)
    was_paused = hotel.resume(request.lane)
    return Result(End.DONE, f"{request.lane} goes on." if was_paused else f"{request.lane} was not paused.")


def take_over(hotel: Hotel) -> Result:
    """Sign in at Mews, although another connector is at work."""
    if hotel.take_over():
        return Result(End.DONE, "The box asks Mews at once, and signs in if it has to. Stop the other connector.")
    return Result(End.FAILED, "There is nothing to take over: without a connector_token the box does not sign in.")


def looked_after(request: LookedAfter, hotel: Hotel) -> Result:
    """A person has looked after a card."""
    if hotel.seen(request.id):
        return Result(End.DONE, "The card is off the page.")
    ids = ", ".join(hotel.cards)
    known = f"those that have one: {ids}" if ids else "no order has one"
    return Result(End.FAILED, f"The order {request.id} has no card that is to be looked after; {known}.")
