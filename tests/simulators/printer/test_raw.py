"""Port 9100: bytes in, paper out, and every way in which it may let a sender down."""

from collections.abc import Awaitable, Callable

import pytest
import trio
from trio.abc import Clock
from trio.testing import memory_stream_pair

from agent.simulators.printer.prints import Print
from agent.simulators.printer.raw import converse_raw, serve_raw
from agent.simulators.printer.simulator import PrinterSimulator
from tests.simulators.printer.callers import THREE_PAGES

Connect = Callable[[], Awaitable[trio.abc.HalfCloseableStream]]


@pytest.fixture
def connect(printer: PrinterSimulator, nursery: trio.Nursery) -> Connect:
    """A new connection without sockets."""

    async def connect() -> trio.abc.HalfCloseableStream:
        here, there = memory_stream_pair()
        nursery.start_soon(converse_raw, printer, there)
        return here

    return connect


def only(printer: PrinterSimulator) -> Print:
    (paper,) = printer.tray
    return paper


async def send(stream: trio.abc.HalfCloseableStream, document: bytes) -> bytes:
    """Send, half-close, and read until the printer hangs up."""
    async with stream:
        await stream.send_all(document)
        await stream.send_eof()
        return bytes(await stream.receive_some())


async def test_a_document_comes_out_when_the_sender_has_said_all(
    printer: PrinterSimulator, connect: Connect
) -> None:
    assert await send(await connect(), THREE_PAGES) == b""
    paper = only(printer)
    assert (paper.document, paper.format, paper.sides) == (THREE_PAGES, "application/pdf", 3)
    assert (paper.job_id, paper.job_name, paper.ended) == (None, "", "completed")


async def test_nothing_comes_out_of_an_empty_connection(printer: PrinterSimulator, connect: Connect) -> None:
    assert await send(await connect(), b"") == b""
    assert len(printer.tray) == 0


async def test_what_is_cut_off_comes_out_as_far_as_it_came(
    printer: PrinterSimulator, nursery: trio.Nursery
) -> None:
    port = await nursery.start(serve_raw, printer)
    stream = await trio.open_tcp_stream("127.0.0.1", port)
    await stream.send_all(b"%PDF-half of it")
    stream.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    await stream.aclose()
    with trio.fail_after(5):
        await printer.wait_prints(1)
    assert only(printer).ended in ("cut-short",)


async def test_it_may_close_early(printer: PrinterSimulator, connect: Connect) -> None:
    printer.switch(raw_port="closes-early", raw_kilobytes=1)
    stream = await connect()
    await stream.send_all(bytes(5000))
    assert await stream.receive_some() == b""
    with pytest.raises(trio.BrokenResourceError):
        await stream.send_all(bytes(100_000))
    assert (only(printer).size, only(printer).ended) == (1024, "cut-short")


async def test_a_document_that_is_over_before_comes_out_whole(printer: PrinterSimulator, connect: Connect) -> None:
    printer.switch(raw_port="closes-early", raw_kilobytes=1)
    await send(await connect(), THREE_PAGES)
    assert only(printer).ended == "completed"


async def test_it_may_close_at_once(printer: PrinterSimulator, connect: Connect) -> None:
    printer.switch(raw_port="closes-early")
    assert await (await connect()).receive_some() == b""
    assert len(printer.tray) == 0


async def test_it_may_never_close(printer: PrinterSimulator, connect: Connect, autojump_clock: Clock) -> None:
    printer.switch(raw_port="never-closes")
    with trio.move_on_after(1000) as scope:
        await send(await connect(), THREE_PAGES)
    assert (scope.cancelled_caught, only(printer).ended) == (True, "completed")


async def test_it_may_stop_reading(printer: PrinterSimulator, connect: Connect, autojump_clock: Clock) -> None:
    printer.switch(raw_port="stalls", raw_kilobytes=1)
    with trio.move_on_after(1000) as scope:
        await send(await connect(), bytes(5000))
    assert (scope.cancelled_caught, len(printer.tray)) == (True, 0)


async def test_it_may_be_slow(printer: PrinterSimulator, connect: Connect, autojump_clock: Clock) -> None:
    printer.switch(raw_kilobytes_per_second=2)
    await send(await connect(), bytes(100 * 1024))
    assert trio.current_time() == pytest.approx(50)


async def test_power_that_goes_ends_a_connection(
    printer: PrinterSimulator, connect: Connect, autojump_clock: Clock
) -> None:
    stream = await connect()
    await stream.send_all(b"%PDF-")
    await trio.sleep(1)
    printer.power_off()
    assert await stream.receive_some() == b""
    assert len(printer.tray) == 0


async def test_it_may_reset_a_connection(printer: PrinterSimulator, nursery: trio.Nursery) -> None:
    printer.switch(raw_port="resets", raw_kilobytes=1)
    port = await nursery.start(serve_raw, printer)
    with trio.fail_after(5):
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            await stream.send_all(bytes(1024))
            with pytest.raises(trio.BrokenResourceError):
                await stream.receive_some()
    assert only(printer).ended == "cut-short"


async def test_it_may_reset_in_memory(printer: PrinterSimulator, connect: Connect) -> None:
    printer.switch(raw_port="resets")
    assert await (await connect()).receive_some() == b""


async def test_the_port_may_be_closed_and_opens_again(printer: PrinterSimulator, nursery: trio.Nursery) -> None:
    port = await nursery.start(serve_raw, printer)
    assert await send(await trio.open_tcp_stream("127.0.0.1", port), THREE_PAGES) == b""
    with trio.fail_after(5):
        printer.switch(raw_port="refuses")
        await wait_refused(port)
        printer.switch(raw_port="normal")
        await wait_taken(port)
        printer.power_off()
        await wait_refused(port)
        printer.power_on()
        await wait_taken(port)


async def wait_refused(port: int) -> None:
    while await is_open(port):
        await trio.lowlevel.checkpoint()


async def wait_taken(port: int) -> None:
    while not await is_open(port):
        await trio.lowlevel.checkpoint()


async def is_open(port: int) -> bool:
    try:
        stream = await trio.open_tcp_stream("127.0.0.1", port)
    except OSError:
        return False
    await stream.aclose()
    return True
