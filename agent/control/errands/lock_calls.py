"""Calls to a lock system that touch no card: keys cancelled, rooms checked in and out. They may be asked again."""

from collections.abc import Awaitable, Callable
from functools import partial

import msgspec

from agent.commands.driver import CancelsKeys, FreesRooms, KeepsRooms
from agent.commands.model import Outcome, Verdict
from agent.control.errands.errand import Tell
from agent.control.hotel import Hotel
from agent.control.words.requests import KeyCancel, RoomIn, RoomOut
from agent.control.words.told import End, Line, Result


class CancelErrand:
    """Cancels the keys of a room that the box has issued, or the one that is named, one after the other."""

    def __init__(self, request: KeyCancel, hotel: Hotel, tell: Tell) -> None:
        self._request, self._hotel, self._tell = request, hotel, tell
        self._cancelled = 0
        self._is_freed = False  # the room may count as free now

    async def run(self) -> Result:
        """Cancel them, and say what that may have done to the room."""
        result = await self.cancel()
        if not self._is_freed:
            return result
        room = self._request.room
        hint = f"Room {room} may count as free now: if guests are still in it, write lock room-in {room}."
        return msgspec.structs.replace(result, text=f"{result.text} {hint}")

    async def cancel(self) -> Result:
        """Cancel them; the first that is not cancelled ends it."""
        systems = {driver.hop: driver for driver in self._hotel.lock_systems if isinstance(driver, CancelsKeys)}
        if not systems:
            return Result(End.FAILED, "No lock system of the provisioning file can cancel a key without its card.")
        room, named = self._request.room, self._request.key
        issued = [key for key in self._hotel.keys_of(room) if key.server in systems]
        if named:
            issued = [key for key in issued if key.key == named]
            if not issued:
                return await self._cancel(next(iter(systems.values())), named)
        if not issued:
            how = f"write lock cancel {room} KEY, with the lock system's id of the key"
            return Result(End.FAILED, f"The box has issued no key for room {room} that it could name: {how}.")
        for key in issued:
            ended = await self._cancel(systems[key.server], key.key)
            if ended.end is not End.DONE:
                return ended
            self._hotel.key_is_over(key.id)
        return Result(End.DONE, f"{_counted(self._cancelled)} cancelled for room {room}.")

    def left_behind(self) -> Result:
        """What was cancelled so far."""
        return Result(
            End.PERHAPS, f"{_counted(self._cancelled)} cancelled, and the next one perhaps. Ask again if in doubt."
        )

    async def _cancel(self, system: CancelsKeys, key: str) -> Result:
        outcome = await system.cancel_key(self._request.room, key)
        if outcome.verdict is Verdict.DONE:
            self._is_freed |= isinstance(system, FreesRooms) and system.frees_rooms
            self._cancelled += 1
            why = f": {outcome.cause}" if outcome.cause else ""  # it was so before
            self._tell(Line(f"The key {key} is cancelled{why}.", self._cancelled))
            return Result(End.DONE, f"The key {key} of room {self._request.room} is cancelled{why}.")
        return _failed(outcome)


class RoomErrand:
    """Checks a room in or out at each lock system that keeps rooms; with its check-out go its keys, where the file
    says so."""

    def __init__(self, request: RoomIn | RoomOut, hotel: Hotel, tell: Tell) -> None:
        self._request, self._hotel, self._tell = request, hotel, tell

    async def run(self) -> Result:
        """Ask each."""
        checked = await self._check()
        room = self._request.room
        has_keys = self._hotel.cancels_keys_on_checkout and self._hotel.keys_of(room)
        if checked.end is not End.DONE or isinstance(self._request, RoomIn) or not has_keys:
            return checked
        cancelled = await CancelErrand(KeyCancel(room), self._hotel, self._tell).cancel()
        return Result(cancelled.end, f"{checked.text} {cancelled.text}")

    async def _check(self) -> Result:
        room = self._hotel.rms_name(self._request.room)
        calls = [self._call(driver, room) for driver in self._hotel.lock_systems if isinstance(driver, KeepsRooms)]
        if not calls:
            return Result(End.FAILED, "No lock system of the provisioning file keeps rooms.")
        for call in calls:
            outcome = await call()
            if outcome.verdict is not Verdict.DONE:
                return _failed(outcome)
        return Result(End.DONE, f"Room {room} is checked {self._way} at the lock system.")

    def left_behind(self) -> Result:
        """No one knows: it may be asked again."""
        return Result(End.PERHAPS, f"The room is perhaps checked {self._way}. Ask again: that does no harm.")

    @property
    def _way(self) -> str:
        return "in" if isinstance(self._request, RoomIn) else "out"

    def _call(self, driver: KeepsRooms, room: str) -> Callable[[], Awaitable[Outcome]]:
        return partial(driver.check_in_room if isinstance(self._request, RoomIn) else driver.check_out_room, room)


def _failed(outcome: Outcome) -> Result:
    return Result(End.FAILED if outcome.verdict is Verdict.FAILED else End.PERHAPS, outcome.note)


def _counted(keys: int) -> str:
    return "1 key is" if keys == 1 else f"{keys} keys are"
