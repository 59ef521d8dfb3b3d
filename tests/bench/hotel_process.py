"""Simulated Mews, lock systems and printer in one process, so that "listed" and "cut" are read off one clock.

Prints one JSON line with the ports, then serves until it is ended. Beyond the simulators' own control side:

    POST /_sim/bulk    {"count", "cutters", "prefix"}: that many keys at once, in turn over the cutters -> {"ids"}
    GET  /_sim/seen    {id: second at which the first list that carried it left}
    GET  /_sim/said    {id: second at which the news of it was about to be sent}
    POST /_sim/watch   {"pid"}: note that process's processor seconds when the next poll arrives; GET reads them
"""

import json
import sys
from collections.abc import Callable

import msgspec
import trio

from agent.simulators.base.certificates import Tls
from agent.simulators.base.control import Asked, Route
from agent.simulators.base.forms import filled
from agent.simulators.base.replies import AnyReply, Reply, Request, Upgrade
from agent.simulators.base.server import serve
from agent.simulators.base.websocket import WebSocket
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.mews.operations import GET_ALL_ACTIVE
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.visionline.simulator import VisionlineSimulator
from agent.simulators.visionline.switches import VisionlineSwitches
from tests.bench.processes import cpu_seconds


class _Bulk(msgspec.Struct, frozen=True):
    count: int
    cutters: int = 8
    prefix: str = "R"


class _Watch(msgspec.Struct, frozen=True):
    pid: int


class _NotedSocket(WebSocket):
    """A WebSocket that gives each text to `note` right before it is sent."""

    def __init__(self, socket: WebSocket, note: Callable[[str], None]) -> None:
        self._socket, self._note = socket, note

    async def send(self, text: str) -> bool:
        self._note(text)
        return await self._socket.send(text)

    async def hear(self, is_answering: Callable[[], bool]) -> None:
        await self._socket.hear(is_answering)


class WatchedMews(MewsSimulator):
    """Mews, with a note of when each command was first shown, and when it was first said that there is one."""

    def __init__(self) -> None:
        super().__init__()
        self._unseen: set[str] = set()
        self._seen: dict[str, float] = {}
        self._said: dict[str, float] = {}
        self._watched: int | None = None
        self._cpu: float | None = None

    async def handle(self, request: Request) -> AnyReply:
        """As Mews does; notes the moment at which a list is ready to leave."""
        if not request.path.endswith(GET_ALL_ACTIVE):
            reply = await super().handle(request)
            return self._noted(reply) if isinstance(reply, Upgrade) else reply
        if self._watched is not None:
            self._cpu, self._watched = cpu_seconds(self._watched), None
        reply = await super().handle(request)
        if isinstance(reply, Reply):
            shown = {id for id in self._unseen if id.encode() in reply.body}
            self._seen.update(dict.fromkeys(shown, trio.current_time()))
            self._unseen -= shown
        return reply

    def _noted(self, reply: Upgrade) -> Upgrade:
        return Upgrade(lambda socket: reply.session(_NotedSocket(socket, self._note)))

    def _note(self, text: str) -> None:
        for event in json.loads(text)["Events"]:
            self._said.setdefault(event["Id"], trio.current_time())

    def _routes(self) -> list[Route]:
        return [
            *super()._routes(),
            Route("POST", "/bulk", "many keys at once", self._bulk),
            Route("GET", "/seen", "when each was first listed", lambda _: self._seen),
            Route("GET", "/said", "when the news of each was sent", lambda _: self._said),
            Route("POST", "/watch", "whose processor time to note", self._watch),
            Route("GET", "/watch", "processor time at the poll", lambda _: {"seconds": self._cpu}),
        ]

    def _bulk(self, asked: Asked) -> object:
        form = filled(_Bulk, asked.body, what="field")
        ids = [
            self.add_key(str(number % form.cutters + 1), (f"{form.prefix}{number}",))
            for number in range(form.count)
        ]
        self._unseen.update(ids)
        return {"ids": ids}

    def _watch(self, asked: Asked) -> None:
        self._watched, self._cpu = filled(_Watch, asked.body, what="field").pid, None


async def main() -> None:
    """Serve all of them until the process is ended."""
    async with trio.open_nursery() as nursery:
        mews = await nursery.start(serve, WatchedMews())
        bridge = await nursery.start(serve, CoderBridgeSimulator())
        visionline = VisionlineSimulator(VisionlineSwitches(tls=Tls.OWN))
        port = await nursery.start(serve, visionline)
        printer = await nursery.start(serve, PrinterSimulator())
        ports = {"mews": mews, "bridge": bridge, "visionline": port, "printer": printer}
        sys.stdout.write(json.dumps({**ports, "pin": visionline.certificates.sha256(Tls.OWN)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    trio.run(main)
