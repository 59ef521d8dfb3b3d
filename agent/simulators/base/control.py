"""The control side of a simulator: routes below `/_sim/`, JSON in and out, a mistake is one sentence (400).

Must never be mistaken for the vendor's interface: no vendor has a path that begins so.
"""

from collections.abc import Callable, Sequence

import msgspec

from agent.foundation.errors import UserMistake
from agent.simulators.base.replies import Reply, Request, json_reply
from provisioning.spelling import nearest

CONTROL = "/_sim"
_OPEN = "{id}"


class Asked(msgspec.Struct, frozen=True):
    """A request to the control side: `id` is the part of the path that the route left open.

    `is_by_browser` is whether a person looks, who would rather have a page than JSON.
    """

    id: str
    body: dict[str, object]
    is_by_browser: bool = False


class Route(msgspec.Struct, frozen=True):
    """An entry of the control side: `path` below `/_sim`, at most one part of it `{id}`.

    `act` returns what is sent as JSON (None: an empty object), or a `Reply` as it is, and raises UserMistake for a
    mistake.
    """

    method: str
    path: str
    help: str
    act: Callable[[Asked], object]

    @property
    def address(self) -> str:
        """Method and whole path."""
        return f"{self.method} {CONTROL}{self.path}"


def answer(routes: Sequence[Route], request: Request) -> Reply:
    """Act on a request to the control side."""
    try:
        route = _route(routes, request)
        is_by_browser = "text/html" in request.headers.get("accept", "")
        said = route.act(Asked(_open_part(route, request), _object(request.body), is_by_browser))
    except UserMistake as mistake:
        return json_reply({"error": str(mistake)}, 400)
    return said if isinstance(said, Reply) else json_reply({} if said is None else said)


def decoded(body: bytes) -> dict[str, object] | None:
    """A JSON object, or None if it is anything else."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _route(routes: Sequence[Route], request: Request) -> Route:
    asked = f"{request.method} {request.path}"[:80]
    for route in routes:
        if route.method == request.method and _matches(_parts(route.path), _parts(_below(request))):
            return route
    likely = nearest(asked, (route.address for route in routes))
    hint = f"did you mean {likely}?" if likely else f"GET {CONTROL}/ lists what there is"
    raise UserMistake(f"there is no {asked}: {hint}")


def _matches(pattern: list[str], parts: list[str]) -> bool:
    return len(pattern) == len(parts) and all(
        wanted in (_OPEN, part) for wanted, part in zip(pattern, parts, strict=True)
    )


def _open_part(route: Route, request: Request) -> str:
    pairs = zip(_parts(route.path), _parts(_below(request)), strict=True)
    return "".join(part for wanted, part in pairs if wanted == _OPEN)


def _below(request: Request) -> str:
    return request.path.removeprefix(CONTROL)


def _parts(path: str) -> list[str]:
    return path.strip("/").split("/")


def _object(body: bytes) -> dict[str, object]:
    value = decoded(body) if body.strip() else {}
    if value is None:
        raise UserMistake('the body must be a JSON object, for example {"name": "value"}')
    return value
