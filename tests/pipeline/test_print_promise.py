"""The promise for documents under any sequence of events: hypothesis writes it, virtual time plays it.

The whole agent against the simulated Mews and one simulated printer, which is asked over IPP and, under another
name, gets bytes alone. When the script is over everything heals, time passes, and the ledger judges the paper.
"""

import tempfile
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import msgspec
import pytest
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import STAFF, WAITING, Command, State
from agent.simulators.mews.operations import UPDATE
from agent.simulators.mews.switches import Dialect
from agent.simulators.printer.switches import Impressions, PowerOff, PrinterSwitches
from tests import paper_books
from tests.ledger import Finding
from tests.paper_ledger import findings
from tests.print_hotel import LABELS, OFFICE, PrintHotel, base64, pdf, printers_text

EXAMPLES = 60  # about 30 s
AGE_SECONDS, WAIT_SECONDS = 300, 120
# s after its order in which the first side may come out: the printer is waited for before a document is sent,
# while a lost answer is looked for, and while it has no paper.
BY_SECONDS = AGE_SECONDS + 3 * WAIT_SECONDS + 120.0
HEALED_SECONDS = 3600.0  # s of virtual time
SETTLE_SECONDS = 60.0  # s; what the printer still has comes out


class Order(msgspec.Struct, frozen=True):
    """Somebody orders a print, or ordered it so many seconds ago."""

    printer: str
    pages: int
    copies: int
    age: float


class Cancel(msgspec.Struct, frozen=True):
    """Staff cancels one of the open commands."""

    which: int


class TakeAway(msgspec.Struct, frozen=True):
    """Somebody else ends, or takes, an order that waits."""

    which: int
    state: State


class Hand(StrEnum):
    """What a person, or the printer itself, does."""

    CANCEL = "presses the red button"
    PAUSE = "pauses it"
    RESUME = "lets it go on"
    ABORT = "it gives a job up"
    FORGET = "it forgets its jobs"
    COVER_OPEN = "opens a cover"
    COVER_SHUT = "shuts it"


class At(msgspec.Struct, frozen=True):
    """Something happens at the printer."""

    hand: Hand


class Paper(msgspec.Struct, frozen=True):
    """So many sheets are in the tray from now on, None: enough."""

    sheets: int | None


class Power(msgspec.Struct, frozen=True):
    """Somebody pulls the plug of the printer for some time."""

    how: PowerOff
    seconds: float


class Away(msgspec.Struct, frozen=True):
    """Mews, or the way to the printer, is gone for some time."""

    is_mews: bool
    how: Absence
    seconds: float


class Lose(msgspec.Struct, frozen=True):
    """Some answers go wrong, before or after what was asked for took place; of Mews' they are those to updates."""

    operation: str
    kind: str
    when: str
    calls: int


class Slow(msgspec.Struct, frozen=True):
    """From now on a side takes that long."""

    seconds: float


class Reload(msgspec.Struct, frozen=True):
    """SIGHUP with the same file, or without the printers."""

    has_printers: bool


class Restart(msgspec.Struct, frozen=True):
    """The box crashes, or is stopped cleanly, and is back after some time."""

    is_crash: bool
    seconds: float


Event = Order | Cancel | TakeAway | At | Paper | Power | Away | Lose | Slow | Reload | Restart
Step = tuple[Event, float]  # an event, and the seconds after it

_AWAY_SECONDS = st.sampled_from([1.0, 20.0, 90.0, 200.0])
_OPERATIONS = ("print-job", "print-job", "get-jobs", "get-job-attributes", "get-printer-attributes", "cancel-job")
_EVENTS: st.SearchStrategy[Event] = st.one_of(
    *[st.builds(Order, st.just(OFFICE), st.integers(1, 3), st.sampled_from([1, 2]), st.just(0.0))] * 4,
    st.builds(
        Order,
        st.sampled_from([OFFICE, LABELS, "Nowhere"]),
        st.integers(1, 2),
        st.sampled_from([0, 1, 1, 3, 99]),
        st.sampled_from([0.0, 0.0, 290.0, 400.0]),
    ),
    st.builds(Cancel, st.integers(0, 5)),
    st.builds(TakeAway, st.integers(0, 5), st.sampled_from([State.PROCESSING, State.PROCESSED, State.ERROR])),
    *[st.builds(At, st.sampled_from(Hand))] * 2,
    *[st.builds(Paper, st.sampled_from([0, 1, 2, 4, None]))] * 2,
    st.builds(Power, st.sampled_from(PowerOff), _AWAY_SECONDS),
    st.builds(Away, st.just(True), st.sampled_from(Absence), _AWAY_SECONDS),
    st.builds(Away, st.just(False), st.sampled_from([Absence.REFUSE, Absence.DROP]), _AWAY_SECONDS),
    *[
        st.builds(
            Lose,
            st.sampled_from([UPDATE, *_OPERATIONS]),
            st.sampled_from(["drop", "500", "html-500", "reset", "truncated", "brace", "garbage", "empty"]),
            st.sampled_from(["before", "during", "after"]),
            st.integers(1, 3),
        )
    ]
    * 2,
    # A refusal says that nothing took place: a printer that lies about that cannot be helped.
    st.builds(Lose, st.just("print-job"), st.sampled_from(["401", "404"]), st.just("before"), st.integers(1, 3)),
    st.builds(Slow, st.sampled_from([0.2, 2.0, 20.0])),
    st.builds(Reload, st.booleans()),
    *[st.builds(Restart, st.booleans(), st.sampled_from([0.0, 5.0, 150.0]))] * 2,
)
_PAUSES = st.sampled_from([0.0, 0.05, 0.3, 1.0, 5.0, 40.0])
_SCRIPTS = st.lists(st.tuples(_EVENTS, _PAUSES), min_size=4, max_size=25)
_SWITCHES = st.builds(
    PrinterSwitches,
    queue=st.sampled_from([1, 1, 5]),
    lists_jobs=st.booleans(),
    history=st.sampled_from([20, 20, 1, 0]),
    impressions=st.sampled_from(Impressions),
    tells_stop=st.booleans(),
    aborts_as=st.sampled_from([7, 8]),
    cancel_seconds=st.sampled_from([0.0, 3.0]),
    pending_seconds=st.sampled_from([0.0, 5.0]),
)

# What may make a printer forget a job, or the box unable to ask for it: then it need not know how one ended.
_BLINDS = (Power, Away, Lose, At, Reload)


_SILENT = PrinterSwitches(lists_jobs=False)
_FIRST = Order(OFFICE, 2, 1, 0.0)
# What must be in each run, whatever hypothesis finds: an event amid the printing, then one more document.
_AMID: list[tuple[list[Step], PrinterSwitches]] = [
    ([(Restart(True, 0.0), 0.0)], PrinterSwitches()),
    ([(Restart(False, 5.0), 0.0)], PrinterSwitches()),
    ([(At(Hand.CANCEL), 5.0)], PrinterSwitches()),
    ([(At(Hand.CANCEL), 5.0)], PrinterSwitches(impressions=Impressions.NEVER)),
    ([(At(Hand.ABORT), 5.0)], PrinterSwitches(aborts_as=7)),
    ([(At(Hand.FORGET), 5.0)], PrinterSwitches()),
    ([(At(Hand.FORGET), 0.0), (Restart(True, 5.0), 0.0)], PrinterSwitches()),
    ([(Power(PowerOff.LOST, 20.0), 40.0)], PrinterSwitches()),
    ([(Power(PowerOff.FINISHED, 20.0), 40.0)], PrinterSwitches()),
    ([(Cancel(0), 40.0)], PrinterSwitches()),
    ([(Paper(0), 40.0), (Cancel(0), 40.0), (Paper(None), 40.0)], PrinterSwitches()),
    ([(Paper(0), 40.0), (Restart(True, 5.0), 40.0), (Paper(None), 40.0)], PrinterSwitches()),
    ([(Paper(0), 400.0)], PrinterSwitches()),
]
_LOST: list[tuple[list[Step], PrinterSwitches]] = [
    ([(Lose("print-job", "drop", when, 1), 0.0)], switches)
    for when in ("before", "after")
    for switches in (PrinterSwitches(), _SILENT)
]


@settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck))
@given(script=_SCRIPTS, switches=_SWITCHES, dialect=st.sampled_from(Dialect))
def test_the_promise_holds_for_documents_whatever_happens_in_whatever_order(
    script: list[Step], switches: PrinterSwitches, dialect: Dialect
) -> None:
    assert play(script, switches, dialect) == []


def _words(value: object) -> str:
    if isinstance(value, PrinterSwitches):
        usual = PrinterSwitches()
        other = [name for name in value.__struct_fields__ if getattr(value, name) != getattr(usual, name)]
        return " ".join(f"{name} {getattr(value, name)}" for name in other) or "usual"
    assert isinstance(value, list)
    return " ".join(str(event) for event, _ in value)


@pytest.mark.parametrize(("script", "switches"), [*_AMID, *_LOST], ids=_words)
def test_the_promise_holds_for_a_document_that_meets_trouble_amid_its_printing(
    script: list[Step], switches: PrinterSwitches
) -> None:
    lost = [step for step in script if isinstance(step[0], Lose)]
    amid = [step for step in script if step not in lost]
    whole = [(Slow(0.8), 0.0), *lost, (_FIRST, 1.5), *amid, (Order(OFFICE, 1, 2, 0.0), 40.0)]
    assert play(whole, switches, Dialect.V2016) == []


def play(script: list[Step], switches: PrinterSwitches, dialect: Dialect) -> list[Finding]:
    """Play a script in virtual time; every breach of the promise."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), switches, dialect)
        return trio.run(stage.play, script, clock=MockClock(autojump_threshold=0))


class Stage:
    """The hotel, the script's hand, and the agent that it starts and kills."""

    def __init__(self, folder: Path, switches: PrinterSwitches, dialect: Dialect) -> None:
        self.hotel = PrintHotel(folder, switches=switches, dialect=dialect)
        self._orders = 0
        self._provision()

    async def play(self, script: list[Step]) -> list[Finding]:
        """All steps, then the healing, then the judgement."""
        steps = list(script)
        while steps:
            steps = await self._play_until_restart(steps)
        await self._heal()
        events = [event for event, _ in script]
        switches = self.hotel.printer.switches
        is_known = switches.lists_jobs and switches.history > len(events)
        is_known = is_known and not any(isinstance(event, _BLINDS) for event in events)
        # A document that a dead box left at the printer comes out whenever there is paper.
        is_bounded = not any(isinstance(event, Restart) for event in events)
        documents = paper_books.documents(
            self.hotel.mews,
            [self.hotel.printer],
            known={OFFICE} if is_known else (),
            print_by_seconds=BY_SECONDS if is_bounded else None,
        )
        return findings(documents)

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
        hotel.printer.heal()
        hotel.printer.engine.say(())
        hotel.printer.engine.pause(False)
        hotel.printer.engine.fill(None)
        hotel.printer.switch(page_seconds=0.2)
        for command in hotel.mews.commands.open:
            if command.history[-1].by == STAFF:  # who took it away ends it
                hotel.mews.set_state(command.id, State.PROCESSED, STAFF)
        self._provision()
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
            case Cancel():
                if command := self._pick(event.which):
                    hotel.mews.cancel(command.id)
            case At():
                self._at_the_printer(event.hand)
            case Paper():
                hotel.printer.engine.fill(event.sheets)
            case Power():
                hotel.printer.switch(power_off=event.how)
                hotel.printer.power_off(event.seconds)
            case Away():
                (hotel.mews if event.is_mews else hotel.printer).presence.leave(event.how, event.seconds)
            case Lose():
                server = hotel.mews if event.operation == UPDATE else hotel.printer
                server.fail(event.kind, event.operation, when=event.when, calls=event.calls)
            case Slow():
                hotel.printer.switch(page_seconds=event.seconds)
            case Reload():
                self._provision(has_printers=event.has_printers)
                if hotel.app is not None:
                    hotel.app.reload()

    def _at_the_printer(self, hand: Hand) -> None:
        printer = self.hotel.printer
        has_job = any(not job.state.is_final for job in printer.jobs)
        match hand:
            case Hand.CANCEL if has_job:
                printer.press_cancel()
            case Hand.ABORT if has_job:
                printer.abort()
            case Hand.PAUSE | Hand.RESUME:
                printer.engine.pause(hand is Hand.PAUSE)
            case Hand.FORGET:
                printer.engine.lose_jobs()
            case Hand.COVER_OPEN | Hand.COVER_SHUT:
                printer.engine.say(("cover-open-error",) if hand is Hand.COVER_OPEN else ())

    def _order(self, order: Order) -> None:
        self._orders += 1
        mews = self.hotel.mews
        created = mews.clock.now() - timedelta(seconds=order.age)
        document = base64(pdf(self._orders, order.pages))
        mews.add_print(order.printer, document, order.copies, created=created)

    def _provision(self, *, has_printers: bool = True) -> None:
        printers = printers_text(print_age_seconds=AGE_SECONDS, print_wait_seconds=WAIT_SECONDS)
        self.hotel.provision(poll_seconds=5.0, more=printers if has_printers else "")

    def _pick(self, which: int) -> Command | None:
        commands = self.hotel.mews.commands.open
        return commands[which % len(commands)] if commands else None
