"""What the page can listen to: `/events` (its changed panels), `/log.txt` and `/log/events` (the agent's log).

`/events` (`?lang=` as for the page): `hello` {"build"}, then `panels` {id: HTML} with all of them, then `panels`
with those that changed; an empty text is a panel that is gone. `/log/events`: `line` {number, at, level, hop,
text}, `skipped` {lines}. Both say `beat` {} when there was nothing else for five seconds. The log's filters are in
`log_filter.py`.
"""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from agent.languages.reader import reader
from agent.status.drawings import Drawings
from agent.status.live import log_stream
from agent.status.live.event_stream import EventStream, StreamPlaces
from agent.status.live.newsroom import Newsroom
from agent.status.log_filter import BadFilter, LogFilter, as_text, of_query
from agent.status.log_ring import LogRing
from agent.status.looking import Looking
from agent.status.server.sentences import sentence


def routes(looking: Looking, drawings: Drawings, places: StreamPlaces | None = None) -> list[Route]:
    """The log's are there where a log is. `places` are shared by all streams."""
    places = places or StreamPlaces()
    log = [] if looking.log is None else _log_routes(looking, looking.log, places)
    return [_events(looking, drawings, places), *log]


def _events(looking: Looking, drawings: Drawings, places: StreamPlaces) -> Route:
    newsroom = Newsroom(looking.hub, drawings, looking.build)

    async def answer(request: Request) -> Response:
        who = reader(request.query_params, request.headers.get("accept-language", ""), looking.language)
        return EventStream(places, partial(newsroom.tell, who.edition))

    return Route("/events", answer)


def _log_routes(looking: Looking, ring: LogRing, places: StreamPlaces) -> list[Route]:
    def text(_request: Request, wanted: LogFilter) -> Response:
        lines = (as_text(line) + "\n" for line in ring.after(0) if wanted.lets_through(line))
        return PlainTextResponse("".join(lines))

    def events(request: Request, wanted: LogFilter) -> Response:
        since = request.headers.get("last-event-id", "")
        return EventStream(places, partial(log_stream.tell, ring, wanted, since))

    return [_filtered(looking, "/log.txt", text), _filtered(looking, "/log/events", events)]


def _filtered(looking: Looking, path: str, made: Callable[[Request, LogFilter], Response]) -> Route:
    async def answer(request: Request) -> Response:
        try:
            wanted = of_query(request.query_params)
        except BadFilter as wrong:
            return sentence(request.scope, looking.language, 400, str(wrong))
        return made(request, wanted)

    return Route(path, answer)
