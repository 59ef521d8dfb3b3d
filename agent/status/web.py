"""What the status page's web server answers: the routes, and one plain sentence for everything else.

Read-only, without log-in, and so without guest data (design, section 5). Every endpoint is `async`: a plain
function would be sent to a worker thread.
"""

from collections.abc import Awaitable, Callable, Collection

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from agent.health.kind import Level
from agent.languages.reader import Reader, reader
from agent.status.asset_paths import ASSETS
from agent.status.counted import Counted
from agent.status.crossing import acting_url
from agent.status.drawings import Drawing, Drawings
from agent.status.live.routes import routes as live_routes
from agent.status.log_filter import BadFilter, of_query
from agent.status.looking import GetSnapshot, Looking
from agent.status.manual.routes import routes as manual_routes
from agent.status.server.doorkeeper import Gate
from agent.status.server.sentences import sentence
from agent.status.snapshot.snapshot import Snapshot
from agent.status.telemetry import metrics
from agent.status.telemetry.family import CONTENT_TYPE
from agent.status.telemetry.figures import Figures

Endpoint = Callable[[Request], Awaitable[Response]]


def web_app(get_snapshot: GetSnapshot, names: Callable[[], Collection[str]] = tuple) -> ASGIApp:
    """The page of a box that tells its state and nothing else."""
    return looking_app(Looking(get_snapshot, lambda: get_snapshot().box.name, names))


def looking_app(looking: Looking) -> ASGIApp:
    """The whole of the page as an ASGI application; the snapshot is asked for once for each answer.

    Paths are compared as they came (`connection.py`).
    """
    get_snapshot, drawings = looking.snapshot, Drawings(looking)
    for_programs = looking.for_programs or get_snapshot
    app = Starlette(
        routes=[
            Route("/", _page(looking, drawings)),
            *(Route(path, _asset) for path in ASSETS),
            Route("/log", _log(looking)),
            Route("/acting", _acting(looking)),
            Route("/status.json", _status(get_snapshot)),
            Route("/healthz", _healthz(for_programs)),
            Route("/metrics", _metrics(for_programs, looking.figures)),
            *live_routes(looking, drawings),
            *manual_routes(looking.snapshot, looking.console, looking.language),
        ],
        exception_handlers={HTTPException: _refusal(looking)},
    )
    app.router.redirect_slashes = False  # a redirect would be built from what the client says our name is
    gate = Gate(app, looking.name, looking.names, language=looking.language)
    return Counted(gate, looking.answered)


def _page(looking: Looking, drawings: Drawings) -> Endpoint:
    made: dict[Reader, tuple[Drawing, str]] = {}

    async def whole(who: Reader) -> str:
        drawing = await drawings.of(who.edition)
        if who not in made or made[who][0] is not drawing:
            made[who] = drawing, _framed(drawing, who)
        return made[who][1]

    async def answer(request: Request) -> Response:
        room = request.query_params.get("room", "")
        who = _reader(request, looking, "room")
        html = _of_room(looking.snapshot(), who, room) if room else await whole(who)
        return HTMLResponse(html, headers={"Vary": "Accept-Language"})

    return answer


def _framed(drawing: Drawing, who: Reader) -> str:
    from agent.status.page import page  # a seventh of a start, and few boxes have their page looked at each day

    return page.framed(drawing.snapshot, drawing.panels, who)


def _of_room(now: Snapshot, who: Reader, room: str) -> str:
    from agent.status.page import page

    return page.render(now, room=room, reader=who)


def _log(looking: Looking) -> Endpoint:
    async def answer(request: Request) -> Response:
        from agent.status.page import log_page

        try:
            wanted = of_query(request.query_params)
        except BadFilter as wrong:
            return sentence(request.scope, looking.language, 400, str(wrong))
        who = _reader(request, looking, "level", "hop", "text")
        html = log_page.render(looking.log, wanted, looking.snapshot().box.name, reader=who)
        return HTMLResponse(html, headers={"Vary": "Accept-Language"})

    return answer


def _reader(request: Request, looking: Looking, *kept: str) -> Reader:
    return reader(request.query_params, request.headers.get("accept-language", ""), looking.language, kept)


def _acting(looking: Looking) -> Endpoint:
    """On to the page that acts, by the name that the reader asked for: the gate has let only our own through."""

    async def answer(request: Request) -> Response:
        url = acting_url(request.headers.get("host", ""), looking.snapshot().box.acting)
        if url:
            return RedirectResponse(f"{url}{_reader(request, looking).keep}", 303)
        said = "This box serves no page that acts: its provisioning file needs acting and password under [page]."
        return sentence(request.scope, looking.language, 404, said)

    return answer


async def _asset(request: Request) -> Response:
    from agent.status.page import assets

    return assets.answer(request.scope["path"])


def _status(get_snapshot: GetSnapshot) -> Endpoint:
    async def answer(_request: Request) -> Response:
        return Response(msgspec.json.encode(get_snapshot()), media_type="application/json")

    return answer


def _healthz(get_snapshot: GetSnapshot) -> Endpoint:
    async def answer(_request: Request) -> Response:
        level = get_snapshot().summary.level
        return PlainTextResponse(f"{level}\n", status_code=503 if level is Level.FAULT else 200)

    return answer


def _metrics(get_snapshot: GetSnapshot, figures: Callable[[], Figures]) -> Endpoint:
    async def answer(_request: Request) -> Response:
        return Response(metrics.render(get_snapshot(), figures()), headers={"Content-Type": CONTENT_TYPE})

    return answer


def _refusal(looking: Looking) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == 405:
            said = "This address can only be read (GET or HEAD)."
            return sentence(request.scope, looking.language, 405, said, {"Allow": "GET, HEAD"})
        said = "There is nothing here: try /, /faults, /manual, /log, /status.json, /healthz or /metrics."
        return sentence(request.scope, looking.language, 404, said)

    return answer
