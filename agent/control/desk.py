"""The desk: takes words, carries out what they ask, tells the progress and one result, and writes down what acts.

All faces come here (`socket.py`, later the page), and none has logic of its own. Whatever is under way can be
broken off at any moment, and says what that leaves behind.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from secrets import token_hex
from typing import cast

import trio

from agent.commands.model import Kind
from agent.control.acts import Acts, By
from agent.control.errands import at_once
from agent.control.errands.at_once import AtOnce
from agent.control.errands.audit import AuditErrand
from agent.control.errands.bundle import BundleErrand
from agent.control.errands.errand import Errand, Tell
from agent.control.errands.hop_test import HopTestErrand
from agent.control.errands.key import KeyErrand, wish
from agent.control.errands.lock import lock_errand
from agent.control.errands.mews import mews_errand
from agent.control.errands.reload import ReloadErrand
from agent.control.errands.watch import WatchErrand
from agent.control.hotel import DESK_IDS, Hotel
from agent.control.hub import Hub
from agent.control.words import reading
from agent.control.words.reading import Asked, Named, Names
from agent.control.words.requests import (
    AuditAsk,
    BalanceAsk,
    BundleAsk,
    CommandList,
    DeviceList,
    EarlyKey,
    HopTest,
    KeyOrder,
    LanePause,
    LaneResume,
    LockKey,
    LockTest,
    LookedAfter,
    MewsOrder,
    MewsTest,
    MobileKey,
    PageOrder,
    PrinterList,
    PrinterSearch,
    Reload,
    Request,
    SpaceList,
    StayList,
    TakeOver,
    WatchEvents,
)
from agent.control.words.told import End, Result
from agent.control.words.verbs import May
from agent.pipeline.loose_cards import of_card

_ORDERS = (KeyOrder, LockKey, EarlyKey, MobileKey, PageOrder)  # what gives an order
_BROKEN_OFF = Result(End.PERHAPS, "It was broken off before it was said what came of it.")


class Desk:
    """One desk for all who act."""

    def __init__(self, hotel: Hotel, hub: Hub, acts: Acts) -> None:
        self._hotel, self._hub, self._acts = hotel, hub, acts
        self._under_way: set[Doing] = set()
        self._idle = trio.Event()
        self._idle.set()
        self._is_closed = False

    def read(self, words: Sequence[str]) -> Asked:
        """What these words ask for. Raises `UserMistake`."""
        return reading.read(words, self.names())

    def completions(self, words: Sequence[str]) -> tuple[str, ...]:
        """What the last of these words, begun or empty, may become."""
        return reading.completions(words, self.names())

    def names(self) -> Names:
        """What there is to name just now."""
        lanes = tuple(Named(lane.id, (lane.identifier, lane.name)) for lane in self._hotel.lanes)
        by_id = {named.id: named for named in lanes}
        keys = {lane.id for lane in self._hotel.lanes if lane.kind is Kind.KEY}
        printers = {lane.id for lane in self._hotel.lanes if lane.kind is Kind.PRINT}
        return Names(
            hops=tuple(by_id.get(hop, Named(hop)) for hop in self._hotel.hops if hop in self._hotel.probes),
            encoders=tuple(named for named in lanes if named.id in keys),
            lanes=lanes,
            printers=tuple(named for named in lanes if named.id in printers),
            orders=tuple(self._hotel.cards),
            called=self._called(),
            rooms=tuple(self._hotel.rooms),
        )

    def _called(self) -> Mapping[str, str]:
        names = {lane.id: lane.name for lane in self._hotel.lanes}
        records = filter(None, map(self._hotel.record, self._hotel.cards))
        return {each.id: of_card(each, names.get(each.target, each.target), self._hotel.zone) for each in records}

    async def carry_out(self, asked: Asked, by: By, doing: "Doing", tell: Tell) -> Result:
        """Do it, and say how it ended; `doing.break_off` ends it early. `tell` hears of the progress."""
        return await self._carry_out(asked, by, doing, tell, is_act=asked.verb.may is May.ACT)

    async def carry_out_within(self, asked: Asked, by: By, doing: "Doing", tell: Tell) -> Result:
        """The same as a part of an act that is written down already (`write_down`)."""
        return await self._carry_out(asked, by, doing, tell, is_act=False)

    async def _carry_out(self, asked: Asked, by: By, doing: "Doing", tell: Tell, *, is_act: bool) -> Result:
        order = f"{DESK_IDS}{token_hex(6)}" if isinstance(asked.request, _ORDERS) else ""
        errand = self._errand(asked, by, order, tell)
        act = None
        self._begin(doing)
        try:
            with doing.scope:
                if is_act:
                    act = self._acts.begin(asked, by, order)
                    await self._acts.keep(act)
                result = await errand.run()
            if doing.scope.cancelled_caught:
                result = errand.left_behind()
            if act is not None:
                self._acts.end(act, result)
            return result
        finally:
            self._end(doing)

    async def write_down(self, name: str, by: By, work: Callable[[], Awaitable[Result]]) -> Result:
        """Have something done that is no verb of the desk, and keep it as an act like any other."""
        act = self._acts.begin_named(name, name, by)
        await self._acts.keep(act)
        result = _BROKEN_OFF
        try:
            result = await work()
        finally:
            self._acts.end(act, result)
        return result

    async def close(self) -> None:
        """The box ends, and so did every order: break off what is still under way, and wait for its end."""
        self._is_closed = True
        for doing in tuple(self._under_way):
            doing.break_off()
        await self._idle.wait()

    def _begin(self, doing: "Doing") -> None:
        self._under_way.add(doing)
        self._idle = trio.Event()
        if self._is_closed:
            doing.break_off()

    def _end(self, doing: "Doing") -> None:
        self._under_way.discard(doing)
        if not self._under_way:
            self._idle.set()

    def _errand(self, asked: Asked, by: By, order: str, tell: Tell) -> Errand:
        hotel = self._hotel
        match cast(Request, asked.request):  # what the desk's own table reads
            case HopTest() | LockTest() as request:
                return HopTestErrand(request, hotel, tell)
            case KeyOrder() as request:
                return KeyErrand(wish(request), order, by.who, hotel, tell)
            case LanePause() as request:
                return AtOnce(partial(at_once.pause, request, hotel, by.who))
            case LaneResume() as request:
                return AtOnce(partial(at_once.resume, request, hotel))
            case TakeOver():
                return AtOnce(partial(at_once.take_over, hotel))
            case LookedAfter() as request:
                return AtOnce(partial(at_once.looked_after, request, hotel))
            case Reload():
                return ReloadErrand(hotel)
            case AuditAsk():
                return AuditErrand(hotel, tell)
            case BundleAsk():
                return BundleErrand(hotel, tell)
            case WatchEvents():
                return WatchErrand(self._hub, tell)
            case (
                MewsTest() | CommandList() | SpaceList() | StayList() | BalanceAsk() | DeviceList() | MewsOrder()
            ) as request:
                return mews_errand(request, hotel, tell)
            case (PrinterSearch() | PrinterList() | PageOrder()) as request:
                from agent.control.errands.printing import print_errand  # here: the agent at rest needs none of it

                return print_errand(request, order, by.who, hotel, tell)
            case request:
                return lock_errand(request, order, by.who, hotel, tell)


class Doing:
    """The handle of one errand, for the one who asked."""

    def __init__(self) -> None:
        self.scope = trio.CancelScope()

    def break_off(self) -> None:
        """End it now: its result then says what it leaves behind."""
        self.scope.cancel()
