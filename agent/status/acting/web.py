"""The page that acts as an application: its addresses, and what stands around them.

Each answer is `no-store`. A POST is refused unless it comes from a page of the same address, has the session's
cookie and a token made for this very form (`decisions/forms.py`). Must never show a password or a guest, and works
without JavaScript.
"""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from agent.status.acting import bodies, pages
from agent.status.acting.answering import Answering
from agent.status.acting.box_pages import BoxPages
from agent.status.acting.desk_pages import DeskPages
from agent.status.acting.entrance import Entrance
from agent.status.acting.face import Face
from agent.status.acting.file_pages import FilePages
from agent.status.asset_paths import ASSETS
from agent.status.page import assets
from agent.status.server.doorkeeper import Gate, Rules

_UPLOAD = bodies.UPDATE_BYTES + bodies.FORM_BYTES
_CAPS = {"/update": _UPLOAD, "/provision": _UPLOAD}  # who picks the wrong file is told so


def acting_app(page: "ActingPage") -> ASGIApp:
    """The whole page as an ASGI application, for a listener in TLS alone."""
    app = Starlette(routes=page.routes(), exception_handlers={HTTPException: page.entrance.refusal})
    app.router.redirect_slashes = False
    return Gate(app, page.face.box_name, page.face.names, Rules(most_bytes, "'self'"), page.face.language)


def most_bytes(path: str) -> int:
    """The longest body at an address."""
    return _CAPS.get(path, bodies.FORM_BYTES)


class ActingPage:
    """One for the life of its listener."""

    def __init__(self, face: Face) -> None:
        answering = Answering(face)
        self.face = face
        self.entrance = Entrance(face, answering)
        self._desk = DeskPages(face, answering)
        self._file, self._box = FilePages(face, answering), BoxPages(face, answering)

    def end_sessions(self) -> None:
        """The password is another one: everybody logs in again."""
        self.entrance.end_sessions()

    def routes(self) -> list[Route]:
        """All addresses."""
        way, desk, file, box = self.entrance, self._desk, self._file, self._box
        return [
            *(Route(path, _asset) for path in ASSETS),
            Route(pages.SCRIPT.path, pages.script),
            Route("/login", way.login_form, methods=["GET"]),
            Route("/login", way.log_in, methods=["POST"]),
            Route("/logout", way.inside(way.log_out), methods=["POST"]),
            Route("/", way.inside(desk.home)),
            Route("/sure", way.inside(desk.sure)),
            Route("/act", way.inside(desk.act), methods=["POST"]),
            Route("/act/{id}", way.inside(desk.show)),
            Route("/act/{id}/break-off", way.inside(desk.break_off), methods=["POST"]),
            Route("/act/{id}/file", way.inside(desk.download)),
            Route("/provision", way.inside(file.difference), methods=["GET"]),
            Route("/provision", way.inside(file.send), methods=["POST"]),
            Route("/provision/take", way.inside(file.take), methods=["POST"]),
            Route("/provision/keep", way.inside(file.keep), methods=["POST"]),
            Route("/provision/back", way.inside(file.go_back), methods=["POST"]),
            Route("/restart", way.inside(box.sure_of_restart), methods=["GET"]),
            Route("/restart", way.inside(box.restart), methods=["POST"]),
            Route("/update", way.inside(box.update), methods=["POST"]),
        ]


async def _asset(request: Request) -> Response:
    return assets.answer(request.scope["path"])
