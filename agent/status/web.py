"""What the status page's web server answers: the routes, and one plain sentence for everything else.

Read-only, without log-in, and so without guest data (design, section 5). Every endpoint is `async`: a plain
function would be sent to a worker thread.
"""

from collections.abc import Awaitable, Callable, Collection

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from agent.health.kind import Level
from agent.status import metrics
from agent.status.server.doorkeeper import Gate
from agent.status.snapshot.snapshot import Snapshot

GetSnapshot = Callable[[], Snapshot]
Endpoint = Callable[[Request], Awaitable[Response]]


def web_app(get_snapshot: GetSnapshot, names: Callable[[], Collection[str]] = tuple) -> ASGIApp:
    """The whole of the page as an ASGI application; `get_snapshot` is asked once for each answer.

    `names` are further host names by which it may be asked. Paths are compared as they came (`connection.py`).
    """
    app = Starlette(
        routes=[
            Route("/", _page(get_snapshot)),
            Route("/style.css", _style),
            Route("/status.json", _status(get_snapshot)),
            Route("/healthz", _healthz(get_snapshot)),
            Route("/metrics", _metrics(get_snapshot)),
        ],
        exception_handlers={HTTPException: _sentence},
    )
    app.router.redirect_slashes = False  # a redirect would be built from what the client says our name is
    return Gate(app, lambda: get_snapshot().box.name, names)


def _page(get_snapshot: GetSnapshot) -> Endpoint:
    async def answer(_request: Request) -> Response:
        from agent.status.page import (
            page,  # a seventh of a start, and few boxes have their page looked at each day
        )

        return HTMLResponse(page.render(get_snapshot()))

    return answer


async def _style(_request: Request) -> Response:
    from agent.status.page import page

    # For ever, because the address changes with the content.
    return Response(
        page.STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


def _status(get_snapshot: GetSnapshot) -> Endpoint:
    async def answer(_request: Request) -> Response:
        return Response(msgspec.json.encode(get_snapshot()), media_type="application/json")

    return answer


def _healthz(get_snapshot: GetSnapshot) -> Endpoint:
    async def answer(_request: Request) -> Response:
        level = get_snapshot().summary.level
        return PlainTextResponse(f"{level}\n", status_code=503 if level is Level.FAULT else 200)

    return answer


def _metrics(get_snapshot: GetSnapshot) -> Endpoint:
    async def answer(_request: Request) -> Response:
        return Response(metrics.render(get_snapshot()), headers={"Content-Type": metrics.CONTENT_TYPE})

    return answer


async def _sentence(_request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        return PlainTextResponse(
            "This address can only be read (GET or HEAD).\n", status_code=405, headers={"Allow": "GET, HEAD"}
        )
    return PlainTextResponse(
        "There is nothing here: try /, /status.json, /healthz or /metrics.\n", status_code=404
    )
