"""What every answer of the page that acts is made with: its forms' tokens, its messages, an act that has begun."""

from collections.abc import Callable
from secrets import token_hex

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agent.control.acts import By
from agent.control.words.messages import Face as FaceName
from agent.control.words.told import End, Result
from agent.foundation.reading.text import plain
from agent.handover import helper as asked_of_helper
from agent.status.acting import bodies, pages
from agent.status.acting.bodies import Form
from agent.status.acting.decisions import forms
from agent.status.acting.decisions.sessions import Session
from agent.status.acting.face import Face
from agent.status.acting.under_way import Tell, UnderWay, Work
from agent.status.server.connection import MORE_TIME
from agent.status.server.peer import address_of_peer

_LINE = 1000  # characters of what an act tells
_ENDS = {
    asked_of_helper.End.DONE: End.DONE,
    asked_of_helper.End.REFUSED: End.MISTAKE,
    asked_of_helper.End.FAILED: End.FAILED,
}


class Forged(Exception):
    """A form without a token of ours."""


class Answering:
    """For who is logged in."""

    def __init__(self, face: Face) -> None:
        self._face = face

    def page(
        self, request: Request, session: Session, template: str, *, status: int = 200, **values: object
    ) -> Response:
        """A whole page; `token` makes one for a form of it."""

        def token(form: str) -> str:
            return forms.token(session.key, form, token_hex(16))

        return pages.html(template, self._face, request, status=status, token=token, **values)

    def message(self, request: Request, session: Session, status: int, said: str) -> Response:
        """A page that says one sentence."""
        return self.page(request, session, "message.html", status=status, said=said)

    def begin(self, session: Session, nonce: str, act: UnderWay, work: Work) -> Response:
        """Begin an act. A form that comes twice is the same one. Raises `Full`."""
        self._face.acts.begin(act, work)
        session.sent[nonce] = act.id
        return see(act.id)

    def ask_helper(
        self,
        request: Request,
        session: Session,
        nonce: str,
        title: str,
        what: asked_of_helper.Request,
        *,
        over: Callable[[], None] = lambda: None,
    ) -> Response:
        """Begin an act that the helper does; `over` is called as it ends. Raises `Full`."""
        act = UnderWay(title, session.id)
        by = By(peer(request), FaceName.PAGE)

        async def work(tell: Tell) -> Result:
            async def ask() -> Result:
                done = await self._face.helper.ask(what, lambda line: tell(line_of(line)))
                act.confirm_seconds = done.confirm_seconds
                return Result(_ENDS[done.end], done.text)

            try:
                return await self._face.desk.write_down(title, by, ask)
            finally:
                over()

        return self.begin(session, nonce, act, work)

    async def plain(
        self, request: Request, session: Session, form_name: str, title: str, what: asked_of_helper.Request
    ) -> Response:
        """The same for a form with nothing in it."""
        form = await bodies.form_of(request)
        nonce = nonce_of(session, form_name, form)
        if nonce in session.sent:
            return see(session.sent[nonce])
        return self.ask_helper(request, session, nonce, title, what)


def nonce_of(session: Session, form_name: str, form: Form) -> str:
    """What makes this form one of its own. Raises `Forged`."""
    nonce = forms.nonce_of(session.key, form_name, form.get("token", ""))
    if nonce is None:
        raise Forged
    return nonce


def line_of(text: str) -> str:
    """A line that an act tells."""
    return plain(text, _LINE)


def more_time(request: Request) -> Callable[[], None]:
    """What lets a long body go on; a server that bounds none gives nothing."""
    extension = request.scope.get("extensions", {}).get(MORE_TIME)
    give: Callable[[], None] = extension["give"] if extension else lambda: None
    return give


def peer(request: Request) -> str:
    """Who asks, as it is counted and written down; "" where it is not known."""
    return address_of_peer(request.client.host) if request.client else ""


def see(id: str) -> Response:
    """On to what comes of an act."""
    return RedirectResponse(f"/act/{id}", 303)
