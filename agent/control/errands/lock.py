"""Which errand carries out a verb about the lock systems. Decides nothing else."""

from collections.abc import Callable, Sequence

from agent.commands.driver import CancelsKeys, Driver, KeepsRooms, Task
from agent.control.errands.at_once import AtOnce
from agent.control.errands.errand import Errand, Tell
from agent.control.errands.if_sure import IfSure
from agent.control.errands.key import KeyErrand, wish
from agent.control.errands.lanes import lane_of
from agent.control.errands.lock_calls import CancelErrand, RoomErrand
from agent.control.errands.lock_card import ReadErrand, settle
from agent.control.errands.lock_lists import DoorsErrand, areas, rooms, times
from agent.control.hotel import Hotel
from agent.control.words.requests import (
    AreaList,
    CardReading,
    DoorList,
    EarlyKey,
    KeyCancel,
    LockKey,
    LockRequest,
    LockTest,
    MobileKey,
    RoomIn,
    RoomList,
    RoomOut,
    Settling,
    TimeList,
)
from agent.control.words.told import End, Result

_KEY_TASKS = {LockKey: Task.KEY, EarlyKey: Task.PRECHECKIN, MobileKey: Task.MOBILE}


def lock_errand(request: LockRequest, order: str, by: str, hotel: Hotel, tell: Tell) -> Errand:
    """The errand; `order` is the id of the order that it may give, for `by`."""
    match request:
        case RoomList():
            return rooms(hotel, tell)
        case AreaList():
            return areas(hotel, tell)
        case TimeList():
            return times(hotel, tell)
        case DoorList():
            return DoorsErrand(hotel, tell)
        case MobileKey() if (refusal := _no_telephone(request, hotel)) is not None:
            return AtOnce(refusal)
        case LockKey() | EarlyKey() | MobileKey():
            return _sure_key(request, KeyErrand(wish(request), order, by, hotel, tell), hotel)
        case KeyCancel():
            able = [each for each in hotel.lock_systems if isinstance(each, CancelsKeys)]
            return IfSure(CancelErrand(request, hotel, tell), Task.CANCEL, able, is_sure=request.is_sure)
        case RoomIn() | RoomOut():
            task = Task.ROOM_IN if isinstance(request, RoomIn) else Task.ROOM_OUT
            keepers = [each for each in hotel.lock_systems if isinstance(each, KeepsRooms)]
            return IfSure(RoomErrand(request, hotel, tell), task, keepers, is_sure=request.is_sure)
        case CardReading():
            return _reading(ReadErrand(request.lane, hotel, tell), request.lane, hotel, is_sure=request.is_sure)
        case Settling():
            return _settling(request, hotel, tell)
        case LockTest():
            raise AssertionError("a test is an errand of its own")


def _sure_key(request: LockKey | EarlyKey | MobileKey, key: KeyErrand, hotel: Hotel) -> Errand:
    wanted, drivers = wish(request), _of_lane(hotel, request.lane)
    return IfSure(
        key,
        _KEY_TASKS[type(request)],
        drivers,
        is_sure=request.is_sure,
        areas=bool(wanted.areas),
        copies=wanted.copies > 1,
    )


def _no_telephone(request: MobileKey, hotel: Hotel) -> Callable[[], Result] | None:
    """Why a lane sends no keys to telephones: what cuts cards would cut one."""
    lane = lane_of(hotel, request.lane)
    if lane is None or lane.is_mobile:
        return None
    mobile = ", ".join(each.id for each in hotel.lanes if each.is_mobile)
    instead = (
        f"write lock mobile with {mobile}" if mobile else "the provisioning file has no encoder that is mobile"
    )
    words = f"{lane.name} cuts cards and sends nothing to telephones: {instead}."
    return lambda: Result(End.FAILED, words)


def _settling(request: Settling, hotel: Hotel, tell: Tell) -> Errand:
    reading, order = settle(request.id, hotel, tell), hotel.record(request.id)
    if reading is None or order is None:
        words = f"The box does not know the order {request.id}, or which encoder it was for."
        return AtOnce(lambda: Result(End.FAILED, words))
    return _reading(reading, order.target, hotel, is_sure=request.is_sure)


def _reading(errand: ReadErrand, lane: str, hotel: Hotel, *, is_sure: bool) -> Errand:
    return IfSure(errand, Task.READ, _of_lane(hotel, lane), is_sure=is_sure)


def _of_lane(hotel: Hotel, id: str) -> Sequence[Driver]:
    """The lock system that a lane is of."""
    lane = lane_of(hotel, id)
    return [] if lane is None else [driver for driver in hotel.lock_systems if driver.hop == lane.driver]
