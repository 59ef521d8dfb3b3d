"""`network test`: the way to Mews and the lock servers step by step, without the agent. Sends no request to them.

Each step says what was seen, and the first that fails ends its server's row: what lies behind is not known then.
"""

import trio

from agent.console.box import ConsoleBox
from agent.console.talk import Talk
from agent.console.words import requests as asked
from agent.control.words import sentences
from agent.control.words.told import StepTested
from agent.handover.helper import Ping
from agent.handover.site_facts import Server
from board.base import NetworkState
from board.interfaces import read_interfaces

_STATES = {
    NetworkState.NO_CABLE: "no cable is in, or the other end is off",
    NetworkState.NO_ADDRESS: "the cable is in, but the box has no address yet",
    NetworkState.UNKNOWN: "this machine does not tell",
    NetworkState.READY: "the cable is in, and the box has an address",
}


async def network_test(talk: Talk, box: ConsoleBox, request: asked.NetworkTest) -> None:
    """One host by echo requests, or all that the file names, up to TLS."""
    if request.host:
        await _ping(talk, box, request.host)
        return
    await talk.say(f"box: network: {_STATES[box.get_network().state]}.")
    for gateway in read_interfaces().gateways:
        await _ping(talk, box, gateway)
    servers = box.facts().servers
    for server in servers:
        await _reach(talk, server)
    if not servers:
        await talk.say("There is no provisioning file, so there is no Mews and no lock server to look for.")


async def _ping(talk: Talk, box: ConsoleBox, host: str) -> None:
    done = await box.helper.ask(Ping(host), talk.show)
    await talk.say(f"ping {host}: {done.text}")


async def _reach(talk: Talk, server: Server) -> None:
    from agent.commands.probe import Mark
    from agent.control.reach_steps import ReachSteps
    from agent.foundation.reach import server_at
    from board.routes import is_near

    at = server_at(server.base, server.pin or None)
    steps = ReachSteps(at, "", "", None if server.is_far else is_near)
    for step in steps.steps():
        began = trio.current_time()
        finding = await step.take()
        told = StepTested(server.name, step.name, finding.mark, finding.text, trio.current_time() - began)
        await talk.say(sentences.line(told))
        if finding.mark is Mark.BAD:
            return
