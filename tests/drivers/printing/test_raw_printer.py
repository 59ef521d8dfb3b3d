"""The driver of a printer that takes bytes and says nothing: against the simulated port 9100, and over a real
socket against peers that behave as badly as they can.
"""

import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import trio
from trio.testing import lockstep_stream_pair, memory_stream_pair

from agent.commands.driver import KeyJob, PrintJob, Prints
from agent.commands.model import Kind, Outcome, Verdict
from agent.drivers.printing.raw_printer import AT_MOST, AWAY_SECONDS, CLOSE_SECONDS, RawPrinter
from agent.foundation import reach
from agent.foundation.errors import NotSent
from agent.health.health import Health
from agent.simulators.base.server import LINGER_ZERO
from agent.simulators.printer.raw import converse_raw
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches, RawPort

PATIENCE = 60.0
PDF = b"%PDF-1.4\n1 0 obj<</Type/Page>>endobj\n%%EOF\n"
LARGE = PDF + b"\n" * 16_000_000  # bytes; more than a kernel keeps in its buffers
REAL = 2.0  # s that a peer on a real socket may take nothing

Talk = Callable[[trio.SocketStream], Awaitable[None]]


class Bench:
    """The driver, and the simulated printer behind streams in memory."""

    def __init__(self, **switches: object) -> None:
        self.printer = PrinterSimulator(PrinterSwitches())
        self.printer.switch(**switches)
        self.health = Health(trio.current_time)
        self.opened = 0
        self.driver = RawPrinter("Office", self._connect, self.health, patience=PATIENCE, clock=trio.current_time)

    async def _connect(self) -> trio.abc.Stream:
        await trio.lowlevel.checkpoint()
        self.opened += 1
        if self.printer.raw_presence.is_refusing:
            raise NotSent("it refused the connection")
        here, there = lockstep_stream_pair()
        trio.lowlevel.spawn_system_task(converse_raw, self.printer, there)
        return here

    @property
    def papers(self) -> list[tuple[int, str]]:
        """Size and end of all that came out."""
        return [(each.size, each.ended) for each in self.printer.tray]

    @property
    def codes(self) -> list[str]:
        """What the page shows of it."""
        return [fault.kind.code for fault in self.health.active()]


def job(document: bytes = PDF, copies: int = 1) -> PrintJob:
    return PrintJob("Office", "c-1", document, "application/pdf", copies)


def brief(outcome: Outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.code


SENT = (Verdict.DONE, "E-PRINT-SENT")
PERHAPS = (Verdict.UNKNOWN, "E-PRINT-NO-ANSWER")


async def test_a_document_is_sent_whole_and_said_to_be_unconfirmed(autojump_clock: object) -> None:
    bench = Bench()
    outcome = await bench.driver.carry_out(job())
    assert (brief(outcome), bench.papers) == (SENT, [(len(PDF), "completed")])
    assert outcome.note.startswith("Sent, not confirmed: ")
    assert trio.current_time() < CLOSE_SECONDS


async def test_each_copy_is_sent_on_a_line_of_its_own(autojump_clock: object) -> None:
    bench = Bench()
    assert brief(await bench.driver.carry_out(job(copies=3))) == SENT
    assert (bench.papers, bench.opened) == ([(len(PDF), "completed")] * 3, 3)


async def test_a_printer_that_never_ends_its_side_is_left_after_a_while(autojump_clock: object) -> None:
    bench = Bench(raw_port=RawPort.NEVER_CLOSES)
    assert brief(await bench.driver.carry_out(job(copies=2))) == SENT
    assert (len(bench.papers), trio.current_time()) == (2, 2 * CLOSE_SECONDS)


@pytest.mark.parametrize("port", [RawPort.CLOSES_EARLY, RawPort.RESETS, RawPort.STALLS])
@pytest.mark.parametrize("kilobytes", [0, 1])
async def test_what_is_cut_off_was_perhaps_printed_and_is_sent_no_second_time(
    autojump_clock: object, port: RawPort, kilobytes: int
) -> None:
    bench = Bench(raw_port=port, raw_kilobytes=kilobytes)
    assert brief(await bench.driver.carry_out(job(PDF + bytes(200_000), copies=2))) == PERHAPS
    assert (bench.opened, len(bench.papers) <= 1, trio.current_time() <= PATIENCE) == (1, True, True)


async def test_a_printer_that_reads_for_ever_is_left_in_the_end(autojump_clock: object) -> None:
    bench = Bench(raw_kilobytes_per_second=2.0)
    assert brief(await bench.driver.carry_out(job(LARGE))) == PERHAPS
    assert trio.current_time() == AT_MOST


async def test_a_printer_that_reads_slowly_gets_all_of_it(autojump_clock: object) -> None:
    bench = Bench(raw_kilobytes_per_second=2.0)
    assert brief(await bench.driver.carry_out(job(PDF + bytes(1_000_000)))) == SENT
    assert 480 < trio.current_time() < 600


async def test_a_printer_that_is_away_is_waited_for_and_then_told_of(autojump_clock: object) -> None:
    bench = Bench(raw_port=RawPort.REFUSES)
    outcome = await bench.driver.carry_out(job())
    assert brief(outcome) == (Verdict.FAILED, "E-PRINT-UNREACHABLE")
    assert PATIENCE <= trio.current_time() < PATIENCE + 20
    assert (bench.papers, bench.codes) == ([], ["E-PRINTER-UNREACHABLE"])


async def test_a_printer_that_comes_back_in_time_prints(autojump_clock: object, nursery: trio.Nursery) -> None:
    bench = Bench(raw_port=RawPort.REFUSES)

    async def come_back() -> None:
        await trio.sleep(30)
        assert bench.driver.at_work == "waits: the printer cannot be reached (it refused the connection)"
        bench.printer.switch(raw_port=RawPort.NORMAL)

    nursery.start_soon(come_back)
    assert brief(await bench.driver.carry_out(job())) == SENT
    assert (len(bench.papers), bench.codes, bench.driver.at_work) == (1, [], "")


async def test_a_printer_that_goes_away_between_copies_has_perhaps_printed(autojump_clock: object) -> None:
    bench = Bench()
    lines = [await bench._connect()]

    async def connect() -> trio.abc.Stream:
        await trio.lowlevel.checkpoint()
        if lines:
            return lines.pop()
        raise NotSent("it refused the connection")

    driver = RawPrinter("Office", connect, bench.health, patience=PATIENCE, clock=trio.current_time)
    assert brief(await driver.carry_out(job(copies=2))) == PERHAPS
    assert len(bench.papers) == 1


async def test_what_is_called_off_before_it_was_sent_is_not(autojump_clock: object, nursery: trio.Nursery) -> None:
    bench = Bench(raw_port=RawPort.REFUSES)
    began = trio.current_time()

    async def call_off() -> None:
        await trio.sleep(5)
        bench.driver.call_off("c-1")

    nursery.start_soon(call_off)
    assert brief(await bench.driver.carry_out(job())) == (Verdict.FAILED, "E-PRINT-WITHDRAWN")
    assert trio.current_time() - began == 5
    bench.printer.switch(raw_port=RawPort.NORMAL)
    assert brief(await bench.driver.carry_out(job())) == SENT


@pytest.mark.parametrize("copies", [1, 3])
async def test_what_is_called_off_while_it_is_sent_ends_at_once_and_was_perhaps_printed(
    autojump_clock: object, nursery: trio.Nursery, copies: int
) -> None:
    bench = Bench(raw_port=RawPort.STALLS, raw_kilobytes=1)

    async def call_off() -> None:
        await trio.sleep(5)
        bench.driver.call_off("c-1")

    nursery.start_soon(call_off)
    assert brief(await bench.driver.carry_out(job(bytes(100_000).replace(b"\0", b"%PDF-"), copies))) == PERHAPS
    assert (trio.current_time(), bench.opened) == (5, 1)


async def test_what_may_have_been_sent_before_a_restart_is_asked_of_no_one(autojump_clock: object) -> None:
    bench = Bench()
    assert (brief(await bench.driver.follow("c-1")), bench.opened) == (PERHAPS, 0)


async def test_one_that_is_away_is_seen_before_anyone_prints_and_gets_no_document(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    bench = Bench(raw_port=RawPort.REFUSES)
    nursery.start_soon(bench.driver.watch)
    await trio.sleep(1)
    assert (bench.codes, bench.driver.last_answer) == (["E-PRINTER-UNREACHABLE"], None)
    due = next_try(bench)
    assert due is not None
    assert 0 < due - trio.current_time() <= AWAY_SECONDS
    bench.printer.switch(raw_port=RawPort.NORMAL)
    await trio.sleep(20)
    assert (bench.codes, bench.papers) == ([], [])
    assert bench.driver.last_answer is not None
    assert bench.opened < 5
    assert next_try(bench) is None


def next_try(bench: Bench) -> float | None:
    return bench.driver.next_try


async def test_it_is_not_connected_to_while_it_prints(autojump_clock: object, nursery: trio.Nursery) -> None:
    bench = Bench(raw_kilobytes_per_second=2.0)
    nursery.start_soon(bench.driver.carry_out, job(PDF + bytes(1_000_000)))
    await trio.sleep(1)
    nursery.start_soon(bench.driver.watch)
    await trio.sleep(400)
    assert (bench.driver.at_work, bench.opened) == ("gets a document", 1)


async def test_a_printer_that_talks_back_is_listened_to_and_not_believed(
    autojump_clock: object, nursery: trio.Nursery
) -> None:
    here, there = memory_stream_pair()

    async def connect() -> trio.abc.Stream:
        await trio.lowlevel.checkpoint()
        return here

    async def chat() -> None:
        with suppress(trio.BrokenResourceError):
            for _ in range(3):
                await there.send_all(b"@PJL USTATUS DEVICE\r\nCODE=10001\r\n" * 100)
                await trio.sleep(1)
            await there.aclose()

    driver = RawPrinter("Office", connect, Health(trio.current_time), patience=PATIENCE, clock=trio.current_time)
    nursery.start_soon(chat)
    assert brief(await driver.carry_out(job())) == SENT


async def test_a_document_that_no_printer_may_get_is_refused_before_it_is_connected_to(
    autojump_clock: object,
) -> None:
    bench = Bench()
    wrong = PrintJob("Office", "c-1", PDF, "image/png", 1)
    assert bench.driver.objection(wrong) == await bench.driver.carry_out(wrong)
    assert (bench.driver.objection(wrong) or Outcome(Verdict.DONE)).code == "E-PRINT-FILE-TYPE"
    assert (bench.driver.objection(job()), bench.opened) == (None, 0)


async def test_a_cancelled_call_sends_no_more_and_the_next_one_is_sent(autojump_clock: object) -> None:
    bench = Bench(raw_port=RawPort.STALLS, raw_kilobytes=1)
    with trio.move_on_after(5) as scope:
        await bench.driver.carry_out(job(PDF + bytes(100_000), copies=3))
    assert (scope.cancelled_caught, bench.opened, bench.driver.at_work) == (True, 1, "")
    bench.printer.switch(raw_port=RawPort.NORMAL)
    assert brief(await bench.driver.carry_out(job())) == SENT


def test_it_is_a_printer_with_one_lane_and_takes_no_keys() -> None:
    driver = Bench().driver
    (lane,) = driver.lanes
    assert (driver.hop, lane.id, lane.driver, lane.kind) == ("printer:Office",) * 3 + (Kind.PRINT,)
    assert (isinstance(driver, Prints), driver.share("c-1"), driver.calls_at_once) == (True, 0.0, 1)
    with pytest.raises(TypeError, match="documents alone"):
        driver.objection(KeyJob("1", ("101",), (), datetime(2026, 11, 27, 14, tzinfo=UTC), None, 1, 1))


class Peer:
    """A port of this machine that does as `talk` says, and what it heard."""

    def __init__(self, port: int) -> None:
        self.port, self.heard, self.calls = port, bytearray(), 0
        self.driver = RawPrinter(
            "Office", self._connect, Health(trio.current_time), patience=REAL, clock=trio.current_time
        )

    async def _connect(self) -> trio.abc.Stream:
        return await reach.opened(reach.Server(f"socket://127.0.0.1:{self.port}", "127.0.0.1", self.port, False))

    async def read(self, stream: trio.SocketStream, most: int | None = None) -> None:
        """Until the box ends its side, or so many bytes have come."""
        while most is None or len(self.heard) < most:
            piece = await stream.receive_some(65536)
            if not piece:
                return
            self.heard += piece


async def peer(nursery: trio.Nursery, talk: "Callable[[Peer, trio.SocketStream], Awaitable[None]]") -> Peer:
    (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
    found = Peer(listener.socket.getsockname()[1])

    async def serve(stream: trio.SocketStream) -> None:
        found.calls += 1
        with suppress(trio.BrokenResourceError):
            await talk(found, stream)

    nursery.start_soon(trio.serve_listeners, serve, [listener])
    return found


async def reads_all(peer: Peer, stream: trio.SocketStream) -> None:
    await peer.read(stream)
    await stream.aclose()


async def closes_at_once(_peer: Peer, stream: trio.SocketStream) -> None:
    await stream.aclose()


async def resets(peer: Peer, stream: trio.SocketStream) -> None:
    await peer.read(stream, 1)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
    await stream.aclose()


async def never_reads(_peer: Peer, _stream: trio.SocketStream) -> None:
    await trio.sleep_forever()


@pytest.mark.parametrize("document", [PDF, LARGE], ids=["small", "large"])
async def test_over_a_socket_all_of_it_arrives(nursery: trio.Nursery, document: bytes) -> None:
    printer = await peer(nursery, reads_all)
    assert brief(await printer.driver.carry_out(job(document, copies=2))) == SENT
    assert (printer.heard == document * 2, printer.calls) == (True, 2)


@pytest.mark.parametrize("talk", [closes_at_once, resets, never_reads])
async def test_over_a_socket_a_document_that_is_not_taken_whole_is_a_perhaps_and_sent_once(
    nursery: trio.Nursery, talk: "Callable[[Peer, trio.SocketStream], Awaitable[None]]"
) -> None:
    printer = await peer(nursery, talk)
    with trio.fail_after(60):
        assert brief(await printer.driver.carry_out(job(LARGE, copies=3))) == PERHAPS
    assert (printer.calls, len(printer.heard) < len(LARGE)) == (1, True)


async def test_over_a_socket_no_one_listens(nursery: trio.Nursery) -> None:
    (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
    printer = Peer(listener.socket.getsockname()[1])
    await listener.aclose()
    assert brief(await printer.driver.carry_out(job())) == (Verdict.FAILED, "E-PRINT-UNREACHABLE")
