"""A hotel of nothing but memory, whose order of a key a test moves on by hand."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import trio

from agent.commands.driver import Driver, Lane
from agent.commands.issued import IssuedKey
from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.probe import Finding, Mark, Probe, Step
from agent.commands.record import Record
from agent.control.hotel import FileDoor, Hear, OrderedKey, OrderedPage, Say
from agent.control.words.bundle import SupportBundle
from agent.drivers.printing.nearby.found import Look
from agent.journal.rows.acts import Act
from agent.mews.calls import MewsError
from agent.mews.enquiries import Enquiries
from agent.rooms.audit.findings import Audit
from provisioning.model import Printer

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LEFT = Lane("encoder:1", "1", "Front desk left", "lock-server:coder-bridge")
PRINTER = Lane("printer:Office", "Office", "Office", "printer:Office", Kind.PRINT)
FAILED = Outcome(Verdict.FAILED, "E-KEY-NO-CARD", "Key not cut", "no card was presented", "Order the key again.")
UNKNOWN = Outcome(Verdict.UNKNOWN, "E-KEY-LOST", "Key perhaps cut", "the answer was lost", "Look at the encoder.")
DONE = Outcome(Verdict.DONE)


class FakeOrder:
    """The one order of a key, as the pass would move it."""

    def __init__(self, order: OrderedKey, hear: Hear) -> None:
        self.order, self._hear = order, hear
        self.record = Record(order.id, order.by, Kind.KEY, order.lane.id, order.room, order.copies)
        hear(self.record)

    def change(self, record: Record) -> None:
        """It takes a step."""
        self.record = record
        self._hear(record)

    def dispatch(self, copy: int) -> None:
        """The encoder is asked."""
        claimed = self.record if self.record.claimed else self.record.claim(1)
        self.change(claimed.dispatch(copy))

    def finish(self, outcome: Outcome = DONE) -> None:
        """It ends, and the desk has the end."""
        self.change(self.record.end(outcome, 2))
        self.change(self.record.report(3))


class FakePage(FakeOrder):
    """The one order of a page."""

    def __init__(self, page: OrderedPage, hear: Hear) -> None:
        self.page, self._hear = page, hear
        self.record = Record(page.id, page.by, Kind.PRINT, page.lane.id, "", 1)
        hear(self.record)


class FakeProbe:
    """A probe whose steps say what they are told to."""

    def __init__(self, *findings: Finding, behind: str = "", seconds: float = 0.0) -> None:
        self.behind = behind
        self._findings, self._seconds = findings, seconds

    def steps(self) -> Sequence[Step]:
        """One a finding."""
        return [Step(f"step {number}", self._taking(found)) for number, found in enumerate(self._findings, 1)]

    def _taking(self, found: Finding) -> Callable[[], Awaitable[Finding]]:
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
        self.enquiries: Enquiries | None = None
        self.audited: Audit | MewsError | None = None
        self.zone: tzinfo = ZoneInfo("Europe/Vienna")
        self.followers: dict[str, Hear] = {}
        self.has_agent = True
        self.cards: Sequence[str] = ("0d6f2f0a",)
        self.rooms: Sequence[str] = ("101", "102")
        self.doors: Sequence[FileDoor] = ()
        self.lock_systems: Sequence[Driver] = ()
        self.is_busy = self.cancels_keys_on_checkout = False
        self.records: dict[str, Record] = {}
        self.rms: dict[str, str] = {}
        self.keys: list[IssuedKey] = []
        self.paused: dict[str, str] = {}
        self.left: list[str] = []
        self.waiting = ""
        self.is_being_made = False
        self.has_token = True
        self.refusal = ""
        self.order: FakeOrder | None = None
        self.page: FakePage | None = None
        self.name = "aurora-desk"
        self.addresses: Sequence[str] = ("10.4.5.20",)
        self.printers: Sequence[Driver] = ()
        self.file_printers: Sequence[Printer] = (Printer("Office", "ipp://10.4.5.30/ipp/print"),)
        self.orders: list[Record] = []
        self.look = Look()
        self.bundle = SupportBundle("aurora-desk-20261126-1300.nightporter.tar.gz", b"packed")
        self.looking: trio.Event | None = None  # a search that goes on until this is set
        self.ordered = trio.Event()
        self.reading = trio.Event()
        self.reading.set()

    async def support_bundle(self, say: Say) -> SupportBundle:
        """As the test says."""
        say("The hops are tested.")
        await trio.lowlevel.checkpoint()
        return self.bundle

    async def audit(self) -> Audit | None:
        """As the test says."""
        if isinstance(self.audited, MewsError):
            raise self.audited
        return self.audited

    def follow(self, id: str, hear: Hear) -> Callable[[], None]:
        """As the running hotel does."""
        self.followers[id] = hear
        return lambda: self.followers.pop(id, None) and None

    def is_making(self, lane: str) -> bool:
        """As the test says."""
        return self.is_busy

    def record(self, id: str) -> Record | None:
        """As the test says."""
        return self.records.get(id)

    def rms_name(self, room: str) -> str:
        """The room's own, but for those that the test names."""
        return self.rms.get(room, room)

    def keys_of(self, room: str) -> Sequence[IssuedKey]:
        """As the test says."""
        return [key for key in self.keys if key.opens(room)]

    def keys_of_order(self, id: str) -> Sequence[IssuedKey]:
        """As the test says."""
        return [key for key in self.keys if key.is_of_order(id)]

    def key_is_over(self, id: str) -> None:
        """Forget it."""
        self.keys = [key for key in self.keys if key.id != id]

    def now(self) -> datetime:
        """Always the same."""
        return NOW

    def order_key(self, order: OrderedKey, hear: Hear) -> None:
        """Remember it."""
        self.order = FakeOrder(order, hear)
        self.ordered.set()

    def order_page(self, order: OrderedPage, hear: Hear) -> None:
        """Remember it."""
        self.page = FakePage(order, hear)
        self.ordered.set()

    def orders_at(self, lane: str) -> Sequence[Record]:
        """As the test says."""
        return [record for record in self.orders if record.target == lane]

    async def look_around(self) -> Look:
        """As the test says."""
        await trio.lowlevel.checkpoint()
        if self.looking is not None:
            await self.looking.wait()
        return self.look

    def waits_for(self, id: str) -> str:
        """As the test says."""
        return self.waiting

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

    def seen(self, id: str) -> bool:
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
        self.can_keep: trio.Event | None = None  # a disk that hangs until this is set

    async def keep(self, *rows: Act) -> None:
        """Keep them."""
        await trio.lowlevel.checkpoint()
        if self.can_keep is not None:
            await self.can_keep.wait()
        self.keep_lazily(*rows)

    def keep_lazily(self, *rows: Act) -> None:
        """Keep them."""
        self.acts |= {act.id: act for act in rows}

    @property
    def last(self) -> Act:
        """The act that was put last for the first time."""
        return list(self.acts.values())[-1]
