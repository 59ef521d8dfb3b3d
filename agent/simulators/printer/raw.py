"""Port 9100 of the simulated printer ("raw", "AppSocket"): bytes in, paper out, not a word about it.

Must never answer. What comes before the other side has said all is one document; one that is cut off still comes
out, as far as it came.
"""

import socket

import trio

from agent.simulators.base.server import BODY_CAP, LINGER_ZERO, keep_port
from agent.simulators.printer.machine import PrinterMachine
from agent.simulators.printer.paper.formats import format_of, pages_of
from agent.simulators.printer.prints import Print
from agent.simulators.printer.switches import RawPort

_READ = 16_384  # bytes at a time
_LIMITED = (RawPort.CLOSES_EARLY, RawPort.RESETS, RawPort.STALLS)


async def serve_raw(
    printer: PrinterMachine,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Have the port listen, as `base.server.serve`; it is closed while the switch says so or the power is off."""

    async def take(stream: trio.SocketStream) -> None:
        await converse_raw(printer, stream)

    await keep_port(printer.raw_presence, host, port, take, task_status)


async def converse_raw(printer: PrinterMachine, stream: trio.abc.HalfCloseableStream) -> None:
    """Serve one connection and close it, say one end of a pair in memory. It ends with the power.

    A stream in memory knows no reset: it is closed by force.
    """
    async with stream, trio.open_nursery() as nursery:

        async def end_when_away() -> None:
            await printer.raw_presence.wait_refusing()
            nursery.cancel_scope.cancel()

        nursery.start_soon(end_when_away)
        await _take(printer, stream)
        nursery.cancel_scope.cancel()


async def _take(printer: PrinterMachine, stream: trio.abc.HalfCloseableStream) -> None:
    kind = printer.switches.raw_port
    document, is_whole = await _receive(printer, stream, kind)
    if kind is RawPort.STALLS and not is_whole:
        await trio.sleep_forever()
    if document:
        _print(printer, document, "completed" if is_whole else "cut-short")
    if kind is RawPort.NEVER_CLOSES:
        await trio.sleep_forever()
    if kind is RawPort.RESETS:
        await _reset(stream)


async def _receive(
    printer: PrinterMachine, stream: trio.abc.HalfCloseableStream, kind: RawPort
) -> tuple[bytes, bool]:
    """What came, and whether that was all."""
    document, speed = bytearray(), printer.switches.raw_kilobytes_per_second
    most = printer.switches.raw_kilobytes * 1024 if kind in _LIMITED else BODY_CAP
    try:
        while len(document) < most:
            piece = await stream.receive_some(min(_READ, most - len(document)))
            if not piece:
                return bytes(document), True
            document += piece
            if speed is not None:
                await trio.sleep(len(piece) / 1024 / speed)
    except trio.BrokenResourceError:  # the other side went away in the middle
        pass
    return bytes(document), False


def _print(printer: PrinterMachine, document: bytes, ended: str) -> None:
    """Put out a document without a job: port 9100 knows neither names nor copies."""
    tray, pages = printer.tray, pages_of(document)
    tray.add(
        Print(
            number=tray.next_number,
            job_id=None,
            job_name="",
            user="",
            format=format_of(document),
            copies=1,
            pages=pages,
            document=document,
            size=len(document),
            began=trio.current_time(),
            sides=pages,
            ended=ended,
        )
    )


async def _reset(stream: trio.abc.HalfCloseableStream) -> None:
    if isinstance(stream, trio.SocketStream):
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
    await trio.aclose_forcefully(stream)
