"""`/manual`, `/faults` and their style: what the page's server answers of the manual.

All is loaded when it is asked for the first time. Neither changes while the box runs, but for what holds now, so
each is rendered once for a language, and `/faults` once for each set of faults.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from agent.languages.reader import Reader, reader
from agent.status.snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    from agent.control.words.verbs import Verb

Endpoint = Callable[[Request], Awaitable[Response]]
ConsoleVerbs = Callable[[], Sequence["Verb"]]  # the console stands above the page: who joins both gives them
Language = Callable[[str], str]  # the language for an Accept-Language


def english(_accept_language: str) -> str:
    """Of a page that has one language alone."""
    return "en"


def routes(
    get_snapshot: Callable[[], Snapshot], console: ConsoleVerbs = tuple, language: Language = english
) -> list[Route]:
    """The routes; `console` gives the console's own verbs."""
    return [
        Route("/manual", _manual(console, language)),
        Route("/manual.css", _style),
        Route("/faults", _faults(get_snapshot, language)),
    ]


def _manual(console: ConsoleVerbs, language: Language) -> Endpoint:
    rendered: dict[str, bytes] = {}  # by edition, of which there are few; 130 KB each

    async def answer(request: Request) -> Response:
        from agent.status.manual import page
        from agent.status.manual.manual import manual

        wanted = _reader(request, language)
        if wanted.edition not in rendered:
            rendered[wanted.edition] = page.manual_html(manual(console()), wanted)
        return _html(rendered[wanted.edition])

    return answer


def _faults(get_snapshot: Callable[[], Snapshot], language: Language) -> Endpoint:
    last: dict[str, tuple[object, bytes]] = {}  # by edition: for which faults, and the page

    async def answer(request: Request) -> Response:
        from agent.status.manual import page
        from agent.status.manual.faults import faults
        from agent.status.snapshot.words import contact

        snapshot = get_snapshot()
        wanted = _reader(request, language)
        standing = {fault.code: str(fault.level) for fault in snapshot.faults}
        called = contact(snapshot.support)
        known = last.get(wanted.edition)
        if known is None or known[0] != (standing, called):
            content = page.faults_html(faults(), standing, called, wanted)
            last[wanted.edition] = known = ((standing, called), content)
        return _html(known[1])

    return answer


def _reader(request: Request, language: Language) -> Reader:
    return reader(request.query_params, request.headers.get("accept-language", ""), language)


def _html(content: bytes) -> Response:
    return HTMLResponse(content, headers={"Vary": "Accept-Language"})


async def _style(_request: Request) -> Response:
    from agent.status.manual import page

    # For ever, because the address changes with the content.
    return Response(
        page.STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )
