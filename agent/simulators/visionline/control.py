"""The control side of the simulated VisiOnline, beyond what `base/simulator.py` lists. All below `/_sim`, JSON:

    GET    /cards       every card written: number, order (with query and body), opens, overridden, began, at, ...
                        (the last two in seconds of one clock)
    GET    /doors/NAME  which cards open a door now
    GET    /requests    every call for a card, also those that were refused: query, body, target
    GET    /waiting     which encoders wait for a card, and since when
    POST   /present     {"encoder", "over"}: put a card on an encoder; `over` is the number of one written before
    POST   /refuse      a refusal in words: {"kind": "no-card", "match": {"encoder": "1"}, "calls": 1, ...};
                        /fail takes it too, and DELETE /fail ends it
    POST   /slow        {"seconds"}: until a card is put on an encoder, from now on; null: until /present
    POST   /sessions/end   no session works any more
    POST   /pms/offline    {"seconds"}: the port of the PMS interface is closed; POST /pms/online opens it

Must never count what no encoder wrote.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from agent.simulators.base.control import Asked, Route
from agent.simulators.base.forms import fields_of, filled
from agent.simulators.base.presence import Absence
from agent.simulators.base.simulator import Call
from agent.simulators.visionline import doors
from agent.simulators.visionline.answers import Refusal
from agent.simulators.visionline.cards import Card
from agent.simulators.visionline.operations import VisionlineOperations


class _Slow(msgspec.Struct, frozen=True):
    seconds: float | None


class _Present(msgspec.Struct, frozen=True):
    encoder: str | None = None
    over: int | None = None


class _Away(msgspec.Struct, frozen=True):
    seconds: Annotated[float, Meta(gt=0, le=1e9)] | None = None


def routes(visionline: VisionlineOperations) -> list[Route]:
    """The entries of the control side that are the server's own."""
    help = "refusals in words: " + ", ".join(f"{field.name}: {field.takes}" for field in fields_of(Refusal))
    return [
        Route("POST", "/refuse", help, lambda asked: visionline.script(asked.body)),
        Route(
            "GET",
            "/cards",
            "every card written",
            lambda _: [_shown(visionline, card) for card in visionline.cards],
        ),
        Route("GET", "/doors/{id}", "which cards open a door now", lambda asked: _door(visionline, asked.id)),
        Route(
            "GET", "/requests", "every call for a card", lambda _: [_asked(call) for call in visionline.requests]
        ),
        Route("GET", "/waiting", "which encoders wait for a card", lambda _: _waiting(visionline)),
        Route("POST", "/present", 'put a card on: {"encoder", "over"}', lambda asked: _present(visionline, asked)),
        Route("POST", "/slow", 'until a card is put on: {"seconds"}', lambda asked: _slow(visionline, asked)),
        Route(
            "POST", "/sessions/end", "no session works any more", lambda _: visionline.access.sessions.end_all()
        ),
        Route("POST", "/pms/offline", 'close the PMS port: {"seconds"}', lambda asked: _close(visionline, asked)),
        Route("POST", "/pms/online", "open the PMS port", lambda _: visionline.pms_presence.come_back()),
    ]


def _shown(visionline: VisionlineOperations, card: Card) -> dict[str, object]:
    return {**msgspec.structs.asdict(card), **visionline.state_of(card)}


def _door(visionline: VisionlineOperations, name: str) -> dict[str, object]:
    category = doors.category_of(name, doors.doors_of(visionline.switches.doors))
    return {"door": name, "category": category, "opened_by": visionline.good_for(name)}


def _asked(call: Call) -> dict[str, object]:
    return {"query": call.request.query, "body": call.body, "target": call.request.target}


def _waiting(visionline: VisionlineOperations) -> dict[str, float]:
    return {turn.order.encoder: turn.began for turn in visionline.encoders.waiting}


def _present(visionline: VisionlineOperations, asked: Asked) -> None:
    form = filled(_Present, asked.body, what="field")
    visionline.present(form.encoder, form.over)


def _slow(visionline: VisionlineOperations, asked: Asked) -> None:
    visionline.switch(card_seconds=filled(_Slow, asked.body, what="field").seconds)


def _close(visionline: VisionlineOperations, asked: Asked) -> None:
    visionline.pms_presence.leave(Absence.REFUSE, filled(_Away, asked.body, what="field").seconds)
