"""The control side of the simulated Coder Bridge, beyond what `base/simulator.py` lists. All below `/_sim`, JSON:

    GET    /cuts     every card written: slot, encoder, room, areas, start, end, tid, cid, began, at
                     (these two in seconds of one clock), until
    GET    /mobile-keys  every mobile key made: slot, room, user, areas, end, push_address, at
    POST   /refuse   a refusal in words: {"kind": "no-card", "match": {"encoder": "1"}, "calls": 1, ...}; /fail
                     takes it too, and DELETE /fail ends it
    POST   /slow     {"seconds"}: time that one card takes from now on
    POST   /tokens/end   no token works any more

Must never count what no encoder wrote.
"""

import msgspec

from agent.simulators.base.control import Asked, Route
from agent.simulators.base.forms import fields_of, filled
from agent.simulators.coder_bridge.answers import Refusal
from agent.simulators.coder_bridge.operations import CoderBridgeOperations


class _Slow(msgspec.Struct, frozen=True):
    seconds: float


def routes(bridge: CoderBridgeOperations) -> list[Route]:
    """The entries of the control side that are the bridge's own."""
    help = "refusals in words: " + ", ".join(f"{field.name}: {field.takes}" for field in fields_of(Refusal))
    return [
        Route("POST", "/refuse", help, lambda asked: bridge.script(asked.body)),
        Route("GET", "/cuts", "every card written", lambda _: list(bridge.cuts)),
        Route("GET", "/mobile-keys", "every mobile key made", lambda _: list(bridge.mobile_keys)),
        Route("POST", "/slow", "time that one card takes from now on", lambda asked: _slow(bridge, asked)),
        Route("POST", "/tokens/end", "no token works any more", lambda _: bridge.tokens.end_all()),
    ]


def _slow(bridge: CoderBridgeOperations, asked: Asked) -> None:
    bridge.switch(card_seconds=filled(_Slow, asked.body, what="field").seconds)
