"""A hotel of nothing but memory, whose order of a key a test moves on by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import trio

from agent.commands.driver import Lane
from agent.commands.model import Kind, Outcome, Verdict, WaitsFor
from agent.commands.probe import Finding, Mark, Probe, Step
from agent.commands.record import Record
from agent.control.hotel import OrderListener
from agent.journal.rows.acts import Act

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LEFT = Lane("encoder:1", "1", "Front desk left", "lock-server:coder-bridge")
PRINTER = Lane("printer:Office", "Office", "Office", "printer:Office", Kind.PRINT)
FAILED = Outcome(Verdict.FAILED, "E-KEY-NO-CARD", "Key not cut", "no card was presented", "Order the key again.")
UNKNOWN = Outcome(Verdict.UNKNOWN, "E-KEY-LOST", "Key perhaps cut", "the answer was lost", "Look at the encoder.")
DONE = Outcome(Verdict.DONE)


class FakeOrder:
    """The one order, as the pass would move it."""

    def __init__(self, record: Record, start: datetime, end: datetime, listener: OrderListener) -> None:
        self.record, self.start, self.end, self._listener = record, start, end, listener

    def wait_for(self, reason: WaitsFor) -> None:
        """It waits."""
        self._listener.waits(reason)

    def change(self, record: Record) -> None:
        """It takes a step."""
        self.record = record
        self._listener.changed(record)

    def dispatch(self, copy: int) -> None:
        """The encoder is asked."""
        claimed = self.record if self.record.claimed else self.record.claim(1)
        self.change(claimed.dispatch(copy))

    def finish(self, outcome: Outcome = DONE) -> None:
        """It ends."""
        self.change(self.record.end(outcome, 2))


class FakeProbe:
    """A probe whose steps say what they are told to."""

    def __init__(self, *findings: Finding, behind: str = "", seconds: float = 0.0) -> None:
        self.behind = behind
        self._findings, self._seconds = findings, seconds

    def steps(self) -> Sequence[Step]:
        """One a finding."""
        return [Step(f"step {number}", self._taking(found)) for number, found in enumerate(self._findings, 1)]

    def _taking(self, found: Finding):  # type: ignore[no-untyped-def]
        async def take() -> Finding:
            await trio.sleep(self._seconds)
            return found

        return take


GOOD = Finding(Mark.GOOD, "It is well.")


class FakeHotel:
    """What the desk acts on; everything that is done to it can be read off."""

    def __init__(self) -> None:
        self.lanes: Sequence[Lane] = (LEFT, PRINTER)
        self.hops: Sequence[str] = ("mews", "box", LEFT.driver, LEFT.id)
        self.probes: Mapping[str, Probe] = {
            "mews": FakeProbe(GOOD),
            LEFT.driver: FakeProbe(GOOD, GOOD),
            LEFT.id: FakeProbe(Finding(Mark.OPEN, "Only a key shows that."), behind=LEFT.driver),
        }
        self.cards: Sequence[str] = ("0d6f2f0a",)
        self.paused: dict[str, str] = {}
        self.left: list[str] = []
        self.is_being_made = False
        self.has_token = True
        self.refusal = ""
        self.order: FakeOrder | None = None
        self.ordered = trio.Event()
        self.reading = trio.Event()
        self.reading.set()

    def now(self) -> datetime:
        """Always the same."""
        return NOW

    async def order_key(
        self,
        id: str,
        lane: Lane,
        rooms: Sequence[str],
        start: datetime,
        end: datetime,
        copies: int,
        listener: OrderListener,
    ) -> None:
        """Remember it."""
        record = Record(id, "", Kind.KEY, lane.id, ", ".join(rooms), copies)
        self.order = FakeOrder(record, start, end, listener)
        self.ordered.set()

    def leave(self, id: str) -> bool:
        """Remember it."""
        self.left.append(id)
        return not self.is_being_made

    def pause(self, lane: str, by: str) -> bool:
        """Remember it."""
        was_paused = lane in self.paused
        self.paused[lane] = by
        return not was_paused

    def resume(self, lane: str) -> bool:
        """Remember it."""
        return self.paused.pop(lane, None) is not None

    def take_over(self) -> bool:
        """As the test says."""
        return self.has_token

    def seen(self, id: str, at: int) -> bool:
        """Whether there is such a card."""
        return id in self.cards

    async def reload(self) -> str:
        """As the test says."""
        await self.reading.wait()
        return self.refusal


class FakeRows:
    """The journal's acts, by id, as they were put last."""

    def __init__(self) -> None:
        self.acts: dict[str, Act] = {}

    async def keep(self, *rows: Act) -> None:
        """Keep them."""
        await trio.lowlevel.checkpoint()
        self.keep_lazily(*rows)

    def keep_lazily(self, *rows: Act) -> None:
        """Keep them."""
        self.acts |= {act.id: act for act in rows}

    @property
    def last(self) -> Act:
        """The act that was put last for the first time."""
        return list(self.acts.values())[-1]
