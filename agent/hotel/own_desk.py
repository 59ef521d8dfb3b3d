"""The desk without an agent: the verbs about the lock systems and the printers, in a process of their own, by the
same pass.

For a box whose agent does not run, and for a laptop beside the lock server. The state directory is held meanwhile,
so that it and an agent never drive one encoder together. Mews is neither asked nor told anything; what an agent
has left open in the journal stays as it is.
"""

import os
import pwd
import signal
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import trio

from agent.commands.model import Kind, Verdict
from agent.commands.probe import Step
from agent.commands.record import Record
from agent.control.acts import Acts, By, of_order
from agent.control.client import Show
from agent.control.desk import Desk, Doing
from agent.control.errands.key import numbers
from agent.control.errands.printer_search import PrinterSearchErrand
from agent.control.hub import Hub
from agent.control.words.messages import Face
from agent.control.words.told import End, Line, Progress, Result
from agent.drivers.check import beside, judge, sound
from agent.drivers.printing.nearby.found import Look
from agent.drivers.printing.search import look_around, usual_wire
from agent.foundation.errors import JournalUnavailable, UserMistake
from agent.foundation.timing import utc_now
from agent.health.health import Health
from agent.hotel.desk_hotel import DeskHotel
from agent.hotel.log import log
from agent.hotel.site import Shared, Site, Wires, real_wires
from agent.journal import state_folder
from agent.journal.file import Contents
from agent.journal.journal import Journal
from agent.journal.work import RunSync
from agent.pipeline.desk_orders import DeskOrders
from agent.pipeline.loose_cards import LooseCards
from agent.pipeline.orders import Orders
from agent.pipeline.pipeline import Pipeline
from board.addresses import places
from board.routes import is_near
from provisioning.file import content, why_not

GRACE_SECONDS = 95.0  # s for a key that an encoder was asked for; longer than its own time limit
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_WAITS = (
    "The encoder was asked already: waiting for its end. Ctrl-C once more ends at once, and the key counts as "
    "perhaps cut."
)
_PAGE_WAITS = (
    "The printer was asked already: waiting for its end. Ctrl-C once more ends at once, and the page counts as "
    "perhaps printed."
)


async def ask(
    config: Path,
    state: Path | None,
    words: list[str],
    show: Show,
    wires: Wires | None = None,
    run_sync: RunSync | None = None,
) -> Result:
    """Do what the words say with the lock systems and printers of the file `config`. SIGINT breaks it off.

    Raises `UserMistake` for a bad file or words, and where an agent holds the state directory. `wires` and
    `run_sync` are what tests put in the world's place.
    """
    with (
        trio.open_signal_receiver(*_SIGNALS) as signals,  # first: from here on no signal is an exception
        state_folder.held_for_a_verb(state) as path,
    ):
        desk = _OwnDesk(config, Journal(path, run_sync=run_sync), wires or real_wires())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(desk.obey, signals)
            result = await desk.carry_out(words, show, nursery)
            nursery.cancel_scope.cancel()
        return result


async def find_printers(show: Show) -> Result:
    """Look for printers, without a file to compare them with."""

    def tell(told: Progress) -> None:
        show(told)

    return await PrinterSearchErrand(_NoFile(), tell).run()


class _NoFile:
    """Nothing is set up yet."""

    file_printers = ()

    async def look_around(self) -> Look:
        """As at a running hotel."""
        return await look_around(places(), is_near, usual_wire())


class _OwnDesk:
    """One verb's. What is joined here, `App` joins for an agent."""

    def __init__(self, config: Path, journal: Journal, wires: Wires) -> None:
        self._hub, self._health, self._orders = Hub(), Health(trio.current_time), Orders()
        self._cards = LooseCards(self._health, self._at)
        self._journal = journal
        self._pipeline = Pipeline(
            journal=self._journal,
            health=self._health,
            orders=self._orders,
            desk=DeskOrders(),
            on_change=self._hear,
        )
        shared = Shared(self._health, self._orders, self._pipeline, trio.current_time)
        self._site = _site(config, shared, wires)
        self._hotel = DeskHotel(
            self, lambda: self._site, self._pipeline, self._orders, self._cards, _NoProbe(), has_agent=False
        )
        self._doing = Doing()
        self._last: Record | None = None  # of the order that this verb gives

    async def obey(self, signals: AsyncIterator[int]) -> None:
        """The first signal breaks the verb off, the next one also what an encoder was asked for."""
        await anext(signals)
        self._doing.break_off()
        async for _ in signals:
            await self._pipeline.stop(0)

    async def carry_out(self, words: list[str], show: Show, nursery: trio.Nursery) -> Result:
        """Do it; what it needs runs in `nursery`."""
        try:
            self._remember(await self._journal.open())
        except JournalUnavailable as trouble:
            await self._site.close()
            return Result(End.FAILED, f"The disk takes no journal ({trouble}), and without one nothing is done.")
        self._pipeline.adopt(self._site.terms)
        nursery.start_soon(self._journal.run)
        nursery.start_soon(self._pipeline.run)
        try:
            return await self._asked(words, show)
        except UserMistake as mistake:
            return Result(End.MISTAKE, str(mistake))
        finally:
            with trio.CancelScope(shield=True):
                await self._finish(show)
                await self._site.close()

    def _remember(self, contents: Contents) -> None:
        """What an agent left: looked at, and never taken on."""
        if contents.damage:
            log.warning("%s", contents.damage)  # the agent finds a sound one at its start, and will not say it
        self._orders.remember(contents.records, trio.current_time())
        for record in contents.records:
            self._cards.hear(record)
        self._pipeline.issued.remember(contents.keys)

    async def _asked(self, words: list[str], show: Show) -> Result:
        desk = Desk(self._hotel, self._hub, Acts(self._journal, self._hub, self._at))

        def tell(told: Progress) -> None:
            if not show(told):
                self._doing.break_off()

        return await desk.carry_out(desk.read(words), By(_who(), Face.COMMAND_LINE), self._doing, tell)

    async def _finish(self, show: Show) -> None:
        """Let a key end that an encoder was asked for, or a page, and say how it did."""
        making = [lane.kind for lane in self._site.lanes if self._hotel.is_making(lane.id)]
        for kind in making:
            show(Line(_PAGE_WAITS if kind is Kind.PRINT else _WAITS))
        await self._pipeline.stop(GRACE_SECONDS)
        if making and self._last is not None and self._last.verdict not in ("", Verdict.UNKNOWN):
            ended = f"{of_order(self._last).text}{numbers(self._hotel, self._last)}"
            show(Line(f"It has ended since: {ended}"))

    def _at(self) -> int:
        return int(self.now().timestamp())

    def now(self) -> datetime:
        """This machine's own: Mews is not asked."""
        return utc_now()

    async def reload_and_tell(self) -> str:
        """The file is read once."""
        return ""

    def _hear(self, record: Record) -> None:
        self._last = record
        self._cards.hear(record)
        self._hotel.hear(record)


class _NoProbe:
    """The box is not what is tested."""

    behind = ""

    def steps(self) -> tuple[Step, ...]:
        """None."""
        return ()


def _site(config: Path, shared: Shared, wires: Wires) -> Site:
    try:
        judgement = judge(content(config), beside(config))
    except OSError as error:
        raise UserMistake(why_not(config, error)) from None
    return Site(sound(config, judgement), judgement.profile, shared, wires)


def _who() -> str:
    """The name that the system has for the user."""
    user = os.getuid()
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
