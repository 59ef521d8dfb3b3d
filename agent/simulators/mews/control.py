"""The control side of the simulated Mews, beyond what `base/simulator.py` lists. All below `/_sim`, JSON:

    POST   /commands              {"key_cutter" or "encoder": "1", "rooms": ["101"], "copies": 1, "start", "end",
                                  "created", "device_type", "stay", "data", "is_without_data"}, all optional
                                  -> {"id"}; "stay" is the id of a reservation
    POST   /print-commands        {"printer", "document" (Base64), "copies"} -> {"id"}
    POST   /raw                   {"text": raw text of an entry; @ID@, @CREATED@ and @TYPE@ are replaced} -> {"id"}
    POST   /neighbours            {"kind": a broken entry, "megabytes"} -> {"id"}
    DELETE /neighbours            take those away that have no id
    GET    /commands              all, with their histories; GET /commands/{id} one
    POST   /commands/{id}/cancel  a member of staff cancels it
    POST   /commands/{id}/state   {"state", "by"}: somebody else's connector goes on with it
    POST   /rival                 another connector signs in with the same token

Must never show what a test could not see in Mews, except histories.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from agent.simulators.base.control import Asked, Route
from agent.simulators.base.forms import filled
from agent.simulators.base.presence import utc_text
from agent.simulators.mews.commands import Command, State, Step
from agent.simulators.mews.listing import Neighbour
from agent.simulators.mews.operations import MewsOperations


def routes(mews: MewsOperations) -> list[Route]:
    """The entries of the control side that are Mews' own."""
    return [
        Route("POST", "/commands", "order keys", lambda asked: _add_key(mews, asked.body)),
        Route("POST", "/print-commands", "order a print", lambda asked: _add_print(mews, asked.body)),
        Route("POST", "/raw", "put raw text into the list", lambda asked: _add_raw(mews, asked.body)),
        Route(
            "POST", "/neighbours", "put a broken entry into the list", lambda asked: _add_broken(mews, asked.body)
        ),
        Route("DELETE", "/neighbours", "take entries without id away", lambda _: mews.neighbours.clear()),
        Route("GET", "/commands", "all commands, with histories", lambda _: [*map(shown, mews.commands)]),
        Route(
            "GET", "/commands/{id}", "one command, with its history", lambda asked: shown(mews.command(asked.id))
        ),
        Route("POST", "/commands/{id}/cancel", "staff cancels it", lambda asked: mews.cancel(asked.id)),
        Route(
            "POST", "/commands/{id}/state", "somebody else goes on with it", lambda asked: _set_state(mews, asked)
        ),
        Route("POST", "/rival", "another connector signs in", lambda _: mews.sessions.rival_signs_in()),
    ]


def shown(command: Command) -> dict[str, object]:
    """A command as the control side shows it."""
    data = command.data if isinstance(command.data, Mapping) else {}
    return {
        "id": command.id,
        "state": command.state,
        "created": utc_text(command.created),
        "device": command.device.name,
        "type": command.device.type,
        "key_cutter": data.get("KeyCutterId"),
        "rooms": data.get("LockIds"),
        "copies": data.get("KeyCount"),
        "notes": command.notes,
        "history": [_step(step) for step in command.history],
        "late": [_step(step) for step in command.late],
    }


class _KeyForm(msgspec.Struct, frozen=True):
    key_cutter: str | None = None
    encoder: str | None = None
    rooms: tuple[str, ...] = ("101",)
    copies: float = 1
    start: datetime | None = None
    end: datetime | None = None
    created: datetime | None = None
    device_type: str | UnsetType | None = UNSET
    stay: str | None = None
    data: object | UnsetType = UNSET
    is_without_data: bool = False


class _PrintForm(msgspec.Struct, frozen=True):
    printer: str = "Printer"
    document: str = "..."
    copies: float = 1
    created: datetime | None = None


class _RawForm(msgspec.Struct, frozen=True):
    text: str


class _NeighbourForm(msgspec.Struct, frozen=True):
    kind: Neighbour
    megabytes: Annotated[int, Meta(ge=1, le=60)] = 40


class _StateForm(msgspec.Struct, frozen=True):
    state: State
    by: str = "another connector"


def _add_key(mews: MewsOperations, body: dict[str, object]) -> object:
    form = filled(_KeyForm, body, what="field")
    id = mews.add_key(
        form.key_cutter or form.encoder or "1",
        form.rooms,
        _whole(form.copies),
        start=_utc(form.start),
        end=_utc(form.end),
        created=_utc(form.created),
        device_type=form.device_type,
        stay=form.stay,
        data=form.data,
        is_without_data=form.is_without_data,
    )
    return {"id": id}


def _add_print(mews: MewsOperations, body: dict[str, object]) -> object:
    form = filled(_PrintForm, body, what="field")
    return {"id": mews.add_print(form.printer, form.document, _whole(form.copies), created=_utc(form.created))}


def _add_raw(mews: MewsOperations, body: dict[str, object]) -> object:
    return {"id": mews.add_raw(filled(_RawForm, body, what="field").text.encode())}


def _add_broken(mews: MewsOperations, body: dict[str, object]) -> object:
    form = filled(_NeighbourForm, body, what="field")
    return {"id": mews.add_neighbour(form.kind, form.megabytes)}


def _set_state(mews: MewsOperations, asked: Asked) -> None:
    form = filled(_StateForm, asked.body, what="field")
    mews.set_state(asked.id, form.state, form.by)


def _step(step: Step) -> dict[str, object]:
    return {**msgspec.structs.asdict(step), "at": utc_text(step.at)}


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else number


def _utc(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time
