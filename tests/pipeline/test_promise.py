"""The promise of design section 1 under any sequence of events: hypothesis writes it, virtual time plays it.

The whole agent against both simulators. When the script is over everything heals, time passes, and the ledger
judges. A crash is a crash: nothing that the dying agent still wants to write or send gets out.
"""

import tempfile
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import msgspec
import trio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from agent.simulators.base.presence import Absence, SimulatedClock
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.mews.commands import STAFF, WAITING, Command, State
from agent.simulators.mews.events import message
from agent.simulators.mews.listing import entry
from agent.simulators.mews.operations import PUSH, UPDATE
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import Dialect, MewsSwitches
from tests import books
from tests.ledger import Finding, findings
from tests.whole_hotel import Hotel

EXAMPLES = 200  # about 15 s
KEY_AGE_SECONDS = 120.0
CLOCK_SLACK = 3.0  # s; Mews' Date header has whole seconds, and a claim is a round trip old
QUEUE_SECONDS = 61.0  # s; two slow cards, which dead agents had asked for, may be in front of one
HEALED_SECONDS = 3600.0  # s of virtual time; the longest pause after a rival is 900 s
SETTLE_SECONDS = 60.0  # s; longer than any card under way
START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before the clocks change


class Side(StrEnum):
    """Which server."""

    MEWS = "mews"
    BRIDGE = "bridge"


class Order(msgspec.Struct, frozen=True):
    """Somebody orders keys, or ordered them so many seconds ago."""

    cutter: str
    copies: int
    age: float
    stay: float = 86_400.0  # s from now until its end


class TakeAway(msgspec.Struct, frozen=True):
    """Somebody else changes an order that waits: another connector, or staff."""

    which: int
    state: State


class Reload(msgspec.Struct, frozen=True):
    """SIGHUP, with a file that has so many encoders."""

    encoders: int


class Cancel(msgspec.Struct, frozen=True):
    """Staff cancels one of the open commands."""

    which: int


class ListTwice(msgspec.Struct, frozen=True):
    """Mews lists a command a second time from now on, as it is now, whatever becomes of it."""

    which: int


class Away(msgspec.Struct, frozen=True):
    """A server is gone for some time."""

    side: Side
    how: Absence
    seconds: float


class Lose(msgspec.Struct, frozen=True):
    """Some answers go wrong, before or after what was asked for took place."""

    side: Side
    kind: str
    when: str
    calls: int


class Refuse(msgspec.Struct, frozen=True):
    """The lock system says no to the next keys."""

    kind: str
    calls: int


class Slow(msgspec.Struct, frozen=True):
    """From now on a card takes that long."""

    seconds: float


class Rival(msgspec.Struct, frozen=True):
    """Another connector signs in."""


class LineTrouble(StrEnum):
    """What becomes of the line on which Mews says that there is news."""

    DROPPED = "dropped"
    HALF_OPEN = "half open"  # this one, and each further one
    REFUSED = "refused"
    GONE = "gone"  # there is no such address
    GARBAGE = "garbage"  # before each message
    TRIPLED = "tripled"
    LATE = "late"
    OF_OTHERS = "of others"  # orders of other hotels
    WELL = "well"  # all that is over


class Line(msgspec.Struct, frozen=True):
    """Something happens to that line."""

    what: LineTrouble


class Restart(msgspec.Struct, frozen=True):
    """The box crashes, or is stopped cleanly, and is back after some time."""

    is_crash: bool
    seconds: float


Event = Order | TakeAway | Reload | Cancel | ListTwice | Away | Lose | Refuse | Slow | Rival | Line | Restart
Step = tuple[Event, float]  # an event, and the seconds after it

_AWAY_SECONDS = st.sampled_from([1.0, 20.0, 90.0, 200.0])
_EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Order,
        st.sampled_from(["1", "1", "1", "2", "3", "nobody's"]),
        st.sampled_from([1, 1, 1, 2, 3, 0, 99]),
        st.sampled_from([0.0, 0.0, 0.0, 60.0, 119.0, 300.0]),
    ),
    *[st.builds(Order, st.sampled_from(["1", "2"]), st.sampled_from([1, 3]), st.just(0.0))] * 4,
    st.builds(Order, st.just("1"), st.just(2), st.just(0.0), st.sampled_from([-3600.0, 20.0, 60.0])),
    st.builds(TakeAway, st.integers(0, 5), st.sampled_from([State.PROCESSING, State.PROCESSED, State.ERROR])),
    st.builds(Reload, st.sampled_from([1, 2, 3, 3])),
    st.builds(Cancel, st.integers(0, 5)),
    st.builds(ListTwice, st.integers(0, 5)),
    st.builds(Away, st.sampled_from(Side), st.sampled_from(Absence), _AWAY_SECONDS),
    st.builds(
        Lose,
        st.sampled_from(Side),
        st.sampled_from(["drop", "500", "html-500", "reset", "truncated", "hang", "brace", "error-200"]),
        st.sampled_from(["before", "during", "after"]),
        st.integers(1, 3),
    ),
    # A refusal of the token says that nothing took place: a server that lies about that cannot be helped.
    st.builds(Lose, st.sampled_from(Side), st.just("401"), st.just("before"), st.integers(1, 3)),
    st.builds(Refuse, st.sampled_from(["no-card", "unknown-room", "encoder-busy"]), st.integers(1, 2)),
    st.builds(Slow, st.sampled_from([0.2, 2.0, 30.0])),
    st.builds(Rival),
    *[st.builds(Line, st.sampled_from(LineTrouble))] * 2,
    st.builds(Restart, st.booleans(), st.sampled_from([0.0, 5.0, 150.0])),
)
_PAUSES = st.sampled_from([0.0, 0.05, 0.3, 1.0, 5.0, 40.0])
_SCRIPTS = st.lists(st.tuples(_EVENTS, _PAUSES), min_size=6, max_size=30)
# A Mews that says yes to updates of a finished command cannot be helped: nothing would tell a cancelled one.
_SWITCHES = st.builds(
    MewsSwitches,
    dialect=st.sampled_from(Dialect),
    direct_processing=st.booleans(),
    early_end=st.booleans(),
    mark_received=st.booleans(),
    include_processing=st.booleans(),
    include_final=st.booleans(),
    front_ends=st.sampled_from([(), (), (300.0, 0.0, 0.0)]),
    latency_seconds=st.sampled_from([0.0, 0.1]),
)

# What happens on the line for news by a switch of the simulator, and what ends the line that is open.
_WELL: dict[str, object] = {
    "push": True,
    "push_silent": False,
    "push_garbage": False,
    "push_copies": 1,
    "push_delay_seconds": 0.0,
}
_ON_THE_LINE: dict[LineTrouble, dict[str, object]] = {
    LineTrouble.HALF_OPEN: {"push_silent": True},
    LineTrouble.GONE: {"push": False},
    LineTrouble.GARBAGE: {"push_garbage": True},
    LineTrouble.TRIPLED: {"push_copies": 3},
    LineTrouble.LATE: {"push_delay_seconds": 7.0},
    LineTrouble.WELL: _WELL,
}
_ENDS_THE_LINE = frozenset({LineTrouble.DROPPED, LineTrouble.REFUSED, LineTrouble.GONE})


# An old order appears while the dates leave its age open.
_LATE: list[Step] = [
    *((Rival(), 0.0), (Rival(), 0.05), (Restart(False, 0.0), 0.0)),
    *((Order("1", 1, 0.0), 0.3), (Order("1", 1, 300.0), 0.0), (Reload(1), 0.0)),
]
_DISAGREEING = MewsSwitches(front_ends=(300.0, 0.0, 0.0), latency_seconds=0.1)


@settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck))
@given(script=_SCRIPTS, switches=_SWITCHES, signs_in=st.booleans(), has_push=st.booleans())
@example(_LATE, _DISAGREEING, True, False)
def test_the_promise_holds_whatever_happens_in_whatever_order(
    script: list[Step], switches: MewsSwitches, signs_in: bool, has_push: bool
) -> None:
    assert play(script, switches, signs_in, has_push) == []


def play(script: list[Step], switches: MewsSwitches, signs_in: bool, has_push: bool) -> list[Finding]:
    """Play a script in virtual time; every breach of the promise. `has_push` counts in today's dialect alone."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), switches, signs_in, has_push)
        return trio.run(stage.play, script, clock=MockClock(autojump_threshold=0))


class Stage:
    """The hotel, the script's hand, and the agent that it starts and kills."""

    def __init__(self, folder: Path, switches: MewsSwitches, signs_in: bool, has_push: bool) -> None:
        self.hotel = Hotel(folder, has_push=has_push)
        self.hotel.mews = MewsSimulator(switches, clock=SimulatedClock(START))
        self.hotel.bridge = CoderBridgeSimulator(clock=SimulatedClock(START))
        self.hotel.mews_line.server = self.hotel.mews
        self.hotel.bridge_line.server = self.hotel.bridge
        self._signs_in = signs_in
        self._provision(3)
        self._orders = self._others = 0

    async def play(self, script: list[Step]) -> list[Finding]:
        """All steps, then the healing, then the judgement."""
        steps = list(script)
        while steps:
            steps = await self._play_until_restart(steps)
        await self._heal()
        entries = books.entries(
            self.hotel.mews,
            self.hotel.bridge,
            key_age_seconds=KEY_AGE_SECONDS + CLOCK_SLACK,
            queue_seconds=QUEUE_SECONDS,
        )
        return findings(entries)

    async def _play_until_restart(self, steps: list[Step]) -> list[Step]:
        """One life of the agent. Gives what is left of the script after it."""
        places = (index for index, (event, _) in enumerate(steps) if isinstance(event, Restart))
        end = next(places, len(steps))
        restart = steps[end][0] if end < len(steps) else Restart(False, 0.0)
        assert isinstance(restart, Restart)
        async with self.hotel.agent(stops=not restart.is_crash):
            for event, pause in steps[:end]:
                self._do(event)
                await trio.sleep(pause)
            await trio.sleep(1.0)  # a listener that was never served complains when it is collected
        await trio.sleep(restart.seconds)
        return steps[end + 1 :]

    async def _heal(self) -> None:
        hotel = self.hotel
        hotel.mews.heal()
        hotel.mews.switch(**_WELL)
        hotel.bridge.heal()
        hotel.mews.neighbours.clear()
        for command in hotel.mews.commands.open:
            if command.history[-1].by == STAFF:  # who took it away ends it
                hotel.mews.set_state(command.id, State.PROCESSED, STAFF)
        hotel.bridge.switch(card_seconds=0.2)
        self._provision(3)
        async with hotel.agent():
            with trio.move_on_after(HEALED_SECONDS):
                await hotel.mews.wait_all_final()
            await trio.sleep(SETTLE_SECONDS)

    def _do(self, event: Event) -> None:
        hotel = self.hotel
        match event:
            case Order():
                self._order(event)
            case TakeAway():
                command = self._pick(event.which)
                if command and command.state in WAITING:
                    hotel.mews.set_state(command.id, event.state, STAFF)
            case Reload():
                self._provision(event.encoders)
                if hotel.app is not None:
                    hotel.app.reload()
            case Cancel():
                if command := self._pick(event.which):
                    hotel.mews.cancel(command.id)
            case ListTwice():
                if (command := self._pick(event.which)) and command.state in WAITING:
                    hotel.mews.neighbours.append(entry(command, hotel.mews.switches))
            case Away():
                self._server(event.side).presence.leave(event.how, event.seconds)
            case Lose():
                operation = UPDATE if event.side is Side.MEWS else "guest_key"
                self._server(event.side).fail(event.kind, operation, when=event.when, calls=event.calls)
            case Refuse():
                hotel.bridge.script({"kind": event.kind, "calls": event.calls})
            case Slow():
                hotel.bridge.switch(card_seconds=event.seconds)
            case Rival():
                hotel.mews.sessions.rival_signs_in()
            case Line():
                self._trouble_on_the_line(event.what)

    def _trouble_on_the_line(self, what: LineTrouble) -> None:
        mews = self.hotel.mews
        if what is LineTrouble.REFUSED and mews.is_current:
            mews.fail("503", PUSH, calls=2)
        if what is LineTrouble.OF_OTHERS:
            self._others += 1
            mews.push.say(message([{"Type": "DeviceCommand", "Id": f"other-{self._others}", "State": "Pending"}]))
        mews.switch(**_ON_THE_LINE.get(what, {}))
        if what in _ENDS_THE_LINE:
            mews.push.drop()

    def _order(self, order: Order) -> None:
        self._orders += 1
        mews = self.hotel.mews
        created = mews.clock.now() - timedelta(seconds=order.age)
        end = mews.clock.now() + timedelta(seconds=order.stay)
        start = min(mews.clock.now(), end - timedelta(days=1))
        room = str(100 + self._orders)
        mews.add_key(order.cutter, [room], order.copies, start=start, end=end, created=created)

    def _provision(self, encoders: int) -> None:
        limits = f"[limits]\nkey_age_seconds = {KEY_AGE_SECONDS:.0f}"
        self.hotel.provision(signs_in=self._signs_in, poll_seconds=5.0, encoders=encoders, more=limits)

    def _pick(self, which: int) -> Command | None:
        commands = self.hotel.mews.commands.open
        return commands[which % len(commands)] if commands else None

    def _server(self, side: Side) -> MewsSimulator | CoderBridgeSimulator:
        return self.hotel.mews if side is Side.MEWS else self.hotel.bridge
