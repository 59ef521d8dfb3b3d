"""A simulated printer that says anything: some of its answers are replaced, after it has done what was asked for.

It lies about all but one thing: where it lists its jobs at all, it lists what it has.
"""

import random

from agent.simulators.base.presence import Presence
from agent.simulators.base.replies import AnyReply, Drip, Drop, Garbage, Hang, Reply, Request, Reset, Truncated
from agent.simulators.printer.simulator import PrinterSimulator
from tests.drivers.printing.ipp.messages import any_message

IPP = "application/ipp"
GET_JOBS = 0x000A
_STATUSES = (*range(0x0003), *range(0x0400, 0x0420), *range(0x0500, 0x050C), 0x0100, 0x0200, 0x7FFF)


class AnyPrinter:
    """`server` for `SimulatorTransport`; of `share` of all answers something else becomes."""

    def __init__(self, printer: PrinterSimulator, chance: random.Random, share: float) -> None:
        self._printer, self._chance, self._share = printer, chance, share

    @property
    def presence(self) -> Presence:
        return self._printer.presence

    def date(self) -> str | None:
        return self._printer.date()

    async def handle(self, request: Request) -> AnyReply:
        """What the printer does; what it says is another matter."""
        if self._chance.random() >= self._share:
            return await self._printer.handle(request)
        if self._chance.random() < 0.7:
            reply = await self._printer.handle(request)
        else:
            reply = Reply(500)
        true = reply.body if isinstance(reply, Reply) else b""
        return self._other(true, is_list=request.body[2:4] == GET_JOBS.to_bytes(2))

    def _other(self, true: bytes, *, is_list: bool) -> AnyReply:
        chance = self._chance
        lies: list[AnyReply] = [
            Drop(),
            Reset(),
            Hang(),
            Garbage(chance.randbytes(200)),
            Truncated(true[: len(true) // 2], content_type=IPP),
            Drip(true[:400], 30.0, content_type=IPP),
            Reply(200, chance.randbytes(chance.randrange(2000)), IPP),
            Reply(200, true[: chance.randrange(len(true) + 1)], IPP),
            Reply(200, true + bytes(2_000_000), IPP),
            Reply(chance.choice((500, 502, 503, 504, 408)), b"<html>", "text/html"),
            Reply(200, true[:4] + chance.randbytes(4) + true[8:], IPP),
        ]
        if not is_list:
            status = chance.choice(_STATUSES).to_bytes(2)
            lies += [
                Reply(200, true[:2] + status + true[4:], IPP),
                Reply(200, b"\2\0" + status + true[4:8] + b"\x03", IPP),
                Reply(200, any_message(chance), IPP),
                Reply(200, _spoilt(true, chance), IPP),
                Reply(chance.choice((400, 401, 403, 404, 413, 426, 301)), b"", "text/html"),
            ]
        return chance.choice(lies)


def _spoilt(true: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(true or b"\0")
    for _ in range(chance.randrange(1, 8)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)
