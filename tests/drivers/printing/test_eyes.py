"""How often a printer is asked how it is: every two seconds for somebody who has just come to look, else every
minute, and never while it has a document.
"""

from functools import partial

import pytest
import trio
from trio.testing import MockClock, lockstep_stream_pair

from agent.commands.model import Verdict
from agent.drivers.printing.ipp_printer import EYES_SECONDS, LOOK_SECONDS, IppPrinter
from agent.drivers.printing.raw_printer import EYES_SECONDS as RAW_SECONDS
from agent.drivers.printing.raw_printer import LOOK_SECONDS as RAW_LOOK_SECONDS
from agent.drivers.printing.raw_printer import RawPrinter
from agent.drivers.printing.talk import ASK_SECONDS, IppTalk
from agent.foundation.errors import NotSent
from agent.foundation.http import Peer
from agent.health.health import Health
from agent.hotel.attention import BREAK_SECONDS, LASTS, NEW_SECONDS, Attention
from agent.simulators.base.presence import Absence
from agent.simulators.base.server import converse, keep_port
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches
from tests.drivers.printing.bench import PATIENCE, Bench, Drawn

ASKED = "get-printer-attributes"
SOON = 3.0  # s; what the page promises


class World:
    """A printer that is watched over, and somebody who may look at the page."""

    def __init__(self, nursery: trio.Nursery, switches: PrinterSwitches | None = None) -> None:
        self.bench = Bench(switches)
        self.attention = Attention(trio.current_time)
        self.driver = self.bench.knocked_driver(self.attention)
        self._nursery = nursery
        nursery.start_soon(self.driver.watch)

    async def look(self) -> None:
        """Somebody has the page open."""
        while True:
            self.attention.pay()
            await trio.sleep(5)

    async def asked(self, seconds: float) -> int:
        """How often it is asked in so many seconds from now on."""
        before = self.bench.printer.calls[ASKED]
        await trio.sleep(seconds)
        return self.bench.printer.calls[ASKED] - before

    def open_page(self) -> trio.CancelScope:
        """Somebody opens the page; the scope closes it."""
        scope = trio.CancelScope()

        async def open_() -> None:
            with scope:
                await self.look()

        self._nursery.start_soon(open_)
        return scope


@pytest.fixture
def world(nursery: trio.Nursery) -> World:
    return World(nursery)


async def test_while_no_one_looks_it_is_asked_every_minute(world: World, autojump_clock: MockClock) -> None:
    assert await world.asked(100 * LOOK_SECONDS + 1) == 101


async def test_who_comes_sees_what_it_says_at_once(world: World, autojump_clock: MockClock) -> None:
    await trio.sleep(LOOK_SECONDS + 7.3)
    world.bench.printer.engine.say(("cover-open-error",), is_stopping=True)
    await trio.sleep(7.3)
    assert world.bench.codes == []
    world.attention.pay()
    await trio.testing.wait_all_tasks_blocked()
    await trio.sleep(0.5)
    assert world.bench.codes == ["E-PRINTER-STOPPED"]


@pytest.mark.parametrize("reasons", [("cover-open-error",), ("toner-low-warning",)])
async def test_what_it_says_while_they_look_is_known_within_three_seconds_and_so_is_its_end(
    world: World, autojump_clock: MockClock, reasons: tuple[str, ...]
) -> None:
    page = world.open_page()
    await trio.sleep(NEW_SECONDS / 2 + 0.3)
    world.bench.printer.engine.say(reasons, is_stopping=reasons[0].endswith("error"))
    await trio.sleep(SOON)
    assert len(world.bench.codes) == 1
    world.bench.printer.engine.say(())
    await trio.sleep(SOON)
    assert world.bench.codes == []
    page.cancel()


async def test_a_page_that_is_left_open_costs_it_ten_minutes_of_its_sleep_and_no_more(
    world: World, autojump_clock: MockClock
) -> None:
    await trio.sleep(5 * LOOK_SECONDS + 7.3)
    world.open_page()
    assert await world.asked(NEW_SECONDS) == pytest.approx(NEW_SECONDS / EYES_SECONDS, abs=2)
    assert await world.asked(4 * 3600) == pytest.approx(4 * 3600 / LOOK_SECONDS, abs=2)


async def test_who_leaves_lets_it_sleep_and_who_comes_again_wakes_it(
    world: World, autojump_clock: MockClock
) -> None:
    page = world.open_page()
    await trio.sleep(30)
    page.cancel()
    await trio.sleep(LASTS + EYES_SECONDS)
    assert await world.asked(10 * LOOK_SECONDS) <= 11
    await trio.sleep(BREAK_SECONDS)
    world.open_page()
    assert await world.asked(SOON) >= 2


async def test_it_is_not_knocked_at_while_it_is_asked_that_often(world: World, autojump_clock: MockClock) -> None:
    world.open_page()
    await trio.sleep(5)
    knocks = world.bench.knocks
    await trio.sleep(NEW_SECONDS / 2)
    assert world.bench.knocks == knocks
    await trio.sleep(NEW_SECONDS)
    assert world.bench.knocks > knocks


async def test_one_that_goes_while_they_look_is_gone_within_three_seconds_and_back_within_three(
    world: World, autojump_clock: MockClock
) -> None:
    world.open_page()
    await trio.sleep(17.3)
    with world.bench.off():
        await trio.sleep(SOON)
        assert world.bench.codes == ["E-PRINTER-UNREACHABLE"]
    await trio.sleep(SOON)
    assert world.bench.codes == []


@pytest.mark.parametrize("round_trip", [4.0, 10.0, ASK_SECONDS - 0.1])
async def test_a_slow_printer_has_one_question_at_a_time(
    nursery: trio.Nursery, autojump_clock: MockClock, round_trip: float
) -> None:
    world = World(nursery, PrinterSwitches(latency_seconds=round_trip))
    world.open_page()
    assert await world.asked(NEW_SECONDS) <= NEW_SECONDS / (round_trip + EYES_SECONDS) + 1
    assert world.bench.codes == []


async def test_a_printer_that_hangs_has_one_question_at_a_time(world: World, autojump_clock: MockClock) -> None:
    world.open_page()
    await trio.sleep(10)
    world.bench.printer.presence.leave(Absence.HANG)
    assert await world.asked(NEW_SECONDS / 2) <= NEW_SECONDS / 2 / ASK_SECONDS + 1


async def test_a_document_is_made_without_a_look_at_it_however_many_look(
    world: World, autojump_clock: MockClock
) -> None:
    alone = Bench(PrinterSwitches(page_seconds=300.0))
    assert (await alone.print()).verdict is Verdict.DONE
    world.bench.printer.switch(page_seconds=300.0)
    world.open_page()
    await trio.sleep(7.3)
    before, knocks = world.bench.printer.calls[ASKED], world.bench.knocks
    assert (await world.bench.print(driver=world.driver)).verdict is Verdict.DONE
    assert world.bench.printer.calls[ASKED] - before == alone.printer.calls[ASKED]
    assert world.bench.knocks == knocks


async def test_who_comes_while_it_prints_has_it_asked_as_soon_as_it_has_printed(
    world: World, autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world.bench.printer.switch(page_seconds=100.0)
    await trio.sleep(7.3)
    nursery.start_soon(partial(world.bench.print, driver=world.driver))
    await trio.sleep(20)
    of_the_document = await world.asked(20)
    world.open_page()
    assert await world.asked(20) == of_the_document
    await trio.sleep(50)
    assert (world.bench.counts, world.driver.at_work) == ({"c-1": 1}, "")
    assert await world.asked(SOON) >= 1


async def test_a_printer_of_one_connection_gets_a_document_at_once_though_a_look_hangs_there(
    nursery: trio.Nursery, autojump_clock: MockClock
) -> None:
    bench, attention = Bench(), Attention(trio.current_time)
    peer = Peer("http://10.4.5.30:631", connections=1, transport=bench.line)
    driver = IppPrinter(
        *("Office", IppTalk("ipp://10.4.5.30/ipp/print", peer), bench.drawn, bench.health),
        patience=PATIENCE,
        clock=trio.current_time,
        eyes=attention,
    )
    attention.pay()
    nursery.start_soon(driver.watch)
    await trio.sleep(7.3)
    bench.printer.fail("hang", ASKED, calls=1)
    await bench.printer.wait_calls(ASKED, bench.printer.calls[ASKED] + 1)
    began = trio.current_time()
    assert (await bench.print(driver=driver)).verdict is Verdict.DONE
    assert trio.current_time() - began < 3
    assert bench.codes == []


async def print_three(bench: Bench, driver: IppPrinter) -> int:
    """Three documents at once, of ten seconds each; how often the printer was asked meanwhile."""
    bench.printer.switch(page_seconds=10.0)
    before = bench.printer.calls[ASKED]
    async with trio.open_nursery() as nursery:
        for name in ("c-0", "c-1", "c-2"):
            nursery.start_soon(partial(bench.print, name=name, driver=driver))
    assert bench.counts == {"c-0": 1, "c-1": 1, "c-2": 1}
    return bench.printer.calls[ASKED] - before


async def test_documents_one_after_the_other_leave_no_look_between_them(
    world: World, autojump_clock: MockClock
) -> None:
    alone = Bench()
    world.open_page()
    await trio.sleep(7.3)
    assert await print_three(world.bench, world.driver) == await print_three(alone, alone.driver)


async def test_all_looks_of_new_eyes_go_over_one_connection(nursery: trio.Nursery) -> None:
    """Over real sockets, in real seconds: three looks."""
    printer, attention, lines = PrinterSimulator(), Attention(trio.current_time), list[trio.SocketStream]()

    async def take(line: trio.SocketStream) -> None:
        lines.append(line)
        await converse(printer, line)

    port = await nursery.start(keep_port, printer.presence, "127.0.0.1", 0, take)
    async with Peer(f"http://127.0.0.1:{port}") as peer:
        driver = IppPrinter(
            *("Office", IppTalk(f"ipp://127.0.0.1:{port}/ipp/print", peer), Drawn(), Health(trio.current_time)),
            patience=PATIENCE,
            clock=trio.current_time,
            eyes=attention,
        )
        attention.pay()
        nursery.start_soon(driver.watch)
        with trio.fail_after(30):
            await printer.wait_calls(ASKED, 3)
        assert len(lines) == 1
        nursery.cancel_scope.cancel()


class Raw:
    """A printer on port 9100, which counts who connects."""

    def __init__(self, attention: Attention) -> None:
        self.connected: list[float] = []
        self.is_there = True
        self.health = Health(trio.current_time)
        self.driver = RawPrinter(
            *("Labels", self._connect, self.health), patience=PATIENCE, clock=trio.current_time, eyes=attention
        )

    async def _connect(self) -> trio.abc.Stream:
        await trio.lowlevel.checkpoint()
        self.connected.append(trio.current_time())
        if not self.is_there:
            raise NotSent("it refused the connection")
        return lockstep_stream_pair()[0]


async def test_one_that_says_nothing_is_connected_to_every_minute_at_most_for_new_eyes(
    nursery: trio.Nursery, autojump_clock: MockClock
) -> None:
    attention = Attention(trio.current_time)
    raw = Raw(attention)
    nursery.start_soon(raw.driver.watch)
    await trio.sleep(10 * RAW_LOOK_SECONDS + RAW_SECONDS + 1)
    assert len(raw.connected) == 11
    raw.is_there = False
    attention.pay()
    await trio.sleep(0.5)
    assert [fault.kind.code for fault in raw.health.active()] == ["E-PRINTER-UNREACHABLE"]
    raw.is_there = True
    await trio.sleep(SOON)
    assert raw.health.active() == ()
    async with trio.open_nursery() as looking:

        async def look() -> None:
            while True:
                attention.pay()
                await trio.sleep(5)

        looking.start_soon(look)
        before = len(raw.connected)
        await trio.sleep(NEW_SECONDS)
        assert len(raw.connected) - before <= NEW_SECONDS / RAW_SECONDS
        before = len(raw.connected)
        await trio.sleep(24 * 3600)
        assert len(raw.connected) - before <= 24 * 3600 / RAW_LOOK_SECONDS + 1
        looking.cancel_scope.cancel()
